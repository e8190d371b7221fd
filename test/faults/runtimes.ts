/** Further runtimes for the matrix, beside the workspace's own, at the versions for which it holds. */
import { execFileSync, spawnSync } from "node:child_process"
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const isArm = process.arch === "arm64"
const node = `node-linux-${isArm ? "arm64" : "x64"}`
const bun = `@oven/bun-linux-${isArm ? "aarch64" : "x64"}`
const deno = `@deno/linux-${isArm ? "arm64" : "x64"}-glibc`

interface Runtime {
  readonly package: string
  readonly version: string
  /** The path of the binary in the package. */
  readonly binary: string
  /** Its arguments before the script. */
  readonly args?: ReadonlyArray<string>
}

const runtimes: { readonly [name: string]: Runtime } = {
  "node-22": { package: node, version: "22.23.3", binary: "bin/node" },
  "node-26": { package: node, version: "26.10.0", binary: "bin/node" },
  bun: { package: bun, version: "1.4.5", binary: "bin/bun" },
  deno: { package: deno, version: "2.9.6", binary: "deno", args: ["run", "--allow-all", "--no-check", "--quiet"] }
}

/** Installs a runtime outside the workspace unless it exists, and returns the path of its binary. */
const install = (name: string, runtime: Runtime): string => {
  const home = join(tmpdir(), "palomma-runtimes", `${name}-${runtime.version}`)
  const binary = join(home, "node_modules", runtime.package, runtime.binary)
  if (existsSync(binary)) return binary
  // Concurrent installations use separate temporary folders.
  const building = `${home}.${process.pid}`
  mkdirSync(building, { recursive: true })
  const options = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
  execFileSync("npm", ["install", "--prefix", building, ...options, `${runtime.package}@${runtime.version}`], {
    stdio: ["ignore", "ignore", "inherit"]
  })
  rmSync(home, { recursive: true, force: true })
  renameSync(building, home)
  return binary
}

/** Runs a script on another runtime, and returns its exit code. */
export const runOn = (name: string, script: string, args: ReadonlyArray<string>): number => {
  const runtime = runtimes[name]
  if (runtime === undefined) throw new Error(`--runtime is one of ${Object.keys(runtimes).join(", ")}.`)
  if (process.platform !== "linux") throw new Error("--runtime works on Linux only: only its binaries are listed here.")
  const all = [...(runtime.args ?? []), script, ...args]
  const { error, status } = spawnSync(install(name, runtime), all, { stdio: "inherit" })
  if (error !== undefined) throw error
  return status ?? 1
}
