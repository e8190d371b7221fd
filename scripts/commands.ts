/**
 * Starts the commands that scripts need: pnpm, npm and tar. Each throws its output if it fails.
 */
import { execFileSync, execSync } from "node:child_process"
import { mkdirSync } from "node:fs"
import { relative } from "node:path"
import { readManifest, root } from "./packages.ts"

// In a shell, since on Windows npm and npx are scripts, which only a shell can start.
const inShell = (command: string, cwd: string, env: NodeJS.ProcessEnv): string =>
  execSync(command, { cwd, encoding: "utf8", env, stdio: "pipe" })

/** Runs npm in a folder, and returns what it prints. */
export const npm = (line: string, cwd: string, env = process.env): string => inShell(`npm ${line}`, cwd, env)

/** Runs the pnpm of the workspace in a folder, and returns what it prints. */
export const pnpm = (line: string, cwd: string): string =>
  inShell(`npx -y ${readManifest(root).packageManager} ${line}`, cwd, process.env)

/** Runs the pnpm of the workspace in a folder, and prints what it prints. */
export const pnpmAloud = (line: string, cwd: string): void => {
  execSync(`npx -y ${readManifest(root).packageManager} ${line}`, { cwd, stdio: "inherit" })
}

/** Unpacks the tarball of a package into a folder, which then contains its `package.json`. */
export const unpack = (tarball: string, folder: string): void => {
  mkdirSync(folder, { recursive: true })
  // By its relative path, since GNU tar reads `C:` as the name of a machine.
  execFileSync("tar", ["-xzf", relative(folder, tarball), "--strip-components=1"], { cwd: folder, stdio: "pipe" })
}
