import { assert, describe, it } from "@effect/vitest"
import { existsSync, readFileSync } from "node:fs"
import { isBuiltin } from "node:module"
import { dirname, join, relative, sep } from "node:path"

const packages = join(import.meta.dirname, "../..")
const effect = join(import.meta.dirname, "../node_modules/effect/dist")

// Type-only imports do not exist at run time.
const importsOf = (file: string): ReadonlyArray<string> => {
  const code = readFileSync(file, "utf8").replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "")
  const imports = code.matchAll(
    /(?:^|\n)\s*(?:import|export)\s+(?!type\b)(?:[^"';]*?\sfrom\s+)?"([^"]+)"|\bimport\(\s*"([^"]+)"/g
  )
  return [...imports].map(([, from, called]) => from ?? called ?? "")
}

// Of other packages only Effect is followed: the others that are imported here lead to no module of Node.
const resolve = (specifier: string, importer: string): string | undefined => {
  if (specifier.startsWith(".")) return join(dirname(importer), specifier)
  const [, own = "", module = "index"] = /^@palomma-effect\/([^/]+)(?:\/(.+))?$/.exec(specifier) ?? []
  if (own !== "") return join(packages, own, "src", `${module}.ts`)
  const [, name] = /^effect(?:\/(.+))?$/.exec(specifier) ?? []
  if (!specifier.startsWith("effect")) return undefined
  const file = join(effect, `${name ?? "index"}.js`)
  return existsSync(file) ? file : join(effect, name ?? "", "index.js")
}

/** Every module that an entry imports, directly or indirectly, with the modules of Node among its imports. */
const graphOf = (entry: string): ReadonlyMap<string, ReadonlyArray<string>> => {
  const graph = new Map<string, ReadonlyArray<string>>()
  const waiting = [join(packages, "testing/src", entry)]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (graph.has(file)) continue
    const specifiers = importsOf(file)
    graph.set(file, specifiers.filter(isBuiltin))
    for (const specifier of specifiers) {
      const found = resolve(specifier, file)
      if (found !== undefined) waiting.push(found)
    }
  }
  return graph
}

const needingNode = (entry: string): ReadonlyArray<string> =>
  [...graphOf(entry)]
    .filter(([, builtins]) => builtins.length > 0)
    .map(([file]) => relative(packages, file).split(sep).join("/"))

describe("the entries of the package", () => {
  for (const entry of ["index.ts", "Arbitraries.ts", "Fault.ts", "PalommaSimulator.ts", "WebhookSigner.ts"]) {
    it(`${entry} needs no module of Node, directly or indirectly`, () => {
      const files = [...graphOf(entry).keys()]
      assert.strictEqual(
        files.some((file) => file.startsWith(join(packages, "schema"))),
        entry !== "Fault.ts"
      )
      assert.isTrue(files.some((file) => file.startsWith(effect)))
      assert.deepStrictEqual(needingNode(entry), [])
    })
  }

  it("server.ts needs Node only for its sockets", () => {
    assert.deepStrictEqual(needingNode("server.ts"), ["testing/src/internal/server/listener.ts"])
  })
})
