/**
 * Payments to measure, and their peer: the statements of the journal alone, without a queue and without requests.
 */
import { TransferJournal } from "@palomma-effect/client/TransferJournal"
import { Durable } from "@palomma-effect/durable"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import { layerOf, type Store } from "../../../durable/test/support/commits.ts"
import { Recorder } from "../../../durable/test/support/purposes.ts"
import { aRow, next } from "../../../durable/test/support/rows.ts"
import * as Bank from "./bank.ts"

let made = 0

const nextReference = (): string => `payment-${made++}`

/** How many payments a worker carries at a time, and how many the peer writes at a time. */
export const concurrency = 8

/** A database with a worker. */
export interface Opened {
  readonly bank: Bank.Bank
  readonly recorder: Recorder
  readonly sql: SqlClient
  /** Makes payments, from `intend` until their jobs are done. */
  readonly pay: (payments: number) => Effect.Effect<void>
  /** Makes one payment, and returns the milliseconds from `intend` to its request. */
  readonly timeUntilRequest: Effect.Effect<number>
  /** Runs the statements of the journal for this many payments. */
  readonly write: (payments: number) => Effect.Effect<void>
}

/** Opens `Durable` over a database with a worker, until the scope ends. */
export const open = Effect.fnUntraced(function* (store: Store) {
  const bank = Bank.open()
  const recorder = new Recorder()
  const context = yield* Layer.build(Layer.provide(Layer.fresh(layerOf(store)), bank.palomma))
  const durable = Context.get(context, Durable)
  const journal = Context.get(context, TransferJournal)
  yield* Effect.forkScoped(recorder.record(durable.work({ concurrency })))
  yield* recorder.until(() => recorder.hasStarted)

  const eachOf = (payments: number, one: Effect.Effect<unknown, unknown>) =>
    Effect.orDie(Effect.forEach(Array.from({ length: payments }), () => one, { concurrency, discard: true }))

  const intendNext = Effect.suspend(() => {
    const reference = nextReference()
    return Effect.as(durable.intend(Bank.intentOf(reference)), reference)
  })

  const writeOne = Effect.gen(function* () {
    const row = aRow(nextReference(), { namespace: "peer" })
    yield* journal.insert(row)
    yield* journal.find(row)
    const claimed = { state: "sending", claims: 1, claim: { id: "0".repeat(32), length: 95_000, at: 0 } } as const
    const sending = next(row, claimed)
    yield* journal.replace(sending)
    yield* journal.find(row)
    yield* journal.replace(next(row, { version: sending.version + 1, state: "accepted", recordId: row.reference }))
  })

  const opened: Opened = {
    bank,
    recorder,
    sql: Context.get(context, SqlClient),
    pay: Effect.fnUntraced(function* (payments) {
      const done = recorder.of("complete") + payments
      yield* eachOf(payments, intendNext)
      yield* recorder.until(() => recorder.of("complete") >= done)
    }),
    timeUntilRequest: Effect.gen(function* () {
      const done = recorder.of("complete") + 1
      const start = performance.now()
      const reference = yield* Effect.orDie(intendNext)
      yield* recorder.until(() => recorder.of("complete") >= done)
      return (bank.asked.get(reference) ?? Number.NaN) - start
    }),
    write: (payments) => eachOf(payments, writeOne)
  }
  return opened
})
