// Compares reports: whether the report in the repository is current, and whether its changes are announced.
import { diff } from "node:util"

const context = 2

/** Splits a report into sections by heading. The text before the first heading is the section "". */
const sections = (report: string): ReadonlyMap<string, ReadonlyArray<string>> =>
  new Map(
    report
      .replaceAll("\r\n", "\n")
      .split(/^(?=## )/m)
      .map((text) => text.split("\n"))
      .map((lines) => [lines[0]?.startsWith("## ") === true ? lines[0] : "", lines])
  )

/** Returns the lines that differ, with a few before and after: `-` from the first text, `+` from the second. */
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

/** Describes how the report in the repository differs from the built one, by section. Empty if they are equal. */
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

/** Returns the packages with a changed report that no changeset names. */
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
