/**
 * Checks the links of a published package.
 */
import { existsSync, readFileSync, statSync } from "node:fs"
import { join, posix } from "node:path"
import { filesOf } from "../files.ts"
import { anchorsOf, isUrl, linksOf, otherLinksOf } from "../markdown.ts"
import { root } from "../packages.ts"
import { type Repository, urlOf } from "./repository.ts"

const hasAnchor = (file: string, anchor: string): boolean =>
  anchor === "" || (file.endsWith(".md") && anchorsOf(readFileSync(file, "utf8")).includes(anchor))

/** Returns the problem of a URL of the repository: each must be a file or a folder of this version. */
const problemOfUrl = (url: string, version: string, repository: Repository): string | undefined => {
  const kind = url.startsWith(urlOf(repository, "file", version)) ? "file" : "folder"
  const start = urlOf(repository, kind, version)
  if (!url.startsWith(start)) return `is not a URL of v${version}`
  const [path = "", anchor = ""] = url.slice(start.length).split("#")
  const file = join(root, path)
  if (!existsSync(file) || statSync(file).isDirectory() !== (kind === "folder"))
    return `is no ${kind} of the repository`
  return hasAnchor(file, anchor) ? undefined : `has no heading for #${anchor}`
}

/** Returns the problem of a path: each must lead to a file of the package. */
const problemOfPath = (folder: string, page: string, target: string): string | undefined => {
  const [path = "", anchor = ""] = target.split("#")
  const inside = path === "" ? page : posix.join(posix.dirname(page), path)
  if (inside.startsWith("..")) return "leaves the package"
  if (!existsSync(join(folder, inside))) return "does not exist in the package"
  return hasAnchor(join(folder, inside), anchor) ? undefined : `has no heading for #${anchor}`
}

/** Returns the problems of all links in the pages of a package, which is in a folder as npm installs it. */
export const linkProblems = (
  folder: string,
  version: string,
  repository: Repository | undefined
): ReadonlyArray<string> =>
  filesOf(folder, "*.md", "docs/**/*.md", "examples/*.md").flatMap((page) => {
    const text = readFileSync(join(folder, page), "utf8")
    const unchecked = otherLinksOf(text).map((link) => `${page}: ${link} is a link of a form that is not checked`)
    const wrong = linksOf(text).flatMap(({ target }) => {
      const isOwn = repository !== undefined && `${target}/`.startsWith(`${repository.page}/`)
      const problem = isUrl(target)
        ? isOwn
          ? problemOfUrl(target, version, repository)
          : undefined
        : repository !== undefined && !/^(docs|examples)\//.test(page) && !target.startsWith("#")
          ? "is relative: npm looks for it in the repository"
          : problemOfPath(folder, page, target)
      return problem === undefined ? [] : [`${page}: ${target} ${problem}`]
    })
    return [...unchecked, ...wrong]
  })
