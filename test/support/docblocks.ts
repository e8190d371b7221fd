// The form that a docblock of a public declaration has: one sentence, then what else there is to say, then its tags.
import { type Declaration, docblocksAbove } from "./publicExports.ts"

/** What a public declaration can be. Documentation is grouped by it. */
export const categories = [
  // Data: records, bodies, rows, results, and the values that they hold.
  "models",
  // Schemas and the types of schemas.
  "schemas",
  // Functions and values that make something from nothing but their options.
  "constructors",
  // Services, and the interfaces of what they do.
  "services",
  "layers",
  // Classes of errors, and the unions of what an operation can fail with.
  "errors",
  // Functions that answer true or false and narrow the type.
  "guards",
  // Functions that take something and give the same kind of thing, changed.
  "combinators",
  // Functions that read, format or convert a value.
  "conversions",
  // What a caller passes: options, queries.
  "options",
  "constants",
  // Types that only compute other types.
  "type-level",
  // The API that Palomma serves, as `HttpApi` endpoints.
  "contract",
  // Arbitraries for property tests with fast-check.
  "arbitraries"
]

/** Text in which code and links cannot be taken for the end of a sentence. */
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

/** What is wrong with the docblocks of declarations, as text that starts with `file:line`. */
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

/** What is wrong with the docblock at the beginning of a module. */
export const problemsOfHeader = (file: string, source: string): ReadonlyArray<string> => {
  const lines = source.split("\n")
  const end = lines.findIndex((line) => line.trimEnd().endsWith("*/"))
  const [header] = source.startsWith("/**") ? docblocksAbove(lines, end + 1) : []
  const problems = header === undefined ? ["must begin with a docblock"] : problemsOfText(header, ["since"])
  return problems.map((problem) => `${file}:1 ${problem}`)
}

/** The operations of an interface whose docblocks have no example. What is neither a function nor an effect is no operation. */
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
