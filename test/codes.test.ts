// A program translates problems by their code, so all codes must be documented.
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

// The places that define a problem, a rule, or the code of a list or a card.
const made = [
  /\bcode(?:Key\])?(?::| =) "([a-z\d-]+)"/g,
  /\brule\(\s*"([a-z\d-]+)"/g,
  /\bproblem\(\s*\w+,\s*"([a-z\d-]+)"/g,
  /, is[A-Z]\w*, "([a-z\d-]+)"/g,
  /\b(?:digits|secret)\(\/.*?\/u?, "([a-z\d-]+)"/g
].map((pattern) => [...sources.matchAll(pattern)].map(([, word = ""]) => word))

describe("the codes of problems", () => {
  it("are found in every place that defines one", () => {
    for (const words of made) assert.isNotEmpty(words)
  })

  it("are exactly those that the documentation of InputProblem lists", () => {
    assert.deepStrictEqual([...listed].sort(), [...new Set(made.flat())].sort())
  })
})
