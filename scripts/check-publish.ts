// Publishes what a release publishes to a registry on this machine. Then, for each README, it runs the commands and the
// first program as a reader does, in an empty folder, and follows the links of what npm installed.
import { execSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, relative, sep } from "node:path"
import { isDeepStrictEqual } from "node:util"
import { npm } from "./commands.ts"
import { type Manifest, published, readManifest, root } from "./packages.ts"
import { firstProgramOf } from "./publish/firstProgram.ts"
import { linkProblems } from "./publish/links.ts"
import { startRegistry } from "./publish/registry.ts"
import { packAll } from "./publish/release.ts"
import { fieldsOf, ownRepository } from "./publish/repository.ts"

// A release needs a repository, and this one has no public one yet.
const repository = ownRepository() ?? { page: "https://example.com/owner/name" }

const temp = mkdtempSync(join(tmpdir(), "palomma-publish-"))
const problems: Array<string> = []

/** Runs the commands and the first program of a README in an empty folder, and returns the folder. */
const follow = (page: string, env: NodeJS.ProcessEnv): string => {
  const folder = join(temp, "users", page.replace(/\W/g, "-"))
  mkdirSync(folder, { recursive: true })
  // In a shell, as a reader types it.
  const execute = (line: string): string => execSync(line, { cwd: folder, encoding: "utf8", env, stdio: "pipe" })
  try {
    const { code, file, install, prints, run } = firstProgramOf(readFileSync(join(root, page), "utf8"))
    for (const line of install) execute(line)
    writeFileSync(join(folder, file), code)
    const output = execute(run)
    if (prints.length > 0 && output.trim() !== prints.join("\n"))
      problems.push(`${page}: ${file} prints\n${output}instead of\n${prints.join("\n")}`)
    console.log(`${page}: ${[...install, run].join(", ")}`)
  } catch (error) {
    // The message of a command that failed includes what it wrote to its standard error.
    const output = typeof error === "object" && error !== null && "stdout" in error ? String(error.stdout) : ""
    problems.push(`${page}: ${String(error)}\n${output}`)
  }
  return folder
}

const checkInstalled = (installed: string, directory: string): void => {
  const manifest: Manifest = readManifest(installed)
  const expected = fieldsOf(repository, directory, manifest.version)
  const { bugs, homepage, repository: named } = manifest
  if (!isDeepStrictEqual({ repository: named, homepage, bugs }, expected))
    problems.push(`${manifest.name}: its package.json does not name the repository`)
  for (const problem of linkProblems(installed, manifest.version, repository))
    problems.push(`${manifest.name}: ${problem}`)
}

try {
  const packed = packAll(temp, repository)
  const registry = await startRegistry(temp)
  try {
    // Only a workflow can prove where a package comes from.
    for (const { tarball } of packed) npm(`publish "${tarball}" --provenance=false`, temp, registry.env)
    console.log(`published ${packed.map(({ name }) => name).join(", ")}`)

    follow("README.md", registry.env)
    for (const directory of published()) {
      const path = relative(root, directory).split(sep).join("/")
      const folder = follow(`${path}/README.md`, registry.env)
      checkInstalled(join(folder, "node_modules", readManifest(directory).name), path)
    }
  } finally {
    registry.stop()
  }
} finally {
  rmSync(temp, { recursive: true, force: true })
}

if (problems.length > 0) {
  console.error(problems.join("\n"))
  process.exitCode = 1
}
