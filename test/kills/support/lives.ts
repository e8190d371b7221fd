/**
 * A program that is killed and started again until it comes to its end.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** How a program is started. */
export interface Program {
  readonly arguments: ReadonlyArray<string>
  readonly env: Readonly<Record<string, string>>
  /** What it says when it begins to pay. */
  readonly begins: string
}

/** How a life ended: by our hand, or by itself with an exit code. */
export type End =
  | { readonly killed: true }
  | { readonly killed: false; readonly code: number | null; readonly said: string }

const live = async (program: Program, killAfter: number | undefined): Promise<End> => {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...program.arguments], {
    env: { ...process.env, ...program.env },
    stdio: ["ignore", "pipe", "pipe"]
  })
  let said = ""
  const closed = once(child, "close")
  await new Promise<void>((resume) => {
    const hear = (part: Buffer) => {
      said += part.toString()
      if (said.includes(program.begins)) resume()
    }
    child.stdout.on("data", hear)
    child.stderr.on("data", hear)
    child.once("close", () => resume())
  })
  let killed = false
  // The moment counts from when it begins to pay, else most would fall into its start.
  const timer = killAfter === undefined ? undefined : setTimeout(() => (killed = child.kill("SIGKILL")), killAfter)
  const [code, signal] = (await closed) as [number | null, string | null]
  clearTimeout(timer)
  return killed && signal === "SIGKILL" ? { killed } : { killed: false, code, said }
}

/** Runs a program once. */
export const runOnce = (program: Program): Effect.Effect<Extract<End, { killed: false }>> =>
  Effect.map(
    Effect.promise(() => live(program, undefined)),
    (end) => (end.killed ? { killed: false, code: null, said: "it was killed by somebody else" } : end)
  )

/** Kills a program as often as is said, at moments of chance, or until it ends by itself. Gives how often it was. */
export const kill = Effect.fnUntraced(function* <R>(
  program: Program,
  times: number,
  within: number,
  then: Effect.Effect<unknown, never, R>
) {
  for (let killed = 0; killed < times; killed++) {
    const after = yield* Random.nextIntBetween(0, within)
    const end = yield* Effect.promise(() => live(program, after))
    yield* then
    if (!end.killed) return killed
  }
  return times
})

/** A directory that is gone afterwards. */
export const directory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "palomma-kills-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)
