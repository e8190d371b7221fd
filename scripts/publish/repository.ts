/**
 * The public repository, which the field `repository` of the root `package.json` names once. Every published package
 * gets its fields and its links from it.
 */
import { type Manifest, readManifest, root } from "../packages.ts"

export interface Repository {
  /** Its page, such as `https://example.com/owner/name`. */
  readonly page: string
}

/** Returns the repository that a `package.json` names, if it names one. */
export const repositoryOf = ({ repository }: Pick<Manifest, "repository">): Repository | undefined => {
  if (repository === undefined) return undefined
  const [, page] =
    (typeof repository === "string" && /^(https:\/\/[\w.-]+\/[\w.-]+\/[\w.-]+?)\.git$/.exec(repository)) || []
  if (page === undefined) throw new Error('"repository" must be a text such as "https://example.com/owner/name.git".')
  return { page }
}

/** Returns the repository that the root `package.json` names, if it names one. */
export const ownRepository = (): Repository | undefined => repositoryOf(readManifest(root))

/** Returns the fields of a published `package.json` that name the repository. npm requires them for a provenance. */
export const fieldsOf = ({ page }: Repository, directory: string, version: string) => ({
  repository: { type: "git", url: `git+${page}.git`, directory },
  homepage: `${page}/tree/v${version}/${directory}#readme`,
  bugs: { url: `${page}/issues` }
})

/** Returns the beginning of the URL of a file or a folder in a version. */
export const urlOf = ({ page }: Repository, kind: "file" | "folder", version: string): string =>
  `${page}/${kind === "file" ? "blob" : "tree"}/v${version}/`
