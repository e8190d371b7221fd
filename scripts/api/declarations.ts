// Parses an emitted declaration file: its top-level statements without comments, the names that each declares and uses.
import { parseSync, Visitor } from "oxc-parser"
import type { Directive, ImportDeclarationSpecifier, ModuleExportName, Program, Statement as Node } from "oxc-parser"

/** A name of another module: `*` is all names that it exports. */
export interface Reference {
  readonly from: string
  readonly name: string
  readonly isReExport: boolean
}

/** One name of an import statement. */
export interface Import {
  /** Its name in this module. */
  readonly local: string
  /** The text before `from`, without braces: `* as Schema`, `type Page`. */
  readonly text: string
  readonly isTypeOnly: boolean
  readonly reference: Reference
}

export interface Statement {
  readonly text: string
  /** The local and exported names it declares. A statement without names, such as `export * from`, is always needed. */
  readonly names: ReadonlyArray<string>
  /** The local names it uses. */
  readonly uses: ReadonlySet<string>
  readonly references: ReadonlyArray<Reference>
}

export interface Declarations {
  readonly imports: ReadonlyArray<Import>
  readonly statements: ReadonlyArray<Statement>
}

const nameOf = (name: ModuleExportName): string => (name.type === "Literal" ? name.value : name.name)

const importedName = (specifier: ImportDeclarationSpecifier): string => {
  if (specifier.type === "ImportNamespaceSpecifier") return "*"
  return specifier.type === "ImportDefaultSpecifier" ? "default" : nameOf(specifier.imported)
}

const declaredNames = (node: Node | Directive): ReadonlyArray<string> => {
  if (node.type === "ExportNamedDeclaration") {
    if (node.declaration !== null) return declaredNames(node.declaration)
    return node.specifiers.flatMap(({ exported, local }) => [nameOf(exported), nameOf(local)])
  }
  if (node.type === "ExportAllDeclaration") return node.exported === null ? [] : [nameOf(node.exported)]
  if (node.type === "ExportDefaultDeclaration") return ["default"]
  if (node.type === "VariableDeclaration") {
    return node.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []))
  }
  return "id" in node && node.id?.type === "Identifier" ? [node.id.name] : []
}

const ownReferences = (node: Node | Directive): ReadonlyArray<Reference> => {
  if (node.type === "ExportAllDeclaration") return [{ from: node.source.value, name: "*", isReExport: true }]
  if (node.type !== "ExportNamedDeclaration" || node.source === null) return []
  const from = node.source.value
  return node.specifiers.map(({ local }) => ({ from, name: nameOf(local), isReExport: true }))
}

interface Found<A> {
  readonly at: number
  readonly value: A
}

interface Span {
  readonly start: number
  readonly end: number
}

/** Finds the identifiers of a program except names of members, the `import("…")` types, and the unions. */
const walk = (program: Program) => {
  // The positions of names that are members of other values, not names of the module.
  const keys = new Set<number>()
  const uses: Array<Found<string>> = []
  const references: Array<Found<Reference>> = []
  const unions: Array<Span & { readonly types: ReadonlyArray<Span> }> = []
  const skipKey = (node: { readonly computed: boolean; readonly key: Span }) => {
    if (!node.computed) keys.add(node.key.start)
  }
  new Visitor({
    TSPropertySignature: skipKey,
    TSMethodSignature: skipKey,
    PropertyDefinition: skipKey,
    MethodDefinition: skipKey,
    TSQualifiedName: ({ right }) => {
      keys.add(right.start)
    },
    MemberExpression: ({ computed, property }) => {
      if (!computed) keys.add(property.start)
    },
    TSUnionType: (node) => {
      unions.push(node)
    },
    Identifier: (node) => {
      if (!keys.has(node.start)) uses.push({ at: node.start, value: node.name })
    },
    TSImportType: ({ qualifier, source, start }) => {
      let first = qualifier
      while (first?.type === "TSQualifiedName") first = first.left
      references.push({ at: start, value: { from: source.value, name: first?.name ?? "*", isReExport: false } })
    }
  }).visit(program)
  return { uses, references, unions }
}

/**
 * Sorts the members of every union. The compiler emits the members of an inferred union in an order that can differ
 * between two builds of the same sources.
 */
const sortUnions = (text: string, unions: ReadonlyArray<Span & { readonly types: ReadonlyArray<Span> }>) => {
  const print = ({ end, start }: Span): string => {
    // A union comes before the unions inside of it.
    const union = unions.find((one) => one.start >= start && one.end <= end)
    if (union === undefined) return text.slice(start, end)
    const members = union.types.map(print).map((member) => ({ member, key: member.replace(/\s+/g, " ") }))
    const sorted = members.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ member }) => member)
    return text.slice(start, union.start) + sorted.join(" | ") + print({ start: union.end, end })
  }
  return print
}

export const parseDeclarations = (module: string, source: string): Declarations => {
  const { comments, errors, program } = parseSync(`${module}.d.ts`, source)
  if (errors[0] !== undefined) throw new Error(`${module}.d.ts cannot be read: ${errors[0].message}`)
  const bare = comments.reduce(
    (text, { end, start }) => text.slice(0, start) + " ".repeat(end - start) + text.slice(end),
    source
  )
  const { references, unions, uses } = walk(program)
  const print = sortUnions(bare, unions)
  const imports: Array<Import> = []
  const statements: Array<Statement> = []
  for (const node of program.body) {
    const within = <A>(all: ReadonlyArray<Found<A>>) =>
      all.filter(({ at }) => at >= node.start && at < node.end).map(({ value }) => value)
    const text = print(node).replace(/\n(\s*\n)+/g, "\n")
    if (node.type === "ImportDeclaration") {
      const from = node.source.value
      for (const specifier of node.specifiers) {
        imports.push({
          local: specifier.local.name,
          text: bare.slice(specifier.start, specifier.end),
          isTypeOnly: node.importKind === "type",
          reference: { from, name: importedName(specifier), isReExport: false }
        })
      }
      continue
    }
    if (node.type === "ExportNamedDeclaration" && node.declaration === null && node.specifiers.length === 0) continue
    statements.push({
      text,
      names: declaredNames(node),
      uses: new Set(within(uses)),
      references: [...ownReferences(node), ...within(references)]
    })
  }
  return { imports, statements }
}
