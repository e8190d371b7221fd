// The table of docs/errors.md, and the parts of it that other pages repeat between markers.
import { dirname, posix } from "node:path"

/** The page that holds the table of all errors. */
export const source = "docs/errors.md"

const heading = "## All errors"

/** A row of the table: the tag of the error, and the line. */
export interface ErrorRow {
  readonly tag: string
  readonly line: string
}

const isRow = (line: string): boolean => line.startsWith("|")

/** Returns the head of the table of all errors and its rows, in order. */
export const allErrors = (page: string): { readonly head: string; readonly rows: ReadonlyArray<ErrorRow> } => {
  const lines = page.split("\n")
  const start = lines.findIndex((line, i) => isRow(line) && lines.slice(0, i).includes(heading))
  const length = lines.slice(start).findIndex((line) => !isRow(line))
  const [head, , ...rows] = lines.slice(start, start + length)
  if (start < 0 || head === undefined) throw new Error(`${source} needs a table below "${heading}"`)
  return { head, rows: rows.map((line) => ({ tag: /`(\w+)`/.exec(line)?.[1] ?? line, line })) }
}

/** Returns the tags of the errors that have a section below a heading of the second level. */
export const tagsBelow = (page: string, title: string): ReadonlyArray<string> => {
  const [, section] = page.split(`\n## ${title}\n`)
  if (section === undefined) throw new Error(`${source} has no heading "## ${title}"`)
  return [...(section.split("\n## ")[0] ?? "").matchAll(/^### `(\w+)`$/gm)].map(([, tag = ""]) => tag)
}

const cells = (line: string): ReadonlyArray<string> =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim())

const markdown = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)))
  const line = (row: ReadonlyArray<string>) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n")
}

/** Returns the table of the errors that have a section below a heading, with links that are valid in `file`. */
export const errorTable = (page: string, title: string, file: string): string => {
  const { head, rows } = allErrors(page)
  const tags = tagsBelow(page, title)
  const toSource = posix.relative(dirname(file), source)
  return markdown(
    cells(head),
    rows.filter(({ tag }) => tags.includes(tag)).map(({ line }) => cells(line.replaceAll("](#", `](${toSource}#`)))
  )
}

const end = "<!-- errors: end -->"
const block = /^<!-- errors: (?!end -->)(.+) -->$[^]*?^<!-- errors: end -->$/gm

/**
 * Returns a page with the current rows between each pair of its markers: `<!-- errors: HEADING -->` and
 * `<!-- errors: end -->`.
 */
export const withErrorTables = (file: string, text: string, page: string): string => {
  const markers = text.match(/^<!-- errors: .+ -->$/gm) ?? []
  if (markers.some((marker, i) => (marker === end) !== (i % 2 === 1)) || markers.length % 2 === 1) {
    throw new Error(`${file}: each "<!-- errors: HEADING -->" needs one "${end}" after it`)
  }
  return text.replace(
    block,
    (_, title: string) => `<!-- errors: ${title} -->\n\n${errorTable(page, title, file)}\n\n${end}`
  )
}

/** Returns a page without its copies of the table. */
export const withoutErrorTables = (text: string): string => text.replace(block, "")
