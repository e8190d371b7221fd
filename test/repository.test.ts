// Rules for repository files that no program of this repository reads.
import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { parse } from "yaml"
import { filesOf } from "../scripts/files.ts"
import { published, readManifest, root } from "../scripts/packages.ts"

const read = (file: string): string => readFileSync(join(root, file), "utf8")

interface Job {
  readonly "timeout-minutes"?: number
  readonly permissions?: Record<string, string>
  readonly steps: ReadonlyArray<{ readonly uses?: string; readonly run?: string }>
}

interface Workflow {
  readonly permissions?: Record<string, string>
  readonly concurrency?: unknown
  readonly jobs: Record<string, Job>
}

const { packageManager } = readManifest(root)

describe("workflows", () => {
  for (const file of filesOf(root, ".github/workflows/*.yml")) {
    const text = read(file)
    const { concurrency, jobs, permissions }: Workflow = parse(text)
    const all = Object.entries(jobs)

    it(`${file} has only the permissions that it needs, and a timeout`, () => {
      assert.isDefined(concurrency)
      assert.deepStrictEqual(permissions, file.endsWith("/release.yml") ? {} : { contents: "read" })
      for (const [name, job] of all) assert.isAtMost(job["timeout-minutes"] ?? Infinity, 60, name)
    })

    it(`${file} uses exact versions of actions, and the pnpm of the workspace`, () => {
      for (const [name, { steps }] of all) {
        for (const { uses } of steps)
          if (uses !== undefined) assert.match(uses, /^actions\/[\w-]+@v\d+\.\d+\.\d+$/, name)
      }
      for (const [used] of text.matchAll(/pnpm@[\d.]+/g)) assert.strictEqual(used, packageManager)
      assert.notMatch(text, /https?:/)
    })
  }

  it("only the publishing job gets an identity, and it runs no code of the repository", () => {
    const { jobs }: Workflow = parse(read(".github/workflows/release.yml"))
    const identified = Object.entries(jobs).filter(([, { permissions }]) => permissions?.["id-token"] !== undefined)
    assert.deepStrictEqual(
      identified.map(([name]) => name),
      ["publish"]
    )
    for (const [, { steps }] of identified) {
      for (const { run = "", uses = "" } of steps) {
        assert.notInclude(uses, "checkout")
        assert.notMatch(run, /\b(?:npx|pnpm|node|npm (?:ci|install|run|exec))\b/)
      }
    }
  })
})

describe("issue forms", () => {
  interface Field {
    readonly type: string
    readonly id?: string
    readonly attributes: { readonly value?: string }
    readonly validations?: { readonly required?: boolean }
  }
  const forms = filesOf(root, ".github/ISSUE_TEMPLATE/*.yml").filter((file) => !file.endsWith("/config.yml"))
  const bodyOf = (file: string): ReadonlyArray<Field> => parse(read(file)).body

  it("are for bugs, features and questions", () => {
    assert.deepStrictEqual(
      forms.map((file) => file.split("/").at(-1)),
      ["bug.yml", "feature.yml", "question.yml"]
    )
  })

  for (const file of forms) {
    it(`${file} warns of secrets before the first field`, () => {
      const [first, ...fields] = bodyOf(file)
      assert.match(first?.attributes.value ?? "", /Never paste an API key.* account number/)
      const ids = fields.map(({ id }) => id)
      assert.lengthOf(new Set(ids), fields.length)
      assert.notInclude(ids, undefined)
    })
  }

  it("ask for a bug whether money moved", () => {
    const money = bodyOf(".github/ISSUE_TEMPLATE/bug.yml").find(({ id }) => id === "money")
    assert.isTrue(money?.validations?.required)
  })
})

describe("versions", () => {
  const page = read("docs/versions.md")

  it("docs/versions.md lists the requirements of each package", () => {
    for (const directory of published()) {
      const { engines, name, peerDependencies = {} } = readManifest(directory)
      const row = page.split("\n").find((line) => line.startsWith(`| \`${name}\``)) ?? ""
      const found = [...row.matchAll(/`([^`]+)` (\^[\d.]+)/g)].map(([, peer = "", range = ""]) => [peer, range])
      assert.deepStrictEqual(Object.fromEntries(found), peerDependencies, name)
      assert.include(row, ` ${engines?.node} `)
    }
  })

  it("the lowest Node version of a package is one that CI runs on", () => {
    for (const directory of published()) {
      const lowest = readManifest(directory).engines?.node?.replace(">=", "") ?? ""
      assert.include(read(".github/workflows/ci.yml"), `node: ["${lowest}",`)
    }
  })

  it("every package has the same version", () => {
    const versions = published().map((directory) => readManifest(directory).version)
    assert.lengthOf(new Set(versions), 1)
  })

  it("every changeset names packages that are published", () => {
    const names = published().map((directory) => readManifest(directory).name)
    for (const file of filesOf(root, ".changeset/*.md").filter((file) => !file.endsWith("/README.md"))) {
      const [, head = ""] = read(file).split(/^---$/m)
      for (const name of Object.keys(parse(head))) assert.include(names, name, file)
    }
  })
})
