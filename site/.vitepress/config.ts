import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type DefaultTheme, defineConfigWithTheme, type MarkdownOptions } from "vitepress"
import { slug } from "../../scripts/markdown.ts"
import { linkOf, routeOf, sections, spanishOf, spanishOnly, spanishSections } from "../pages.ts"
import { exists, titleOf, translated } from "../stage.ts"
import { signatureLinks } from "./signatureLinks.ts"
import { spanishTheme } from "./spanish.ts"

const folder = fileURLToPath(new URL("..", import.meta.url))
const base = process.env["SITE_BASE"] ?? "/"

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8" fill="#3451b2"/>' +
  '<path d="M4 8h8M9 5l3 3-3 3" fill="none" stroke="#fff" stroke-width="2"/></svg>'

interface Reference {
  readonly title: string
  readonly folder: string
  readonly modules: ReadonlyArray<string>
}

const staged = (name: string): string => readFileSync(join(folder, ".pages", name), "utf8")
const reference: ReadonlyArray<Reference> = JSON.parse(staged("reference.json"))
// As maps, since a signature may have the word `constructor`.
const links = new Map<string, ReadonlyMap<string, string>>(
  Object.entries<Record<string, string>>(JSON.parse(staged("links.json"))).map(([route, names]) => [
    route,
    new Map(Object.entries(names))
  ])
)

const isStaged = (link: string) => existsSync(join(folder, ".pages", `${link.replace(/\/$/, "/index").slice(1)}.md`))

const item = (file: string, text?: string): DefaultTheme.SidebarItem => {
  const link = linkOf(file)
  if (!isStaged(link)) throw new Error(`${file} is in the sidebar and is not a page`)
  return { text: text ?? (file.startsWith("README") ? "palomma-effect" : titleOf(file)), link }
}

const english: Array<DefaultTheme.SidebarItem> = sections.map(({ files, title }) => ({
  text: title,
  items: files.map((file) => item(file))
}))

// A page that is not translated leads to the English one, and says so.
const spanish: Array<DefaultTheme.SidebarItem> = sections.map(({ files, title }, i) => ({
  text: spanishSections[title] ?? title,
  items: [
    ...files.map((file) => {
      const other = spanishOf(file)
      return other !== undefined && exists(other) ? item(other) : item(file, `${titleOf(file)} (en inglés)`)
    }),
    ...(i === 0 ? spanishOnly.filter(exists).map((file) => item(file)) : [])
  ]
}))

const apiSidebar: Array<DefaultTheme.SidebarItem> = reference.map(({ folder: name, modules, title }) => ({
  text: title.replace("@palomma-effect/", ""),
  link: `/api/${name}/`,
  collapsed: true,
  items: modules.map((module) => ({ text: module, link: `/api/${name}/${module}` }))
}))

const configureMarkdown: NonNullable<MarkdownOptions["config"]> = (markdown) => {
  const { fence, table_open: tableOpen } = markdown.renderer.rules
  markdown.renderer.rules.fence = (tokens, index, options, env, self) => {
    const token = tokens[index]
    if (token?.info.trim() === "mermaid") return `<Diagram code="${encodeURIComponent(token.content)}" />`
    return fence?.(tokens, index, options, env, self) ?? self.renderToken(tokens, index, options)
  }
  // A wide table scrolls, so the keyboard must reach it.
  markdown.renderer.rules["table_open"] = (tokens, index, options, env, self) => {
    tokens[index]?.attrSet("tabindex", "0")
    return tableOpen?.(tokens, index, options, env, self) ?? self.renderToken(tokens, index, options)
  }
}

interface Theme extends DefaultTheme.Config {
  readonly translations?: ReadonlyArray<string>
}

export default defineConfigWithTheme<Theme>({
  title: "palomma-effect",
  description: "Collect and send money in Colombia with Effect and the Palomma API",
  lang: "en",
  base,
  // Without an icon of its own, a browser asks the host for one.
  head: [["link", { rel: "icon", href: `data:image/svg+xml,${encodeURIComponent(icon)}` }]],
  srcDir: ".pages",
  outDir: "dist",
  cacheDir: ".cache",
  // With file names, any file server can serve the pages.
  cleanUrls: false,
  lastUpdated: false,
  markdown: {
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    anchor: { slugify: slug },
    codeTransformers: [signatureLinks((route, name) => links.get(route)?.get(name), base)],
    config: configureMarkdown
  },
  vite: {
    resolve: {
      // The language switch of the theme leads to pages that may not exist.
      alias: [{ find: /^.*\/composables\/langs$/, replacement: join(folder, ".vitepress/theme/langs.ts") }]
    },
    build: { chunkSizeWarningLimit: 4000 }
  },
  themeConfig: {
    // For the language switch: the pages that exist in both languages.
    translations: translated()
      .filter((file) => !spanishOnly.includes(file))
      .map((file) => routeOf(file).replace(/^es\//, "")),
    nav: [
      { text: "Guide", link: "/getting-started", activeMatch: "^/(?!api/|es/)." },
      { text: "API", link: "/api/", activeMatch: "^/api/" }
    ],
    sidebar: { "/api/": apiSidebar, "/es/": spanish, "/": english },
    outline: { level: [2, 3] },
    notFound: { linkText: "Take me home", linkLabel: "Take me home" },
    search: { provider: "local", options: { locales: { es: { translations: spanishTheme.search } } } }
  },
  locales: {
    root: { label: "English", lang: "en" },
    es: {
      label: "Español",
      lang: "es-CO",
      description: "Recaudar y enviar dinero en Colombia con Effect y la API de Palomma",
      themeConfig: {
        ...spanishTheme.texts,
        nav: [
          { text: "Guía", link: "/es/getting-started", activeMatch: "^/es/." },
          { text: "API", link: "/api/" }
        ]
      }
    }
  }
})
