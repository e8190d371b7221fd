/**
 * Reads the public declarations of a package, as `build` emits them: their docblocks, signatures and members.
 *
 * TypeDoc prints every inherited static member of a service and of a schema class: more than a megabyte for the errors
 * of transfers. A user reads the declaration itself, so these pages show it as it is written.
 */
import { existsSync, readFileSync } from "node:fs"
import { join, posix } from "node:path"
import { type Comment, type Directive, parseSync, type Span, type Statement } from "oxc-parser"
import { filesOf } from "../../scripts/files.ts"
import { isPublicOf } from "../../scripts/api/report.ts"
import { publishedFolders, readManifest, root } from "../../scripts/packages.ts"

export interface Docblock {
  readonly text: string
  readonly category: string
}

export interface Member {
  readonly name: string
  readonly text: string
  readonly docblock: Docblock | undefined
}

export interface Symbol {
  readonly name: string
  readonly kind: "class" | "const" | "function" | "interface" | "type" | "namespace"
  readonly docblock: Docblock
  /** The declaration, with the docblocks of its members. */
  readonly text: string
  readonly members: ReadonlyArray<Member>
}

export interface Module {
  readonly name: string
  readonly header: Docblock
  readonly symbols: ReadonlyArray<Symbol>
  /** The name under which the main entry exports the whole module, if it does. */
  readonly namespace: string | undefined
  /** The names that the main entry exports. */
  readonly inMainEntry: ReadonlyArray<string>
}

export interface Package {
  readonly folder: string
  readonly name: string
  readonly description: string
  readonly header: Docblock
  readonly modules: ReadonlyArray<Module>
}

export const docblockOf = (comment: string): Docblock => {
  const text = comment
    .replace(/^\/\*\*|\*\/$/g, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd())
    .join("\n")
    .trim()
  const tags = /(?:^|\n)@(?:category|since)[^]*$/.exec(text)
  return {
    text: text.slice(0, tags?.index ?? text.length).trim(),
    category: /@category (\S+)/.exec(tags?.[0] ?? "")?.[1] ?? ""
  }
}

interface Source {
  readonly text: string
  readonly comments: ReadonlyArray<Comment>
  readonly body: ReadonlyArray<Statement | Directive>
}

const parse = (file: string): Source => {
  const text = readFileSync(file, "utf8")
  const { comments, errors, program } = parseSync(file, text)
  if (errors[0] !== undefined) throw new Error(`${file} cannot be read: ${errors[0].message}`)
  return { text, comments, body: program.body }
}

/** The docblock directly above a position. */
const docblockAt = ({ comments, text }: Source, start: number): Docblock | undefined => {
  const above = comments.findLast((comment) => comment.end <= start)
  if (above === undefined || above.type !== "Block" || text.slice(above.end, start).trim() !== "") return undefined
  return docblockOf(text.slice(above.start, above.end))
}

const withoutImports = (text: string): string => text.replace(/\bimport\("[^"]+"\)\./g, "")

const slice = ({ text }: Source, { end, start }: Span): string => withoutImports(text.slice(start, end))

const membersOf = (source: Source, all: ReadonlyArray<Span & { readonly key?: Span | undefined }>) =>
  all.map((node): Member => ({
    name: node.key === undefined ? "" : slice(source, node.key),
    text: slice(source, node),
    docblock: docblockAt(source, node.start)
  }))

const keyed = (node: Span): Span & { readonly key?: Span | undefined } => node

/** The declarations of a module by name, without those that it takes from other modules. */
const declaredIn = (source: Source): ReadonlyArray<Symbol> => {
  // `class A extends A_base` is what the compiler writes for a class that extends the value of a call.
  const bases = new Map<string, string>()
  for (const node of source.body) {
    if (node.type !== "VariableDeclaration") continue
    for (const { id } of node.declarations) {
      if (id.type !== "Identifier" || !id.typeAnnotation) continue
      const type = id.typeAnnotation.typeAnnotation
      // The rest of the intersection is what `Schema.Opaque` leaves out of the fields.
      bases.set(id.name, slice(source, type.type === "TSIntersectionType" ? (type.types[0] ?? type) : type))
    }
  }
  return source.body.flatMap((node): ReadonlyArray<Symbol> => {
    if (node.type !== "ExportNamedDeclaration" || node.declaration === null) return []
    const { declaration } = node
    const docblock = docblockAt(source, node.start)
    const text = slice(source, declaration).replace(/^declare /, "")
    const one = (kind: Symbol["kind"], name: string, members: ReadonlyArray<Member> = []): Symbol => ({
      name,
      kind,
      text: `export ${text}`,
      docblock: docblock ?? docblockOf(""),
      members
    })
    if (declaration.type === "VariableDeclaration") {
      return declaration.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [one("const", id.name)] : []))
    }
    if (declaration.type === "TSTypeAliasDeclaration") return [one("type", declaration.id.name)]
    if (declaration.type === "TSInterfaceDeclaration") {
      return [one("interface", declaration.id.name, membersOf(source, declaration.body.body.map(keyed)))]
    }
    if (declaration.type === "ClassDeclaration") {
      const name = declaration.id?.name ?? ""
      const base = bases.get(`${name}_base`) ?? `${name}_base`
      const symbol = one("class", name, membersOf(source, declaration.body.body.map(keyed)))
      return [{ ...symbol, text: symbol.text.replace(new RegExp(`\\b${name}_base\\b`), () => base) }]
    }
    if (declaration.type === "TSDeclareFunction" || declaration.type === "FunctionDeclaration") {
      return [one("function", declaration.id?.name ?? "")]
    }
    throw new Error(`A declaration of a form that is not known here: ${text}`)
  })
}

