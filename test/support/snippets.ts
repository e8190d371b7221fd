// Finds the TypeScript snippets in Markdown and docblocks, compiles all of them together and runs them.
//
// A snippet is a module: a fence that starts with ```ts. It must run to its end, unless the fence starts with ```ts
// no-run. `expression // => text` asserts the value of the expression. A snippet that imports vitest declares tests,
// which join the tests of the file that calls `load`.
//
// Each snippet is written to a file in which it keeps its line numbers, so positions need no source map.
import { fork, spawnSync } from "node:child_process"
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join, relative, sep } from "node:path"
import { pathToFileURL } from "node:url"
import { filesOf } from "../../scripts/files.ts"

const root = join(import.meta.dirname, "../..")
const support = import.meta.dirname

export interface Snippet {
  /** The path of its page or module, relative to the root. */
  readonly file: string
  /** The line of its first line of code. */
  readonly line: number
  readonly code: string
  readonly kind: "program" | "suite" | "no-run"
}

/** A problem of a snippet. It starts with `file:line`. */
export type Problem = string

/** Returns the text of the docblocks, with an empty line for each other line. */
const docblocks = (source: string): string => {
  let inside = false
  return source
    .split("\n")
    .map((line) => {
      if (/^\s*\/\*\*/.test(line)) inside = true
      const text = inside ? line.replace(/^\s*(\/\*\*|\*(?!\/)) ?/, "") : ""
      if (line.includes("*/")) inside = false
      return text
    })
    .join("\n")
}

