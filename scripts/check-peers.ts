// Runs the checks with the lowest and the newest published `effect` that the packages allow: `npx -y pnpm@12.21.0
// check:peers`. The version of the workspace is left out, since every other command runs with it. `--fast` leaves out
// the folders of tests that take minutes.
import { execSync } from "node:child_process"
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { parse } from "yaml"
import { npm, pnpm, pnpmAloud } from "./commands.ts"
import { published, readManifest, root } from "./packages.ts"

type Version = readonly [number, number, number]

const slow = ["test/laws", "test/kills", "test/faults"]

const { values } = parseArgs({
  // `pnpm check:peers -- --fast` passes the dashes on.
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: { fast: { type: "boolean", default: false } }
})

// A version before its release, such as 4.0.0-rc.1, has none: no range allows it.
const versionOf = (text: string): Version | undefined => {
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)$/.exec(text) ?? []
  return patch === undefined ? undefined : [Number(major), Number(minor), Number(patch)]
}

const compare = (a: Version, b: Version): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]

const releasesOf = (name: string): ReadonlyArray<Version> => {
  const versions: ReadonlyArray<string> = JSON.parse(npm(`view ${name} versions --json --loglevel=error`, root))
  return versions
    .map(versionOf)
    .filter((version) => version !== undefined)
    .toSorted(compare)
}

const lowestOf = (range: string): Version => {
  const version = range.startsWith("^") ? versionOf(range.slice(1)) : undefined
  if (version === undefined)
    throw new Error(`The range of effect is ${range}. This command reads ranges such as ^4.0.6.`)
  return version
}

interface Workspace {
  readonly catalog: Readonly<Record<string, string>>
}

const workspaceFile = join(root, "pnpm-workspace.yaml")
const { catalog }: Workspace = parse(readFileSync(workspaceFile, "utf8"))
const own = catalog["effect"] ?? ""

const [range = "", ...others] = new Set(
  published().map((directory) => readManifest(directory).peerDependencies?.["effect"] ?? "")
)
if (others.length > 0) throw new Error(`The packages have different ranges of effect: ${[range, ...others].join(", ")}`)

const lowest = lowestOf(range)
const allowed = releasesOf("effect").filter((version) => version[0] === lowest[0] && compare(version, lowest) >= 0)
const ends = new Set([allowed.at(0), allowed.at(-1)].map((version) => version?.join(".") ?? ""))
const versions = [...ends].filter((version) => version !== "" && version !== own)

// Effect's own packages have its version or an older one: the newest that is not newer than `effect`.
const matching = (name: string, effect: string): string => {
  const limit = versionOf(effect) ?? lowest
  const found = releasesOf(name).findLast((version) => compare(version, limit) <= 0)
  if (found === undefined) throw new Error(`There is no ${name} for effect ${effect}`)
  return found.join(".")
}

const replace = (file: string, name: string, version: string): void => {
  const text = readFileSync(file, "utf8")
  const line = new RegExp(`^(\\s*"?${name}"?: )"?[\\d.]+"?(,?)$`, "m")
  if (!line.test(text)) throw new Error(`${file} has no line for ${name}`)
  writeFileSync(file, text.replace(line, `$1"${version}"$2`))
}

const checkWith = (effect: string): void => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "palomma-peers-")))
  try {
    const listed = execSync("git ls-files -z --cached --others --exclude-standard --deduplicate", {
      cwd: root,
      encoding: "utf8"
    })
    for (const file of listed.split("\0").filter((file) => file !== "")) {
      cpSync(join(root, file), join(folder, file), { force: true })
    }
    replace(join(folder, "pnpm-workspace.yaml"), "effect", effect)
    replace(join(folder, "pnpm-workspace.yaml"), "@effect/sql-pg", matching("@effect/sql-pg", effect))
    replace(join(folder, "package.json"), "@effect/vitest", matching("@effect/vitest", effect))
    pnpm("install --no-frozen-lockfile", folder)
    console.log(`\nTypes with effect ${effect}`)
    pnpmAloud("check", folder)
    console.log(`\nTests with effect ${effect}${values.fast ? `, without ${slow.join(", ")}` : ""}`)
    const excluded = values.fast ? slow.map((tests) => ` --exclude "${tests}/**"`).join("") : ""
    pnpmAloud(`exec vitest run${excluded}`, folder)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

if (versions.length === 0) console.log(`${range} allows no published effect but the workspace's own, ${own}.`)
const failed = versions.filter((version) => {
  try {
    checkWith(version)
    return false
  } catch (error) {
    // The command that failed has printed why, unless it was the installation.
    console.error(error instanceof Error ? error.message : error)
    return true
  }
})
if (failed.length > 0) {
  console.error(`\nThe checks fail with effect ${failed.join(" and ")}, which the range ${range} allows.`)
  process.exitCode = 1
} else if (versions.length > 0) console.log(`\nThe packages work with effect ${versions.join(" and ")} as with ${own}.`)
