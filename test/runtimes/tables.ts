/**
 * The tables of the pages that say what runs where. They are written from `platforms.ts`.
 */
import { checksOf, compilers, resolutions, platforms } from "./platforms.ts"

const rowOf = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`

const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((cells) => cells[column]?.length ?? 0)))
  const padded = all.map((cells) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)))
  const [first = [], ...rest] = padded
  return [first, widths.map((width) => "-".repeat(width)), ...rest].map(rowOf).join("\n")
}

const runtimes = (): string =>
  table(
    ["runs on", "tested with", "payout, debit, webhook", "SQLite journal", "notes"],
    platforms.map((platform) => [
      platform.label,
      platform.version ?? "Debian's",
      "yes",
      checksOf(platform).includes("journal") ? "yes" : "no",
      platform.note
    ])
  )

const types = (): string =>
  table(
    ["TypeScript", ...resolutions.map(([, resolution]) => `\`moduleResolution\`: ${resolution}`)],
    compilers.map(({ version }) => [version, ...resolutions.map(() => "yes")])
  )

const tables: Readonly<Record<string, () => string>> = { "what runs where": runtimes, "what compiles": types }

/** Returns a page with its tables written anew. A table is between `<!-- runtimes: NAME -->` and `<!-- runtimes: end -->`. */
export const withTables = (file: string, text: string): string =>
  text.replace(/(<!-- runtimes: (?!end)([\w ]+) -->\n)[^]*?(<!-- runtimes: end -->)/g, (_, begin, name, end) => {
    const made = tables[name]
    if (made === undefined) throw new Error(`${file}: there is no table "${name}"`)
    return `${begin}\n${made()}\n\n${end}`
  })
