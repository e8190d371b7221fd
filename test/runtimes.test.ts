// What the pages say about runtimes, against what `check:runtimes` runs.
import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { filesOf } from "../scripts/files.ts"
import { published, readManifest, root } from "../scripts/packages.ts"
import { withTables } from "./runtimes/tables.ts"
import { compilers, platforms } from "./runtimes/platforms.ts"
import { versionOf } from "./runtimes/toolbox.ts"

const read = (file: string): string => readFileSync(join(root, file), "utf8")

const lineOf = (version: string): string => version.split(".").slice(0, 2).join(".")

describe("the tables of what runs where", () => {
  const pages = filesOf(root, "*.md", "docs/*.md", "packages/*/README.md")

  for (const file of pages.filter((file) => read(file).includes("<!-- runtimes:"))) {
    it(`in ${file} are those of the platforms: run \`table\``, () => {
      const text = read(file)
      assert.strictEqual(text, withTables(file, text))
    })
  }

  it("are written from the platforms", () => {
    const written = withTables("page.md", "<!-- runtimes: what runs where -->\nold\n<!-- runtimes: end -->\n")
    for (const { label } of platforms) assert.include(written, `\n| ${label} `)
    assert.notInclude(written, "old")
    assert.throws(() => withTables("page.md", "<!-- runtimes: other -->\n<!-- runtimes: end -->"), /page\.md/)
  })
})

describe("docs/runtimes.md", () => {
  const page = read("docs/runtimes.md")

  it("names the versions of the fault matrix, which are those of the platforms", () => {
    assert.include(page, `| Bun ${lineOf(versionOf("bun"))} `)
    assert.include(page, `| Deno ${lineOf(versionOf("deno"))} `)
    const nodes = platforms.flatMap(({ label }) => /^Node (\d+)$/.exec(label)?.[1] ?? [])
    assert.include(page, `| Node ${[...new Set(nodes)].join(", ")} `)
  })

  it("names platforms that exist", () => {
    const names = [...platforms, ...compilers].map(({ name }) => name)
    const [, selected = ""] = /check:runtimes ((?:[\w.-]+ )+) *#/.exec(page) ?? []
    assert.isNotEmpty(selected)
    for (const name of selected.trim().split(/ +/)) assert.include(names, name)
  })
})

describe("the platforms", () => {
  it("begin with the lowest Node that the packages allow", () => {
    for (const directory of published()) {
      assert.strictEqual(readManifest(directory).engines?.node, `>=${lineOf(platforms[0]?.version ?? "")}`)
    }
  })

  it("have different names", () => {
    const names = [...platforms, ...compilers].map(({ name }) => name)
    assert.lengthOf(new Set(names), names.length)
  })

  it("include the lowest TypeScript that docs/versions.md allows", () => {
    const [, lowest = ""] = /\*\*TypeScript\.\*\* ([\d.]+)/.exec(read("docs/versions.md")) ?? []
    assert.strictEqual(lineOf(compilers[0]?.version ?? ""), lowest)
  })
})
