/**
 * What is released: which packages, in which order, and what must be true before.
 */
import { mkdirSync } from "node:fs"
import { basename, join, resolve } from "node:path"
import { filesOf } from "../files.ts"
import { published, readManifest, root } from "../packages.ts"
import { pack } from "./pack.ts"
import { ownRepository, type Repository } from "./repository.ts"

interface Release {
  readonly tag: string
  readonly packages: ReadonlyArray<{ readonly name: string; readonly version: string }>
  /** The changesets whose changes are in no changelog yet. */
  readonly changesets: ReadonlyArray<string>
  readonly repository: Repository | undefined
}

/** Returns the reasons not to release, none if it can be released. */
export const obstacles = ({ changesets, packages, repository, tag }: Release): ReadonlyArray<string> => [
  ...(repository === undefined
    ? ['the root package.json has no "repository": set it to the URL of the repository, "https://…/….git"']
    : []),
  ...packages.flatMap(({ name, version }) =>
    tag === `v${version}` ? [] : [`${name} is at ${version}, not at ${tag}`]
  ),
  ...changesets.map((file) => `${file} is not part of a version yet: run \`changeset version\``)
]

/** Returns the changesets of the repository. */
export const changesets = (): ReadonlyArray<string> =>
  filesOf(root, ".changeset/*.md").filter((file) => basename(file) !== "README.md")

/** Returns the folders of the published packages, each after the packages that it depends on. */
const inOrder = (): ReadonlyArray<string> => {
  const folders = new Map(published().map((folder) => [readManifest(folder).name, folder]))
  const depth = (folder: string | undefined): number => {
    const { dependencies = {} } = folder === undefined ? {} : readManifest(folder)
    return Object.keys(dependencies).reduce((deepest, name) => Math.max(deepest, 1 + depth(folders.get(name))), 0)
  }
  return [...folders.values()].toSorted((a, b) => depth(a) - depth(b))
}

export interface Packed {
  readonly name: string
  /** The folder of its sources. */
  readonly directory: string
  readonly tarball: string
}

/** Packs all packages into a new folder, and returns them in the order in which they can be published. */
export const packAll = (folder: string, repository = ownRepository()): ReadonlyArray<Packed> => {
  mkdirSync(folder, { recursive: true })
  return inOrder().map((directory, i) => {
    const tarball = resolve(join(folder, `${i + 1}-${basename(directory)}.tgz`))
    pack(directory, tarball, repository)
    return { name: readManifest(directory).name, directory, tarball }
  })
}
