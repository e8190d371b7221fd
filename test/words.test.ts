// Prose is plain: it says what it means, in the words of its field, and each word means one thing.
import { assert, describe, it } from "@effect/vitest"
import { ofMarkdown, ofTypeScript, type Piece, proseOf } from "./support/prose.ts"
import { problemsIn, unused } from "./support/wording.ts"
import { avoided, exceptions } from "./support/words.ts"

const patterns = [
  "*.md",
  "docs/*.md",
  ".changeset/*.md",
  "packages/*/*.md",
  "packages/*/{src,test,scripts}/**/*.ts",
  "examples/*.md",
  "examples/**/*.ts",
  "scripts/**/*.ts",
  "site/*.ts",
  "site/{reference,.vitepress}/**/*.ts",
  "test/**/*.ts"
]

// What others wrote, what is made from code, Spanish pages, and the lists of words themselves.
const ignored = (file: string) =>
  file.endsWith(".es.md") ||
  /(^|\/)(node_modules|dist|\.snippets|seeds|contract)\//.test(file) ||
  /^test\/(support\/words|words\.test)\.ts$/.test(file)

const pieces = proseOf(patterns, ignored)

describe("the prose of the repository", () => {
  const files = [...new Set(pieces.map(({ file }) => file))]
  const folders = [...new Set(files.map((file) => (file.includes("/") ? file.replace(/\/[^/]*$/, "") : "the root")))]
  for (const folder of folders) {
    it(`says it plainly in ${folder}`, () => {
      const here = files.filter((file) => (file.includes("/") ? file.replace(/\/[^/]*$/, "") : "the root") === folder)
      const problems = problemsIn(
        pieces.filter(({ file }) => here.includes(file)),
        exceptions
      )
      if (problems.length > 0) assert.fail(`${problems.length} problems\n${problems.join("\n")}`)
    })
  }

  it("needs every exception", () => assert.deepStrictEqual(unused(pieces, exceptions), []))
  it("knows the rule of every exception", () => {
    const phrases = avoided.map(({ phrase }) => phrase)
    for (const { phrase, reason } of exceptions) {
      assert.include(phrases, phrase)
      assert.isNotEmpty(reason)
    }
  })
})

