// Finds every declaration that a user of a package can import, with its docblock. It reads lines, not a syntax tree:
// oxfmt puts every `export` at the start of its line. An unknown form of export throws, so that no declaration is
// missed silently.
import { readFileSync } from "node:fs"
import { dirname, join, posix } from "node:path"
import { filesOf } from "../../scripts/files.ts"

const root = join(import.meta.dirname, "../..")

export interface Declaration {
  /** The file that declares it, relative to the root. */
  readonly file: string
  readonly line: number
  readonly kind: "class" | "const" | "function" | "interface" | "type"
  readonly name: string
  /** The text of its docblock without the asterisks, if it has one: the nearest if it has several. */
  readonly docblock: string | undefined
  /** How many docblocks are above it. */
  readonly docblocks: number
}

interface ReExport {
  readonly from: string
  /** Undefined if everything is re-exported. */
  readonly names: ReadonlyArray<string> | undefined
}

interface Exports {
  readonly declarations: ReadonlyArray<Declaration>
  readonly reExports: ReadonlyArray<ReExport>
}

/** The texts of the docblocks directly above a line, the nearest first. Lines of `//` may be between them. */
export const docblocksAbove = (lines: ReadonlyArray<string>, index: number): ReadonlyArray<string> => {
  let end = index - 1
  while (/^\s*\/\//.test(lines[end] ?? "")) end--
  if (!/\*\/\s*$/.test(lines[end] ?? "")) return []
  let start = end
  while (start > 0 && !/^\s*\/\*/.test(lines[start] ?? "")) start--
  if (!/^\s*\/\*\*/.test(lines[start] ?? "")) return docblocksAbove(lines, start)
  const text = lines
    .slice(start, end + 1)
    .map((line) => line.replace(/^\s*(\/\*\*|\*(?!\/)) ?/, "").replace(/\s*\*\/\s*$/, ""))
    .join("\n")
    .trim()
  return [text, ...docblocksAbove(lines, start)]
}

const declared = /^export (?:declare )?(?:abstract )?(?:async )?(class|const|function|interface|type) ([\w$]+)/
const again = /^export (?:type )?(?:(\*)(?: as [\w$]+)?|\{([^}]*)\})(?: from "([^"]+)")?/
const imported = /^import (?:type )?\{([^}]*)\} from "([^"]+)"/gm

const namesIn = (list: string): ReadonlyArray<string> =>
  list
    .split(",")
    .map((one) => one.trim().replace(/^type /, ""))
    .filter((one) => one !== "")

const importOf = (name: string, source: string): string | undefined =>
  [...source.matchAll(imported)].find(([, list = ""]) => namesIn(list).includes(name))?.[2]

/** The exports of one module. */
export const exportsOf = (file: string, source: string): Exports => {
  const lines = source.split("\n")
  const declarations: Array<Declaration> = []
  const reExports: Array<ReExport> = []
  lines.forEach((line, index) => {
    if (!line.startsWith("export ")) return
    const [, kind, name] = declared.exec(line) ?? []
    if (kind !== undefined && name !== undefined) {
      const docblocks = docblocksAbove(lines, index)
      declarations.push({
        file,
        line: index + 1,
        kind: kind as Declaration["kind"],
        name,
        docblock: docblocks[0],
        docblocks: docblocks.length
      })
      return
    }
    const [form, all, list = "", origin] = again.exec(lines.slice(index).join("\n")) ?? []
    const names = namesIn(list)
    if (form === undefined || names.some((one) => one.includes(" as ")))
      throw new Error(`${file}:${index + 1} has a form of export that is not known here: ${line}`)
    if (origin !== undefined) reExports.push({ from: origin, names: all === undefined ? names : undefined })
    else for (const name of names) reExports.push({ from: importOf(name, source) ?? "", names: [name] })
  })
  return { declarations, reExports }
}

const read = (file: string) => exportsOf(file, readFileSync(join(root, file), "utf8"))

const reachable = (file: string, names: ReadonlyArray<string> | undefined): ReadonlyArray<Declaration> => {
  const { declarations, reExports } = read(file)
  const own = declarations.filter(({ name }) => names === undefined || names.includes(name))
  // Re-exports of another package are described in that package.
  const inside = reExports.filter(({ from }) => from.startsWith("."))
  const others = inside.flatMap((one) => {
    const wanted =
      one.names === undefined ? names : one.names.filter((name) => names === undefined || names.includes(name))
    return reachable(posix.join(dirname(file), one.from), wanted)
  })
  return [...own, ...others]
}

/** The modules of a package that can be imported, including `index`. */
export const publicModules = (name: string): ReadonlyArray<string> =>
  filesOf(root, `packages/${name}/src/*.ts`).filter((file) => posix.basename(file) !== "bin.ts")

/** Every declaration that can be imported from a package, once. */
export const publicDeclarations = (name: string): ReadonlyArray<Declaration> => {
  const found = new Map<string, Declaration>()
  for (const file of publicModules(name)) {
    for (const one of reachable(file, undefined)) found.set(`${one.file}:${one.line}`, one)
  }
  return [...found.values()]
}
