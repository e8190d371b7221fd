/**
 * The first program of a README, and the commands above it.
 */

export interface FirstProgram {
  /** The commands that install what it needs. */
  readonly install: ReadonlyArray<string>
  /** The command that runs it. */
  readonly run: string
  /** The file that the command runs. */
  readonly file: string
  readonly code: string
  /** What it prints, as its comments say. */
  readonly prints: ReadonlyArray<string>
}

/** Returns the first program of a README: a `sh` fence that installs and runs it, then the program in a `ts` fence. */
export const firstProgramOf = (page: string): FirstProgram => {
  const [, shell = "", after = ""] = /^```sh\n(npm install [^]*?)^```$([^]*)/m.exec(page) ?? []
  const [, code = ""] = /^```ts\n([^]*?)^```$/m.exec(after) ?? []
  const lines = shell.split("\n").map((line) => line.replace(/ +#.*$/, ""))
  const run = lines.find((line) => line !== "" && !line.startsWith("npm install")) ?? ""
  const [file] = /\S+\.m?ts$/.exec(run) ?? []
  if (file === undefined || code === "") throw new Error("The README has no commands that install and run a program.")
  return {
    install: lines.filter((line) => line.startsWith("npm install")),
    run,
    file,
    code,
    prints: [...code.matchAll(/^ *console\.log\(.*\/\/ => (.*)$/gm)].map(([, text = ""]) => text)
  }
}
