/** A process that is stopped, while another one waits for its claim to expire and moves the money instead. */
import { Payins, Payouts, type Transfer, type TransferKind } from "@palomma-effect/client"
import { PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { facts, type Facts } from "./facts.ts"
import { type Line, payinIntent, payoutIntent } from "./job.ts"
import * as Lives from "./lives.ts"
import { parseReports, type Report } from "./reports.ts"
import { type Endpoint, journalOf, layer, type Store } from "./services.ts"
import * as Witness from "./witness.ts"

/** The points at which a process is stopped, in order. */
export const stopPoints = [
  "claimed",
  "before it connects",
  "once it is connected",
  "before the fence reads the row",
  "after the fence has read the row",
  "once the body is handed over"
] as const

/** A point at which a process is stopped. */
export type StopPoint = (typeof stopPoints)[number]

/** The input file of the program that is stopped. */
export interface StoppedJob {
  readonly life: string
  readonly endpoint: Endpoint
  readonly store: Store
  readonly kind: TransferKind
  readonly line: Line
  readonly point: StopPoint
  /** `paused`: the clocks of the machine stop too, as those of a virtual machine do. */
  readonly clocks: "running" | "paused"
  readonly sendTimeout: number
}

/** The result of one case. */
export interface Stopped {
  /** The reports of the stopped process. */
  readonly reports: ReadonlyArray<Report>
  /** Its exit code, and its error output. */
  readonly code: number | null
  readonly errors: string
  /** The result of the other process after a person had decided "not paid". */
  readonly moved: Transfer
  /** The row at the end. */
  readonly row: Transfer
  readonly facts: Facts
}

const program = join(import.meta.dirname, "stopped.ts")

const start = async (file: string, cache: string) => {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program, file], {
    env: { ...process.env, NODE_COMPILE_CACHE: cache },
    stdio: ["ignore", "pipe", "pipe"]
  })
  let output = ""
  let errors = ""
  const closed = once(child, "close")
  const stopping = new Promise<void>((resume, reject) => {
    child.stdout.on("data", (part: Buffer) => {
      output += part.toString()
      if (parseReports(output).some(({ is }) => is === "stopping")) resume()
    })
    child.stderr.on("data", (part: Buffer) => (errors += part.toString()))
    child.once("close", () => reject(new Error(`It ended before it was stopped. ${output} ${errors}`)))
  })
  await stopping
  return {
    isStopped: () => execFileSync("ps", ["-o", "stat=", "-p", String(child.pid)], { encoding: "utf8" }).startsWith("T"),
    goOn: async () => {
      child.kill("SIGCONT")
      const [code] = (await closed) as [number | null]
      return { code, errors, reports: parseReports(output) }
    },
    end: () => void child.kill("SIGKILL")
  }
}

/** Runs one case. `starting` limits how many processes start at once. */
export const stop = Effect.fnUntraced(function* (
  job: Omit<StoppedJob, "endpoint" | "sendTimeout">,
  cache: string,
  starting: <A>(self: Effect.Effect<A>) => Effect.Effect<A>
) {
  const simulator = yield* PalommaSimulator
  const { kind, life, line, store } = job
  const endpoint = { apiKey: simulator.apiKey, url: simulator.url }
  const file = join(yield* Lives.directory, `${life}.json`)
  const whole: StoppedJob = { ...job, endpoint, sendTimeout: 5_000 }
  writeFileSync(file, JSON.stringify(whole))
  const child = yield* Effect.acquireRelease(starting(Effect.promise(() => start(file, cache))), ({ end }) =>
    Effect.sync(end)
  )

  const other = layer(
    endpoint,
    journalOf(store),
    { reconcileTimeout: 0, quietTime: "1 millis" },
    Witness.fetch(
      () => `${life}-other.0`,
      () => {}
    )
  )
  return yield* Effect.gen(function* () {
    const payouts = yield* Payouts
    const payins = yield* Payins
    const move = kind === "payout" ? payouts.send(payoutIntent(line)) : payins.charge(payinIntent(line))
    const { find, resolve } = kind === "payout" ? payouts : payins
    const read = Effect.map(find(line.reference), Option.getOrThrow)

    // It waits for the claim, looks it up, and asks a person, who asks Palomma.
    yield* Effect.flip(move)
    const { version } = yield* read
    const { made } = yield* facts
    if (made.some(({ reference }) => reference === line.reference)) {
      return yield* Effect.die(new Error("It was made before it was stopped."))
    }
    yield* resolve(line.reference, {
      as: "not-paid",
      version,
      by: "ana",
      note: "Palomma confirms that it is not there"
    })
    const moved = yield* move

    if (!child.isStopped()) return yield* Effect.die(new Error("It was not stopped."))
    const ended = yield* Effect.promise(() => child.goOn())
    const stopped: Stopped = { ...ended, moved, row: yield* read, facts: yield* facts }
    return stopped
  }).pipe(Effect.provide(other))
})
