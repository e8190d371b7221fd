// `api:check` must fail if a public signature changes, and only then.
import { assert, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { pathToFileURL } from "node:url"
import { difference, unannounced } from "../scripts/api/compare.ts"
import { changedSince } from "../scripts/api/git.ts"
import { apiReport, isPublicOf } from "../scripts/api/report.ts"

type Modules = Readonly<Record<string, string>>

const amount = `/**
 * Amounts. "/*" is not the start of a comment.
 */
import * as Schema from "effect/Schema";
import { type Given, type Unused } from "./internal/given.ts";
declare const Amount_base: Schema.Class<Amount, {
    /** In pesos. */
    readonly pesos: Given<number>;

    readonly media: "*/*";
}>;
/** An amount. */
export declare class Amount extends Amount_base {
}
/** Reads one. */
export declare const parse: (text: string) => Amount;
export declare function format(amount: Amount): string;
export declare function format(amount: Amount, currency: string): string;
export {};
//# sourceMappingURL=Amount.d.ts.map`

const maybe = `import type * as Option from "effect/Option";
import type * as Result from "effect/Result";
export interface Given<T> extends Maybe<T>, Option.Hidden {
    readonly Hidden: Option.Hidden;
}
type Maybe<T> = Option.Option<T>;
export type Unused = Result.Result<string>;
export type Hidden = "nothing needs this";
//# sourceMappingURL=given.d.ts.map`

const modules: Modules = {
  index: `export * from "./Amount.ts";\nexport * as Bank from "./Bank.ts";\n`,
  Amount: amount,
  Bank: `import { type Code } from "./internal/code.ts";\nexport type { Code };\nexport declare const all: Array<Code>;\n`,
  "internal/given": maybe,
  "internal/code": `export type Code = "a" | "b";\n`,
  "internal/other": `export type Other = "nothing needs this module";\n`
}

const report = (of: Modules, changes: Modules = {}): Promise<string> =>
  apiReport(
    {
      name: "@example/money",
      modules: new Map(Object.entries({ ...of, ...changes })),
      isPublic: isPublicOf({ ".": "./src/index.ts", "./*": "./src/*.ts", "./internal/*": null, "./index": null })
    },
    { semi: false, printWidth: 120 }
  )

describe("the report", () => {
  it("shows each public signature once, without comments, and the types that it uses", async () => {
    const fence = (...lines: ReadonlyArray<string>) => ["", "```ts", ...lines, "```", ""]
    assert.deepStrictEqual((await report(modules)).split("\n").slice(4), [
      "## @example/money",
      ...fence(`export * as Bank from "./Bank.ts"`, `export * from "./Amount.ts"`),
      "## @example/money/Amount",
      ...fence(
        `import * as Schema from "effect/Schema"`,
        `import { type Given } from "./internal/given.ts"`,
        "",
        "export declare class Amount extends Amount_base {}",
        "declare const Amount_base: Schema.Class<",
        "  Amount,",
        "  {",
        "    readonly pesos: Given<number>",
        `    readonly media: "*/*"`,
        "  }",
        ">",
        "export declare function format(amount: Amount): string",
        "export declare function format(amount: Amount, currency: string): string",
        "export declare const parse: (text: string) => Amount"
      ),
      "## @example/money/Bank",
      ...fence(
        `import { type Code } from "./internal/code.ts"`,
        "",
        "export type { Code }",
        "export declare const all: Array<Code>"
      ),
      "## internal/code (internal, part of public signatures)",
      ...fence(`export type Code = "a" | "b"`),
      "## internal/given (internal, part of public signatures)",
      "",
      "No public module exports `Given`.",
      ...fence(
        `import type * as Option from "effect/Option"`,
        "",
        "export interface Given<T> extends Maybe<T>, Option.Hidden {",
        "  readonly Hidden: Option.Hidden",
        "}",
        "type Maybe<T> = Option.Option<T>"
      )
    ])
  })

  it("is the same for the same declarations, in any order and with any line endings", async () => {
    const first = await report(modules)
    assert.strictEqual(await report(modules), first)
    assert.strictEqual(await report(Object.fromEntries(Object.entries(modules).toReversed())), first)
    const windows = Object.entries(modules).map(([module, text]) => [module, text.replaceAll("\n", "\r\n")])
    assert.strictEqual(await report(Object.fromEntries(windows)), first)
    const moved = `export declare const parse: (text: string) => Amount;\n${amount.replace(/export declare const parse.*\n/, "")}`
    assert.strictEqual(await report(modules, { Amount: moved }), first)
    assert.strictEqual(
      await report(modules, { Amount: amount.replace("/** Reads one. */", "/** Says more. */") }),
      first
    )
    assert.strictEqual(difference(first.replaceAll("\n", "\r\n"), first), "")
  })

  it("is the same for any order of the members of a union in the compiler's output", async () => {
    const union = (...members: ReadonlyArray<string>) =>
      report(modules, { Bank: `export declare const all: Array<(${members.join(" | ")}) | "x">;` })
    const members = [
      `"b"`,
      "Kind<3 | 1 | 2>",
      "undefined",
      "((value: 2 | 1) => 1 | 2)",
      `{\n    /** A\n\nb */\n  a: 2 | 1;\n}`
    ]
    const first = await union(...members)
    assert.strictEqual(await union(...members.toReversed()), first)
    assert.include(first, "Kind<1 | 2 | 3>")
    assert.include(first, "((value: 1 | 2) => 1 | 2)")
    assert.include(first, "    a: 1 | 2")
  })

  const differences = async (changes: Modules) => {
    const built = await report(modules, changes)
    return difference(await report(modules), built)
      .split("\n")
      .filter((line) => /^(##|[-+])/.test(line))
  }

  it("differs if a signature changes", async () =>
    assert.deepStrictEqual(await differences({ Amount: amount.replace("text: string", "text: string | number") }), [
      "## @example/money/Amount",
      "- export declare const parse: (text: string) => Amount",
      "+ export declare const parse: (text: number | string) => Amount"
    ]))

  it("differs if an export disappears", async () =>
    assert.deepStrictEqual(await differences({ Bank: modules["Bank"]?.replace(/export declare.*\n/, "") ?? "" }), [
      "## @example/money/Bank",
      "- export declare const all: Array<Code>"
    ]))

  it("differs if there is a new export", async () => {
    assert.deepStrictEqual(await differences({ Amount: `${amount}\nexport declare const zero: Amount;` }), [
      "## @example/money/Amount",
      "+ export declare const zero: Amount"
    ])
    const added = await differences({ Card: "export declare const mask: (card: string) => string;" })
    assert.include(added, "## @example/money/Card")
    assert.include(added, "+ export declare const mask: (card: string) => string")
  })

  it("differs if a type that a public signature uses changes, and not if none uses it", async () => {
    assert.deepStrictEqual(await differences({ "internal/given": maybe.replace("Option.Option<T>", "T | null") }), [
      "## internal/given (internal, part of public signatures)",
      "- type Maybe<T> = Option.Option<T>",
      "+ type Maybe<T> = T | null"
    ])
    assert.deepStrictEqual(await differences({ "internal/given": maybe.replace("nothing needs this", "still") }), [])
  })

  it("includes a type that is named only inside another type", async () => {
    const text = await report(modules, { Bank: `export declare const all: import("./internal/other.ts").Other;` })
    assert.include(text, "No public module exports `Other`.")
    assert.include(text, `export type Other = "nothing needs this module"`)
  })

  it("is about the modules that can be imported", () => {
    const isPublic = isPublicOf({ ".": "./src/index.ts", "./*": "./src/*.ts", "./internal/*": null, "./bin": null })
    const names = ["index", "Amount", "binary", "deep/Amount", "bin", "internal/given", "internal/deep/given"]
    assert.deepStrictEqual(names.filter(isPublic), ["index", "Amount", "binary", "deep/Amount"])
  })

  it("rejects input that it cannot read", async () => {
    const failure = await report(modules, { Bank: "export declare const = 1" }).then(() => "", String)
    assert.include(failure, "Bank.d.ts cannot be read")
  })
})

const changeset = (name: string) => `---\n"${name}": minor\n---\n\n@example/bank is not named here.\n`

describe("a change announcement", () => {
  it("is a changeset that names the package", () => {
    const changed = ["@example/money", "@example/bank"]
    assert.deepStrictEqual(unannounced(changed, []), changed)
    assert.deepStrictEqual(unannounced(changed, [changeset("@example/money")]), ["@example/bank"])
    assert.deepStrictEqual(unannounced(changed, [changeset("@example/bank"), changeset("@example/money")]), [])
    assert.deepStrictEqual(unannounced(["@example/money"], ["---\r\n'@example/money': major\r\n---\r\n"]), [])
    assert.deepStrictEqual(unannounced(["@example/money"], ["\n@example/money: no front matter\n"]), ["@example/money"])
  })
})

const withRepository = (use: (root: string, git: (...args: ReadonlyArray<string>) => void) => void) => {
  const root = mkdtempSync(join(tmpdir(), "palomma-api-"))
  const config = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
  const git = (...args: ReadonlyArray<string>) => {
    execFileSync("git", [...config, ...args], { cwd: root, stdio: "pipe" })
  }
  try {
    git("init", "--quiet", "--initial-branch", "main")
    use(root, git)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

const write = (root: string, file: string, text: string) => {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

describe("the changes since the main branch", () => {
  it("includes committed and uncommitted changes", () =>
    withRepository((root, git) => {
      const known = (reports: ReadonlyArray<string>, changesets: ReadonlyArray<string>) =>
        assert.deepStrictEqual(changedSince(root, "main"), { _tag: "Known", reports, changesets })
      for (const name of ["money", "bank"]) write(root, `packages/${name}/api.md`, "one\n")
      write(root, ".changeset/README.md", "what to do\n")
      git("add", ".")
      git("commit", "--quiet", "-m", "one")
      known([], [])
      git("switch", "--quiet", "-c", "feature")
      write(root, "packages/money/api.md", "two\n")
      write(root, "packages/new/api.md", "new\n")
      known(["packages/money/api.md"], [])
      git("add", ".")
      git("commit", "--quiet", "-m", "two")
      known(["packages/money/api.md"], [])
      write(root, ".changeset/brave-fox.md", changeset("@example/money"))
      known(["packages/money/api.md"], [changeset("@example/money")])
      git("add", ".")
      git("commit", "--quiet", "-m", "three")
      known(["packages/money/api.md"], [changeset("@example/money")])
      // A later commit on main is not a change of this branch.
      git("switch", "--quiet", "main")
      write(root, "packages/bank/api.md", "two\n")
      git("commit", "--quiet", "-a", "-m", "four")
      git("switch", "--quiet", "feature")
      known(["packages/money/api.md"], [changeset("@example/money")])
    }))

  it("fails without a main branch, in a shallow clone or outside of a repository", () =>
    withRepository((root, git) => {
      const because = (directory: string, reason: string) =>
        assert.deepStrictEqual(changedSince(join(root, directory), "main"), { _tag: "NotKnown", reason })
      git("commit", "--quiet", "--allow-empty", "-m", "one")
      git("branch", "feature")
      git("commit", "--quiet", "--allow-empty", "-m", "two")
      git("switch", "--quiet", "feature")
      git("commit", "--quiet", "--allow-empty", "-m", "three")
      const url = pathToFileURL(root).href
      git("clone", "--quiet", "--depth", "1", url, "only")
      because("only", "this checkout has no branch main")
      git("clone", "--quiet", "--depth", "1", "--no-single-branch", url, "shallow")
      because("shallow", "this branch and main have no commit in common: the clone is shallow")
      rmSync(join(root, ".git"), { recursive: true })
      mkdirSync(join(root, "plain"))
      because("plain", "this is not a git checkout")
    }))
})
