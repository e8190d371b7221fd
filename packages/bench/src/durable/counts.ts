/**
 * How many statements and commits a payment needs. A machine does not change these numbers.
 */
import { Durable } from "@palomma-effect/durable"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { commitsIn, keepLog, layerOf, type MakeStore } from "../../../durable/test/support/commits.ts"
import { Recorder } from "../../../durable/test/support/purposes.ts"
import * as Bank from "./bank.ts"
import { concurrency } from "./payments.ts"

const payments = 100

const references: ReadonlyArray<string> = Array.from({ length: payments }, (_, i) => `payment-${i}`)

const whileWorking = <E, R>(recorder: Recorder, program: Effect.Effect<void, E, R>) =>
  Effect.gen(function* () {
    const durable = yield* Durable
    const worker = yield* Effect.forkChild(durable.work({ concurrency }))
    yield* recorder.until(() => recorder.hasStarted)
    yield* program
    yield* Fiber.interrupt(worker)
  })

const intend = (reference: string) => Durable.use((durable) => durable.intend(Bank.intentOf(reference)))

/** One payment after the other. */
const alone = (recorder: Recorder) =>
  whileWorking(
    recorder,
    Effect.forEach(
      references,
      (reference, i) =>
        Effect.andThen(
          intend(reference),
          recorder.until(() => recorder.of("complete") > i)
        ),
      { discard: true }
    )
  )

/** Payments that wait when the worker starts. */
const waiting = (recorder: Recorder) =>
  Effect.andThen(
    Effect.forEach(references, intend, { discard: true }),
    whileWorking(
      recorder,
      recorder.until(() => recorder.of("complete") >= payments)
    )
  )

const counted = Effect.fnUntraced(function* <E>(
  make: MakeStore,
  program: (recorder: Recorder) => Effect.Effect<void, E, Durable>
) {
  const store = yield* make
  const isSqlite = store.name === "SQLite"
  // Nothing but new jobs starts a poll, so that the time that a machine needs is not counted.
  const opened = layerOf(store, { pollInterval: "1 hour" })
  return yield* Effect.gen(function* () {
    const recorder = new Recorder()
    if (isSqlite) yield* keepLog
    const before = isSqlite ? commitsIn(store) : 0
    yield* recorder.record(program(recorder))
    const commits = isSqlite ? commitsIn(store) - before : recorder.transactions
    const each = (count: number): string => (count / payments).toFixed(1)
    return `${each(recorder.statements)} statements, ${each(commits)} ${isSqlite ? "commits" : "transactions"}`
  }).pipe(Effect.provide(Layer.provide(opened, Bank.open().palomma)))
}, Effect.scoped)

/** Counts the statements and commits of a payment. */
export const counts = (make: MakeStore): Effect.Effect<string> =>
  Effect.gen(function* () {
    return (
      `a payment: ${yield* counted(make, alone)}\n` +
      `  a payment of ${payments} that wait, ${concurrency} at a time: ${yield* counted(make, waiting)}`
    )
  }).pipe(Effect.orDie)
