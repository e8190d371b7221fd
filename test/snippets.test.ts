import { assert, describe, it } from "@effect/vitest"
import * as Option from "effect/Option"
import { assertShows } from "./support/assertShows.ts"
import { extract, type Snippet, withAssertions, Written } from "./support/snippets.ts"

const snippet = (code: string, kind: Snippet["kind"] = "program"): Snippet => ({
  file: "guide.md",
  line: 7,
  code,
  kind
})

describe("extract", () => {
  it("finds the fences of Markdown, with their lines and kinds", () => {
    const markdown = [
      "# Title",
      "```ts",
      "const a = 1",
      "",
      "const b = 2",
      "```",
      "```sh",
      "echo '```ts'",
      "```",
      "- in a list",
      "  ```ts no-run",
      "  if (true) {",
      "    c()",
      "  }",
      "  ```",
      "```typescript",
      'import { it } from "@effect/vitest"',
      "```"
    ]
    assert.deepStrictEqual(extract("guide.md", markdown.join("\n")), [
      { file: "guide.md", line: 3, code: "const a = 1\n\nconst b = 2", kind: "program" },
      { file: "guide.md", line: 12, code: "if (true) {\n  c()\n}", kind: "no-run" },
      { file: "guide.md", line: 17, code: 'import { it } from "@effect/vitest"', kind: "suite" }
    ])
  })

  it("finds the fences of docblocks and no others", () => {
    const source = [
      "/**",
      " * Adds.",
      " *",
      " * **Example** (Two numbers)",
      " *",
      " * ```ts",
      " * add(1, 2) // => 3",
      " * ```",
      " */",
      "const text = `",
      "```ts",
      "not.this()",
      "```",
      "`"
    ]
    assert.deepStrictEqual(extract("Add.ts", source.join("\n")), [
      { file: "Add.ts", line: 7, code: "add(1, 2) // => 3", kind: "program" }
    ])
  })
})

describe("withAssertions", () => {
  const cases = [
    ["add(1, 2) // => 3", 'assertShows("3", add(1, 2))'],
    ["  add(1, 2); // => 3", '  assertShows("3", add(1, 2))'],
    ["const sum: number = add(1, 2) // => 3", 'const sum: number = assertShows("3", add(1, 2))'],
    ["await run(p) // => { a: 1 }", 'assertShows("{ a: 1 }", await run(p))'],
    ["price // => $1", 'assertShows("$1", price)'],
    ["console.log(a, b) // => 1 2", 'assertShows("1 2", a, b)'],
    ["  yield* Console.log(a) // => 1", '  assertShows("1", a)'],
    ["before()\npipe(\n  1,\n  inc\n) // => 2", 'before()\nassertShows("2", pipe(\n  1,\n  inc\n))'],
    [
      "before()\nstart\n  .one(\n    1\n  )\n  .two() // => 2",
      'before()\nassertShows("2", start\n  .one(\n    1\n  )\n  .two())'
    ],
    ['"https://a" // a remark', '"https://a" // a remark']
  ] as const
  for (const [code, expected] of cases) {
    it(JSON.stringify(code), () => assert.strictEqual(withAssertions(snippet(code)), expected))
  }

  it("refuses a comment that asserts nothing", () => {
    assert.throws(() => withAssertions(snippet("one()\n// => 1")), /guide\.md:8 /)
  })
})

describe("assertShows", () => {
  it("returns the value if the text is code for it", () => {
    assert.strictEqual(assertShows("1 + 1", 2), 2)
    assertShows("{ a: [Option.some(1), undefined] }", { a: [Option.some(1), undefined] })
  })
  it("returns the value if it prints as the text", () => {
    assertShows("kuna", "kuna")
    assertShows("'kuna'", "kuna")
    assertShows("[ 1, { a: { b: { c: [ 'x' ] } } } ]", [1, { a: { b: { c: ["x"] } } }])
    assertShows('{"a":"x"}', { a: "x" })
    assertShows("paid 1", "paid", 1)
  })
  it("throws otherwise", () => {
    assert.throws(() => assertShows("2", 1), "shows 1, not 2")
    assert.throws(() => assertShows("Option.none()", Option.some(1)), "not Option.none()")
  })
})

describe("Written", async () => {
  const at = (line: number, code: string, kind: Snippet["kind"] = "program"): Snippet => ({
    file: "guide.md",
    line,
    code,
    kind
  })
  const good = at(2, 'import * as Effect from "effect/Effect"\nawait Effect.runPromise(Effect.succeed(1)) // => 1')
  const mistyped = at(5, "const text: string = 1\nexport const more = text")
  const wrong = at(8, "const one: number = 1\nconst two = one + 1 // => 3\nexport default two")
  const late = at(12, 'export {}\nsetTimeout(() => {\n  throw new Error("late")\n}, 10)')
  const rejected = at(17, 'export {}\nvoid Promise.reject(new Error("rejected"))')
  const stuck = at(20, "await new Promise(() => {})")
  const exits = at(22, "console.log('bye')\nprocess.exit(3)")
  const unrun = at(26, 'throw new Error("never")', "no-run")
  const suite = at(28, 'import { it } from "@effect/vitest"\nit("is a test of a snippet", () => {})', "suite")
  const written = new Written("self", [good, mistyped, wrong, late, rejected, stuck, exits, unrun, suite])

  it("names the line that does not compile", () => {
    const problems = written.compile()
    assert.deepStrictEqual([...problems.keys()], [mistyped])
    assert.match(problems.get(mistyped) ?? "", /^guide\.md:5 error TS2322: Type 'number'/)
  })

  it("names the program that fails, however it does", async () => {
    const problems = await written.execute()
    assert.deepStrictEqual([...problems.keys()], [wrong, late, rejected, stuck, exits])
    assert.match(problems.get(wrong) ?? "", /^guide\.md:8 failed: Error: shows 2, not 3[^]*guide\.md:9:/)
    assert.match(problems.get(late) ?? "", /^guide\.md:12 failed: Error: late[^]*guide\.md:14:/)
    assert.match(problems.get(rejected) ?? "", /^guide\.md:17 failed: Error: rejected/)
    assert.match(problems.get(stuck) ?? "", /^guide\.md:20 failed: it awaits something that never happens/)
    assert.match(problems.get(exits) ?? "", /^guide\.md:22 failed: it ended with exit code 3\nbye/)
  })

  await written.load(suite)
})
