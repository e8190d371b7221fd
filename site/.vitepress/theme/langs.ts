// Replaces a module of the theme: it links to the same page in the other language only if that page exists.
import { useData } from "vitepress"
import { computed } from "vue"

interface Locale {
  readonly text: string
  readonly link: string
}

export const useLangs = (_options?: { readonly correspondingLink?: boolean }) => {
  const { localeIndex, page, site } = useData()
  const homeOf = (key: string) => (key === "root" ? "/" : `/${key}/`)
  const currentLang = computed(() => ({
    label: site.value.locales[localeIndex.value]?.label,
    link: homeOf(localeIndex.value)
  }))
  const localeLinks = computed((): ReadonlyArray<Locale> => {
    const translations: ReadonlyArray<string> = site.value.themeConfig.translations
    const route = page.value.relativePath.replace(/^es\//, "").replace(/\.md$/, "")
    return Object.entries(site.value.locales).flatMap(([key, { label }]) => {
      if (key === localeIndex.value) return []
      const path = translations.includes(route) && route !== "index" ? `${route}.html` : ""
      return [{ text: label, link: `${homeOf(key)}${path}` }]
    })
  })
  return { localeLinks, currentLang }
}
