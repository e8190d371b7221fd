/**
 * The published packages, and a function that packs one.
 */
import { execSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { filesOf } from "./files.ts"

/** The fields of a `package.json` that scripts read. */
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

/** Returns the folders of the published packages. */
export const published = (): ReadonlyArray<string> =>
  filesOf(root, "packages/*/package.json")
    .map((file) => join(root, dirname(file)))
    .filter((directory) => readManifest(directory).private !== true)

/** Returns the names of those folders under `packages`, such as `client`. */
export const publishedFolders = (): ReadonlyArray<string> => published().map((directory) => basename(directory))

/** Packs a package as for publishing. It throws the output of pnpm if that fails. */
export const pack = (directory: string, tarball: string): void => {
  // In a shell, since on Windows npx is a script, which only a shell can start.
  const command = `npx -y ${readManifest(root).packageManager} pack --out "${tarball}"`
  execSync(command, { cwd: directory, encoding: "utf8", stdio: "pipe" })
}
