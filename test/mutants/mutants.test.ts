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

describe("the list of mutants that no test can notice", () => {
  it("says of each why no input can tell", () => {
    for (const { reason } of survivors) assert.isAbove(reason.length, 30)
  })

  it("never takes rarity for a reason", () => {
    for (const { reason } of survivors) assert.notMatch(reason, /\b(rare|rarely|unlikely|hardly|seldom|hard to)\b|…/i)
  })

  it("names lines that are in the code", () => {
    for (const { file, line } of survivors) {
      const lines = readFileSync(join(root, file), "utf8")
        .split("\n")
        .map((one) => one.trim())
      assert.include(lines, line)
    }
  })

  it("holds nothing twice", () => {
    const keys = survivors.map(({ reason: _, ...rest }) => JSON.stringify(rest))
    assert.strictEqual(new Set(keys).size, keys.length)
  })

  it("is about code that is in the scope", () => {
    const covered = new Set(scope.flatMap(({ files }) => filesOf(root, ...files)))
    for (const { file } of survivors) assert.include(covered, file)
  })
})

describe("a mutation run", () => {
  it("reads what was changed, and where, from Stryker's report", () => {
    assert.deepStrictEqual(mutantsOf(reported("Survived")), [mutant("survived")])
  })

  it("counts the same change on one line from left to right", () => {
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

  it("takes a mutant that no test reaches for one that survived", () => {
    assert.deepStrictEqual(
      mutantsOf(reported("NoCoverage")).map(({ fate }) => fate),
      ["survived"]
    )
  })

  it("takes a mutant that cannot be loaded for noticed, and tells those that never ended apart", () => {
    const fates = mutantsOf(reported("Killed", "RuntimeError", "Timeout")).map(({ fate }) => fate)
    assert.deepStrictEqual(fates, ["noticed", "noticed", "never ended"])
  })

  it("does not pass over a mutant that was not tried", () => {
    assert.throws(() => mutantsOf(reported("Pending")), "was not tried")
  })

  it("writes code of several lines as one", () => {
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

  it("accepts a survivor that is listed", () => {
    const verdict = judge([mutant("survived")], [entry], [file])
    assert.deepStrictEqual(verdict, { listed: [mutant("survived")], unlisted: [], killed: [], gone: [] })
  })

  it("refuses a survivor that is not listed, one changed into something else included", () => {
    const other = mutant("survived", "a > b")
    assert.deepStrictEqual(judge([mutant("survived"), other], [entry], [file]).unlisted, [other])
  })

  it("does not take the second of two same changes for the first", () => {
    const second: Mutant = { ...mutant("survived"), nth: 2 }
    const verdict = judge([mutant("noticed"), second], [{ ...entry, nth: 2 }], [file])
    assert.deepStrictEqual(verdict, { listed: [second], unlisted: [], killed: [], gone: [] })
  })

  it.each(["noticed", "never ended"] as const)("refuses an entry whose mutant is %s", (fate) => {
    assert.deepStrictEqual(judge([mutant(fate)], [entry], [file]).killed, [entry])
  })

  it("refuses an entry that no mutant answers to any more", () => {
    assert.deepStrictEqual(judge([mutant("noticed", "a > b")], [entry], [file]).gone, [entry])
  })

  it("leaves entries of other files alone", () => {
    assert.deepStrictEqual(judge([], [entry], ["src/Other.ts"]), { listed: [], unlisted: [], killed: [], gone: [] })
  })

  it("takes a mutant for noticed that survived at first, and was noticed when every test was asked", () => {
    const other = mutant("survived", "a > b")
    assert.deepStrictEqual(withSecondRun([mutant("survived"), other], [mutant("noticed")]), [mutant("noticed"), other])
  })

  it("does not take back what was noticed once", () => {
    assert.deepStrictEqual(withSecondRun([mutant("noticed")], [mutant("survived")]), [mutant("noticed")])
  })
})
