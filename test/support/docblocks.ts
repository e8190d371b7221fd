// The form of a public declaration's docblock: one sentence, then details, then its tags.
import { type Declaration, docblocksAbove } from "./publicExports.ts"

/** The categories of public declarations. The documentation is grouped by them. */
export const categories = [
  // Data: records, bodies, rows, results, and the values that they hold.
  "models",
  // Schemas and the types of schemas.
  "schemas",
  // Functions and values that make something from options only.
  "constructors",
  // Services, and the interfaces of their operations.
  "services",
  "layers",
  // Classes of errors, and the unions of an operation's errors.
  "errors",
  // Functions that return true or false and narrow the type.
  "guards",
  // Functions that take a value and return a changed one of the same kind.
  "combinators",
  // Functions that read, format or convert a value.
  "conversions",
  // Arguments of a caller: options, queries.
  "options",
  "constants",
  // Types that only compute other types.
  "type-level",
  // The API that Palomma serves, as `HttpApi` endpoints.
  "contract",
  // Arbitraries for property tests with fast-check.
  "arbitraries"
]

/** Text without code and links, whose dots could look like the end of a sentence. */
const withoutCode = (text: string): string => text.replace(/`[^`]*`|\{@link [^}]*\}/g, "`x`")

const summaryOf = (docblock: string): string => (docblock.split("\n\n")[0] ?? "").replace(/\s+/g, " ")

const isOneSentence = (summary: string): boolean =>
  summary.endsWith(".") && !/[.!?]["')]?\s+["'(`]?[\p{Lu}`]/u.test(withoutCode(summary))

const problemsOfTags = (docblock: string, names: ReadonlyArray<string>): ReadonlyArray<string> => {
  const paragraphs = docblock.split("\n\n")
  const tags = (paragraphs.at(-1) ?? "").split("\n")
  const expected = names.map((name) => {
    const value = name === "since" ? String.raw`\d+\.\d+\.\d+` : `(${categories.join("|")})`
    return new RegExp(`^@${name} ${value}$`)
  })
  if (tags.length === expected.length && expected.every((pattern, i) => pattern.test(tags[i] ?? ""))) return []
  return [`must end with a paragraph of ${names.map((name) => `@${name}`).join(" and ")}, not with ${tags.join(" ")}`]
}

const problemsOfText = (docblock: string, tags: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...(isOneSentence(summaryOf(docblock))
    ? []
    : [`must begin with a paragraph of one sentence: ${summaryOf(docblock)}`]),
  ...problemsOfTags(docblock, tags)
]

/** The problems of the docblocks of declarations, as text that starts with `file:line`. */
export const problemsOf = (declarations: ReadonlyArray<Declaration>): ReadonlyArray<string> =>
  declarations.flatMap((one) => {
    const { docblock, docblocks, file, line, name } = one
    const twins = declarations.filter((other) => other !== one && other.file === file && other.name === name)
    const same = twins.filter(
      (other) => other.line < line && summaryOf(other.docblock ?? "") === summaryOf(docblock ?? "")
    )
    const problems =
      docblock === undefined || docblocks !== 1
        ? [`must have one docblock, and has ${docblocks}`]
        : [
            ...problemsOfText(docblock, ["category", "since"]),
            ...same.map((other) => `says the same as line ${other.line}: what differs between the type and the value?`)
          ]
    return problems.map((problem) => `${file}:${line} ${name} ${problem}`)
  })

/** The problems of the docblock at the beginning of a module. */
export const problemsOfHeader = (file: string, source: string): ReadonlyArray<string> => {
  const lines = source.split("\n")
  const end = lines.findIndex((line) => line.trimEnd().endsWith("*/"))
  const [header] = source.startsWith("/**") ? docblocksAbove(lines, end + 1) : []
  const problems = header === undefined ? ["must begin with a docblock"] : problemsOfText(header, ["since"])
  return problems.map((problem) => `${file}:1 ${problem}`)
}

/**
 * The operations of an interface whose docblocks have no example. A member that is neither a function nor an effect is
 * not an operation.
 */
export const withoutExample = (file: string, source: string, name: string): ReadonlyArray<string> => {
  const lines = source.split("\n")
  const start = lines.findIndex((line) => line.startsWith(`export interface ${name} `))
  const end = lines.indexOf("}", start)
  if (start < 0) throw new Error(`${file} has no interface ${name}`)
  return lines.flatMap((line, index) => {
    const isOperation = /^ {2}readonly \w+: *($|[(<{]|Effect\.|Stream\.)/.test(line)
    if (index < start || index > end || !isOperation) return []
    const [docblock = ""] = docblocksAbove(lines, index)
    const hasExample = /^\*\*Example\*\* \(.+\)\n\n```ts/m.test(docblock)
    return hasExample ? [] : [`${file}:${index + 1} ${name}.${/readonly (\w+)/.exec(line)?.[1]} has no example`]
  })
}
