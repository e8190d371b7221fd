/**
 * Projects outside the workspace that have installed the packed packages, as a user's project has.
 */
import * as ChildProcess from "node:child_process"
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { basename, join } from "node:path"
import { promisify } from "node:util"
import { parse } from "yaml"
import { pnpm } from "../../scripts/commands.ts"
import { filesOf } from "../../scripts/files.ts"
import { published, readManifest, root } from "../../scripts/packages.ts"
import { startOf, toolbox } from "./toolbox.ts"

const execFile = promisify(ChildProcess.execFile)

/** Runs a program to its end and returns what it printed. Fails with what it printed, if it fails. */
export const run = async (binary: string, args: ReadonlyArray<string>, cwd: string): Promise<string> => {
  const options = { cwd, encoding: "utf8", timeout: 300_000, maxBuffer: 1 << 26 } as const
  const { stdout } = await execFile(binary, args, options).catch((error: unknown) => {
    const { stderr = "", stdout = "" } = error as { readonly stdout?: string; readonly stderr?: string }
    throw new Error(`${basename(binary)} ${args.join(" ")} failed:\n${stdout}${stderr}`, { cause: error })
  })
  return stdout
}

interface Workspace {
  readonly catalog: Readonly<Record<string, string>>
}

/** The tarballs of all packages by name. */
export type Tarballs = Readonly<Record<string, string>>

/** The packages of the registry that a project needs, at the versions of the workspace. */
const dependencies = (): Readonly<Record<string, string>> => {
  const { catalog }: Workspace = parse(readFileSync(join(root, "pnpm-workspace.yaml"), "utf8"))
  const { devDependencies }: { readonly devDependencies: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8")
  )
  return {
    effect: catalog["effect"] ?? "",
    "fast-check": catalog["fast-check"] ?? "",
    "@types/node": devDependencies["@types/node"] ?? ""
  }
}

const openModules = (directory: string): ReadonlyArray<string> => {
  const { exports = {}, name } = readManifest(directory)
  return filesOf(join(directory, "src"), "*.ts")
    .map((file) => file.slice(0, -".ts".length))
    .filter((module) => module === "index" || exports[`./${module}`] !== null)
    .map((module) => (module === "index" ? name : `${name}/${module}`))
}

/** Makes a project that depends on the tarballs, with the programs and a module that exports everything. */
const makeProject = (folder: string, tarballs: Tarballs): void => {
  mkdirSync(folder)
  const files = Object.fromEntries(Object.entries(tarballs).map(([name, tarball]) => [name, `file:${tarball}`]))
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "consumer", private: true, type: "module", dependencies: { ...dependencies(), ...files } })
  )
  // The packages depend on each other by versions that are not published yet.
  const overrides = Object.entries(files).map(([name, file]) => `  ${JSON.stringify(name)}: ${JSON.stringify(file)}\n`)
  writeFileSync(join(folder, "pnpm-workspace.yaml"), `overrides:\n${overrides.join("")}`)
  cpSync(join(import.meta.dirname, "programs"), join(folder, "programs"), { recursive: true })
  const modules = published().flatMap(openModules)
  const text = modules.map((module, i) => `export * as _${i} from "${module}"\n`).join("")
  writeFileSync(join(folder, "programs/everything.ts"), text)
}

/** Makes a project and installs its dependencies, without any install script. */
export const install = async (manager: "pnpm" | "npm" | "bun", folder: string, tarballs: Tarballs): Promise<void> => {
  makeProject(folder, tarballs)
  if (manager === "pnpm") {
    pnpm("install --ignore-scripts --no-frozen-lockfile", folder)
    return
  }
  if (manager === "npm") {
    const npm = join(toolbox(), "npm/bin/npm-cli.js")
    const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"]
    await run(process.execPath, [npm, "install", ...options], folder)
    return
  }
  const bun = startOf("bun")
  if (bun === undefined) throw new Error("there is no Bun for this system")
  await run(bun.binary, ["install", "--ignore-scripts", "--no-progress"], folder)
}
