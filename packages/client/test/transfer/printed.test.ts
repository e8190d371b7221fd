/**
 * The diagram and the table of states in docs/paying-once.md agree with the code.
 */
import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { transferStates } from "../../src/Transfer.ts"
import { begin, diagram, end, table, withTable } from "./support/printed.ts"

const page = readFileSync(join(import.meta.dirname, "../../../../docs/paying-once.md"), "utf8")

describe("docs/paying-once.md", () => {
  it("has the current table and diagram: `pnpm table` prints them again", () => {
    assert.strictEqual(page, withTable(page))
  })
})

describe("the printed table of states", () => {
  it("replaces the text between the markers, and nothing else", () => {
    const written = withTable(`before\n${begin}\nold\n${end}\nafter`, () => "new")
    assert.strictEqual(written, `before\n${begin}\n\nnew\n\n${end}\nafter`)
    assert.strictEqual(
      withTable(written, () => "new"),
      written
    )
  })

  it.each([begin, end, `${end}${begin}`, `${begin}${begin}${end}`, `${begin}${end}${end}`, ""])(
    "rejects a page without its two markers: %j",
    (text) => assert.throws(() => withTable(text), "the page needs one")
  )

  it("shows the events that leave each state", () => {
    const drawn = diagram()
    const isEnd = (state: string) => ["approved", "partial", "cancelled", "withdrawn"].includes(state)
    for (const state of transferStates) assert.strictEqual(drawn.includes(`\n  ${state} --> `), !isEnd(state), state)
  })

  it("never sends from a state in which a request may be in progress", () => {
    const [head = "", , claimed = ""] = table().split("\n")
    const cells = (line: string) => line.split("|").map((text) => text.trim())
    const sends = cells(head).filter((_, i) => cells(claimed)[i] === "`sending`")
    assert.deepStrictEqual(sends, ["`intended`", "`rejected`"])
    assert.include(claimed, "A process claims it")
  })
})
