// The glossary names every literal that a user of the library sees.
import { assert, describe, it } from "@effect/vitest"
import { type Outcome, TransferAlarm, transferStates } from "@palomma-effect/client"
import { readFileSync } from "node:fs"
import { join } from "node:path"

const page = readFileSync(join(import.meta.dirname, "../docs/glossary.md"), "utf8")

const cells = (line: string): ReadonlyArray<string> =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim())

const rows = page
  .split("\n")
  .filter((line) => /^\| (?!-)/.test(line))
  .map(cells)

/** Returns the literals of the table whose first column has this title. */
const literals = (title: string): ReadonlyArray<string> => {
  const start = rows.findIndex(([first, second]) => first === title && second === "meaning")
  assert.isAtLeast(start, 0, `the glossary has no table "${title}"`)
  const after = rows.slice(start + 1)
  const end = after.findIndex(([first = ""]) => !first.startsWith("`"))
  return after.slice(0, end).map(([first = ""]) => first.replaceAll("`", ""))
}

describe("docs/glossary.md", () => {
  it("lists the states of a transfer in their order", () => {
    assert.deepStrictEqual(literals("state"), [...transferStates])
  })

  it("lists the kinds of alarms", () => {
    assert.deepStrictEqual(literals("kind"), [...TransferAlarm.fields.kind.literals])
  })

  it("lists the outcomes", () => {
    const outcomes: Record<Outcome, true> = { none: true, "not-sent": true, rejected: true, unknown: true }
    assert.deepStrictEqual(literals("outcome"), Object.keys(outcomes))
  })

  it("has each word once, with a meaning", () => {
    const terms = rows.filter(([word = "", meaning]) => meaning !== "meaning" && !word.startsWith("`"))
    const words = terms.map(([word]) => word)
    assert.deepStrictEqual(words, [...new Set(words)])
    for (const [word, meaning] of terms) assert.match(meaning ?? "", /^[A-Z].*\.( .*\.)*$/, word)
  })
})
