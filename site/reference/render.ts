/**
 * Writes the API reference: one page per module, and one per package.
 */
import { format, type FormatConfig } from "oxfmt"
import { withProse } from "../../scripts/markdown.ts"
import type { Docblock, Member, Module, Package, Symbol } from "./symbols.ts"

export interface ReferencePage {
  /** The path on the site, without extension. */
  readonly route: string
  readonly text: string
  /** What the names in its signatures link to, as `route#anchor`. */
  readonly links: Readonly<Record<string, string>>
}

// Narrower than the sources: a signature must fit beside the sidebar.
const style: FormatConfig = { printWidth: 76, semi: false, trailingComma: "none", endOfLine: "lf" }

const print = async (name: string, text: string): Promise<string> => {
  const { code, errors } = await format(`${name}.d.ts`, text, style)
  if (errors[0] !== undefined) throw new Error(`${name} cannot be formatted: ${errors[0].message}\n${text}`)
  return code.trim().replace(/^export /gm, "")
}

const withoutComments = (text: string): string => text.replace(/^\s*\/\*\*[^]*?\*\/\n/gm, "")

export const routeOfModule = (of: Package, module: Module): string => `api/${of.folder}/${module.name}`

/** Symbols of one name get different anchors: a type often has the name of its schema. */
export const anchorOf = (module: Module, symbol: Symbol): string => {
  const first = module.symbols.find(({ name }) => name === symbol.name)
  return first === symbol ? symbol.name : `${symbol.name}-${symbol.kind}`
}

// The other categories follow in the order of the module.
const firstCategories = ["services", "layers", "constructors"]

const byCategory = (module: Module): ReadonlyArray<readonly [string, ReadonlyArray<Symbol>]> => {
  const rank = (category: string) => firstCategories.findIndex((one) => one === category) >>> 0
  return [...Map.groupBy(module.symbols, ({ docblock }) => docblock.category)].sort(([a], [b]) => rank(a) - rank(b))
}

type Scope = (name: string) => string | undefined

/** Finds what a name means in a module: its own names first, then those of its package, then those of the others. */
const scopeOf = (packages: ReadonlyArray<Package>, own: Package, module: Module): Scope => {
  const place = (of: Package, at: Module) => (name: string) => {
    const symbol = at.symbols.find((one) => one.name === name)
    return symbol === undefined ? [] : [`${routeOfModule(of, at)}#${anchorOf(at, symbol)}`]
  }
  const all = (some: ReadonlyArray<Package>, name: string) =>
    some.flatMap((of) => of.modules.flatMap((at) => place(of, at)(name)))
  const modules = (name: string) =>
    packages.flatMap((of) => of.modules.filter((at) => at.namespace === name).map((at) => routeOfModule(of, at)))
  return (name) => {
    const [inside, ...others] = place(own, module)(name)
    if (inside !== undefined && others.length === 0) return inside
    // A name of several modules, such as `make`, is not guessed.
    for (const some of [[own], packages]) {
      const found = all(some, name)
      if (found.length === 1) return found[0]
    }
    return modules(name)[0]
  }
}

const linkTo = (scope: Scope, name: string): string => {
  const [first = "", last = first] = name.split(".")
  const target = scope(name) ?? scope(first) ?? scope(last)
  return target === undefined ? `\`${name}\`` : `[\`${name}\`](/${target})`
}

