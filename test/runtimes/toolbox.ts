/**
 * The runtimes and tools of `package.json` beside this file, which names each version once. They take a gigabyte, so
 * they are installed outside the workspace, and only if a command needs them.
 */
import { join } from "node:path"
import { readManifest } from "../../scripts/packages.ts"
import { installTools } from "../../scripts/tools.ts"

/** Installs the tools unless they are there, and returns their `node_modules`. */
export const toolbox = (): string => installTools(import.meta.dirname)

interface Binary {
  /** The names of its package by `process.arch`. */
  readonly packages: Readonly<Record<string, string>>
  /** The path in the package. */
  readonly path: string
  /** The arguments before a script. */
  readonly args: ReadonlyArray<string>
}

const node = (line: string): Binary => ({
  packages: { x64: `node-${line}-x64`, arm64: `node-${line}-arm64` },
  path: "bin/node",
  args: []
})

const binaries = {
  "node-22.19": node("22.19"),
  "node-22": node("22"),
  "node-26": node("26"),
  bun: { packages: { x64: "@oven/bun-linux-x64", arm64: "@oven/bun-linux-aarch64" }, path: "bin/bun", args: [] },
  deno: {
    packages: { x64: "@deno/linux-x64-glibc" },
    path: "deno",
    args: ["run", "--allow-all", "--no-check", "--quiet"]
  },
  workerd: {
    packages: { x64: "@cloudflare/workerd-linux-64", arm64: "@cloudflare/workerd-linux-arm64" },
    path: "bin/workerd",
    args: []
  }
} as const satisfies Readonly<Record<string, Binary>>

/** A runtime that the toolbox has, for Linux only. */
export type Runtime = keyof typeof binaries

export const isRuntime = (name: string): name is Runtime => Object.hasOwn(binaries, name)

/** How to start a runtime: its binary and the arguments before a script. */
export interface Start {
  readonly binary: string
  readonly args: ReadonlyArray<string>
}

/** Returns how to start a runtime, or `undefined` if there is no binary for this system. */
export const startOf = (name: Runtime): Start | undefined => {
  const { args, packages, path }: Binary = binaries[name]
  const found = process.platform === "linux" ? packages[process.arch] : undefined
  return found === undefined ? undefined : { binary: join(toolbox(), found, path), args }
}

const exact = (specifier: string): string => specifier.slice(specifier.lastIndexOf("@") + 1)

/** Returns the version of a runtime or a tool. */
export const versionOf = (name: string): string => {
  const { dependencies = {}, optionalDependencies = {} } = readManifest(import.meta.dirname)
  const specifier =
    dependencies[name] ?? (isRuntime(name) ? optionalDependencies[binaries[name].packages.x64] : undefined)
  if (specifier === undefined) throw new Error(`${name} is not in test/runtimes/package.json`)
  return exact(specifier)
}
