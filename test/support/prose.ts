// Finds the prose of the repository: comments, error texts, log texts, test names and pages.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { filesOf } from "../../scripts/files.ts"

const root = join(import.meta.dirname, "../..")

export interface Piece {
  readonly file: string
  /** The line of its first character. */
  readonly line: number
  /** `code` is everything except comments and texts, for rules about names. */
  readonly kind: "page" | "comment" | "text" | "test-name" | "code"
  readonly text: string
}

type Token = Pick<Piece, "line" | "text"> & { readonly kind: "comment" | "text" | "code" }

const strings = String.raw`"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'`
const lexemes = new RegExp(
  [
    String.raw`(?<comment>\/\*[^]*?\*\/|\/\/.*(?:\n[ \t]*\/\/.*)*)`,
    `(?<text>${strings})`,
    // A regular expression can only be where no value has just ended.
    String.raw`(?<=(?:^|[(,=:[!&|?{};>\n]|=>|return)\s*)(?<regex>\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*)`,
    String.raw`(?<tick>${"`"})`,
    String.raw`(?<open>\{)`,
    String.raw`(?<close>\})`
  ].join("|"),
  "g"
)

/** Comments, texts and the remaining code of TypeScript, in order. */
export const tokensOf = (source: string, first = 1): ReadonlyArray<Token> => {
  const tokens: Array<Token> = []
  const lineAt = (index: number) => first + source.slice(0, index).split("\n").length - 1
  const push = (kind: Token["kind"], from: number, to: number) => {
    const text = source.slice(from, to)
    if (text.trim() !== "") tokens.push({ kind, line: lineAt(from), text })
  }
  // The number of open braces in each open template: its text continues where the last one closes.
  const depths: Array<number> = []
  let at = 0
  const template = (from: number): number => {
    const end = /(?:\\[^]|(?!\$\{|`)[^])*(\$\{|`)?/y
    end.lastIndex = from
    const [all = "", mark = ""] = end.exec(source) ?? []
    push("text", from, from + all.length - mark.length)
    if (mark === "${") depths.push(0)
    return from + Math.max(all.length, 1)
  }
  while (at < source.length) {
    lexemes.lastIndex = at
    const found = lexemes.exec(source)
    push("code", at, found?.index ?? source.length)
    if (found === null) break
    const { close, comment, open, text, tick } = found.groups ?? {}
    at = found.index + found[0].length
    if (comment !== undefined) push("comment", found.index, at)
    else if (text !== undefined) push("text", found.index + 1, at - 1)
    else if (tick !== undefined) at = template(at)
    else if (open !== undefined && depths.length > 0) depths.push((depths.pop() ?? 0) + 1)
    else if (close !== undefined && depths.length > 0) {
      const depth = depths.pop() ?? 0
      if (depth === 0) at = template(at)
      else depths.push(depth - 1)
    }
  }
  return tokens
}

const testName = /\b(?:it|describe|test)(?:\.\w+)*(?:\([^()]*\))?\(\s*$/

/** The pieces of a TypeScript file. In a test only comments and names of tests are prose; other texts are test data. */
export const ofTypeScript = (file: string, source: string, first = 1): ReadonlyArray<Piece> => {
  const isTest = /(^|\/)test\//.test(file)
  const tokens = tokensOf(source, first)
  return tokens.flatMap((token, i): ReadonlyArray<Piece> => {
    if (token.kind !== "text") return [{ ...token, file }]
    if (testName.test(tokens[i - 1]?.text ?? "")) return [{ ...token, file, kind: "test-name" }]
    // A text without a space is a name, a value or a path.
    return isTest || !/\p{L}\s|\s\p{L}/u.test(token.text) ? [] : [{ ...token, file }]
  })
}

/** The pieces of a Markdown file: its paragraphs, and the prose in its TypeScript. */
export const ofMarkdown = (file: string, source: string): ReadonlyArray<Piece> => {
  const pieces: Array<Piece> = []
  const lines = source.split("\n")
  for (let i = 0; i < lines.length; i++) {
    const [, indent, fence, language = ""] = /^(\s*)(`{3,}|~{3,})\s*(\w*)/.exec(lines[i] ?? "") ?? []
    const start = i
    if (fence === undefined) {
      while (i + 1 < lines.length && lines[i]?.trim() !== "" && !/^\s*(`{3,}|~{3,})/.test(lines[i + 1] ?? "")) i++
      pieces.push({ file, line: start + 1, kind: "page", text: lines.slice(start, i + 1).join("\n") })
    } else {
      while (++i < lines.length && !(lines[i] ?? "").startsWith(`${indent}${fence}`));
      const code = lines.slice(start + 1, i).join("\n")
      if (/^(ts|typescript)$/.test(language)) pieces.push(...ofTypeScript(file, code, start + 2))
    }
  }
  return pieces
}

/** The text with blanks in place of quoted code, links and the marks of a comment. All positions stay the same. */
export const plain = ({ kind, text }: Pick<Piece, "kind" | "text">): string => {
  if (kind === "code") return text
  return text
    .replace(/```[^]*?```|`[^`]*`|\{@link [^}]*\}|\]\([^)]*\)|https?:\/\/\S+/g, (code) => code.replace(/[^\n]/g, "_"))
    .replace(/^[ \t]*(\/\*\*?|\*\/?|\/\/|>)/gm, (mark) => " ".repeat(mark.length))
}

/** The prose of every file that matches the patterns. */
export const proseOf = (patterns: ReadonlyArray<string>, ignored: (file: string) => boolean): ReadonlyArray<Piece> =>
  [...new Set(filesOf(root, ...patterns))]
    .filter((file) => !ignored(file))
    .flatMap((file) => {
      const source = readFileSync(join(root, file), "utf8")
      return file.endsWith(".md") ? ofMarkdown(file, source) : ofTypeScript(file, source)
    })
