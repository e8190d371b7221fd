// A program translates what is wrong by its code, so it has to know all of them.
import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { filesOf } from "../scripts/files.ts"

const root = join(import.meta.dirname, "..")
const read = (path: string): string => readFileSync(join(root, path), "utf8")

const [documentation = "", ...code] = read("packages/schema/src/InputProblem.ts").split("*/\n")
const listed = new Set(
  [...documentation.matchAll(/^ \* \| (`.*`) +\|/gm)].flatMap(([, cell = ""]) => cell.replaceAll("`", "").split(", "))
)

const sources = [
  code.join("*/"),
  ...filesOf(root, "packages/{schema,client}/src/**/*.ts")
    .filter((path) => !path.endsWith("InputProblem.ts"))
    .map(read)
].join("\n")

// Where a problem is made, where a rule is, and where a list or a card is told which word to use.
const made = [
  /\bcode(?:Key\])?(?::| =) "([a-z\d-]+)"/g,
  /\brule\(\s*"([a-z\d-]+)"/g,
  /\bproblem\(\s*\w+,\s*"([a-z\d-]+)"/g,
  /, is[A-Z]\w*, "([a-z\d-]+)"/g,
  /\b(?:digits|secret)\(\/.*?\/u?, "([a-z\d-]+)"/g
].map((pattern) => [...sources.matchAll(pattern)].map(([, word = ""]) => word))

describe("the codes of what is wrong", () => {
  it("are found wherever one is made", () => {
    for (const words of made) assert.isNotEmpty(words)
  })

  it("are exactly those that the documentation of InputProblem lists", () => {
    assert.deepStrictEqual([...listed].sort(), [...new Set(made.flat())].sort())
  })
})
