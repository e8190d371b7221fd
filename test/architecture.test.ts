// docs/architecture.md shows the structure of the code. This test compares it with the imports: the boxes have every
// module of the client once, each arrow is an import, and each import is an arrow.
import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join, posix } from "node:path"
import { filesOf } from "../scripts/files.ts"
import { publishedFolders } from "../scripts/packages.ts"

const root = join(import.meta.dirname, "..")
const page = readFileSync(join(root, "docs/architecture.md"), "utf8")

/** The modules of a package, and the modules of the same package that each of them imports. */
const importsOf = (name: string): ReadonlyMap<string, ReadonlyArray<string>> => {
  const src = join(root, "packages", name, "src")
  return new Map(
    filesOf(src, "**/*.ts").map((file) => {
      const source = readFileSync(join(src, file), "utf8")
      const imported = [...source.matchAll(/^(?:import|export)[^"]*?from "(\.[^"]+)"/gm)].map(([, path = ""]) =>
        posix.join(posix.dirname(file), path)
      )
      return [file, imported] as const
    })
  )
}

/** The arrows between groups of modules, without those inside a group. */
const arrowsOf = (
  modules: ReadonlyMap<string, ReadonlyArray<string>>,
  groupOf: (file: string) => string
): ReadonlyMap<string, ReadonlySet<string>> => {
  const arrows = new Map<string, Set<string>>()
  for (const [file, imported] of modules) {
    const from = groupOf(file)
    const to = arrows.get(from) ?? new Set()
    arrows.set(from, to)
    for (const other of imported.map(groupOf)) if (other !== from) to.add(other)
  }
  return arrows
}

/** A cycle of groups, if there is one. */
const circleOf = (arrows: ReadonlyMap<string, ReadonlySet<string>>): ReadonlyArray<string> => {
  const done = new Set<string>()
  const visit = (at: string, path: ReadonlyArray<string>): ReadonlyArray<string> => {
    if (path.includes(at)) return [...path.slice(path.indexOf(at)), at]
    if (done.has(at)) return []
    for (const next of arrows.get(at) ?? []) {
      const circle = visit(next, [...path, at])
      if (circle.length > 0) return circle
    }
    done.add(at)
    return []
  }
  for (const at of arrows.keys()) {
    const circle = visit(at, [])
    if (circle.length > 0) return circle
  }
  return []
}

/** The group of a module: a folder under `internal` is one group, every other module is a separate one. */
const roomOf = (file: string): string => /^internal\/[^/]+\//.exec(file)?.[0] ?? file

describe.each(publishedFolders())("the folders of %s", (name) => {
  const modules = importsOf(name)

  it("have no import cycle", () => {
    assert.strictEqual(circleOf(arrowsOf(modules, roomOf)).join(" -> "), "")
  })

  it("have no two modules whose names differ only by a capital letter", () => {
    const names = [...modules.keys()].map((file) => posix.basename(file))
    const written = new Map<string, Set<string>>()
    for (const file of names) written.set(file.toLowerCase(), (written.get(file.toLowerCase()) ?? new Set()).add(file))
    assert.deepStrictEqual(
      [...written.values()].filter((forms) => forms.size > 1).map((forms) => [...forms].join(" ")),
      []
    )
  })
})

it("a cycle is found", () => {
  const there = new Map([
    ["a.ts", ["internal/b/c.ts"]],
    ["internal/b/c.ts", []],
    ["internal/b/d.ts", ["a.ts"]]
  ])
  assert.deepStrictEqual(circleOf(arrowsOf(there, roomOf)), ["a.ts", "internal/b/", "a.ts"])
})

describe("the page of the client's architecture", () => {
  const modules = importsOf("client")
  const boxes = [...page.matchAll(/^\| `(\w+)` +\| ((?:`[\w/*]+` ?)+) *\|/gm)].map(([, box = "", list = ""]) => ({
    box,
    patterns: [...list.matchAll(/`([^`]+)`/g)].map(([, pattern = ""]) => pattern)
  }))

  const boxesOf = (file: string): ReadonlyArray<string> =>
    boxes
      .filter(({ patterns }) =>
        patterns.some((pattern) =>
          pattern.endsWith("*") ? file.startsWith(pattern.slice(0, -1)) : file === `${pattern}.ts`
        )
      )
      .map(({ box }) => box)

  // Most modules use these. Arrows to them would hide the others.
  const ground = ["interfaces", "options", "errors", "leaves"]

  it("has every module in one box", () => {
    assert.lengthOf(boxes, 10)
    for (const file of modules.keys()) assert.lengthOf([file, ...boxesOf(file)], 2)
  })

  it("names only modules that exist", () => {
    const files = [...modules.keys()]
    const isThere = (pattern: string) =>
      files.some((file) => (pattern.endsWith("*") ? file.startsWith(pattern.slice(0, -1)) : file === `${pattern}.ts`))
    assert.deepStrictEqual(
      boxes.flatMap(({ patterns }) => patterns.filter((pattern) => !isThere(pattern))),
      []
    )
  })

  it("draws exactly the arrows that the imports make", () => {
    const measured = arrowsOf(modules, (file) => boxesOf(file)[0] ?? file)
    const [, client = ""] = /^## The client$([^]*?)^## /m.exec(page) ?? []
    const drawn = [...client.matchAll(/^ {2}(\w+)(?:\["[^"]*"\])? --> (\w+)/gm)].map(
      ([, from, to]) => `${from} -> ${to}`
    )
    const made = [...measured].flatMap(([from, to]) =>
      [...to].filter((box) => !ground.includes(box)).map((box) => `${from} -> ${box}`)
    )
    // `index` exports everything, including `body`.
    assert.deepStrictEqual([...drawn, "layers -> body"].sort(), made.sort())
    assert.strictEqual(circleOf(measured).join(" -> "), "")
  })

  it("describes a request with files and functions that exist", () => {
    const steps = [...page.matchAll(/`(packages\/[\w/]+\.ts)`\s+`(\w+)`/g)]
    assert.isAbove(steps.length, 12)
    for (const [, file = "", name = ""] of steps) {
      const isThere = new RegExp(`(?:const ${name}\\b|\\b${name}: )`).test(readFileSync(join(root, file), "utf8"))
      assert.deepStrictEqual([file, name, isThere], [file, name, true])
    }
  })
})

describe("the table of the worker's modules", () => {
  const [, section = ""] = /^## The worker$([^]*?)(?=^## |(?![^]))/m.exec(page) ?? []
  const listed = [...section.matchAll(/^\| ((?:`[\w/]+` ?)+) *\|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, module = ""]) => `${module}.ts`)
  )
  const files = [...importsOf("durable").keys()]

  it("has every module of the worker once", () => {
    assert.sameMembers(
      listed.filter((file) => file.startsWith("internal/worker/")),
      files.filter((file) => file.startsWith("internal/worker/"))
    )
  })

  it("names only modules that exist", () => {
    assert.deepStrictEqual(
      listed.filter((file) => !files.includes(file)),
      []
    )
  })
})
