/**
 * Compares a translated page with the page that it translates.
 */
import { createHash } from "node:crypto"
import { posix } from "node:path"
import { anchorsOf, fencesOf, headingsOf, isUrl, linksOf, tablesOf } from "../scripts/markdown.ts"

export interface Pages {
  readonly read: (file: string) => string
  /** Returns the file that translates a file, if it exists. */
  readonly translationOf: (file: string) => string | undefined
}

/** Returns the file and the anchor that a link of a page leads to. */
export const resolveLink = (file: string, target: string): readonly [file: string, anchor: string] => {
  const [path = "", anchor = ""] = target.split("#")
  return [path === "" ? file : posix.join(posix.dirname(file), decodeURI(path)), decodeURI(anchor)]
}

/** Returns the last line of a translation. It changes with every word of the original, but not with its line breaks. */
export const translationMark = (original: string, text: string): string => {
  const words = text.replace(/[\s|-]+/g, " ").trim()
  return `<!-- Translates ${original} ${createHash("sha256").update(words).digest("hex").slice(0, 12)} -->`
}

const compare = (what: string, original: ReadonlyArray<string>, translated: ReadonlyArray<string>) =>
  Array.from({ length: Math.max(original.length, translated.length) }, (_, i) => {
    const [expected, actual] = [original[i] ?? "nothing", translated[i] ?? "nothing"]
    return expected === actual ? [] : [`${what} ${i + 1} must be\n${expected}\nand is\n${actual}`]
  }).flat()

/**
 * Returns what a translation lacks or adds: headings of other levels, other snippets, tables of another shape, or links
 * to other places. A link must lead to the translation of the page and heading that the original links to, if there is
 * one.
 */
export const differences = (original: string, translated: string, pages: Pages): ReadonlyArray<string> => {
  const [from, to] = [pages.read(original), pages.read(translated)]
  const expectedLink = (target: string): string => {
    if (isUrl(target)) return target
    const [file, anchor] = resolveLink(original, target)
    // The two pages link to each other.
    if (file === translated) return `${original}#${anchor}`
    const other = pages.translationOf(file)
    if (other === undefined || anchor === "") return `${other ?? file}#${anchor}`
    const at = anchorsOf(pages.read(file)).indexOf(anchor)
    return `${other}#${anchorsOf(pages.read(other))[at] ?? anchor}`
  }
  const actualLink = (target: string) => (isUrl(target) ? target : resolveLink(translated, target).join("#"))
  const levels = (page: string) => headingsOf(page).map(({ level }) => "#".repeat(level))
  return [
    ...compare("heading", levels(from), levels(to)),
    ...compare("snippet", fencesOf(from), fencesOf(to)),
    ...compare("table", tablesOf(from).map(String), tablesOf(to).map(String)),
    ...compare(
      "link",
      linksOf(from).map(({ target }) => expectedLink(target)),
      linksOf(to).map(({ target }) => actualLink(target))
    )
  ]
}
