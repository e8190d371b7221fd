// Packs every public package and checks the tarballs: their files, pages, sizes and manifests, and that exactly the
// open modules can be imported. `check:runtimes` uses them as a user does.
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { publint } from "publint"
import { formatMessage } from "publint/utils"
import { unpack } from "./commands.ts"
import { filesOf } from "./files.ts"
import { type Manifest, readManifest, root } from "./packages.ts"
import { linkProblems } from "./publish/links.ts"
import { type Packed, packAll } from "./publish/release.ts"
import { ownRepository } from "./publish/repository.ts"

const temp = mkdtempSync(join(tmpdir(), "palomma-packages-"))
const modules = join(temp, "node_modules")
const problems: Array<string> = []
const repository = ownRepository()

const run = (args: ReadonlyArray<string>): void => {
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { cwd: temp, encoding: "utf8" })
  if (status !== 0) problems.push(`node ${args.join(" ")} failed:\n${stdout}${stderr}`)
}

/** Reports a tarball that is larger than its README says, or not even half as large. */
const checkSize = (readme: string, bytes: number): string | undefined => {
  const [, kilobytes] = /^\| tarball +\| less than (\d+) KB/m.exec(readme) ?? []
  const limit = Number(kilobytes) * 1_000
  return bytes < limit && bytes > limit / 2
    ? undefined
    : `the tarball has ${Math.round(bytes / 1_000)} KB, and the README says "less than ${kilobytes} KB"`
}

/** Unpacks the tarball of a package into `node_modules`. */
const install = ({ directory, name, tarball }: Packed): string => {
  const installed = join(modules, name)
  unpack(tarball, installed)
  const wrong = checkSize(readFileSync(join(directory, "README.md"), "utf8"), statSync(tarball).size)
  if (wrong !== undefined) problems.push(`${name}: ${wrong}`)
  return installed
}

/** Returns the packages that a module imports, without Node's own modules. */
const importsOf = (code: string): ReadonlyArray<string> =>
  [...code.replace(/\/\*[^]*?\*\//g, "").matchAll(/\b(?:from|import)\s*\(?\s*"((?:@[^/"]+\/)?[^./"][^/"]*)/g)]
    .map((match) => match[1] ?? "")
    .filter((name) => !name.startsWith("node:"))

interface Module {
  readonly specifier: string
  readonly isClosed: boolean
}

// The allowed dependencies besides the packages of this repository. All others must be peers.
const allowed: Readonly<Record<string, ReadonlyArray<string>>> = { "@palomma-effect/testing": ["@noble/hashes"] }

const othersOf = ({ dependencies = {} }: Manifest): ReadonlyArray<string> =>
  Object.keys(dependencies).filter((dependency) => !dependency.startsWith("@palomma-effect/"))

const check = async (packed: Packed): Promise<ReadonlyArray<Module>> => {
  const { directory: source, name } = packed
  const installed = install(packed)
  const manifest = readManifest(installed)
  const files = new Set(filesOf(installed, "**/*"))
  const complain = (problem: string) => problems.push(`${name}: ${problem}`)

  for (const problem of linkProblems(installed, manifest.version, repository)) complain(problem)
  if (/"(workspace|catalog):/.test(JSON.stringify(manifest)))
    complain("the manifest still contains workspace: or catalog:")
  for (const dependency of othersOf(manifest)) {
    if (!allowed[name]?.includes(dependency)) complain(`depends on ${dependency}, which should be a peer`)
  }
  // The first version has no changes.
  const changelog = manifest.version === "0.0.0" ? [] : ["CHANGELOG.md"]
  for (const file of ["README.md", "LICENSE", ...changelog, "dist/index.js", ...Object.values(manifest.bin ?? {})]) {
    if (!files.has(file.replace(/^\.\//, ""))) complain(`${file} is missing`)
  }
  for (const file of files) {
    if (/(^|\/)test\/|\.(test|types|tsbuildinfo)\b/.test(file)) complain(`${file} should not be published`)
  }
  const sources = new Set(filesOf(join(source, "src"), "**/*.ts").map((file) => file.slice(0, -".ts".length)))
  for (const module of sources) {
    for (const file of [`src/${module}.ts`, `dist/${module}.js`, `dist/${module}.d.ts`]) {
      if (!files.has(file)) complain(`${file} is missing`)
    }
  }
  const built = [...files]
    .filter((file) => /^dist\/.*\.js$/.test(file))
    .map((file) => file.slice("dist/".length, -".js".length))
  for (const module of built) {
    if (!sources.has(module)) complain(`dist/${module}.js has no source: delete dist and build again`)
  }
  const declared = new Set([name, ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })])
  for (const file of files) {
    if (!/^dist\/.*\.(js|d\.ts)$/.test(file)) continue
    for (const imported of importsOf(readFileSync(join(installed, file), "utf8"))) {
      if (!declared.has(imported)) complain(`${file} imports ${imported}, which is not declared`)
    }
  }
  const { messages } = await publint({ pkgDir: installed, pack: false, strict: true })
  for (const message of messages) complain(formatMessage(message, readManifest(installed)) ?? message.code)

  // Peers and dependencies are linked from the workspace.
  for (const peer of [...Object.keys(manifest.peerDependencies ?? {}), ...othersOf(manifest)]) {
    const link = join(modules, peer)
    const own = [root, source].map((directory) => join(directory, "node_modules", peer)).find(existsSync)
    mkdirSync(dirname(link), { recursive: true })
    if (own !== undefined && !existsSync(link)) symlinkSync(own, link, "junction")
  }
  return built.map((module) => {
    // A module that `exports` maps to null cannot be imported, nor a module in such a folder.
    const isClosed = module.startsWith("internal/") || manifest.exports?.[`./${module}`] === null
    return { specifier: module === "index" ? name : `${name}/${module}`, isClosed: module !== "index" && isClosed }
  })
}

try {
  const found: Array<Module> = []
  for (const packed of packAll(join(temp, "tarballs"), repository)) found.push(...(await check(packed)))
  const open = found.filter(({ isClosed }) => !isClosed).map(({ specifier }) => specifier)
  const closed = found.filter(({ isClosed }) => isClosed).map(({ specifier }) => specifier)
  const text = open.map((specifier, i) => `export * as _${i} from "${specifier}"\n`).join("")

  writeFileSync(join(temp, "package.json"), '{ "type": "module" }')
  writeFileSync(join(temp, "all.mjs"), text)
  writeFileSync(join(temp, "all.cjs"), `for (const specifier of ${JSON.stringify(open)}) require(specifier)`)
  writeFileSync(
    join(temp, "closed.mjs"),
    `for (const specifier of ${JSON.stringify(closed)}) {
      const code = await import(specifier).then(() => "none", (error) => error.code)
      if (code !== "ERR_PACKAGE_PATH_NOT_EXPORTED") throw new Error(specifier + " can be imported")
    }`
  )
  run(["all.mjs"])
  run(["all.cjs"])
  run(["closed.mjs"])
  console.log(`${found.length} modules, ${open.length} of them open`)
} finally {
  rmSync(temp, { recursive: true, force: true })
}

if (problems.length > 0) {
  console.error(problems.join("\n"))
  process.exitCode = 1
}
