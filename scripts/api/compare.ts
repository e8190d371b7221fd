// Compares reports: whether the one in the repository is current, and whether a change of it is announced.
import { diff } from "node:util"

const context = 2

/** The sections of a report, by heading. What stands before the first heading is the section "". */
const sections = (report: string): ReadonlyMap<string, ReadonlyArray<string>> =>
  new Map(
    report
      .replaceAll("\r\n", "\n")
      .split(/^(?=## )/m)
      .map((text) => text.split("\n"))
      .map((lines) => [lines[0]?.startsWith("## ") === true ? lines[0] : "", lines])
  )

/** The lines that differ, with a few before and after; `-` is the first text, `+` the second. */
const hunks = (before: ReadonlyArray<string>, after: ReadonlyArray<string>): ReadonlyArray<string> => {
  const entries = diff(before, after)
  const isNear = entries.map((_, i) =>
    entries.slice(Math.max(0, i - context), i + context + 1).some(([op]) => op !== 0)
  )
  return entries.flatMap(([op, line], i) => {
    if (isNear[i] !== true) return isNear[i - 1] === true ? ["  …"] : []
    return [`${op === 0 ? " " : op === 1 ? "-" : "+"} ${line}`]
  })
}

/** How the report in the repository differs from the built one, section by section. Empty if it does not. */
export const difference = (committed: string, built: string): string => {
  const [before, after] = [sections(committed), sections(built)]
  return [...new Set([...before.keys(), ...after.keys()])]
    .flatMap((heading) => {
      const lines = hunks(before.get(heading) ?? [], after.get(heading) ?? [])
      return lines.length === 0 ? [] : [heading, ...lines, ""]
    })
    .join("\n")
    .trim()
}

/** The packages whose report changed although no changeset names them. */
export const unannounced = (
  changed: ReadonlyArray<string>,
  changesets: ReadonlyArray<string>
): ReadonlyArray<string> => {
  const named = changesets.flatMap((changeset) => {
    const front = /^---\r?\n([^]*?)\r?\n---/.exec(changeset)?.[1] ?? ""
    return [...front.matchAll(/^\s*["']?([^"':\s]+)["']?\s*:/gm)].map((match) => match[1])
  })
  return changed.filter((name) => !named.includes(name))
}
