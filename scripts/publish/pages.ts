/**
 * The pages of a published package: its README, its changelog, and the guides that the README leads to, with links that
 * work on npm and in an installed package. The client has the examples too, which the guides name.
 *
 * npm resolves a relative link of a README against the repository, an editor against the installed package. So with a
 * repository the links of the README are URLs of the released version, and without one they lead to the guides in the
 * package. A guide is read in the package or in the repository, never on npm, so its links to guides and examples are
 * relative.
 */
import { existsSync, readFileSync, statSync } from "node:fs"
import { join, posix } from "node:path"
import { filesOf } from "../files.ts"
import { isUrl, linksOf, withLinks } from "../markdown.ts"
import { readManifest, root } from "../packages.ts"
import { type Repository, urlOf } from "./repository.ts"

const read = (path: string): string => readFileSync(join(root, path), "utf8")

/** Returns the path in the repository that a link of a page leads to, and the anchor with its `#`. */
const followed = (page: string, target: string): { readonly path: string; readonly anchor: string } => {
  const [, path = "", anchor = ""] = /^([^#]*)(.*)$/.exec(target) ?? []
  return { path: path === "" ? page : posix.join(posix.dirname(page), path), anchor }
}

const isGuide = (path: string): boolean => /^docs\/[^/]+\.md$/.test(path)

/** Returns the guides that some pages lead to, directly or through other guides. */
const guidesFrom = (pages: ReadonlyArray<string>): ReadonlySet<string> => {
  const found = new Set<string>()
  const visit = (page: string) => {
    for (const { target } of linksOf(read(page))) {
      const { path } = followed(page, target)
      if (isUrl(target) || !isGuide(path) || found.has(path)) continue
      found.add(path)
      visit(path)
    }
  }
  for (const page of pages) visit(page)
  return found
}

/** The package that has the examples. */
const exhibitor = "packages/client"

/** The examples with what they import, without their tests. */
const examples: ReadonlyArray<string> = [
  "examples/README.md",
  ...filesOf(root, "examples/src/**/*.ts").filter((file) => !file.endsWith(".test.ts"))
]

const nameOf = (directory: string): string => readManifest(join(root, directory)).name

/** Returns what stands instead of a link that leads nowhere: its text, and where a reader without the link finds it. */
const asText = (text: string, path: string): string => {
  const plain = text.replaceAll("`", "")
  if (/^packages\/[^/]+\/README\.md$/.test(path)) {
    const name = nameOf(posix.dirname(path))
    return plain === name ? text : `${text} (in the README of \`${name}\`)`
  }
  if (examples.includes(path)) return `${text} (in \`examples\` of \`${nameOf(exhibitor)}\`)`
  return `${text} (${plain === posix.basename(path) ? "" : `\`${path}\` `}in the repository)`
}

/** Returns the text of each page and example of the package in a folder such as `packages/client`, by its path there. */
export const pagesOf = (
  directory: string,
  version: string,
  repository: Repository | undefined
): ReadonlyMap<string, string> => {
  const own = ["README.md", "CHANGELOG.md"]
    .map((name) => `${directory}/${name}`)
    .filter((page) => existsSync(join(root, page)))
  const published = new Map([
    ...own.map((page): [string, string] => [page, posix.basename(page)]),
    ...[...guidesFrom(own)].toSorted().map((page): [string, string] => [page, page]),
    ...(directory === exhibitor ? examples : []).map((path): [string, string] => [path, path]),
    ["LICENSE", "LICENSE"]
  ])

  const linked = (page: string, text: string, target: string): string => {
    if (isUrl(target) || target.startsWith("#")) return `[${text}](${target})`
    const { anchor, path } = followed(page, target)
    const there = published.get(path)
    if (there !== undefined && (isGuide(page) || examples.includes(page) || repository === undefined))
      return `[${text}](${posix.relative(posix.dirname(published.get(page) ?? page), there)}${anchor})`
    if (repository === undefined) return asText(text, path)
    const kind = statSync(join(root, path)).isDirectory() ? "folder" : "file"
    return `[${text}](${urlOf(repository, kind, version)}${path}${anchor})`
  }

  const pages = [...published].filter(([page]) => page !== "LICENSE")
  return new Map(
    pages.map(([page, name]) => {
      if (!page.endsWith(".md")) return [name, read(page)]
      const text = withLinks(read(page), ({ target, text }) => linked(page, text, target))
      const more = directory === exhibitor ? ", and the examples in `examples`" : ""
      const offline = `\nThe guides are also in the folder \`docs\` of the installed package${more}.\n`
      return [name, name === "README.md" && published.size > own.length + 1 ? `${text}${offline}` : text]
    })
  )
}
