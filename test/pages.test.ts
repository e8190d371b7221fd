// Common rules of the pages: no repeated text, and one place for each fact.
import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { dirname, join, posix } from "node:path"
import { filesOf } from "../scripts/files.ts"
import { linksOf } from "../scripts/markdown.ts"
import { guides } from "../site/pages.ts"
import { withoutErrorTables } from "./support/errorTable.ts"

const root = join(import.meta.dirname, "..")
const files = filesOf(root, "*.md", "docs/*.md", "examples/README.md", "packages/*/README.md")
const read = (file: string): string => readFileSync(join(root, file), "utf8")

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

/** Returns the lines of text that are too long. Code, tables and generated lines are left out. */
const tooLong = (page: string): ReadonlyArray<string> =>
  page
    .replace(/^ *(```|~~~)[^]*?^ *\1 *$/gm, "")
    .split("\n")
    .filter((line) => line.length > 120 && !/^(\||<!--)/.test(line))

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
    assert.deepStrictEqual(repeated(files.map((file) => [file, read(file)])), [])
  })

  it("are wrapped at 120 columns", () => {
    const long = files
      .filter((file) => !file.endsWith(".es.md"))
      .flatMap((file) => tooLong(read(file)).map((line) => `${file}: ${line}`))
    assert.deepStrictEqual(long, [])
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
    const long = "word ".repeat(24) + "over"
    assert.deepStrictEqual(tooLong(`${page}\n\n| ${long} |\n\n${long}\n`), [long])
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

/** Returns the links of a section of a page to other pages: their texts, and the files. */
const listed = (file: string, heading: string) => {
  const [, section = ""] = new RegExp(`^## ${heading}$([^]*?)(?=^## |(?![^]))`, "m").exec(read(file)) ?? []
  return linksOf(section).map(({ target, text }) => ({
    text,
    page: posix.join(dirname(file), target.replace(/#.*/, ""))
  }))
}

const titleOf = (file: string): string => /^# (.+)$/m.exec(read(file))?.[1] ?? ""

describe("guides", () => {
  const order = listed("README.md", "Guides").map(({ page }) => page)

  it("have one order, in README.md and in the sidebar", () => {
    assert.isNotEmpty(order)
    assert.deepStrictEqual(
      guides.filter((file) => file.startsWith("docs/")),
      order
    )
  })

  for (const file of ["README.md", ...files.filter((file) => file.startsWith("packages/"))]) {
    it(`are listed in ${file} in that order, each by its title`, () => {
      const links = listed(file, "Guides")
      assert.isNotEmpty(links)
      assert.deepStrictEqual(
        links.map(({ page }) => page),
        order.filter((page) => links.some((link) => link.page === page))
      )
      for (const { page, text } of links) assert.strictEqual(text, titleOf(page))
    })
  }

  it("lead to other pages, and are found from other pages", () => {
    const links = files.flatMap((file) =>
      linksOf(read(file))
        .filter(({ target }) => !/^(https?:|#)/.test(target))
        .map(({ target }) => ({ from: file, to: posix.join(dirname(file), target.replace(/#.*/, "")) }))
        .filter(({ from, to }) => from !== to)
    )
    for (const guide of order) {
      assert.isTrue(
        links.some(({ from }) => from === guide),
        `${guide} has no link to another page`
      )
      const isFound = links.some(({ from, to }) => to === guide && !from.startsWith("README"))
      assert.isTrue(isFound, `only README.md links to ${guide}`)
    }
  })
})
