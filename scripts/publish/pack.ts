/**
 * Packs a package as it is published.
 */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, relative, sep } from "node:path"
import { npm, pnpm, unpack } from "../commands.ts"
import { filesOf } from "../files.ts"
import { type Manifest, root } from "../packages.ts"
import { pagesOf } from "./pages.ts"
import { fieldsOf, type Repository } from "./repository.ts"

/** Returns the `package.json` of a package as it is published, from the one that pnpm packed. */
export const publishedManifest = (
  packed: Manifest,
  directory: string,
  repository: Repository | undefined
): Manifest => ({
  ...packed,
  ...(repository !== undefined && fieldsOf(repository, directory, packed.version)),
  files: [...(packed.files ?? []), "docs/*.md", "examples", "CHANGELOG.md"],
  publishConfig: { ...packed.publishConfig, ...(repository !== undefined && { provenance: true }) }
})

/**
 * Packs a package: what pnpm packs, with the guides and examples, and with the fields and links of the repository if
 * there is one. It throws the output of the command that fails.
 */
export const pack = (folder: string, tarball: string, repository: Repository | undefined): void => {
  const directory = relative(root, folder).split(sep).join("/")
  const temp = mkdtempSync(join(tmpdir(), "palomma-pack-"))
  try {
    pnpm(`pack --out "${join(temp, "pnpm.tgz")}"`, folder)
    const packed = join(temp, "package")
    unpack(join(temp, "pnpm.tgz"), packed)
    const manifest: Manifest = JSON.parse(readFileSync(join(packed, "package.json"), "utf8"))
    writeFileSync(
      join(packed, "package.json"),
      `${JSON.stringify(publishedManifest(manifest, directory, repository), null, 2)}\n`
    )
    for (const [path, text] of pagesOf(directory, manifest.version, repository)) {
      mkdirSync(dirname(join(packed, path)), { recursive: true })
      writeFileSync(join(packed, path), text)
    }
    npm("pack --ignore-scripts", packed)
    const [made = ""] = filesOf(packed, "*.tgz")
    renameSync(join(packed, made), tarball)
  } finally {
    rmSync(temp, { recursive: true, force: true })
  }
}
