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

const live = async (program: Program, moment: Moment | undefined): Promise<Life> => {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...program.arguments], {
    env: { ...process.env, ...program.env },
    stdio: ["ignore", "pipe", "pipe"]
  })
  let output = ""
  let errors = ""
  let isKilled = false
  const kill = () => {
    isKilled = child.kill("SIGKILL")
  }
  const closed = once(child, "close")
  await new Promise<void>((resume) => {
    child.stdout.on("data", (part: Buffer) => {
      output += part.toString()
      if (output.includes(beginning)) resume()
      if (moment?._tag === "Once" && output.split(moment.text).length > moment.times) kill()
    })
    child.stderr.on("data", (part: Buffer) => (errors += part.toString()))
    child.once("close", () => resume())
  })
  // The time counts from the first payment. Otherwise most moments would be during the start.
  const timer = moment === undefined ? undefined : setTimeout(kill, moment._tag === "After" ? moment.millis : longest)
  const [code, signal] = (await closed) as [number | null, string | null]
  clearTimeout(timer)
  return { wasKilled: isKilled && signal === "SIGKILL", code, output, errors }
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
