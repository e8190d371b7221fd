// Every public declaration has a docblock in the same form.
import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { filesOf } from "../scripts/files.ts"
import { publishedFolders } from "../scripts/packages.ts"
import { problemsOf, problemsOfHeader, withoutExample } from "./support/docblocks.ts"
import { exportsOf, publicDeclarations, publicModules } from "./support/publicExports.ts"

const root = join(import.meta.dirname, "..")
const read = (file: string) => readFileSync(join(root, file), "utf8")

const services = [
  ["packages/client/src/TransferService.ts", "TransferOperations"],
  ["packages/client/src/PayoutsService.ts", "PayoutsService"],
  ["packages/client/src/PayinsService.ts", "PayinsService"],
  ["packages/client/src/WebhooksService.ts", "WebhooksService"],
  ["packages/durable/src/DurableService.ts", "DurableService"],
  ["packages/testing/src/internal/service/SimulatorService.ts", "SimulatorService"],
  ["packages/testing/src/internal/service/RecordControls.ts", "RecordControls"],
  ["packages/testing/src/internal/service/StatusControls.ts", "StatusControls"],
  ["packages/testing/src/internal/service/Ledger.ts", "Ledger"],
  ["packages/testing/src/internal/service/SimulatedWebhooks.ts", "SimulatedWebhooks"]
] as const

const none = (problems: ReadonlyArray<string>) => {
  if (problems.length > 0) assert.fail(`${problems.length} problems\n${problems.join("\n")}`)
}

for (const name of publishedFolders()) {
  describe(`the docblocks of ${name}`, () => {
    it("describe every public declaration", () => none(problemsOf(publicDeclarations(name))))
    it("describe every public module", () =>
      none(publicModules(name).flatMap((file) => problemsOfHeader(file, read(file)))))
  })
}

for (const [file, name] of services) {
  it(`every operation of ${name} has an example`, () => none(withoutExample(file, read(file), name)))
}

it("no comment is wider than the code", () => {
  const files = filesOf(root, "{packages,examples,test,scripts}/**/*.ts").filter(
    (file) => !/(^|\/)(node_modules|dist|\.snippets)\//.test(file)
  )
  const wide = files.flatMap((file) =>
    read(file)
      // A line of a table or of a snippet cannot be wrapped.
      .replaceAll(/^ *\* ```ts[^]*?```/gm, (snippet) => snippet.replaceAll(/[^\n]/g, ""))
      .split("\n")
      .flatMap((line, i) => (/^\s*(?:\* (?!\|)|\/\/)/.test(line) && line.length > 120 ? [`${file}:${i + 1}`] : []))
  )
  assert.deepStrictEqual(wide, [])
})

describe("what can be imported", () => {
  const names = (name: string) => publicDeclarations(name).map((one) => `${one.file.split("/").at(-1)} ${one.name}`)

  it("includes a declaration of an internal module that a public one re-exports", () => {
    assert.includeMembers(names("testing"), [
      "SimulatorService.ts SimulatorService",
      "values.ts pesos",
      "models.ts customer"
    ])
    assert.includeMembers(names("schema"), ["groups.ts PalommaAuth", "collectDrift.ts Drift"])
  })

  it("excludes declarations that only an internal module uses", () => {
    assert.notInclude(names("testing"), "models.ts items")
    assert.notInclude(names("schema"), "collectDrift.ts collectDrift")
  })

  it("is never guessed: an unknown form of export throws", () => {
    for (const line of [
      "export default 1",
      "export { a as b } from './a.ts'",
      "export namespace A {}",
      "export enum A {}"
    ])
      assert.throws(() => exportsOf("a.ts", line), "a.ts:1")
  })
})

describe("the rules", () => {
  const block = (...lines: ReadonlyArray<string>) =>
    `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join("\n")}\n */\n`
  const tags = ["", "@category models", "@since 0.1.0"]
  const of = (source: string) =>
    problemsOf(exportsOf("a.ts", source).declarations).map((text) =>
      text.replace(/(?<=must begin|docblock|same).*/, "")
    )
  const declaration = "export const a: number = 1\n"
  const text = "a.ts:5 a must begin"

  const cases: ReadonlyArray<readonly [string, string, ReadonlyArray<string>]> = [
    ["one sentence and the tags", block("Says `a. B`. ", ...tags), []],
    ["a sentence over two lines", block("Says", "it.", "", "More. And more.", ...tags), []],
    ["lines of // between", `${block("Says it.", ...tags)}// Why.\n`, []],
    ["no docblock", "", ["a.ts:1 a must have one docblock"]],
    ["a comment that is no docblock", "/* Says it. */\n", ["a.ts:2 a must have one docblock"]],
    ["two docblocks", block("Says it.", ...tags).repeat(2), ["a.ts:13 a must have one docblock"]],
    ["two sentences", block("Says it. Says more.", ...tags), [text.replace("5", "7")]],
    ["a sentence without its end", block("Says it", ...tags), [text.replace("5", "7")]],
    ["tags alone", block("@category models", "@since 0.1.0"), [text]]
  ]
  for (const [name, docblock, expected] of cases) {
    it(name, () => assert.deepStrictEqual(of(docblock + declaration), expected))
  }

  for (const [name, wrong] of [
    ["no category", ["", "@since 0.1.0"]],
    ["an unknown category", ["", "@category things", "@since 0.1.0"]],
    ["no version", ["", "@category models"]],
    ["a version that is none", ["", "@category models", "@since soon"]],
    ["tags in the other order", ["", "@since 0.1.0", "@category models"]],
    ["text behind the tags", [...tags, "", "More."]]
  ] as const) {
    it(name, () => assert.match(of(block("Says it.", ...wrong) + declaration).join(), /must end with a paragraph/))
  }

  it("a value that repeats what its type says", () => {
    const type = `${block("Says it.", ...tags)}export type A = number\n\n`
    assert.deepStrictEqual(of(`${type}${block("The schema of it.", ...tags)}export const A: number = 1`), [])
    assert.deepStrictEqual(of(`${type}${block("Says it.", ...tags)}export const A: number = 1`), [
      "a.ts:15 A says the same"
    ])
  })

  it("a module without a header, or with one without a version", () => {
    const importing = 'import "./a.ts"\n'
    assert.deepStrictEqual(problemsOfHeader("a.ts", `${block("Says it.", "", "@since 0.1.0")}${importing}`), [])
    assert.lengthOf(problemsOfHeader("a.ts", importing), 1)
    assert.lengthOf(problemsOfHeader("a.ts", `${block("Says it.")}${importing}`), 1)
  })

  it("an operation without an example", () => {
    const example = ["**Example** (It works)", "", "```ts", "1 + 1 // => 2", "```"]
    const service = (...lines: ReadonlyArray<string>) =>
      `export interface A {\n  readonly url: string\n  ${block(...lines).trimEnd()}\n  readonly run: () => void\n}`
    assert.deepStrictEqual(withoutExample("a.ts", service("Runs.", "", ...example), "A"), [])
    assert.deepStrictEqual(withoutExample("a.ts", service("Runs."), "A"), ["a.ts:6 A.run has no example"])
  })
})
