// Changes the code in small ways, one at a time, and fails if the tests do not detect it: `mutants [files...]`. It
// works in a copy of the tree, so it can run beside other work, and several times concurrently with different files.
import { spawn } from "node:child_process"
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { basename, dirname, join, matchesGlob, sep } from "node:path"
import { parseArgs } from "node:util"
import { filesOf } from "../../scripts/files.ts"
import { judge, type Mutant, mutantsOf, type Report, withSecondRun } from "./judge.ts"
import { mostListed, otherTests, type Part, scope } from "./scope.ts"
import { survivors } from "./survivors.ts"

const root = join(import.meta.dirname, "../..")
const require = createRequire(import.meta.url)

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    /** How many mutants are tested concurrently. */
    concurrency: { type: "string", default: "2" },
    /** Test files to use instead of those in `scope.ts`, as a glob. The option can be repeated. */
    tests: { type: "string", multiple: true }
  }
})

const partsOf = (files: ReadonlyArray<string>): ReadonlyArray<Part> => {
  const known = scope.map((part) => ({
    files: files.filter((file) => part.files.some((glob) => matchesGlob(file, glob))),
    tests: part.tests
  }))
  const others = files.filter((file) => !known.some((part) => part.files.includes(file)))
  return [...known, { files: others, tests: otherTests }]
    .filter((part) => part.files.length > 0)
    .map((part) => ({ files: part.files, tests: values.tests ?? part.tests }))
}

const copyTree = (copy: string): void => {
  const left = new Set(["node_modules", "dist", ".git", ".snippets", "coverage"])
  cpSync(root, copy, { recursive: true, verbatimSymlinks: true, filter: (source) => !left.has(basename(source)) })
  // The packages of the workspace find each other by relative links, which lead to the copy. The other packages are
  // shared.
  for (const modules of filesOf(root, "{packages/*,examples,test}/node_modules")) {
    cpSync(join(root, modules), join(copy, modules), { recursive: true, verbatimSymlinks: true })
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "junction")
}

/** The test files in their order of execution: the order of the globs, and the small ones of each first. */
const inOrder = (globs: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...new Set(
    globs.flatMap((glob) =>
      [...filesOf(root, glob)].sort((a, b) => statSync(join(root, a)).size - statSync(join(root, b)).size)
    )
  )
]

// The first failing test ends the run of a mutant, so the order decides how long it takes. Slow files run last, except
// those that detected a mutant recently: the next mutant is close to it. Files without a result run in the order of the
// globs.
const vitestConfig = (copy: string, tests: ReadonlyArray<string>): string => {
  const inCopy = tests.map((test) => join(copy, test).split(sep).join("/"))
  return `
import { BaseSequencer } from "vitest/node"
import base from "./vitest.config.ts"

const tests = ${JSON.stringify(inCopy)}

class QuickestFirst extends BaseSequencer {
  async sort(files) {
    const cost = (file) => {
      const known = this.ctx.cache.getTestSpecificationResult(file)
      return known === undefined ? tests.indexOf(file.moduleId) : known.failed ? known.duration / 10 : known.duration
    }
    const costs = new Map(files.map((file) => [file, cost(file)]))
    return [...files].sort((a, b) => costs.get(a) - costs.get(b))
  }
}

export default {
  ...base,
  cacheDir: ${JSON.stringify(join(copy, ".vite"))},
  test: {
    ...base.test,
    include: tests,
    sequence: { sequencer: QuickestFirst },
    // A test that hangs has noticed. No test of a call takes seconds, even on a busy machine.
    testTimeout: 10_000
  }
}
`
}

class StrykerFailed extends Error {}