/** The text of a docblock as Markdown of the site. */
const prose = ({ text }: Docblock, scope: Scope): string => {
  const linked = withProse(text, (part) =>
    part
      .replace(/\{@link ([\w.]+)\}/g, (_, name: string) => linkTo(scope, name))
      .split(/(`[^`]*`)/)
      .map((piece, i) => (i % 2 === 0 ? piece.replaceAll("<", "&lt;").replaceAll("{{", "&#123;{") : piece))
      .join("")
  )
  return linked
    .replace(/^\*\*Example\*\* \((.*)\)$/gm, "**Example:** $1")
    .replace(/^\*\*Gotchas\*\*\n\n([^]*?)(?=\n\n\*\*|$(?![^]))/gm, "::: warning Gotchas\n$1\n:::")
}

const isLong = ({ docblock }: Member): boolean => docblock !== undefined && /\n\n/.test(docblock.text)

// The generator turns the names into links: `signatureLinks.ts`.
const signature = (route: string, code: string): string => `\`\`\`ts signature:${route}\n${code}\n\`\`\``

const memberSection = async (
  owner: Symbol,
  member: Member,
  scope: Scope,
  route: string,
  anchor: string
): Promise<string> => {
  // A member is only valid inside of its declaration, so it is formatted there.
  const inside = await print(`${owner.name}.${member.name}`, `declare ${owner.kind} A {\n${member.text}\n}`)
  const code = withoutComments(`${inside}\n`)
    .trim()
    .split("\n")
    .slice(1, -1)
    .map((line) => line.replace(/^ {2}/, ""))
    .join("\n")
  const text = member.docblock === undefined ? "" : prose(member.docblock, scope)
  return `#### \`${owner.name}.${member.name}\` {#${anchor}.${member.name}}\n\n${signature(route, code)}\n\n${text}`
}

const symbolSection = async (module: Module, symbol: Symbol, scope: Scope, route: string): Promise<string> => {
  const anchor = anchorOf(module, symbol)
  const isDetailed = symbol.members.some(isLong)
  const code = await print(symbol.name, symbol.text)
  const documented = isDetailed ? symbol.members.filter(({ docblock }) => docblock !== undefined) : []
  return [
    `### ${symbol.name} <Badge type="info" text="${symbol.kind}" /> {#${anchor}}`,
    prose(symbol.docblock, scope),
    signature(route, isDetailed ? withoutComments(code) : code),
    ...(await Promise.all(documented.map((member) => memberSection(symbol, member, scope, route, anchor))))
  ].join("\n\n")
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const importLines = (of: Package, { inMainEntry, name, namespace, symbols }: Module): string => {
  const path = `${of.name}/${name}`
  if (namespace !== undefined) return eitherImport(`{ ${namespace} }`, of.name, `* as ${namespace}`, path)
  const [first] = inMainEntry
  if (first === undefined) return `import * as ${capitalized(name)} from "${path}"`
  const named = inMainEntry.includes(name) ? name : first
  const isType = symbols.filter((one) => one.name === named).every(({ kind }) => /type|interface/.test(kind))
  const what = `${isType ? "type " : ""}{ ${named} }`
  return eitherImport(what, of.name, what, path)
}

const eitherImport = (main: string, entry: string, alone: string, path: string): string =>
  `import ${main} from "${entry}"\n// or only this module\nimport ${alone} from "${path}"`

const modulePage = async (packages: ReadonlyArray<Package>, of: Package, module: Module): Promise<ReferencePage> => {
  const scope = scopeOf(packages, of, module)
  const sections = await Promise.all(
    byCategory(module).map(async ([category, symbols]) => {
      const parts = await Promise.all(
        symbols.map((symbol) => symbolSection(module, symbol, scope, routeOfModule(of, module)))
      )
      return `## ${capitalized(category)} {#category-${category}}\n\n${parts.join("\n\n")}`
    })
  )
  const text = [
    `---\ntitle: ${module.name}\npageClass: reference\n---`,
    `# ${module.name} {#module-${module.name}}`,
    `Module of [\`${of.name}\`](/api/${of.folder}/), in \`packages/${of.folder}/src/${module.name}.ts\`.`,
    `\`\`\`ts\n${importLines(of, module)}\n\`\`\``,
    prose(module.header, scope),
    ...sections
  ].join("\n\n")
  const names = new Set(module.symbols.flatMap((symbol) => symbol.text.match(/[A-Za-z_$][\w$]*/g) ?? []))
  const links = [...names].flatMap((name) => {
    const target = scope(name)
    // A lower-case name in a signature is a parameter or a field, not a function of another module.
    return target === undefined || !/^[A-Z]/.test(name) ? [] : [[name, target] as const]
  })
  return { route: routeOfModule(of, module), text: `${text}\n`, links: Object.fromEntries(links) }
}

const summary = ({ text }: Docblock): string =>
  (text.split("\n\n")[0] ?? "").replace(/\s+/g, " ").replaceAll("|", "\\|")

const packagePage = (packages: ReadonlyArray<Package>, of: Package): ReferencePage => {
  const rows = of.modules.map((module) => {
    const text = summary({ ...module.header, text: prose(module.header, scopeOf(packages, of, module)) })
    return `| [\`${module.name}\`](/${routeOfModule(of, module)}) | ${text} |`
  })
  const text = [
    `---\ntitle: "${of.name}"\n---`,
    `# ${of.name}`,
    `${of.description}. The [page of the package](/packages/${of.folder}) explains how to use it.`,
    `| module | what it holds |\n| --- | --- |\n${rows.join("\n")}`
  ].join("\n\n")
  return { route: `api/${of.folder}/index`, text: `${text}\n`, links: {} }
}

const startPage = (packages: ReadonlyArray<Package>): ReferencePage => {
  const rows = packages.map((of) => `| [\`${of.name}\`](/api/${of.folder}/) | ${of.description} |`)
  const text = `---\ntitle: API reference\n---\n\n# API reference\n\nEvery module that a program can import, with what it exports. Modules under \`internal\` cannot be imported, and are\nnot described here.\n\n| package | what it does |\n| --- | --- |\n${rows.join("\n")}\n`
  return { route: "api/index", text, links: {} }
}

export const referencePages = async (packages: ReadonlyArray<Package>): Promise<ReadonlyArray<ReferencePage>> => [
  startPage(packages),
  ...packages.map((of) => packagePage(packages, of)),
  ...(await Promise.all(packages.flatMap((of) => of.modules.map((module) => modulePage(packages, of, module)))))
]
