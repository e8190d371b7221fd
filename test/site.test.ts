// The documentation site: which pages it has, where its links lead, and whether a translation is in step.
import { assert, describe, it } from "@effect/vitest"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { filesOf } from "../scripts/files.ts"
import { root } from "../scripts/packages.ts"
import { deadLinks } from "../site/deadLinks.ts"
import { guides, linkOf, routeOf, sections, spanishOf, spanishOnly, spanishSections } from "../site/pages.ts"
import { anchorOf, referencePages } from "../site/reference/render.ts"
import { docblockOf, type Module, type Package } from "../site/reference/symbols.ts"
import { landingPage, withSiteLinks } from "../site/stage.ts"
import { differences, translationMark } from "../site/translation.ts"

const read = (file: string): string => readFileSync(join(root, file), "utf8")
const english = filesOf(root, "docs/*.md", "packages/*/README.md")
const spanish = filesOf(root, "README.es.md", "docs/es/*.md")

describe("the sidebar", () => {
  it("has every guide and every package", () => {
    assert.deepStrictEqual(
      english.filter((file) => !guides.includes(file)),
      [],
      "add a line to site/pages.ts"
    )
  })

  it("has only pages that exist, each once", () => {
    const missing = guides.filter((file) => !existsSync(join(root, file)))
    assert.deepStrictEqual(missing, [])
    assert.deepStrictEqual(guides, [...new Set(guides)])
  })

  it("has a path for each page that no other page has", () => {
    const routes = [...guides, ...spanish].map((file) => routeOf(file).toLowerCase())
    assert.deepStrictEqual(routes, [...new Set(routes)])
  })

  it("has a Spanish title for each section", () => {
    assert.deepStrictEqual(
      Object.keys(spanishSections),
      sections.map(({ title }) => title)
    )
  })
})

describe("the links of the site", () => {
  const pages = new Set(["README.md", "docs/errors.md", "CONTRIBUTING.md", "packages/client/README.md"])
  const convert = (file: string, text: string, source?: string) => withSiteLinks(file, text, pages, source)

  it("lead to pages", () => {
    assert.strictEqual(convert("docs/a.md", "[`E`](errors.md#e-f)"), "[`E`](/errors#e-f)")
    assert.strictEqual(convert("docs/a.md", "[home](../README.md)"), "[home](/)")
    assert.strictEqual(convert("docs/a.md", "[x](../CONTRIBUTING.md#r)"), "[x](/contributing#r)")
    assert.strictEqual(convert("packages/client/README.md", "[x](../../docs/errors.md)"), "[x](/errors)")
    assert.strictEqual(convert("docs/es/a.md", "[x](../../packages/client/README.md)"), "[x](/packages/client)")
    assert.strictEqual(convert("README.md", "[x](packages/client/api.md)"), "[x](/api/client/)")
    assert.strictEqual(convert("README.md", "[x](#y) [z](https://example.com)"), "[x](#y) [z](https://example.com)")
  })

  it("are text if their file is no page, and lead to the repository if it is public", () => {
    assert.strictEqual(convert("docs/a.md", "see [the `faults`](../test/faults)."), "see the `faults`.")
    const at = convert("docs/a.md", "[x](../test/faults)", "https://code.example/a/b")
    assert.strictEqual(at, "[x](https://code.example/a/b/blob/main/test/faults)")
  })

  it("are not looked for in snippets", () => {
    const page = "[a](x.md)\n\n```ts\nconst a = [b](x.md)\n```\n\n[c](x.md)\n"
    assert.strictEqual(convert("docs/a.md", page), "a\n\n```ts\nconst a = [b](x.md)\n```\n\nc\n")
  })
})

describe("a link of the built site", () => {
  const built = (pages: Readonly<Record<string, string>>) => {
    const folder = mkdtempSync(join(tmpdir(), "site-"))
    for (const [name, html] of Object.entries(pages)) {
      mkdirSync(join(folder, dirname(name)), { recursive: true })
      writeFileSync(join(folder, name), html)
    }
    return folder
  }

  it("is dead if it leads to no page, no anchor, or outside of the base", () => {
    const folder = built({
      "index.html": '<a href="/b/a/x.html#é">1</a> <a href="a/">2</a> <a href="https://example.com/">3</a> <p id="p">',
      "a/index.html": '<a href="../index.html#p">1</a> <a href="../#q">2</a> <img src="/b/no.png">',
      "a/x.html": '<h2 id="é">e</h2> <a href="/a/x.html">1</a> <a href="#f">2</a> <a href="/b/y.html">3</a>'
    })
    assert.deepStrictEqual(deadLinks(folder, "/b/"), [
      "a/index.html: ../#q",
      "a/index.html: /b/no.png",
      "a/x.html: /a/x.html",
      "a/x.html: #f",
      "a/x.html: /b/y.html"
    ])
    rmSync(folder, { recursive: true })
  })
})

