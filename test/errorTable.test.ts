// The table of all errors lists every error, and every copy of it is current.
import { assert, describe, it } from "@effect/vitest"
import * as client from "@palomma-effect/client"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { filesOf } from "../scripts/files.ts"
import { allErrors, errorTable, source, tagsBelow, withErrorTables, withoutErrorTables } from "./support/errorTable.ts"

const root = join(import.meta.dirname, "..")
const read = (file: string): string => readFileSync(join(root, file), "utf8")
const page = read(source)
// A translation of the table has other words. test/site.test.ts fails if its original changes.
const files = filesOf(root, "*.md", "docs/*.md", "packages/*/README.md").filter((file) => !file.endsWith(".es.md"))

const isError = (exported: unknown): boolean => typeof exported === "function" && exported.prototype instanceof Error
const tags = Object.entries<unknown>(client).flatMap(([name, exported]) => (isError(exported) ? [name] : []))
const titles = [...page.matchAll(/^## (Errors of .+)$/gm)].map(([, title = ""]) => title)

describe("the table of all errors", () => {
  it("has one row for each error, in the order of the sections", () => {
    const listed = allErrors(page).rows.map(({ tag }) => tag)
    assert.sameMembers(listed, tags)
    assert.deepStrictEqual(
      listed,
      titles.flatMap((title) => tagsBelow(page, title))
    )
  })

  it("links each row to its section, and leaves no cell empty", () => {
    for (const { line, tag } of allErrors(page).rows) {
      const [, name = "", ...others] = line.split("|").map((cell) => cell.trim())
      assert.strictEqual(name, `[\`${tag}\`](#${tag.toLowerCase()})`)
      assert.notInclude(others.slice(0, -1), "", tag)
      assert.lengthOf(others, 4)
    }
  })

  it("groups the errors as the code does", () => {
    const having = (is: (u: unknown) => boolean) => tags.filter((tag) => is(Object.assign(new Error(), { _tag: tag })))
    const causes = ["TransferClaimEnded", "TransferLookUpIncomplete"]
    assert.sameMembers([...tagsBelow(page, "Errors of a single call")], having(client.isPalommaError))
    // The input is checked before a single call and before a transfer.
    const ofTransfers = having(client.isTransferError).filter((tag) => tag !== "PalommaInvalidInput")
    assert.sameMembers([...tagsBelow(page, "Errors of transfers")], [...ofTransfers, ...causes])
  })
})

describe("the copies of the table", () => {
  for (const file of files) {
    it(`are current in ${file}: \`pnpm table\` writes them`, () => {
      assert.strictEqual(read(file), withErrorTables(file, read(file), page))
    })
  }

  it("are the only tables of errors, in pages and in docblocks", () => {
    const sources = filesOf(root, "packages/*/src/**/*.ts")
    const others = [...files, ...sources].filter((file) => file !== source)
    const rows = others.flatMap((file) =>
      (withoutErrorTables(read(file)).match(/^[ *]*\| \[?`\w+`.*$/gm) ?? [])
        .filter((row) => tags.includes(/`(\w+)`/.exec(row)?.[1] ?? ""))
        .map((row) => `${file}: ${row}`)
    )
    assert.isAbove(sources.length, 100)
    assert.deepStrictEqual(rows, [])
  })

  it.each([
    ["README.md", "Errors of a single call"],
    ["docs/paying-once.md", "Errors of transfers"]
  ])("are in %s: %s", (file, title) => assert.include(read(file), `\n<!-- errors: ${title} -->\n`))
})

describe("withErrorTables", () => {
  const sample = [
    "## All errors",
    "",
    "| error | when |",
    "| --- | --- |",
    "| [`A`](#a) | always |",
    "| [`B`](#b) | never |",
    "",
    "## Errors of one",
    "### `A`",
    "## Errors of two",
    "### `B`",
    ""
  ].join("\n")

  it("selects the rows of a section, and points the links to their source", () => {
    const table = ["| error                         | when  |", "| ----------------------------- | ----- |"]
    const row = "| [`B`](../../docs/errors.md#b) | never |"
    assert.strictEqual(errorTable(sample, "Errors of two", "packages/client/README.md"), [...table, row].join("\n"))
  })

  it("replaces the text between two markers and keeps the rest", () => {
    const text = "before\n<!-- errors: Errors of one -->\nold\n<!-- errors: end -->\nafter"
    const written = withErrorTables("README.md", text, sample)
    assert.match(
      written,
      /^before\n<!-- errors: Errors of one -->\n\n\| error [^]*always \|\n\n<!-- errors: end -->\nafter$/
    )
    assert.notInclude(written, "old")
    assert.strictEqual(withErrorTables("README.md", written, sample), written)
    assert.strictEqual(withoutErrorTables(written), "before\n\nafter")
  })

  it.each([
    "<!-- errors: Errors of one -->",
    "<!-- errors: end -->",
    "<!-- errors: Errors of one -->\n<!-- errors: Errors of two -->\n<!-- errors: end -->",
    "<!-- errors: end -->\n<!-- errors: Errors of one -->",
    "<!-- errors: Errors of three -->\n<!-- errors: end -->"
  ])("refuses markers without a pair or a section: %j", (text) => {
    assert.throws(() => withErrorTables("README.md", text, sample))
  })
})
