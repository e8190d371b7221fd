// Packs what a tag releases: `release.ts v0.1.0 <folder>`. It fails if the root package.json names no repository, if
// the tag is not the version of every package, or if a changeset is left whose change no changelog names yet.
import { published, readManifest } from "./packages.ts"
import { changesets, obstacles, packAll } from "./publish/release.ts"
import { ownRepository } from "./publish/repository.ts"

const [tag = "", folder = ""] = process.argv.slice(2)
if (folder === "") throw new Error("usage: release.ts <tag> <folder>")

const repository = ownRepository()
const problems = obstacles({ tag, repository, packages: published().map(readManifest), changesets: changesets() })

if (repository === undefined || problems.length > 0) {
  console.error(problems.join("\n"))
  process.exitCode = 1
} else {
  for (const { tarball } of packAll(folder, repository)) console.log(tarball)
}
