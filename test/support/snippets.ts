// Finds the TypeScript in Markdown and docblocks, compiles all of it at once and runs it.
//
// A snippet is a module of its own: a fence that starts with ```ts and, unless it says ```ts no-run, can be run to its end.
// `expression // => text` asserts what the expression shows. A snippet that imports vitest declares tests, which join the
// tests of whoever calls `declareTests`.
//
// Each snippet is written to a file in which it has the line numbers of its origin, so no position ever needs a map.
import { fork, spawnSync } from "node:child_process"
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join, relative, sep } from "node:path"
import { pathToFileURL } from "node:url"
import { filesOf } from "../../scripts/files.ts"

const root = join(import.meta.dirname, "../..")
const support = import.meta.dirname

export interface Snippet {
  /** Where it stands, relative to the root. */
  readonly file: string
  /** The line of its first line of code. */
  readonly line: number
  readonly code: string
  readonly kind: "program" | "suite" | "no-run"
}

/** A problem of a snippet, as text that starts with `file:line`. */
export type Problem = string

/** Markdown in which everything but the text of docblocks has become an empty line. */
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

/** The snippets of a text, which is Markdown or, if the file's name ends in `.ts`, TypeScript with docblocks. */
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

/** The snippets of all files that match the patterns. */
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

/** The code with every `expression // => text` turned into an assertion, line for line. */
export const withAssertions = ({ code, file, line }: Snippet): string => {
  const lines = code.split("\n")
  for (let i = 0; i < lines.length; i++) {
    const [, body, text = ""] = /^(.*?)\s*\/\/ => (.*)$/.exec(lines[i] ?? "") ?? []
    if (body === undefined) continue
    if (body.trim() === "")
      throw new Error(`${file}:${line + i} a "// =>" belongs behind the expression, on its last line`)
    const start = startOf(lines, i)
    lines[i] = `${body.replace(/;$/, "")})`
    // What is printed is asserted instead: `console.log(a)` gives its closing parenthesis to the assertion.
    const print = /^(\s*)(?:console\.log|yield\* Console\.log)\(/
    if (print.test(lines[start] ?? "")) lines[i] = body.replace(/;$/, "")
    const before = print.test(lines[start] ?? "") ? print : /^(\s*(?:(?:export )?(?:const|let) [^=]+= )?)/
    lines[start] = (lines[start] ?? "").replace(before, (_, kept) => `${kept}shown(${JSON.stringify(text)}, `)
  }
  return lines.join("\n")
}

/** Snippets written to a folder, ready to be compiled and run. */
export class Written {
  readonly directory: string
  readonly snippets: ReadonlyArray<Snippet>

  /** The name is that of a folder in `test/.snippets`. */
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
      const header = `import { shown } from "../../support/shown.ts"${"\n".repeat(snippet.line - 1)}`
      writeFileSync(this.path(snippet), `${header}${withAssertions(snippet)}\n`)
    }
  }

  private path({ file, line }: Snippet): string {
    return join(this.directory, `${file.replaceAll("/", "__")}.${line}.ts`)
  }

  /** Says `README.md:7` where a message says something like `test/.snippets/docs/README.md.5.ts:7`. */
  private placed(message: string): string {
    return this.snippets.reduce((text, snippet) => {
      const path = this.path(snippet)
      return text.replaceAll(pathToFileURL(path).href, snippet.file).replaceAll(path, snippet.file)
    }, message)
  }

  /** Loads the tests that a snippet declares; to be called where tests are declared. */
  declareTests(snippet: Snippet): Promise<unknown> {
    return import(pathToFileURL(this.path(snippet)).href)
  }

  /** The errors of the compiler, by snippet. */
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
    // Errors elsewhere are for `tsc -b` to report, but a compiler that could not even start must not pass for silence.
    if (status !== 0 && !/\(\d+,\d+\): error/.test(stdout)) throw new Error(`tsc failed: ${stdout}`)
    return problems
  }

  /** What went wrong in the programs, by snippet. One process runs them all, one after the other. */
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
        if (error !== undefined) problems.set(snippet, `${snippet.file}:${snippet.line} failed: ${this.placed(error)}`)
      })
      child.on("close", () => {
        for (const snippet of missing) problems.set(snippet, `${snippet.file}:${snippet.line} was not reached`)
        resolve(problems)
      })
    })
  }
}
