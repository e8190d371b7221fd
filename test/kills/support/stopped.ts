/**
 * A program that moves money once, and is stopped at one point as if by SIGSTOP from outside. It continues when it gets
 * SIGCONT.
 *
 * Usage: `node stopped.ts <file>`
 */
import { Payins, Payouts, type Transfer, TransferJournal, type TransferJournalService } from "@palomma-effect/client"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Result from "effect/Result"
import { subscribe } from "node:diagnostics_channel"
import { readFileSync } from "node:fs"
import { payinIntent, payoutIntent } from "./job.ts"
import { reportOf, reportOfError } from "./results.ts"
import { writeReport } from "./reports.ts"
import { journalOf, layer } from "./services.ts"
import type { StoppedJob, StopPoint } from "./stops.ts"
import * as Witness from "./witness.ts"

const job: StoppedJob = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"))
const { clocks, endpoint, kind, life, line, point, sendTimeout, store } = job
const run = `${life}.0`

// How far the clocks of a paused machine are behind, in nanoseconds.
let behind = BigInt(0)
let isStopped = false

const reach = (at: StopPoint): void => {
  if (at !== point || isStopped) return
  isStopped = true
  writeReport({ is: "stopping", kind, reference: line.reference })
  const before = process.hrtime.bigint()
  // The call returns when the process continues.
  process.kill(process.pid, "SIGSTOP")
  if (clocks === "paused") behind += process.hrtime.bigint() - before
}

const pausedClock = (clock: Clock.Clock): Clock.Clock => {
  const monotonic = () => clock.monotonicTimeNanosUnsafe() - behind
  const wall = () => clock.currentTimeMillisUnsafe() - Number(behind / BigInt(1_000_000))
  const sleepUntil = (end: bigint): Effect.Effect<void> =>
    Effect.suspend(() => {
      const left = end - monotonic()
      return left <= BigInt(0) ? Effect.void : Effect.andThen(clock.sleep(Duration.nanos(left)), sleepUntil(end))
    })
  return Object.assign(Object.create(clock) as Clock.Clock, {
    monotonicTimeNanosUnsafe: monotonic,
    monotonicTimeNanos: Effect.sync(monotonic),
    currentTimeMillisUnsafe: wall,
    currentTimeMillis: Effect.sync(wall),
    sleep: (duration: Duration.Duration) => sleepUntil(monotonic() + Duration.toNanosUnsafe(duration))
  })
}

// The journal is read once between the claim and the hand-over: by the fence.
const stoppingJournal = Layer.effect(
  TransferJournal,
  Effect.map(TransferJournal, (journal): TransferJournalService => {
    let isClaimed = false
    const claimed = (row: Transfer) =>
      Effect.sync(() => {
        if (row.state !== "sending") return
        isClaimed = true
        reach("claimed")
      })
    const stopping = (write: TransferJournalService["insert"]) => (row: Transfer) =>
      Effect.tap(write(row), () => claimed(row))
    return {
      isDurable: journal.isDurable,
      now: journal.now,
      findByRecordId: (namespace, kind, recordId) => journal.findByRecordId(namespace, kind, recordId),
      list: (query) => journal.list(query),
      insert: stopping((row) => journal.insert(row)),
      replace: stopping((row) => journal.replace(row)),
      find: (key) =>
        Effect.suspend(() => {
          if (!isClaimed) return journal.find(key)
          reach("before the fence reads the row")
          return Effect.tap(journal.find(key), () => Effect.sync(() => reach("after the fence has read the row")))
        })
    }
  })
).pipe(Layer.provide(Witness.journal(journalOf(store))))

// A separate host name for creates, so that they do not use the connection of the look-up before.
const ofCreate = "localhost"

interface Connecting {
  readonly connectParams: { readonly hostname: string }
}

const onConnection = (at: StopPoint) => (message: unknown) => {
  // The message that undici publishes on these channels.
  const { connectParams } = message as Connecting
  if (connectParams.hostname === ofCreate) reach(at)
}
subscribe("undici:client:beforeConnect", onConnection("before it connects"))
subscribe("undici:client:connected", onConnection("once it is connected"))

const witnessed = Witness.fetch(
  () => run,
  writeReport,
  () => reach("once the body is handed over")
)
const fetch: typeof globalThis.fetch = (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input)
  if (init?.method === "POST") url.hostname = ofCreate
  return witnessed(url, init)
}

const moving = Effect.gen(function* () {
  const payouts = yield* Payouts
  const payins = yield* Payins
  const moved = yield* Effect.result(
    kind === "payout" ? payouts.send(payoutIntent(line)) : payins.charge(payinIntent(line))
  )
  const result = Result.isSuccess(moved) ? reportOf(moved.success) : reportOfError(moved.failure)
  writeReport({ is: "result", run, kind, reference: line.reference, ...result })
})

const services = Layer.merge(
  layer(endpoint, stoppingJournal, { sendTimeout, reconcileTimeout: 0 }, fetch),
  Logger.layer([])
)
await Effect.runPromise(
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    const isPaused = clocks === "paused"
    yield* moving.pipe(
      Effect.provide(services),
      Effect.provideService(Clock.Clock, isPaused ? pausedClock(clock) : clock)
    )
  })
)
