// Common rules of the pages: no repeated text, and one place for each fact.
import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { filesOf } from "../scripts/files.ts"
import { withoutErrorTables } from "./support/errorTable.ts"

const root = join(import.meta.dirname, "..")
const files = filesOf(root, "*.md", "docs/*.md", "packages/*/README.md")

/** Shorter sentences, such as "In PostgreSQL:", may be in several pages. */
const shortest = 6

/** Returns the sentences of a page. Code, tables, headings and generated text are left out. */
const sentences = (page: string): ReadonlyArray<string> =>
  withoutErrorTables(page)
    .replace(/^ *(```|~~~)[^]*?^ *\1 *$/gm, "\n\n")
    .replace(/^(\||#|<!--).*$/gm, "\n")
    .replace(/^ *([-*]|\d+\.) /gm, "\n\n")
    .split(/\n\s*\n/)
    .flatMap((paragraph) => paragraph.replace(/\s+/g, " ").split(/(?<=[.:!?]) /))
    .map((sentence) => sentence.replace(/\]\([^)]*\)/g, "]").trim())
    .filter((sentence) => sentence.split(" ").length >= shortest)

/** Returns the sentences that occur more than once, each with the pages that have it. */
const repeated = (pages: ReadonlyArray<readonly [file: string, page: string]>): ReadonlyArray<string> => {
  const found = Map.groupBy(
    pages.flatMap(([file, page]) => sentences(page).map((sentence) => ({ file, sentence }))),
    ({ sentence }) => sentence.toLowerCase()
  )
  return [...found]
    .filter(([, places]) => places.length > 1)
    .map(([sentence, places]) => `${places.map(({ file }) => file).join(", ")}: ${sentence}`)
}

describe("pages", () => {
  it("repeat no sentence", () => {
    assert.deepStrictEqual(repeated(files.map((file) => [file, readFileSync(join(root, file), "utf8")])), [])
  })

  it("are split into sentences", () => {
    const page = [
      "# A heading of more than six words, which is left out",
      "",
      "This sentence is wrapped",
      "over two lines. This one ends with a [link](a.md#b).",
      "",
      "```ts",
      "this is code and not a sentence at all",
      "```",
      "",
      "| a table of more than six words is left out |",
      "",
      "- This item is a sentence of its own",
      "- Too short"
    ].join("\n")
    const all = [
      "This sentence is wrapped over two lines.",
      "This one ends with a [link].",
      "This item is a sentence of its own"
    ]
    assert.deepStrictEqual(sentences(page), all)
    const other = "this sentence is\nwrapped over two lines."
    assert.deepStrictEqual(
      repeated([
        ["a.md", page],
        ["b.md", other]
      ]),
      ["a.md, b.md: this sentence is wrapped over two lines."]
    )
  })
})
