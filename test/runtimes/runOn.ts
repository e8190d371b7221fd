/** Runs a script of the workspace on another runtime. */
import { spawnSync } from "node:child_process"
import { isRuntime, startOf } from "./toolbox.ts"

/** Runs a script on another runtime, and returns its exit code. */
export const runOn = (name: string, script: string, args: ReadonlyArray<string>): number => {
  const start = isRuntime(name) && name !== "workerd" ? startOf(name) : undefined
  if (start === undefined) throw new Error("--runtime is node-22, node-26, bun or deno, and works on Linux only.")
  const { error, status } = spawnSync(start.binary, [...start.args, script, ...args], { stdio: "inherit" })
  if (error !== undefined) throw error
  return status ?? 1
}