describe("the scanner", () => {
  const found = (some: ReadonlyArray<Piece>) => problemsIn(some, []).map((text) => text.replace(/: use .*/, ""))
  const ts = (source: string, file = "packages/client/src/a.ts") => found(ofTypeScript(file, source))

  it("reads comments of each form", () => {
    assert.deepStrictEqual(ts("// Whoever calls.\nconst a = 1 // upon\n/* lest */\n"), [
      'packages/client/src/a.ts:1 "Whoever"',
      'packages/client/src/a.ts:2 "upon"',
      'packages/client/src/a.ts:3 "lest"'
    ])
    assert.deepStrictEqual(ts("/**\n * What became\n * of it.\n */"), ['packages/client/src/a.ts:2 "What became of"'])
    assert.deepStrictEqual(ts("// Asks what\n// became of it."), ['packages/client/src/a.ts:1 "what became of"'])
  })

  it("reads texts, of templates too", () => {
    assert.deepStrictEqual(ts('throw new Error("Nobody answers")'), ['packages/client/src/a.ts:1 "Nobody"'])
    assert.deepStrictEqual(ts("const a = `${[1].map((b) => `${b}`)} nobody ${{ c: 1 }.c} answers, hence ${a}`"), [
      'packages/client/src/a.ts:1 "nobody"',
      'packages/client/src/a.ts:1 "hence"'
    ])
  })

  it("reads names of tests, and no other text of a test", () => {
    const test = 'it.effect("asks nobody", () => {})\nit.each([1])("hence it", () => {})\nsend("somebody else")'
    assert.deepStrictEqual(ts(test, "test/a.test.ts"), ['test/a.test.ts:1 "nobody"', 'test/a.test.ts:2 "hence"'])
  })

  it("leaves code alone", () => {
    assert.deepStrictEqual(ts('const nobody = /"/.test(upon) // `hence` {@link whatever}\nimport "./hence.ts"'), [])
    assert.deepStrictEqual(ts("const a = b / c // fine\nconst d = e / f"), [])
    assert.deepStrictEqual(ts('const a = /[/"]/ // fine\nconst b = "hence it"'), ['packages/client/src/a.ts:2 "hence"'])
  })

  it("names an identifier that says nothing", () => {
    assert.deepStrictEqual(ts("const given = 1\nconst f = (given: A) => given.length"), [
      'packages/client/src/a.ts:1 "given"',
      'packages/client/src/a.ts:2 "given"'
    ])
  })

  it("reads pages and the snippets in them", () => {
    const page =
      'It says what\nbecame of it.\n\n```ts\n// nobody\nf("upon it")\n```\n\nThe `hence` [b](hence.md)\n\n```sh\nhence\n```\n'
    assert.deepStrictEqual(found(ofMarkdown("docs/a.md", page)), [
      'docs/a.md:1 "what became of"',
      'docs/a.md:5 "nobody"',
      'docs/a.md:6 "upon"'
    ])
  })

  it("says what to write instead, and why", () => {
    const [problem] = problemsIn(ofMarkdown("a.md", "Shall it?"), [])
    assert.strictEqual(problem, 'a.md:1 "Shall": use must, will (few people say it today)')
  })

  it("looks at the sentence, not at what is around it", () => {
    assert.lengthOf(found(ofMarkdown("a.md", "The payout target is active. The target is ES2022.")), 1)
    assert.lengthOf(found(ofMarkdown("a.md", "Settles the payins of a cycle. Then the promise settles.")), 1)
  })

  it("excepts a phrase in one file, and reports an exception without a use", () => {
    const some = ofMarkdown("a.md", "Hence. Upon.")
    const of = (file: string, phrase: string) => ({ file, phrase, reason: "a test" })
    assert.lengthOf(problemsIn(some, [of("a.md", "hence")]), 1)
    assert.lengthOf(problemsIn(some, [of("b.md", "hence")]), 2)
    assert.deepStrictEqual(unused(some, [of("a.md", "hence"), of("a.md", "lest"), of("b.md", "upon")]), [
      "a.md: lest",
      "b.md: upon"
    ])
  })
})

describe("each rule", () => {
  const samples: Readonly<Record<string, readonly [wrong: string, right: string]>> = {
    "unless said": ["Four unless said otherwise.", "Four by default."],
    whoever: ["Whoever reads it.", "The reader."],
    somebody: ["Somebody sends it.", "Another process sends it."],
    nobody: ["Nobody waits.", "No caller waits."],
    whatever: ["Whatever it says.", "Any text."],
    mend: ["Mend it.", "Recommended: amend it."],
    told: ["It does what it is told.", "It was told by phone."],
    "what became of": ["What became of it.", "It became final."],
    "takes its turn": ["It takes its turn.", "It turns."],
    "lets it be": ["It lets it be.", "Lets it be changed."],
    "where it": ["Where it has none, it fails.", "The port where it listens."],
    settle: ["The promise settles.", "A payin is settled."],
    target: ["The target of the build.", "The payout target is new."],
    environment: ["The environment of a fiber.", "A key of this environment."],
    attempt: ["It attempts to read.", "Each attempt is one request."],
    "given (noun)": ["It reads the given.", "It reads the given value."]
  }
  for (const { phrase } of avoided.filter((one) => one.kinds === undefined)) {
    it(phrase, () => {
      const [wrong, right] = samples[phrase] ?? [`It is ${phrase} so.`, `It is x${phrase}x so.`]
      assert.lengthOf(problemsIn(ofMarkdown("a.md", wrong), []), 1, wrong)
      assert.lengthOf(problemsIn(ofMarkdown("a.md", right), []), 0, right)
    })
  }
})
