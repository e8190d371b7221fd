// Rules for repository files that no program of this repository reads.
import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
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
        // The packed package.json says how it is published, with a provenance: test/publishing.test.ts.
        if (run.includes("npm publish")) assert.match(run, /npm publish "\$tarball"$/m)
      }
    }
  })
})

describe("the commands", () => {
  const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(read("package.json"))
  const own = ["install", "exec"]

  for (const file of [
    ".ci/run",
    ...filesOf(root, "*.md", ".github/**/*.{md,yml}", "docs/**/*.md", "packages/*/README.md")
  ]) {
    const named = [...read(file).matchAll(/(?:\$pnpm|npx -y pnpm@[\d.]+) (run )?([a-z][\w:]*)/g)]
    if (named.length === 0) continue
    it(`that ${file} names exist`, () => {
      for (const [all, run, name = ""] of named) {
        if (own.includes(name)) continue
        assert.property(scripts, name, all)
        // pnpm has a command of this name itself.
        assert.strictEqual(run !== undefined, name === "docs", all)
      }
    })
  }

  it("are all in CONTRIBUTING.md", () => {
    const page = read("CONTRIBUTING.md")
    for (const name of Object.keys(scripts).filter((name) => !["prepare", "fmt:check"].includes(name)))
      assert.match(page, new RegExp(`^\\| .npx -y ${packageManager} (?:run )?${name}. `, "m"))
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

describe("what npm shows of a package", () => {
  const manifests = published().map(readManifest)

  it("is a description of its own, which names Palomma", () => {
    const descriptions = manifests.map(({ description = "" }) => description)
    assert.lengthOf(new Set(descriptions), descriptions.length)
    for (const description of descriptions) {
      assert.include(description, "Palomma")
      assert.isAtMost(description.length, 130, "a list of packages shows no more")
    }
  })

  it("is found by the words that people search", () => {
    for (const { keywords = [], name } of manifests) {
      assert.includeMembers([...keywords], ["palomma", "effect", "colombia", "payments"], name)
      assert.lengthOf(new Set(keywords), keywords.length, name)
    }
  })
})

describe("what is installed outside the workspace", () => {
  const folders = filesOf(root, "{site,scripts,test}/{,*/}pnpm-lock.yaml").map((file) => dirname(file))

  it("is for runtimes, for check:publish and for the site", () => {
    assert.deepStrictEqual(folders, ["scripts/registry", "site", "test/runtimes"])
  })

  for (const folder of folders) {
    it(`has in ${folder} exact versions, and a lockfile for them that names no registry`, () => {
      const { dependencies = {}, optionalDependencies = {} } = readManifest(join(root, folder))
      const lockfile = read(`${folder}/pnpm-lock.yaml`)
      for (const [name, specifier] of Object.entries({ ...dependencies, ...optionalDependencies })) {
        assert.match(specifier, /^(?:npm:[\w@/-]+@)?\d+\.\d+\.\d+$/, name)
        assert.include(lockfile, `specifier: ${specifier}\n`, name)
      }
      assert.notMatch(lockfile, /https?:\/\//)
      // scripts/tools.ts copies it: without it, pnpm would look for a workspace above the copy.
      assert.deepStrictEqual(parse(read(`${folder}/pnpm-workspace.yaml`)).packages, [])
    })
  }
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
