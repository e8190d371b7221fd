import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { filesOf } from "../../scripts/files.ts"
import { judge, type Mutant, mutantsOf, type Report, type Survivor, withSecondRun } from "./judge.ts"
import { scope } from "./scope.ts"
import { survivors } from "./survivors.ts"

const root = join(import.meta.dirname, "../..")

const file = "src/Some.ts"
const source = "const a = 1\n  if (a < b) {\n    go()\n  }\n"

const reported = (...statuses: ReadonlyArray<string>): Report => ({
  files: {
    [file]: {
      source,
      mutants: statuses.map((status) => ({
        mutatorName: "EqualityOperator",
        replacement: "a <= b",
        status,
        location: { start: { line: 2, column: 7 }, end: { line: 2, column: 12 } }
      }))
    }
  }
})

const entry: Survivor = {
  file,
  mutator: "EqualityOperator",
  line: "if (a < b) {",
  original: "a < b",
  replacement: "a <= b",
  reason: "a is never b"
}

const mutant = (fate: Mutant["fate"], replacement = entry.replacement): Mutant => {
  const { reason: _, ...rest } = entry
  return { ...rest, replacement, lineNumber: 2, range: `${file}:2:6-2:11`, fate }
}

describe("the list of mutants that no test can detect", () => {
  it("gives a reason for each", () => {
    for (const { reason } of survivors) assert.isAbove(reason.length, 30)
  })

  it("never has rarity as a reason", () => {
    for (const { reason } of survivors) assert.notMatch(reason, /\b(rare|rarely|unlikely|hardly|seldom|hard to)\b|…/i)
  })

  it("has lines that exist in the code", () => {
    for (const { file, line } of survivors) {
      const lines = readFileSync(join(root, file), "utf8")
        .split("\n")
        .map((one) => one.trim())
      assert.include(lines, line)
    }
  })

  it("has no duplicates", () => {
    const keys = survivors.map(({ reason: _, ...rest }) => JSON.stringify(rest))
    assert.strictEqual(new Set(keys).size, keys.length)
  })

  it("is about code in the scope", () => {
    const covered = new Set(scope.flatMap(({ files }) => filesOf(root, ...files)))
    for (const { file } of survivors) assert.include(covered, file)
  })
})

describe("a mutation run", () => {
  it("reads the change and its location from Stryker's report", () => {
    assert.deepStrictEqual(mutantsOf(reported("Survived")), [mutant("survived")])
  })

  it("numbers equal changes on one line from left to right", () => {
    const mutants = [18, 3].map((column) => ({
      mutatorName: "StringLiteral",
      replacement: '""',
      status: "Survived",
      location: { start: { line: 1, column }, end: { line: 1, column: column + 3 } }
    }))
    const read = mutantsOf({ files: { [file]: { source: 'f("a") + options["a"]', mutants } } })
    assert.deepStrictEqual(
      read.map(({ nth, original, range }) => ({ nth, original, range })),
      [
        { nth: undefined, original: '"a"', range: `${file}:1:2-1:5` },
        { nth: 2, original: '"a"', range: `${file}:1:17-1:20` }
      ]
    )
  })

  it("counts a mutant that no test reaches as a survivor", () => {
    assert.deepStrictEqual(
      mutantsOf(reported("NoCoverage")).map(({ fate }) => fate),
      ["survived"]
    )
  })

  it("counts a mutant that cannot be loaded as detected, and reports separately those that never ended", () => {
    const fates = mutantsOf(reported("Killed", "RuntimeError", "Timeout")).map(({ fate }) => fate)
    assert.deepStrictEqual(fates, ["noticed", "noticed", "never ended"])
  })

  it("fails for a mutant that was not tested", () => {
    assert.throws(() => mutantsOf(reported("Pending")), "was not tried")
  })

  it("has code of several lines on one line", () => {
    const [block] = mutantsOf({
      files: {
        [file]: {
          source,
          mutants: [
            {
              mutatorName: "BlockStatement",
              replacement: "{}",
              status: "Survived",
              location: { start: { line: 2, column: 14 }, end: { line: 4, column: 4 } }
            }
          ]
        }
      }
    })
    assert.deepInclude(block, { line: "if (a < b) {", original: "{ go() }", replacement: "{}" })
  })

  it("accepts a listed survivor", () => {
    const verdict = judge([mutant("survived")], [entry], [file])
    assert.deepStrictEqual(verdict, { listed: [mutant("survived")], unlisted: [], killed: [], gone: [] })
  })

  it("rejects an unlisted survivor, and one with another replacement", () => {
    const other = mutant("survived", "a > b")
    assert.deepStrictEqual(judge([mutant("survived"), other], [entry], [file]).unlisted, [other])
  })

  it("does not confuse the second of two equal changes with the first", () => {
    const second: Mutant = { ...mutant("survived"), nth: 2 }
    const verdict = judge([mutant("noticed"), second], [{ ...entry, nth: 2 }], [file])
    assert.deepStrictEqual(verdict, { listed: [second], unlisted: [], killed: [], gone: [] })
  })

  it.each(["noticed", "never ended"] as const)("refuses an entry whose mutant is %s", (fate) => {
    assert.deepStrictEqual(judge([mutant(fate)], [entry], [file]).killed, [entry])
  })

  it("rejects an entry without a mutant", () => {
    assert.deepStrictEqual(judge([mutant("noticed", "a > b")], [entry], [file]).gone, [entry])
  })

  it("ignores entries of other files", () => {
    assert.deepStrictEqual(judge([], [entry], ["src/Other.ts"]), { listed: [], unlisted: [], killed: [], gone: [] })
  })

  it("counts a mutant as detected that only the run with every test detected", () => {
    const other = mutant("survived", "a > b")
    assert.deepStrictEqual(withSecondRun([mutant("survived"), other], [mutant("noticed")]), [mutant("noticed"), other])
  })

  it("keeps a mutant detected that was detected once", () => {
    assert.deepStrictEqual(withSecondRun([mutant("noticed")], [mutant("survived")]), [mutant("noticed")])
  })
})
