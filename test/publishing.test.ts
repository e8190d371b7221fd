// What is published: the pages in a package and their links, the fields that name the repository, and when a release is
// refused. `check:packages` and `check:publish` look at the tarballs themselves.
import { assert, describe, it } from "@effect/vitest"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, posix } from "node:path"
import { filesOf } from "../scripts/files.ts"
import { anchorsOf, linksOf, otherLinksOf, withLinks } from "../scripts/markdown.ts"
import { publishedFolders, readManifest, root } from "../scripts/packages.ts"
import { firstProgramOf } from "../scripts/publish/firstProgram.ts"
import { linkProblems } from "../scripts/publish/links.ts"
import { publishedManifest } from "../scripts/publish/pack.ts"
import { pagesOf } from "../scripts/publish/pages.ts"
import { obstacles } from "../scripts/publish/release.ts"
import { type Repository, repositoryOf } from "../scripts/publish/repository.ts"

const page = "https://example.com/owner/name"
const repository: Repository = { page }

/** Returns the problems of the links in a package with these pages. */
const problemsOf = (
  pages: Iterable<readonly [path: string, text: string]>,
  where: Repository | undefined
): ReadonlyArray<string> => {
  const folder = mkdtempSync(join(tmpdir(), "palomma-pages-"))
  try {
    for (const [path, text] of [...pages, ["LICENSE", ""] as const]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    return linkProblems(folder, "0.1.0", where)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe("the pages of a published package", () => {
  for (const folder of publishedFolders()) {
    const directory = `packages/${folder}`

    for (const [how, where] of [
      ["with a repository", repository],
      ["without a repository", undefined]
    ] as const) {
      it(`of ${folder} have valid links ${how}`, () => {
        const pages = pagesOf(directory, "0.1.0", where)
        assert.deepStrictEqual(problemsOf(pages, where), [])
        for (const [path, text] of pages) {
          for (const { target } of linksOf(text)) assert.notMatch(target, /^(\.\.\/){2}/, path)
        }
      })
    }

    it(`of ${folder} include every guide that the README names`, () => {
      const named = linksOf(readFileSync(join(root, directory, "README.md"), "utf8")).flatMap(({ target }) => {
        const [, guide] = /^\.\.\/\.\.\/(docs\/[^#]+)/.exec(target) ?? []
        return guide === undefined ? [] : [guide]
      })
      assert.isNotEmpty(named)
      const paths = [...pagesOf(directory, "0.1.0", undefined).keys()]
      assert.includeMembers(paths, named)
      // Guides lead to other guides.
      assert.include(paths, "docs/paying-once.md")
    })

    it(`of ${folder} say where the guides are without a network`, () => {
      const readme = pagesOf(directory, "0.1.0", repository).get("README.md") ?? ""
      assert.include(readme, "in the folder `docs` of the installed package")
      assert.notMatch(readme, /\]\((?!https:|#)/)
    })
  }

  it("of client include every guide but those for contributors", () => {
    const guides = filesOf(root, "docs/*.md").filter((guide) => guide !== "docs/architecture.md")
    assert.includeMembers([...pagesOf("packages/client", "0.1.0", undefined).keys()], guides)
  })

  it("of client include the examples, with what they import and without their tests", () => {
    const pages = pagesOf("packages/client", "0.1.0", undefined)
    const examples = [...pages].filter(([path]) => path.startsWith("examples/") && path.endsWith(".ts"))
    assert.isNotEmpty(examples)
    for (const [path, code] of examples) {
      assert.notMatch(path, /\.test\./)
      for (const [, target = ""] of code.matchAll(/ from "(\.[^"]+)"/g)) {
        assert.isTrue(pages.has(posix.join(posix.dirname(path), target)), `${path} imports ${target}`)
      }
    }
    assert.include(pages.get("docs/collecting.md"), "(../examples/src/checkout.ts)")
    assert.include(pages.get("examples/README.md"), "(src/checkout.ts)")
    const others = pagesOf("packages/durable", "0.1.0", undefined).get("docs/collecting.md")
    assert.include(others, "`checkout.ts` (in `examples` of `@palomma-effect/client`)")
  })

  it("link to files, folders and anchors of the released version", () => {
    const guide = pagesOf("packages/client", "0.1.0", repository).get("docs/runtimes.md") ?? ""
    assert.include(guide, `(${page}/tree/v0.1.0/test/faults)`)
    const durable = pagesOf("packages/durable", "0.1.0", repository)
    assert.include(durable.get("README.md"), `(${page}/blob/v0.1.0/docs/errors.md#transferjournalerror)`)
    assert.include(durable.get("docs/versions.md"), "(../README.md#backups)")
    assert.include(durable.get("docs/versions.md"), `(${page}/blob/v0.1.0/SECURITY.md#what-counts)`)
  })

  it("say where a file is that they cannot link to", () => {
    const guide = pagesOf("packages/client", "0.1.0", undefined).get("docs/versions.md") ?? ""
    assert.include(guide, "backup (in the README of `@palomma-effect/durable`)")
    assert.include(guide, "SECURITY.md (in the repository)")
    const runtimes = pagesOf("packages/client", "0.1.0", undefined).get("docs/runtimes.md") ?? ""
    assert.include(runtimes, "fault matrix (`test/faults` in the repository)")
  })
})

describe("the check of links", () => {
  const guide = ["docs/a.md", "# A\n\n## B c\n\n## B c\n"] as const

  it.each([
    ["[a](docs/a.md)", undefined],
    ["[a](docs/a.md#b-c-1)", undefined],
    ["`[a](docs/none.md)`", undefined],
    ["[a](docs/none.md)", "README.md: docs/none.md does not exist in the package"],
    ["[a](docs/a.md#d)", "README.md: docs/a.md#d has no heading for #d"],
    ["[a](#d)", "README.md: #d has no heading for #d"],
    ["[a](../../docs/errors.md)", "README.md: ../../docs/errors.md leaves the package"],
    ["[a](docs/a.md 'A')", "README.md: ](docs/a.md 'A') is a link of a form that is not checked"],
    ["[a][b]\n\n[b]: docs/a.md", "README.md: [b]: docs/a.md is a link of a form that is not checked"],
    ['<a href="docs/a.md">a</a>', 'README.md: <a href="docs/a.md"> is a link of a form that is not checked']
  ])("reads %s", (text, problem) => {
    assert.deepStrictEqual(problemsOf([["README.md", text], guide], undefined), problem === undefined ? [] : [problem])
  })

  it.each([
    ["blob/v0.1.0/README.md", undefined],
    ["blob/v0.1.0/docs/errors.md#all-errors", undefined],
    ["tree/v0.1.0/test/faults", undefined],
    ["blob/v0.2.0/README.md", "is not a URL of v0.1.0"],
    ["blob/v0.1.0/docs/none.md", "is no file of the repository"],
    ["blob/v0.1.0/test/faults", "is no file of the repository"],
    ["tree/v0.1.0/README.md", "is no folder of the repository"],
    ["blob/v0.1.0/docs/errors.md#none", "has no heading for #none"]
  ])("reads %s of the repository", (path, problem) => {
    const found = problemsOf([["README.md", `[a](${page}/${path})`]], repository)
    assert.deepStrictEqual(found, problem === undefined ? [] : [`README.md: ${page}/${path} ${problem}`])
  })

  it("refuses a relative link in a README that npm shows, but not in a guide", () => {
    assert.deepStrictEqual(problemsOf([["README.md", "[a](docs/a.md)"], guide], repository), [
      "README.md: docs/a.md is relative: npm looks for it in the repository"
    ])
    assert.deepStrictEqual(problemsOf([["docs/b.md", "[a](a.md)"], guide], repository), [])
  })
})

describe("Markdown", () => {
  it("has links outside code", () => {
    const text = "A [`b`\nc](d.md#e).\n\n```sh\n# [f](g.md)\n```\n\n| [h](i.md) | `[j](k.md)` |\n"
    assert.deepStrictEqual(
      linksOf(text).map(({ target, text }) => [text, target]),
      [
        ["`b`\nc", "d.md#e"],
        ["h", "i.md"]
      ]
    )
    assert.deepStrictEqual(otherLinksOf(text), [])
    assert.strictEqual(
      withLinks(text, ({ target }) => target),
      text.replace("[`b`\nc](d.md#e)", "d.md#e").replace("[h](i.md)", "i.md")
    )
  })

  it("has an anchor for each heading", () => {
    const text = "# A\n\n## `B` and C, d\n\n```sh\n# not this\n```\n\n## A\n"
    assert.deepStrictEqual(anchorsOf(text), ["a", "b-and-c-d", "a-1"])
    assert.deepStrictEqual(anchorsOf("## 1. Qué es un [`a_b`](c.md)?\n"), ["1-qué-es-un-a_b"])
  })
})

describe("the repository", () => {
  it("is named in the root package.json, or nowhere", () => {
    for (const folder of publishedFolders()) {
      const { bugs, homepage, publishConfig, repository } = readManifest(join(root, "packages", folder))
      assert.deepStrictEqual([repository, homepage, bugs, publishConfig?.["provenance"]], Array(4).fill(undefined))
    }
  })

  it("is the URL of a page with .git", () => {
    assert.deepStrictEqual(repositoryOf({ repository: `${page}.git` }), repository)
    assert.isUndefined(repositoryOf({}))
    for (const wrong of [page, "owner/name", "git@example.com:owner/name.git", { type: "git", url: `${page}.git` }])
      assert.throws(() => repositoryOf({ repository: wrong }), /"repository" must be a text/)
  })

  it("gives each package its fields, and a provenance", () => {
    const {
      bugs,
      homepage,
      publishConfig,
      repository: named
    } = publishedManifest(
      { name: "a", version: "0.1.0", publishConfig: { access: "public" } },
      "packages/a",
      repository
    )
    assert.deepStrictEqual(named, { type: "git", url: `git+${page}.git`, directory: "packages/a" })
    assert.strictEqual(homepage, `${page}/tree/v0.1.0/packages/a#readme`)
    assert.deepStrictEqual(bugs, { url: `${page}/issues` })
    assert.deepStrictEqual(publishConfig, { access: "public", provenance: true })
  })

  it("is necessary for a provenance, and without it a package has none", () => {
    const manifest = publishedManifest({ name: "a", version: "0.1.0" }, "packages/a", undefined)
    assert.deepStrictEqual(manifest, {
      name: "a",
      version: "0.1.0",
      files: ["docs/*.md", "examples", "CHANGELOG.md"],
      publishConfig: {}
    })
  })
})

describe("a release", () => {
  const ready = { tag: "v0.1.0", packages: [{ name: "a", version: "0.1.0" }], changesets: [], repository }

  it("is possible with a repository, the version of the tag and no changeset", () => {
    assert.deepStrictEqual(obstacles(ready), [])
  })

  it("is refused otherwise, with every reason", () => {
    const reasons = obstacles({ ...ready, tag: "v0.2.0", changesets: [".changeset/a.md"], repository: undefined })
    assert.lengthOf(reasons, 3)
    assert.match(reasons[0] ?? "", /root package\.json has no "repository"/)
    assert.strictEqual(reasons[1], "a is at 0.1.0, not at v0.2.0")
    assert.match(reasons[2] ?? "", /^\.changeset\/a\.md is not part of a version yet/)
  })
})

describe("the first program", () => {
  it.each(["README.md", ...publishedFolders().map((folder) => `packages/${folder}/README.md`)])("of %s", (file) => {
    const { code, install, prints, run } = firstProgramOf(readFileSync(join(root, file), "utf8"))
    assert.match(run, /^(?:node first\.mts|npx vitest run first\.test\.ts)$/)
    // It shows a result, by what it prints or by a test.
    assert.isTrue(prints.length > 0 || code.includes("assert."), "it shows nothing")
    // What it imports is in the commands above it.
    const installed = install.join(" ").split(" ")
    for (const [, name = ""] of code.matchAll(/from "((?:@[^/"]+\/)?[^/"]+)/g))
      if (!name.startsWith("node:")) assert.include(installed, name)
  })

  it("is refused if the README has none", () => {
    assert.throws(() => firstProgramOf("```sh\nnpm install a\n```\n"), /no commands/)
  })
})
