/**
 * Installs the packed packages outside the workspace and uses them on every runtime: `npx -y pnpm@12.21.0
 * check:runtimes`. Names select platforms, such as `bun typescript-5.9`. The exit code is 1 if anything fails.
 */
import { mkdtempSync, realpathSync, rmSync } from "node:fs"
import { availableParallelism, tmpdir } from "node:os"
import { join } from "node:path"
import { packAll } from "../../scripts/publish/release.ts"
import { install } from "./consumer.ts"
import { compile } from "./compile.ts"
import { type Outcome, type Place, runPlatform } from "./run.ts"
import { checks, checksOf, compilers, platforms } from "./platforms.ts"

interface Line {
  readonly name: string
  readonly version: string
  readonly run: (place: Place) => Promise<ReadonlyArray<string>>
}

const problems: Array<string> = []
let skips = 0

const cellsOf = (name: string, outcome: Outcome, wanted: ReadonlyArray<string>): ReadonlyArray<string> => {
  if (outcome.kind === "skipped") {
    skips += 1
    return [...checks.map((check) => (wanted.includes(check) ? "skipped" : "-")), "-", outcome.reason]
  }
  if (outcome.kind === "failed") problems.push(`${name}: ${outcome.reason}`)
  const cells = checks.map((check) => {
    if (!wanted.includes(check)) return "-"
    if (outcome.kind === "failed") return "FAILED"
    const report = outcome.reports[check] ?? "was not reported"
    if (report === "done") return "yes"
    problems.push(`${name}: ${check}: ${report}`)
    return "FAILED"
  })
  return [...cells, "-"]
}

const lines: ReadonlyArray<Line> = [
  ...platforms.map((platform) => ({
    name: platform.name,
    version: platform.version ?? "",
    run: async (place: Place) => cellsOf(platform.name, await runPlatform(platform, place), checksOf(platform))
  })),
  ...compilers.map(({ name, version }) => ({
    name,
    version,
    run: async (place: Place) => {
      const found = await compile(name, place)
      problems.push(...found.map((problem) => `${name}: types: ${problem}`))
      return [...checks.map(() => "-"), found.length === 0 ? "yes" : "FAILED"]
    }
  }))
]

// `pnpm check:runtimes -- bun` passes the dashes on.
const names = process.argv.slice(2).filter((argument) => argument !== "--")
const unknown = names.filter((name) => !lines.some((line) => line.name === name))
if (unknown.length > 0) {
  throw new Error(`There is no ${unknown.join(", ")}. The platforms are ${lines.map(({ name }) => name).join(", ")}.`)
}

const begin = performance.now()
// Deno compares paths after it followed links, and on macOS the folder for temporary files is one.
const folder = realpathSync(mkdtempSync(join(tmpdir(), "palomma-platforms-")))
try {
  const packed = packAll(join(folder, "packages"))
  const tarballs = Object.fromEntries(packed.map(({ name, tarball }) => [name, tarball]))
  const project = join(folder, "project")
  await install("pnpm", project, tarballs)
  const place = { folder, project, tarballs }

  const show = (cells: ReadonlyArray<string>) =>
    console.log(
      cells
        .map((cell, i) => cell.padEnd([15, 15, 9, 9, 9, 9, 8][i] ?? 0))
        .join("")
        .trimEnd()
    )
  show(["platform", "version", ...checks, "types"])
  const waiting = lines.filter(({ name }) => names.length === 0 || names.includes(name))
  const total = waiting.length
  const work = async (): Promise<void> => {
    for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) {
      show([line.name, line.version, ...(await line.run(place))])
    }
  }
  // Half of the time a platform waits: for a process to start, for an installation.
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, work))
  const seconds = ((performance.now() - begin) / 1000).toFixed(0)
  console.log(`\n${total} platforms, ${skips} of them skipped, ${problems.length} problems, in ${seconds} s.`)
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}

if (problems.length > 0) {
  console.error(problems.join("\n"))
  process.exitCode = 1
}
