// Prints how many lines of code each package has, and fails if a module has more than 400. Lists of enum values,
// comments and blank lines do not count.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { filesOf } from "./files.ts"

const root = join(import.meta.dirname, "..")

const withoutComments = (source: string): string =>
  source.replace(/^\s*\/\*[^]*?\*\//gm, "").replace(/^\s*\/\/.*$/gm, "")

/** Whether a line contains only text and punctuation: `"kuna"`, `kuna: "Kuna",` or `["kuna", "Kuna"],`. */
const isEntry = (line: string): boolean =>
  /^[\s[\]{}(),:]*$/.test(line.replace(/"[^"]*"|[\w$]+(?=:)/g, "")) && line.includes('"')

const count = (source: string): number => {
  const lines = withoutComments(source)
    .split("\n")
    .filter((line) => line.trim() !== "")
  // At least five entries in a row are a list of enum values.
  const run = (at: number, step: 1 | -1): number => {
    const line = lines[at]
    return line !== undefined && isEntry(line) ? 1 + run(at + step, step) : 0
  }
  return lines.filter((_, i) => run(i, 1) === 0 || run(i, -1) + run(i, 1) - 1 < 5).length
}

const limit = 400

for (const directory of filesOf(root, "packages/*/package.json").map((file) => file.replace("package.json", "src"))) {
  const modules = filesOf(join(root, directory), "**/*.ts").map((file) => ({
    file: `${directory}/${file}`,
    lines: count(readFileSync(join(root, directory, file), "utf8"))
  }))
  const lines = modules.reduce((sum, one) => sum + one.lines, 0)
  console.log(`${directory}: ${lines} lines in ${modules.length} modules`)
  for (const one of modules.filter(({ lines }) => lines > limit)) {
    console.log(`  ${one.file} has ${one.lines} lines, and the limit is ${limit}: split it.`)
    process.exitCode = 1
  }
}
