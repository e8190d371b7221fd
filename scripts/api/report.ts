// Writes the public signatures of one package as text, so that reviewers see their changes.
//
// The text is made from the declarations that `build` emits. API Extractor 7.60, the usual tool, does not work here:
// packages of the workspace are imported as sources, which it cannot read. It also reports only one entry point, so the
// names `make` of all modules get numbers, and a new one changes the numbers of the others.
import { posix } from "node:path"
import { format, type FormatConfig } from "oxfmt"
import { type Declarations, type Import, parseDeclarations, type Reference, type Statement } from "./declarations.ts"

export interface Package {
  readonly name: string
  /** The emitted declarations, by module: `Amount`, `internal/rule`. */
  readonly modules: ReadonlyMap<string, string>
  readonly isPublic: (module: string) => boolean
}

/**
 * Returns which modules can be imported by the `exports` of a manifest. A module that maps to `null` cannot, except the
 * main entry.
 */
export const isPublicOf = (exports: Readonly<Record<string, unknown>>) => {
  const closed = Object.keys(exports).filter((key) => exports[key] === null)
  return (module: string): boolean =>
    module === "index" ||
    !closed.some((key) => (key.endsWith("*") ? `./${module}`.startsWith(key.slice(0, -1)) : `./${module}` === key))
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const everything: ReadonlySet<string> = new Set(["*"])

/** Returns the statements that declare the names, and the statements that these need. */
const reach = ({ statements }: Declarations, names: ReadonlySet<string>): ReadonlyArray<Statement> => {
  const wanted = new Set(names)
  const kept = new Set<Statement>()
  let before = -1
  while (before < kept.size) {
    before = kept.size
    for (const statement of statements) {
      const isWanted = statement.names.length === 0 || statement.names.some((name) => wanted.has(name))
      if (kept.has(statement) || !(isWanted || wanted.has("*"))) continue
      kept.add(statement)
      for (const name of statement.uses) wanted.add(name)
    }
  }
  return statements.filter((statement) => kept.has(statement))
}

const importsOf = ({ imports }: Declarations, kept: ReadonlyArray<Statement>): ReadonlyArray<Import> =>
  imports.filter(({ local }) => kept.some(({ uses }) => uses.has(local)))

const importLines = (imports: ReadonlyArray<Import>): ReadonlyArray<string> => {
  const groups = Map.groupBy(imports, ({ isTypeOnly, reference: { from, name }, text }) => {
    const isNamed = name !== "*" && name !== "default"
    return `import ${isTypeOnly ? "type " : ""}${isNamed ? "{…}" : text} from "${from}"`
  })
  const names = (group: ReadonlyArray<Import>): string =>
    group
      .map(({ text }) => text)
      .sort(byText)
      .join(", ")
  return [...groups].map(([line, group]) => line.replace("…", () => names(group))).sort(byText)
}

const isReExport = ({ text }: Statement): boolean => /^export (\*|(type )?\{)/.test(text)

/**
 * Prints re-exports first, then declarations by name. Declarations of one name, such as overloads, keep their order.
 */
const render = (imports: ReadonlyArray<Import>, kept: ReadonlyArray<Statement>): string => {
  const key = (one: Statement) => (isReExport(one) ? ` ${one.text}` : (one.names[0] ?? one.text))
  const sorted = [...kept].sort((a, b) => byText(key(a), key(b)))
  return [...importLines(imports), "", ...sorted.map(({ text }) => text)].join("\n")
}

/** Resolves a reference to a module of the same package: `./internal/rule.ts` in `Page` is `internal/rule`. */
const resolve = (from: string, { from: specifier }: Reference): string | undefined =>
  specifier.startsWith(".") ? posix.join(posix.dirname(from), specifier).replace(/(\.d)?\.[mc]?[jt]s$/, "") : undefined

interface InternalNames {
  /** The names of the module that public signatures need. */
  readonly wanted: Set<string>
  /** The names of these that a public module exports again. */
  readonly exported: Set<string>
}

/** Finds the internal declarations that public signatures use, directly or indirectly. */
const internalNames = (parsed: ReadonlyMap<string, Declarations>, of: Package): ReadonlyMap<string, InternalNames> => {
  const found = new Map<string, InternalNames>()
  const queue = [...parsed.keys()].filter(of.isPublic)
  for (let module = queue.shift(); module !== undefined; module = queue.shift()) {
    const declarations = parsed.get(module)
    if (declarations === undefined) throw new Error(`${of.name}: there are no declarations of ${module}`)
    const kept = reach(declarations, found.get(module)?.wanted ?? everything)
    // `export { Drift }` of an imported name is the same as `export { Drift } from`.
    const imported = importsOf(declarations, kept).map(({ local, reference }) => ({
      ...reference,
      isReExport: kept.some((statement) => isReExport(statement) && statement.names.includes(local))
    }))
    for (const reference of [...imported, ...kept.flatMap(({ references }) => references)]) {
      const closed = resolve(module, reference)
      if (closed === undefined || of.isPublic(closed)) continue
      const { exported, wanted } = found.get(closed) ?? { exported: new Set(), wanted: new Set() }
      found.set(closed, { exported, wanted })
      if (reference.isReExport && of.isPublic(module)) exported.add(reference.name)
      if (wanted.has(reference.name)) continue
      wanted.add(reference.name)
      queue.push(closed)
    }
  }
  return found
}

/** Returns the names in public signatures that no public module exports. */
const leaks = (kept: ReadonlyArray<Statement>, { exported }: InternalNames): ReadonlyArray<string> =>
  kept
    .filter(({ text }) => text.startsWith("export ") && !exported.has("*"))
    .flatMap(({ names }) => names.filter((name) => !exported.has(name)))

/** Writes the report of a package. The text does not depend on the order and the line endings of the declarations. */
export const apiReport = async (of: Package, style: FormatConfig): Promise<string> => {
  const parsed = new Map([...of.modules].map(([module, text]) => [module, parseDeclarations(module, text)]))
  const found = internalNames(parsed, of)
  const section = async ([module, declarations]: readonly [string, Declarations]): Promise<string> => {
    const closed = found.get(module)
    const kept = reach(declarations, closed?.wanted ?? everything)
    const { code, errors } = await format(`${module}.d.ts`, render(importsOf(declarations, kept), kept), style)
    if (errors[0] !== undefined) throw new Error(`${of.name}: ${module} cannot be formatted: ${errors[0].message}`)
    const fence = `\n\`\`\`ts\n${code.trim()}\n\`\`\`\n`
    if (closed === undefined) return `## ${module === "index" ? of.name : `${of.name}/${module}`}\n${fence}`
    const unnamed = [...new Set(leaks(kept, closed))].sort(byText).map((name) => `\`${name}\``)
    const note = unnamed.length === 0 ? "" : `\nNo public module exports ${unnamed.join(", ")}.\n`
    return `## ${module} (internal, part of public signatures)\n${note}${fence}`
  }
  // The main entry first, then the public modules, then the internal ones.
  const rank = (module: string): number => (module === "index" ? 0 : found.has(module) ? 2 : 1)
  const modules = [...parsed]
    .filter(([module]) => of.isPublic(module) || found.has(module))
    .sort(([a], [b]) => rank(a) - rank(b) || byText(a, b))
  const head = `# The API of \`${of.name}\`\n\nWritten by \`npx -y pnpm@12.21.0 api\`. Do not edit it.\n`
  return [head, ...(await Promise.all(modules.map(section)))].join("\n")
}
