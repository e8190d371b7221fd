// Writes `packages/*/api.md`, the public signatures of each package. With `--check` it fails if a report is not
// current, or if a report changed without a changeset. A report is in the folder of its package, and `files` excludes
// it from the published package. The reports are made from `dist`, which the commands `api` and `api:check` build
// first.
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { FormatConfig } from "oxfmt"
import { difference, unannounced } from "./api/compare.ts"
import { changedSince } from "./api/git.ts"
import { apiReport, isPublicOf } from "./api/report.ts"
import { filesOf } from "./files.ts"
import { type Manifest, publishedFolders, readManifest, root } from "./packages.ts"

type Layout = Required<Pick<FormatConfig, "printWidth" | "semi" | "trailingComma">>

const readJson = <A>(file: string): A => JSON.parse(readFileSync(join(root, file), "utf8"))

// Only the options of the layout, without the file patterns.
const { printWidth, semi, trailingComma } = readJson<Layout>(".oxfmtrc.json")
const style: FormatConfig = { printWidth, semi, trailingComma, endOfLine: "lf" }

const report = (directory: string, { exports = {}, name }: Manifest): Promise<string> => {
  // From `src`, since `dist` may still contain deleted modules.
  const modules = filesOf(join(root, directory, "src"), "**/*.ts").map((file) => file.slice(0, -".ts".length))
  const declarations = modules.map((module): [string, string] => {
    return [module, readFileSync(join(root, directory, "dist", `${module}.d.ts`), "utf8")]
  })
  return apiReport({ name, modules: new Map(declarations), isPublic: isPublicOf(exports) }, style)
}

const packages = publishedFolders()
  .map((folder) => `packages/${folder}`)
  .map((directory) => ({ directory, manifest: readManifest(join(root, directory)) }))
  .filter(({ manifest }) => manifest.exports !== undefined)

const checkIsCurrent = (file: string, built: string): boolean => {
  if (!existsSync(join(root, file))) {
    console.log(`${file} does not exist.\n`)
    return false
  }
  const text = difference(readFileSync(join(root, file), "utf8"), built)
  if (text !== "") console.log(`${file} is not current (- in the file, + built):\n\n${text}\n`)
  return text === ""
}

const checkIsAnnounced = (): boolean => {
  const since = changedSince(root, readJson<{ readonly baseBranch: string }>(".changeset/config.json").baseBranch)
  if (since._tag === "NotKnown") {
    console.log(`Not checked whether changes have a changeset: ${since.reason}.`)
    return true
  }
  const changed = packages.filter(({ directory }) => since.reports.includes(`${directory}/api.md`))
  const names = unannounced(
    changed.map(({ manifest }) => manifest.name),
    since.changesets
  )
  for (const name of names) console.log(`The API of ${name} changed on this branch, and no changeset names it.`)
  return names.length === 0
}

const reports = await Promise.all(
  packages.map(async ({ directory, manifest }) => {
    return { file: `${directory}/api.md`, built: await report(directory, manifest) }
  })
)
if (process.argv.includes("--check")) {
  const isCurrent = reports.map(({ built, file }) => checkIsCurrent(file, built)).every(Boolean)
  const isAnnounced = checkIsAnnounced()
  if (!isCurrent) console.log("Run `npx -y pnpm@12.21.0 api`, read the difference and commit the result.")
  if (!isCurrent || !isAnnounced) {
    console.log("Announce a change of the API by a changeset: `npx -y pnpm@12.21.0 changeset`.")
    process.exitCode = 1
  } else console.log(`The API reports of ${reports.length} packages are current.`)
} else {
  for (const { built, file } of reports) writeFileSync(join(root, file), built)
  console.log(`Wrote ${reports.map(({ file }) => file).join(", ")}.`)
}