/** Runs Stryker in the copy for some files, or for ranges of them. */
const stryker = (
  copy: string,
  mutate: ReadonlyArray<string>,
  tests: ReadonlyArray<string>,
  coverageAnalysis: "perTest" | "off"
): Promise<Report> => {
  const vitest = join(copy, "vitest.mutants.config.ts")
  writeFileSync(vitest, vitestConfig(copy, tests))
  const fileName = join(copy, "mutants.json")
  const config = join(copy, "stryker.config.json")
  writeFileSync(
    config,
    JSON.stringify({
      mutate,
      inPlace: true,
      testRunner: "vitest",
      plugins: [require.resolve("@stryker-mutator/vitest-runner")],
      vitest: { configFile: vitest, related: false },
      coverageAnalysis,
      // A slow machine must not make a survivor look like a mutant that never ends.
      timeoutMS: 10_000,
      timeoutFactor: 3,
      dryRunTimeoutMinutes: 20,
      concurrency: Number(values.concurrency),
      disableTypeChecks: false,
      allowEmpty: true,
      reporters: ["json", "progress-append-only"],
      jsonReporter: { fileName },
      tempDirName: ".stryker",
      logLevel: "warn",
      warnings: { slow: false },
      allowConsoleColors: false
    })
  )
  rmSync(fileName, { force: true })
  const bin = join(dirname(require.resolve("@stryker-mutator/core/package.json")), "bin/stryker.js")
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [bin, "run", config], { cwd: copy, stdio: "inherit" })
    child.on("error", failed)
    child.on("exit", (code, signal) => {
      if (code !== 0) failed(new StrykerFailed(`Stryker ended with ${code ?? signal}: what it printed says why`))
      else done(JSON.parse(readFileSync(fileName, "utf8")))
    })
  })
}

const run = async (copy: string, part: Part): Promise<ReadonlyArray<Mutant>> => {
  const tests = inOrder(part.tests)
  const first = mutantsOf(await stryker(copy, part.files, tests, "perTest"))
  const open = judge(first, survivors, part.files).unlisted
  if (open.length === 0) return first
  // Stryker finds out which tests reach a mutant in one run in which the tests share their modules, so code that runs
  // once in a module is assigned to the first test only. Survivors are therefore tested again with every test.
  console.log(`${open.length} survived, and are tried again with every test`)
  return withSecondRun(
    first,
    mutantsOf(
      await stryker(
        copy,
        open.map(({ range }) => range),
        tests,
        "off"
      )
    )
  )
}

const named = (mutant: Mutant): string =>
  `${mutant.file}:${mutant.lineNumber} ${mutant.original} -> ${mutant.replacement}`

const report = (mutants: ReadonlyArray<Mutant>, files: ReadonlyArray<string>): ReadonlyArray<string> => {
  const { gone, killed, listed, unlisted } = judge(mutants, survivors, files)
  for (const file of files) {
    const own = mutants.filter((mutant) => mutant.file === file)
    const alive = own.filter((mutant) => mutant.fate === "survived").length
    console.log(`${file}: ${own.length} mutants, ${own.length - alive} noticed, ${alive} survived`)
  }
  for (const mutant of mutants.filter((one) => one.fate === "never ended")) console.log(`never ended: ${named(mutant)}`)
  for (const { fate: _fate, lineNumber, range: _range, ...entry } of unlisted) {
    console.log(`\nsurvived, and is not listed, on line ${lineNumber}:`)
    console.log(JSON.stringify({ ...entry, reason: "no input can tell, since …" }, null, 2))
  }
  const problems: Array<string> = []
  if (unlisted.length > 0) problems.push(`${unlisted.length} survived that are not listed: test what they change`)
  for (const { line, replacement, file } of killed) {
    problems.push(`a test notices ${file}: ${line} -> ${replacement}: take it off the list`)
  }
  for (const { line, replacement, file } of gone) {
    problems.push(`there is no ${file}: ${line} -> ${replacement} any more: take it off the list`)
  }
  const share = listed.length / Math.max(1, mutants.length)
  console.log(`\n${mutants.length} mutants, ${listed.length} of them listed (${(100 * share).toFixed(1)} %)`)
  // A single file may need more. The limit is for all files together.
  if (positionals.length === 0 && share > mostListed) problems.push(`more than ${100 * mostListed} % are listed`)
  return problems
}

const globs = positionals.length === 0 ? scope.flatMap((part) => part.files) : positionals
const files = [...new Set(globs.flatMap((glob) => filesOf(root, glob)))].filter((file) => file.endsWith(".ts"))
if (files.length === 0) throw new Error(`no file is named ${globs.join(" or ")}`)

const copy = mkdtempSync(join(tmpdir(), "palomma-mutants-"))
const cleanUp = () => rmSync(copy, { recursive: true, force: true })
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    cleanUp()
    process.exit(1)
  })
}
try {
  copyTree(copy)
  const mutants: Array<Mutant> = []
  for (const part of partsOf(files)) mutants.push(...(await run(copy, part)))
  const problems = report(mutants, files)
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
} catch (error) {
  console.error(error instanceof StrykerFailed ? error.message : error)
  process.exitCode = 1
} finally {
  cleanUp()
}