/** Returns the snippets of a text: TypeScript with docblocks if the file's name ends in `.ts`, else Markdown. */
export const extract = (file: string, text: string): ReadonlyArray<Snippet> => {
  const lines = (file.endsWith(".ts") ? docblocks(text) : text).split("\n")
  const snippets: Array<Snippet> = []
  for (let i = 0; i < lines.length; i++) {
    const [, indent = "", fence, info = ""] = /^(\s*)(`{3,}|~{3,})\s*(.*)$/.exec(lines[i] ?? "") ?? []
    if (fence === undefined) continue
    const start = i + 1
    while (++i < lines.length && lines[i]?.trim() !== fence);
    const [language, ...flags] = info.trim().split(/\s+/)
    if (language !== "ts" && language !== "typescript") continue
    const code = lines.slice(start, i).map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
    const suite = code.some((line) => /\bfrom "(@effect\/)?vitest"/.test(line))
    const kind = flags.includes("no-run") ? "no-run" : suite ? "suite" : "program"
    snippets.push({ file, line: start + 1, code: code.join("\n"), kind })
  }
  return snippets
}

/** Returns the snippets of all files that match the patterns. */
export const collect = (patterns: ReadonlyArray<string>): ReadonlyArray<Snippet> =>
  filesOf(root, ...patterns).flatMap((file) => extract(file, readFileSync(join(root, file), "utf8")))

const startOf = (lines: ReadonlyArray<string>, end: number): number => {
  const indent = (line: string) => line.length - line.trimStart().length
  const last = lines[end] ?? ""
  if (!/^\s*[)\]}.]/.test(last)) return end
  const isChain = last.trimStart().startsWith(".")
  for (let i = end - 1; i >= 0; i--) {
    const line = lines[i] ?? ""
    if (line.trim() === "" || /^\s*[)\]}.]/.test(line)) continue
    if (isChain ? indent(line) < indent(last) : indent(line) === indent(last)) return i
  }
  return end
}

/** Returns the code with an assertion for every `expression // => text`, and with the same number of lines. */
export const withAssertions = ({ code, file, line }: Snippet): string => {
  const lines = code.split("\n")
  for (let i = 0; i < lines.length; i++) {
    const [, body, text = ""] = /^(.*?)\s*\/\/ => (.*)$/.exec(lines[i] ?? "") ?? []
    if (body === undefined) continue
    if (body.trim() === "") throw new Error(`${file}:${line + i} "// =>" must be after an expression, on its last line`)
    const start = startOf(lines, i)
    lines[i] = `${body.replace(/;$/, "")})`
    // The assertion replaces `console.log(`, and so uses its closing parenthesis.
    const print = /^(\s*)(?:console\.log|yield\* Console\.log)\(/
    if (print.test(lines[start] ?? "")) lines[i] = body.replace(/;$/, "")
    const before = print.test(lines[start] ?? "") ? print : /^(\s*(?:(?:export )?(?:const|let) [^=]+= )?)/
    lines[start] = (lines[start] ?? "").replace(before, (_, kept) => `${kept}assertShows(${JSON.stringify(text)}, `)
  }
  return lines.join("\n")
}

/** Snippets that are written to a folder, so that they can be compiled and run. */
export class Written {
  readonly directory: string
  readonly snippets: ReadonlyArray<Snippet>

  /** Writes the snippets to the folder `test/.snippets/NAME`. */
  constructor(name: string, snippets: ReadonlyArray<Snippet>) {
    this.directory = join(root, "test/.snippets", name)
    this.snippets = snippets
    rmSync(this.directory, { recursive: true, force: true })
    mkdirSync(this.directory, { recursive: true })
    writeFileSync(
      join(this.directory, "tsconfig.json"),
      JSON.stringify({
        extends: "../../../tsconfig.check.json",
        compilerOptions: { incremental: false, noUnusedLocals: false },
        include: ["*.ts"]
      })
    )
    for (const snippet of snippets) {
      const header = `import { assertShows } from "../../support/assertShows.ts"${"\n".repeat(snippet.line - 1)}`
      writeFileSync(this.path(snippet), `${header}${withAssertions(snippet)}\n`)
    }
  }

  private path({ file, line }: Snippet): string {
    return join(this.directory, `${file.replaceAll("/", "__")}.${line}.ts`)
  }

  /** Replaces the paths of written snippets, `test/.snippets/docs/README.md.5.ts:7`, by their origin, `README.md:7`. */
  private withOrigins(message: string): string {
    return this.snippets.reduce((text, snippet) => {
      const path = this.path(snippet)
      return text.replaceAll(pathToFileURL(path).href, snippet.file).replaceAll(path, snippet.file)
    }, message)
  }

  /** Loads a snippet, and returns what it exports. If it declares tests, call it where tests are declared. */
  load(snippet: Snippet): Promise<unknown> {
    return import(pathToFileURL(this.path(snippet)).href)
  }

  /** Compiles the snippets, and returns the errors of each. */
  compile(): Map<Snippet, Problem> {
    const tsc = join(root, "node_modules/typescript/bin/tsc")
    const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", this.directory, "--pretty", "false"], {
      cwd: root,
      encoding: "utf8"
    })
    const problems = new Map<Snippet, Problem>()
    const byPath = new Map(
      this.snippets.map((snippet) => [relative(root, this.path(snippet)).split(sep).join("/"), snippet])
    )
    for (const error of stdout.split(/\n(?=\S)/)) {
      const [, path = "", line, text] = /^(.+)\((\d+),\d+\): ([^]*)$/.exec(error) ?? []
      const snippet = byPath.get(path)
      if (snippet !== undefined) {
        const problem = `${snippet.file}:${line} ${text?.trim()}`
        problems.set(snippet, [...(problems.has(snippet) ? [problems.get(snippet)] : []), problem].join("\n"))
      }
    }
    // `tsc -b` reports errors in other files. But without any error in the output the compiler itself failed.
    if (status !== 0 && !/\(\d+,\d+\): error/.test(stdout)) throw new Error(`tsc failed: ${stdout}`)
    return problems
  }

  /** Runs the programs in one process, one after the other, and returns the problems of each. */
  execute(): Promise<Map<Snippet, Problem>> {
    const programs = this.snippets.filter((snippet) => snippet.kind === "program")
    const missing = new Set(programs)
    const problems = new Map<Snippet, Problem>()
    return new Promise((resolve) => {
      const child = fork(
        join(support, "run-snippets.ts"),
        programs.map((snippet) => this.path(snippet)),
        { cwd: root, execArgv: [], stdio: ["ignore", "inherit", "inherit", "ipc"] }
      )
      child.on("message", ({ index, error }: { readonly index: number; readonly error?: string }) => {
        const snippet = programs[index]
        if (snippet === undefined) return
        missing.delete(snippet)
        if (error !== undefined)
          problems.set(snippet, `${snippet.file}:${snippet.line} failed: ${this.withOrigins(error)}`)
      })
      child.on("close", () => {
        for (const snippet of missing) problems.set(snippet, `${snippet.file}:${snippet.line} was not reached`)
        resolve(problems)
      })
    })
  }
}
