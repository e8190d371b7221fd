/**
 * The published packages.
 */
import { readFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { filesOf } from "./files.ts"

/** The fields of a `package.json` that scripts read. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly description?: string
  readonly keywords?: ReadonlyArray<string>
  /** In the root `package.json` only. `scripts/publish` writes those of the published packages. */
  readonly repository?: unknown
  readonly homepage?: string
  readonly bugs?: unknown
  readonly files?: ReadonlyArray<string>
  readonly publishConfig?: Readonly<Record<string, unknown>>
  readonly private?: boolean
  readonly packageManager?: string
  readonly engines?: { readonly node?: string }
  readonly bin?: Record<string, string>
  readonly exports?: Record<string, unknown>
  readonly dependencies?: Record<string, string>
  readonly optionalDependencies?: Record<string, string>
  readonly peerDependencies?: Record<string, string>
  readonly peerDependenciesMeta?: Record<string, { readonly optional?: boolean }>
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