const nameOf = (node: { readonly type: string; readonly name?: string; readonly value?: unknown }): string =>
  node.name ?? String(node.value)

/** Everything that a module exports: its own declarations, and those of modules that cannot be imported. */
const exportsOf = (folder: string, module: string, isPublic: (module: string) => boolean): ReadonlyArray<Symbol> => {
  const source = parse(join(folder, `${module}.d.ts`))
  const resolve = (from: string) => posix.join(posix.dirname(module), from).replace(/\.ts$/, "")
  const origins = new Map<string, string>()
  for (const node of source.body) {
    if (node.type !== "ImportDeclaration") continue
    for (const { local } of node.specifiers) origins.set(local.name, node.source.value)
  }
  const taken = source.body.flatMap((node): ReadonlyArray<Symbol> => {
    const from = "source" in node ? node.source?.value : undefined
    if (node.type === "ExportAllDeclaration" && from !== undefined) {
      return isPublic(resolve(from)) ? [] : exportsOf(folder, resolve(from), isPublic)
    }
    if (node.type !== "ExportNamedDeclaration" || node.declaration !== null) return []
    return node.specifiers.flatMap(({ local }) => {
      const origin = from ?? origins.get(nameOf(local))
      if (origin === undefined || !origin.startsWith(".") || isPublic(resolve(origin))) return []
      return exportsOf(folder, resolve(origin), isPublic).filter(({ name }) => name === nameOf(local))
    })
  })
  return [...declaredIn(source), ...taken]
}

/** The docblock at the top of a module. It is read in the sources, since the compiler drops some of them. */
const headerOf = (file: string): Docblock => {
  const [comment = ""] = /^\/\*\*[^]*?\*\//.exec(readFileSync(file, "utf8")) ?? []
  return docblockOf(comment)
}

const readPackage = (folder: string): Package => {
  const directory = join(root, "packages", folder)
  const { exports = {}, name } = readManifest(directory)
  const { description }: { readonly description: string } = JSON.parse(
    readFileSync(join(directory, "package.json"), "utf8")
  )
  const isPublic = isPublicOf(exports)
  const src = join(directory, "src")
  const index = readFileSync(join(src, "index.ts"), "utf8")
  const modules = filesOf(src, "*.ts")
    .map((file) => file.slice(0, -".ts".length))
    .filter((module) => module !== "index" && isPublic(module))
    .map((module): Module => {
      const symbols = exportsOf(join(directory, "dist"), module, isPublic)
      const exported = (what: string) =>
        new RegExp(`^export (?:type )?${what} from "\\./${module}\\.ts"`, "m").exec(index)?.[1]
      const names = exported(String.raw`(\*|\{[^}]*\})`) ?? ""
      return {
        name: module,
        header: headerOf(join(src, `${module}.ts`)),
        symbols,
        namespace: exported(String.raw`\* as (\w+)`),
        inMainEntry: [...new Set(symbols.map(({ name }) => name))].filter(
          (name) => names === "*" || new RegExp(`\\b${name}\\b`).test(names)
        )
      }
    })
  return { folder, name, description, header: headerOf(join(src, "index.ts")), modules }
}

/** The published packages that have modules. */
export const readPackages = (): ReadonlyArray<Package> =>
  publishedFolders()
    .filter((folder) => existsSync(join(root, "packages", folder, "src/index.ts")))
    .map(readPackage)
