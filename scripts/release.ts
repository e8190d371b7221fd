// Packs what a tag releases: `release.ts v0.1.0 <folder>`. It fails if the tag is not the version of every package, or
// if a changeset is left whose change no changelog names yet.
import { mkdirSync } from "node:fs"
import { basename, join, resolve } from "node:path"
import { filesOf } from "./files.ts"
import { pack, published, readManifest, root } from "./packages.ts"

const [tag = "", folder = ""] = process.argv.slice(2)
if (folder === "") throw new Error("usage: release.ts <tag> <folder>")

const packages = published()
const manifests = new Map(packages.map((directory) => [readManifest(directory).name, readManifest(directory)]))

const problems = [
  ...[...manifests.values()].flatMap(({ name, version }) =>
    tag === `v${version}` ? [] : [`${name} is at ${version}, not at ${tag}`]
  ),
  ...filesOf(root, ".changeset/*.md")
    .filter((file) => basename(file) !== "README.md")
    .map((file) => `${file} is not part of a version yet: run \`changeset version\``)
]

// Dependencies are published before the packages that depend on them.
const depth = (name: string): number => {
  const { dependencies = {} } = manifests.get(name) ?? {}
  return Object.keys(dependencies).reduce((deepest, other) => Math.max(deepest, 1 + depth(other)), 0)
}
const depthOf = (directory: string): number => depth(readManifest(directory).name)

if (problems.length > 0) {
  console.error(problems.join("\n"))
  process.exitCode = 1
} else {
  mkdirSync(folder, { recursive: true })
  for (const [i, directory] of packages.toSorted((a, b) => depthOf(a) - depthOf(b)).entries()) {
    const tarball = resolve(folder, `${i + 1}-${basename(directory)}.tgz`)
    pack(directory, tarball)
    console.log(join(folder, basename(tarball)))
  }
}
