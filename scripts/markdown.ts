/**
 * Reads a Markdown page: its links, headings, code blocks and tables.
 */

export interface Link {
  readonly text: string
  /** A path or a URL, with its anchor. */
  readonly target: string
  readonly start: number
  readonly end: number
}

const fence = /^ *(`{3,}|~{3,})[^]*?^ *\1 *$/gm

/** Whether a link leads to a URL, and not to a path. */
export const isUrl = (target: string): boolean => /^[a-z]+:/i.test(target)

/** Replaces code by blanks, so that all positions stay the same. */
const withoutCode = (page: string): string =>
  page
    .replace(fence, (code) => code.replace(/[^\n]/g, " "))
    .replace(/(`+)[^`]+\1/g, (code) => code.replace(/[^\n]/g, "_"))

/** Returns the links of a page, in order: `[text](target)`, outside code. */
export const linksOf = (page: string): ReadonlyArray<Link> =>
  [...withoutCode(page).matchAll(/\[((?:[^[\]]|\[[^[\]]*\])*)\]\(([^()\s]+)\)/g)].map(
    ({ 0: all, 1: text = "", 2: target = "", index }) => ({
      text: page.slice(index + 1, index + 1 + text.length),
      target,
      start: index,
      end: index + all.length
    })
  )

/** Returns the links that `linksOf` does not find: with a title, by a definition at the end of the page, or in HTML. */
export const otherLinksOf = (page: string): ReadonlyArray<string> =>
  [...withoutCode(page).matchAll(/\]\([^()\s]*\s[^()]*\)|^ *\[[^\]]+\]:.*$|<(?:a|img)\s[^>]*>/gm)].map(([all]) => all)

/** Replaces each link of a page by the text that the function returns. */
export const withLinks = (page: string, replace: (link: Link) => string): string => {
  let at = 0
  let text = ""
  for (const link of linksOf(page)) {
    text += page.slice(at, link.start) + replace(link)
    at = link.end
  }
  return text + page.slice(at)
}

/** Returns the anchor of a heading as GitHub and npm make it, so that a link leads there on every site. */
export const slug = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-")

export interface Heading {
  readonly level: number
  readonly text: string
  readonly anchor: string
}

/** Returns the headings of a page, in order. */
export const headingsOf = (page: string): ReadonlyArray<Heading> => {
  const used = new Map<string, number>()
  return [...withoutCode(page).matchAll(/^(#{1,6}) +.+$/gm)].map(({ 0: all, 1: marks = "", index }) => {
    const text = page.slice(index, index + all.length).replace(/^#+ +/, "")
    const base = slug(withLinks(text, (link) => link.text))
    const count = used.get(base) ?? 0
    used.set(base, count + 1)
    return { level: marks.length, text, anchor: count === 0 ? base : `${base}-${count}` }
  })
}

/** Returns the anchors of a page, one for each heading. */
export const anchorsOf = (page: string): ReadonlyArray<string> => headingsOf(page).map(({ anchor }) => anchor)

/** Returns the code blocks of a page with their marks, as they are written. */
export const fencesOf = (page: string): ReadonlyArray<string> => page.match(fence) ?? []

/** Changes the text between code blocks. */
export const withProse = (page: string, change: (text: string) => string): string => {
  const fences = fencesOf(page)
  return page
    .split(fence)
    .filter((_, i) => i % 2 === 0)
    .map((text, i) => change(text) + (fences[i] ?? ""))
    .join("")
}

/** Returns the number of cells of each row, for each table of a page. */
export const tablesOf = (page: string): ReadonlyArray<ReadonlyArray<number>> =>
  (withoutCode(page).match(/(?:^\|.*\|\n?)+/gm) ?? []).map((table) =>
    table
      .trim()
      .split("\n")
      .map((row) => row.split(/(?<!\\)\|/).length - 2)
  )
