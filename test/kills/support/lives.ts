/** A program that is killed and restarted. */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** How to start a program. */
export interface Program {
  readonly arguments: ReadonlyArray<string>
  readonly env: Readonly<Record<string, string>>
}

/** The end of a life, and the output of the program. */
export interface Life {
  readonly wasKilled: boolean
  /** The exit code, if it was not killed. */
  readonly code: number | null
  readonly output: string
  /** Its error output for people. */
  readonly errors: string
}

/** The text that every program prints when it begins to pay. */
export const beginning = "Paying"

/** When a program is killed: so many milliseconds after it began, or as soon as it has printed a text so many times. */
export type Moment =
  | { readonly _tag: "After"; readonly millis: number }
  | { readonly _tag: "Once"; readonly text: string; readonly times: number }

/** How long to wait for a program that does not print the text, in milliseconds. */
const longest = 4_000

/** A program that runs. */
export interface Running {
  /** Its output so far. */
  readonly output: () => string
  /** Calls a function with the whole output each time that there is more of it. */
  readonly onOutput: (listener: (output: string) => void) => void
  /** Writes a line to its input. A program that has ended does not get it. */
  readonly write: (line: string) => void
  readonly signal: (signal: NodeJS.Signals) => void
  /** Ends when it begins to pay, or has ended. */
  readonly begun: Promise<void>
  readonly ended: Promise<Life>
}

/** Starts a program. */
export const start = (program: Program): Running => {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...program.arguments], {
    env: { ...process.env, ...program.env },
    stdio: ["pipe", "pipe", "pipe"]
  })
  let output = ""
  let errors = ""
  const listeners: Array<(output: string) => void> = []
  const closed = once(child, "close") as Promise<[code: number | null, signal: string | null]>
  child.stdin.on("error", () => {})
  const begun = new Promise<void>((resume) => {
    child.stdout.on("data", (part: Buffer) => {
      output += part.toString()
      if (output.includes(beginning)) resume()
      for (const listener of listeners) listener(output)
    })
    child.stderr.on("data", (part: Buffer) => (errors += part.toString()))
    child.once("close", () => resume())
  })
  return {
    output: () => output,
    onOutput: (listener) => void listeners.push(listener),
    write: (line) => void child.stdin.write(`${line}\n`),
    signal: (signal) => void child.kill(signal),
    begun,
    ended: closed.then(([code, signal]) => ({ wasKilled: signal === "SIGKILL", code, output, errors }))
  }
}

const live = async (program: Program, moment: Moment | undefined): Promise<Life> => {
  const running = start(program)
  const kill = () => running.signal("SIGKILL")
  running.onOutput((output) => {
    if (moment?._tag === "Once" && output.split(moment.text).length > moment.times) kill()
  })
  await running.begun
  // The time counts from the first payment. Otherwise most moments would be during the start.
  const timer = moment === undefined ? undefined : setTimeout(kill, moment._tag === "After" ? moment.millis : longest)
  const life = await running.ended
  clearTimeout(timer)
  return life
}

/** Runs a program, and kills it at a moment. Without a moment the program runs to its end. */
export const run = (program: Program, moment?: Moment): Effect.Effect<Life> =>
  Effect.promise(() => live(program, moment))

/** A random moment within so many milliseconds. */
export const after = (within: number): Effect.Effect<Moment> =>
  Effect.map(Random.nextIntBetween(0, within), (millis) => ({ _tag: "After", millis }))

/** A temporary directory. */
export const directory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "palomma-kills-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)
