/**
 * A program that is killed and started again.
 */
import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** How a program is started. */
export interface Program {
  readonly arguments: ReadonlyArray<string>
  readonly env: Readonly<Record<string, string>>
}

/** How a life ended, and what the program wrote. */
export interface Life {
  readonly wasKilled: boolean
  /** The exit code, if it ended by itself. */
  readonly code: number | null
  readonly output: string
  /** What it wrote for people: a program that fails says why. */
  readonly errors: string
}

/** What every program says when it begins to pay. */
export const beginning = "Paying"

const live = async (program: Program, killAfter: number | undefined): Promise<Life> => {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...program.arguments], {
    env: { ...process.env, ...program.env },
    stdio: ["ignore", "pipe", "pipe"]
  })
  let output = ""
  let errors = ""
  const closed = once(child, "close")
  await new Promise<void>((resume) => {
    child.stdout.on("data", (part: Buffer) => {
      output += part.toString()
      if (output.includes(beginning)) resume()
    })
    child.stderr.on("data", (part: Buffer) => (errors += part.toString()))
    child.once("close", () => resume())
  })
  let isKilled = false
  // The moment counts from when it begins to pay, else most would fall into its start.
  const timer = killAfter === undefined ? undefined : setTimeout(() => (isKilled = child.kill("SIGKILL")), killAfter)
  const [code, signal] = (await closed) as [number | null, string | null]
  clearTimeout(timer)
  return { wasKilled: isKilled && signal === "SIGKILL", code, output, errors }
}

/** Lets a program live, and kills it so many milliseconds after it began to pay. It ends by itself if that is left out. */
export const run = (program: Program, killAfter?: number): Effect.Effect<Life> =>
  Effect.promise(() => live(program, killAfter))

/** A directory that is gone afterwards. */
export const directory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "palomma-kills-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)
