import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { join } from "node:path"

const root = join(import.meta.dirname, "../..")

const vitest = join(root, "node_modules/vitest/vitest.mjs")
const run = [vitest, "run", "--config", join(import.meta.dirname, "failing.config.ts")]
const { stderr, stdout } = spawnSync(process.execPath, run, {
  cwd: root,
  encoding: "utf8",
  env: { ...process.env, NO_COLOR: "1" }
})
const printed = `${stdout}${stderr}`

const times = (text: string) => printed.split(text).length - 1

describe("the output of a run", () => {
  it.each([
    ["holds by assertion", ["expected { a: 1 } to deeply equal { a: 2 }", '-   "a": 2,\n+   "a": 1,']],
    ["holds in an effect", ["AssertionError: expected 'one text' to equal 'another'", 'Received: "one text"']],
    ["holds for every number", ["seed: 7", "expected 50 to be below 50"]],
    ["holds for every number in an effect", ["seed: 8", "Counterexample: [50]"]],
    ["holds for every value of a schema", ['Shrunk input: {"n":50}', "Replay: ["]]
  ])("has for a failing test its name and the reason: %s", (name, said) => {
    const [, after = ""] = printed.split(` FAIL  test/reporter/failing.ts > a subject > ${name}\n`)
    const [report = ""] = after.split("\n⎯⎯")
    for (const text of said) assert.include(report, text)
  })

  it("has the reason of a test that failed in an effect only once", () => {
    assert.strictEqual(times("expected 'one text' to equal 'another'"), 1, printed)
    assert.strictEqual(times("seed: 8"), 1, printed)
  })

  it("has no test that passed, but its log", () => {
    assert.strictEqual(times("passes and logs"), 1, printed)
    assert.include(printed, "stdout | test/reporter/failing.ts > a subject > passes and logs")
    assert.include(printed, "Error: something else")
  })
})
