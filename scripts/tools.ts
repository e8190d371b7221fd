/**
 * Installs packages that only some commands need: a folder with a `package.json` and its own `pnpm-lock.yaml`, which
 * is no member of the workspace. So the installation of the workspace stays small.
 */
import { createHash } from "node:crypto"
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { pnpm } from "./commands.ts"

const files = ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"]

/**
 * Installs the packages of a folder outside the workspace, unless the same packages are installed there already, and
 * returns their `node_modules`. No install script runs.
 */
export const installTools = (folder: string): string => {
  const hash = createHash("sha256")
  for (const file of files) hash.update(readFileSync(join(folder, file)))
  const home = join(tmpdir(), `palomma-tools-${basename(folder)}-${hash.digest("hex").slice(0, 16)}`)
  const modules = join(home, "node_modules")
  if (existsSync(modules)) return modules
  // Installed beside its place and then moved, so that what exists is complete, also if two commands do it at once.
  const building = `${home}.${process.pid}`
  mkdirSync(building, { recursive: true })
  try {
    for (const file of files) copyFileSync(join(folder, file), join(building, file))
    // Without links between its packages the folder can be moved.
    pnpm("install --frozen-lockfile --ignore-scripts --config.node-linker=hoisted", building)
    renameSync(building, home)
  } catch (error) {
    // Another command may have been first.
    if (!existsSync(modules)) throw error
  } finally {
    rmSync(building, { recursive: true, force: true })
  }
  return modules
}
