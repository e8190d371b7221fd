/**
 * Writes the pages that the generator reads: the Markdown of the repository with the links of the site, and the API
 * reference.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { isUrl, withLinks } from "../scripts/markdown.ts"
import { root } from "../scripts/packages.ts"
import { ownRepository } from "../scripts/publish/repository.ts"
import { actions, guides, linkOf, routeOf, spanishOf, spanishOnly } from "./pages.ts"
import { referencePages } from "./reference/render.ts"
import { type Package, readPackages } from "./reference/symbols.ts"
import { resolveLink } from "./translation.ts"

export const read = (file: string): string => readFileSync(join(root, file), "utf8")

export const exists = (file: string): boolean => existsSync(join(root, file))

/** The Spanish pages that exist. */
export const translated = (): ReadonlyArray<string> =>
  [...guides.map(spanishOf), ...spanishOnly].filter((file) => file !== undefined).filter(exists)

export const titleOf = (file: string): string => {
  const [, title] = /^# (.*)$/m.exec(read(file)) ?? []
  if (title === undefined) throw new Error(`${file} has no title`)
  return title.replaceAll("`", "")
}

/** Turns links between files into links between pages. What is not on the site becomes text. */
export const withSiteLinks = (file: string, text: string, pages: ReadonlySet<string>, source?: string): string =>
  withLinks(text, ({ target, text: label }) => {
    if (isUrl(target) || target.startsWith("#")) return `[${label}](${target})`
    const [path, anchor] = resolveLink(file, target)
    const hash = anchor === "" ? "" : `#${anchor}`
    if (pages.has(path)) return `[${label}](${linkOf(path)}${hash})`
    const [, folder] = /^packages\/(\w+)\/api\.md$/.exec(path) ?? []
    if (folder !== undefined) return `[${label}](/api/${folder}/)`
    return source === undefined ? label : `[${label}](${source}/blob/main/${path}${hash})`
  })

const html = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll("<", "&lt;")
    .replace(/`([^`]*)`/g, "<code>$1</code>")

/** The README as landing page: its first paragraph and its first list become the top of the page. */
export const landingPage = (readme: string, language: "en" | "es"): string => {
  const [head = "", ...rest] = readme.split(/^(?=## )/m)
  const [, name = "", first = ""] = /^# (.*)\n\n([^]*?)\n\n/.exec(head) ?? []
  const features = head
    .split(/^- /m)
    .slice(1)
    .map((item) => {
      const [, title = "", details = ""] = /^\*\*([^]*?)\*\*[,.]?\s*([^]*)$/.exec(item) ?? []
      return {
        title: html(title).replace(/\.$/, ""),
        details: html(details)
          .trim()
          .replace(/^\w/, (a) => a.toUpperCase())
      }
    })
  const buttons = actions.flatMap(({ file, ...texts }) => {
    const other = language === "es" ? spanishOf(file) : undefined
    const page = other !== undefined && exists(other) ? other : file
    return exists(page) ? [{ text: texts[language], link: linkOf(page) }] : []
  })
  const matter = {
    layout: "home",
    title: name,
    titleTemplate: false,
    hero: {
      name,
      text: html(first).replace(/\.$/, ""),
      actions: [...buttons, { text: "API", link: "/api/" }].map((button, i) => ({
        ...button,
        theme: i === 0 ? "brand" : "alt"
      }))
    },
    features
  }
  // JSON is YAML too.
  return `---\n${JSON.stringify(matter, undefined, 2)}\n---\n\n${rest.join("")}`
}

export interface Staged {
  readonly packages: ReadonlyArray<Package>
}

/** Writes all pages to a folder, and `links.json` with the links of the signatures. */
export const stage = async (folder: string): Promise<Staged> => {
  rmSync(folder, { recursive: true, force: true })
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const files = [...guides, ...translated()]
  const pages = new Set(files)
  for (const file of files) {
    const text = withSiteLinks(file, read(file), pages, ownRepository()?.page)
    const language = routeOf(file).startsWith("es/") ? "es" : "en"
    write(`${routeOf(file)}.md`, /^README(\.es)?\.md$/.test(file) ? landingPage(text, language) : text)
  }
  const packages = readPackages()
  const reference = await referencePages(packages)
  for (const { route, text } of reference) write(`${route}.md`, text)
  write("links.json", JSON.stringify(Object.fromEntries(reference.map(({ links, route }) => [route, links]))))
  const menu = packages.map(({ folder: name, modules, name: title }) => ({
    title,
    folder: name,
    modules: modules.map((module) => module.name)
  }))
  write("reference.json", JSON.stringify(menu))
  return { packages }
}
