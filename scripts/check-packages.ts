// Packs every public package and checks the tarballs as a user would use them: installed, imported module by module,
// and type-checked without `skipLibCheck`.
import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, relative } from "node:path"
import { publint } from "publint"
import { formatMessage } from "publint/utils"
import { filesOf } from "./files.ts"
import { type Manifest, pack, published, readManifest, root } from "./packages.ts"

const temp = mkdtempSync(join(tmpdir(), "palomma-packages-"))
const modules = join(temp, "node_modules")
const problems: Array<string> = []

const collectFailure = (command: string, execute: () => unknown): void => {
  try {
    execute()
  } catch (error) {
    const { stderr, stdout } = error as { readonly stdout: string; readonly stderr: string }
    problems.push(`${command} failed:\n${stdout}${stderr}`)
  }
}

const run = (command: string, args: ReadonlyArray<string>, cwd: string): void =>
  collectFailure(`${command} ${args.join(" ")}`, () =>
    execFileSync(command, args, { cwd, encoding: "utf8", stdio: "pipe" })
  )

/** Unpacks the tarball of a package into `node_modules`. */
const install = (directory: string, name: string): string => {
  const tarball = join(temp, `${name.replace(/\W+/g, "-")}.tgz`)
  collectFailure(`packing ${name}`, () => pack(directory, tarball))
  const installed = join(modules, name)
  mkdirSync(installed, { recursive: true })
  // By its relative path, since GNU tar reads `C:` as the name of a machine.
  run("tar", ["-xzf", relative(installed, tarball), "--strip-components=1"], installed)
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

const check = async (source: string): Promise<ReadonlyArray<Module>> => {
  const { name } = readManifest(source)
  const installed = install(source, name)
  const manifest = readManifest(installed)
  const files = new Set(filesOf(installed, "**/*"))
  const complain = (problem: string) => problems.push(`${name}: ${problem}`)

  if (/"(workspace|catalog):/.test(JSON.stringify(manifest)))
    complain("the manifest still contains workspace: or catalog:")
  for (const dependency of othersOf(manifest)) {
    if (!allowed[name]?.includes(dependency)) complain(`depends on ${dependency}, which should be a peer`)
  }
  for (const file of ["README.md", "LICENSE", "dist/index.js", ...Object.values(manifest.bin ?? {})]) {
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
  for (const directory of published()) found.push(...(await check(directory)))
  const open = found.filter(({ isClosed }) => !isClosed).map(({ specifier }) => specifier)
  const closed = found.filter(({ isClosed }) => isClosed).map(({ specifier }) => specifier)
  const text = open.map((specifier, i) => `export * as _${i} from "${specifier}"\n`).join("")

  writeFileSync(join(temp, "package.json"), '{ "type": "module" }')
  writeFileSync(join(temp, "all.mjs"), text)
  writeFileSync(join(temp, "all.ts"), text)
  writeFileSync(
    join(temp, "closed.mjs"),
    `for (const specifier of ${JSON.stringify(closed)}) {
      const code = await import(specifier).then(() => "none", (error) => error.code)
      if (code !== "ERR_PACKAGE_PATH_NOT_EXPORTED") throw new Error(specifier + " can be imported")
    }`
  )
  run(process.execPath, ["all.mjs"], temp)
  run(process.execPath, ["closed.mjs"], temp)
  symlinkSync(join(root, "node_modules/@types"), join(modules, "@types"), "junction")
  const tsc = join(root, "node_modules/typescript/bin/tsc")
  for (const [module, resolution] of [
    ["NodeNext", "NodeNext"],
    ["ESNext", "Bundler"]
  ] as const) {
    const flags = ["--noEmit", "--strict", "--target", "ES2023", "--types", "node", "--pretty", "false"]
    run(process.execPath, [tsc, "all.ts", ...flags, "--module", module, "--moduleResolution", resolution], temp)
  }
  console.log(`${found.length} modules, ${open.length} of them open`)
} finally {
  rmSync(temp, { recursive: true, force: true })
}

if (problems.length > 0) {
  console.error(problems.join("\n"))
  process.exitCode = 1
}
