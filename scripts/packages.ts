/**
 * The packages that are published, and how one is packed.
 */
import { execSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { filesOf } from "./files.ts"

/** What a `package.json` says. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly packageManager?: string
  readonly engines?: { readonly node?: string }
  readonly bin?: Record<string, string>
  readonly exports?: Record<string, unknown>
  readonly dependencies?: Record<string, string>
  readonly peerDependencies?: Record<string, string>
}

export const root = join(import.meta.dirname, "..")

export const readManifest = (directory: string): Manifest =>
  JSON.parse(readFileSync(join(directory, "package.json"), "utf8"))

/** The folders of the packages that are published. */
export const published = (): ReadonlyArray<string> =>
  filesOf(root, "packages/*/package.json")
    .map((file) => join(root, dirname(file)))
    .filter((directory) => readManifest(directory).private !== true)

/** Packs a package as it would be published. It throws what pnpm prints if that fails. */
export const pack = (directory: string, tarball: string): void => {
  // As a person types it: on Windows npx is not a program but a script, which only a shell can start.
  const command = `npx -y ${readManifest(root).packageManager} pack --out "${tarball}"`
  execSync(command, { cwd: directory, encoding: "utf8", stdio: "pipe" })
}