describe("the landing page", () => {
  for (const file of ["README.md", "README.es.md"].filter((one) => existsSync(join(root, one)))) {
    it(`takes its top from ${file}`, () => {
      const page = landingPage(read(file), file === "README.md" ? "en" : "es")
      const [, matter = "", body = ""] = /^---\n([^]*?)\n---\n\n([^]*)$/.exec(page) ?? []
      const { features, hero } = JSON.parse(matter)
      assert.strictEqual(hero.name, "palomma-effect")
      assert.isAbove(hero.text.length, 20)
      assert.isAtLeast(hero.actions.length, 4)
      assert.isAtLeast(features.length, 3)
      for (const feature of features) {
        assert.isNotEmpty(feature.title)
        assert.isNotEmpty(feature.details)
      }
      assert.strictEqual(body, read(file).slice(read(file).indexOf("\n## ") + 1))
    })
  }
})

describe("a translation", () => {
  const translationOf = (file: string): string | undefined => {
    const other = spanishOf(file)
    return other !== undefined && spanish.includes(other) ? other : undefined
  }

  for (const file of spanish.filter((one) => !spanishOnly.includes(one))) {
    it(`in ${file} is in step with the English page`, () => {
      const original = guides.find((one) => spanishOf(one) === file)
      assert.isDefined(original, "it translates no page of the sidebar")
      const problems = differences(original ?? "", file, { read, translationOf })
      if (problems.length > 0) assert.fail(`${file} and ${original}\n${problems.join("\n")}`)
    })

    it(`in ${file} was read after the last change of the English page`, () => {
      const original = guides.find((one) => spanishOf(one) === file) ?? ""
      const mark = translationMark(original, read(original))
      const hint = `${original} changed. Translate the change, then end ${file} with ${mark}`
      assert.isTrue(read(file).endsWith(`\n\n${mark}\n`), hint)
    })
  }

  const original =
    "# A\n\n## B\n\n[x](b.md#c-d) [y](../e) [z](#b)\n\n```ts\n1 // one\n```\n\n| a | `b|c` |\n| - | - |\n| 1 | 2 |\n"
  const check = (translated: string, other = "# F\n\n## G\n") => {
    const files: Record<string, string> = {
      "docs/a.md": original,
      "docs/es/a.md": translated,
      "docs/b.md": "# B\n\n## C, D\n",
      "docs/es/b.md": other
    }
    return differences("docs/a.md", "docs/es/a.md", {
      read: (file) => files[file] ?? "",
      translationOf: (file) => (file === "docs/e" || other === "" ? undefined : file.replace("docs/", "docs/es/"))
    }).map((problem) => problem.split(" must")[0])
  }
  const good = original.replace("# A", "# Á").replace("## B", "## Be").replace("#b)", "#be)").replace("../e", "../../e")
  const linked = good.replace("b.md#c-d", "b.md#g")

  it("has the headings, snippets, tables and links of the original", () => {
    assert.deepStrictEqual(check(linked), [])
    assert.deepStrictEqual(check(good.replace("b.md", "../b.md"), ""), ["link 3"])
  })

  it("is marked by the words of the original, without line breaks and the width of columns", () => {
    const mark = translationMark("a.md", "It moves once.\n\n| a | b |\n| - | - |\n")
    assert.match(mark, /^<!-- Translates a\.md [0-9a-f]{12} -->$/)
    assert.strictEqual(mark, translationMark("a.md", "It moves\nonce.\n\n| a   | b |\n| --- | - |\n"))
    assert.notStrictEqual(mark, translationMark("a.md", "It moves twice.\n\n| a | b |\n| - | - |\n"))
  })

  it("is refused if one of them differs", () => {
    assert.deepStrictEqual(check(linked.replace("## Be", "### Be")), ["heading 2"])
    assert.deepStrictEqual(check(linked.replace("// one", "// uno")), ["snippet 1"])
    assert.deepStrictEqual(check(linked.replace("| 1 | 2 |\n", "")), ["table 1"])
    assert.deepStrictEqual(check(linked.replace("[y](../../e)", "y")), ["link 2", "link 3"])
    assert.deepStrictEqual(check(good), ["link 1"])
  })
})

