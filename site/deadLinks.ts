/**
 * Finds links of a built site that lead nowhere: to a page, a file or an anchor that does not exist.
 */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { filesOf } from "../scripts/files.ts"

const attribute = (html: string, name: string): ReadonlyArray<string> =>
  [...html.matchAll(new RegExp(`\\s${name}="([^"]*)"`, "g"))].map(([, value = ""]) => value.replaceAll("&amp;", "&"))

/** Returns each dead link as `page: link`. */
export const deadLinks = (folder: string, base: string): ReadonlyArray<string> => {
  const pages = filesOf(folder, "**/*.html")
  const html = new Map(pages.map((page) => [page, readFileSync(join(folder, page), "utf8")]))
  const ids = new Map([...html].map(([page, text]) => [page, new Set(attribute(text, "id"))]))
  const problem = (page: string, link: string): boolean => {
    const url = new URL(link, `http://site${base}${page}`)
    if (url.host !== "site") return false
    if (!url.pathname.startsWith(base)) return true
    const path = decodeURIComponent(url.pathname.slice(base.length))
    const file = path === "" || path.endsWith("/") ? `${path}index.html` : path
    if (!existsSync(join(folder, file))) return true
    const anchor = decodeURIComponent(url.hash.slice(1))
    return anchor !== "" && ids.get(file)?.has(anchor) !== true
  }
  return [...html].flatMap(([page, text]) =>
    [...new Set([...attribute(text, "href"), ...attribute(text, "src")])]
      .filter((link) => problem(page, link))
      .map((link) => `${page}: ${link}`)
  )
}
