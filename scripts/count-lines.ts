// Prints how many lines of `schema` and `client` there are to read: enum lists, comments and blank lines aside.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { filesOf } from "./files.ts"

const root = join(import.meta.dirname, "..")

const withoutComments = (source: string): string =>
  source.replace(/^\s*\/\*[^]*?\*\//gm, "").replace(/^\s*\/\/.*$/gm, "")

/** A line that holds nothing but text and its punctuation: `"kuna"`, `kuna: "Kuna",` or `["kuna", "Kuna"],`. */
const isEntry = (line: string): boolean =>
  /^[\s[\]{}(),:]*$/.test(line.replace(/"[^"]*"|[\w$]+(?=:)/g, "")) && line.includes('"')

const count = (source: string): number => {
  const lines = withoutComments(source)
    .split("\n")
    .filter((line) => line.trim() !== "")
  // Five entries in a row are an enum list; fewer may be anything.
  const run = (at: number, step: 1 | -1): number => {
    const line = lines[at]
    return line !== undefined && isEntry(line) ? 1 + run(at + step, step) : 0
  }
  return lines.filter((_, i) => run(i, 1) === 0 || run(i, -1) + run(i, 1) - 1 < 5).length
}

let total = 0
for (const name of ["schema", "client"]) {
  const src = join(root, "packages", name, "src")
  const counted = filesOf(src, "**/*.ts").map((file) => ({
    file,
    lines: count(readFileSync(join(src, file), "utf8"))
  }))
  const lines = counted.reduce((sum, one) => sum + one.lines, 0)
  console.log(`${name}: ${lines} lines in ${counted.length} modules`)
  for (const one of counted) {
    if (one.lines > 400) console.log(`  ${one.file} has ${one.lines}: more than the 400 a module should have`)
  }
  total += lines
}
console.log(`together: ${total} lines, of about 5000`)