describe("docs/es/terms.md", () => {
  const rows = (file: string) =>
    [...read(file).matchAll(/^\|(.*)\|$/gm)].map(([, row = ""]) => row.split("|").map((cell) => cell.trim()))
  const terms = rows("docs/es/terms.md").slice(2)
  const glossary = rows("docs/glossary.md").map(([word = ""]) => word)

  it("translates words of the glossary, each once", () => {
    for (const column of [0, 1]) {
      const words = terms.map((row) => row[column] ?? "")
      assert.deepStrictEqual(words, [...new Set(words)])
    }
    assert.deepStrictEqual(
      terms.map(([, english = ""]) => english).filter((word) => !glossary.includes(word)),
      []
    )
  })
})

describe("the API reference", () => {
  const docblock = (text: string, category = "models") => ({ text, category })
  const module: Module = {
    name: "Money",
    header: docblock("Money, of which {@link Pesos} is one kind."),
    namespace: undefined,
    inMainEntry: ["Pesos", "pay"],
    symbols: [
      {
        name: "Pesos",
        kind: "type",
        docblock: docblock("Whole pesos, such as `a < b`, or a < b."),
        text: "export type Pesos = number",
        members: []
      },
      {
        name: "Pesos",
        kind: "const",
        docblock: docblock("The schema.", "schemas"),
        text: "export const Pesos: Codec<Pesos, constructor>",
        members: []
      },
      {
        name: "Pay",
        kind: "interface",
        docblock: docblock("Pays.", "services"),
        text: "export interface Pay {\n  /** Pays once.\n *\n * **Gotchas**\n *\n * - Once. */\n  readonly pay: (amount: Pesos) => void\n}",
        members: [
          {
            name: "pay",
            text: "readonly pay: (amount: Pesos) => void",
            docblock: docblock(
              "Pays {@link Pesos}.\n\n**Gotchas**\n\n- Once.\n\n**Example** (Paying)\n\n```ts\n1\n```",
              ""
            )
          }
        ]
      }
    ]
  }
  const of: Package = { folder: "p", name: "@x/p", description: "Pays", header: docblock("Pays."), modules: [module] }

  it("shows the declarations of a module by category, services first", async () => {
    const page = (await referencePages([of])).find(({ route }) => route === "api/p/Money")
    assert.deepStrictEqual(
      [...(page?.text ?? "").matchAll(/^#+ .*$/gm)].map(([line]) => line.replace(/ <Badge[^>]*>/, "")),
      [
        "# Money {#module-Money}",
        "## Services {#category-services}",
        "### Pay {#Pay}",
        "#### `Pay.pay` {#Pay.pay}",
        "## Models {#category-models}",
        "### Pesos {#Pesos}",
        "## Schemas {#category-schemas}",
        "### Pesos {#Pesos-const}"
      ]
    )
    assert.include(page?.text, "::: warning Gotchas\n- Once.\n:::\n\n**Example:** Paying\n\n```ts\n1\n```")
    assert.include(page?.text, "Whole pesos, such as `a < b`, or a &lt; b.")
    assert.include(page?.text, "[`Pesos`](/api/p/Money#Pesos)")
    assert.include(
      page?.text,
      'import { Pesos } from "@x/p"\n// or only this module\nimport { Pesos } from "@x/p/Money"'
    )
    assert.deepStrictEqual(page?.links, { Pay: "api/p/Money#Pay", Pesos: "api/p/Money#Pesos" })
    assert.deepStrictEqual(
      module.symbols.map((symbol) => anchorOf(module, symbol)),
      ["Pesos", "Pesos-const", "Pay"]
    )
  })

  it("reads docblocks", () => {
    const text = "/**\n * One.\n *\n * - two\n *\n * @category layers\n * @since 0.1.0\n */"
    assert.deepStrictEqual(docblockOf(text), { text: "One.\n\n- two", category: "layers" })
  })
})

it("links of Spanish pages have the path of the page", () => {
  assert.strictEqual(linkOf("README.es.md"), "/es/")
  assert.strictEqual(linkOf("docs/es/getting-started.md"), "/es/getting-started")
})
