/**
 * One file, one simulated Palomma that fails as often as it is told to, and a program that is killed while it pays.
 */
import { Palomma, PayoutJournal, Payouts } from "@palomma-effect/client"
import { SqlitePayoutJournal, SqlPayoutJournal } from "@palomma-effect/durable"
import { PayoutRequestId } from "@palomma-effect/schema"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { openAccounts } from "../../../examples/src/pay-from-csv/accounts.ts"
import { paymentsOf } from "../../../examples/src/pay-from-csv/payments.ts"
import { sample } from "../../../examples/src/pay-from-csv/sample.ts"
import * as Lives from "./lives.ts"
import * as Postgres from "./postgres.ts"
import { type Verdict, verdict } from "./verdict.ts"

/** The faults, a quarter each. */
export const faults: ReadonlyArray<Fault.Fault> = [
  Fault.drop(),
  Fault.commitThenDrop,
  Fault.respond({ status: 500, body: { message: "Internal error" }, effect: true }),
  Fault.hang()
]

export const program = join(import.meta.dirname, "../../../examples/src/pay-from-csv.ts")

/** What a round is made of. */
export interface RoundOptions {
  readonly store: "SQLite" | "PostgreSQL"
  readonly seed: string
  readonly lines: number
  readonly kills: number
  /** The share of payouts that something happens to. */
  readonly faulty: number
  /** Where compiled code is kept, so that a life begins sooner. */
  readonly cache: string
}

/** What came of a round. */
export interface Round extends Verdict {
  readonly lines: number
  readonly kills: number
  /** Those that were not paid exactly once after a person had settled what was left to them. */
  readonly unsettled: ReadonlyArray<string>
}

/** Ends what the bank has at hand: most is paid out, some is not. */
const settle = Effect.gen(function* () {
  const simulator = yield* PalommaSimulator
  for (const { id, status } of yield* simulator.ledger.payouts) {
    const chance = yield* Random.next
    if (status === "processing")
      yield* Effect.orDie(simulator.settle(id, { as: chance < 0.9 ? "approved" : "cancelled" }))
  }
})

const killing = Effect.fnUntraced(function* (options: RoundOptions) {
  const simulator = yield* PalommaSimulator
  const file = join(yield* Lives.directory, "payouts.csv")
  writeFileSync(file, yield* sample(options.lines, options.seed))
  const palomma = Palomma.layerFetch({ apiKey: Redacted.make(simulator.apiKey), baseUrl: simulator.url })
  const payments = yield* paymentsOf(file, yield* sample(options.lines, options.seed)).pipe(Effect.provide(palomma))
  const references = payments.map(({ reference }) => reference)
  const isShared = options.store === "PostgreSQL"
  const url = isShared ? yield* Postgres.schema : ""
  const open: Layer.Layer<PayoutJournal, unknown> = isShared
    ? SqlPayoutJournal.layer().pipe(Layer.provide(Postgres.client(url)))
    : SqlitePayoutJournal.layer({ filename: `${file}.journal` })

  // Two processes must know the same accounts. A single one registers them itself while it is killed.
  if (isShared) {
    const register = yield* openAccounts(`${file}.accounts`).pipe(Effect.provide(palomma))
    yield* Effect.forEach(payments, register, { concurrency: 8, discard: true })
  }
  const arm = simulator.fault({ operation: "payoutRequests.create", kind: faults, rate: options.faulty })
  yield* arm
  // One look-up in four does not show yet what was made lately: that it shows nothing must prove nothing.
  yield* simulator.fault({ operation: "payoutRequests.list", kind: Fault.lag("2 seconds"), rate: 0.25 })
  const life: Lives.Program = {
    arguments: [program, "pay", file],
    env: {
      PALOMMA_API_KEY: simulator.apiKey,
      PALOMMA_BASE_URL: simulator.url,
      PAYOUT_JOURNAL: url,
      PAYOUT_SEND_DEADLINE: "300 millis",
      PAYOUT_PATIENCE: "1 second",
      NODE_COMPILE_CACHE: options.cache
    },
    begins: "Paying"
  }
  const processes = isShared ? 2 : 1
  const kills = yield* Effect.forEach(
    Array.from({ length: processes }),
    () => Lives.kill(life, options.kills / processes, 400, settle),
    { concurrency: "unbounded" }
  )
  // In the end the lists show everything.
  yield* Effect.andThen(simulator.clearFaults, arm)
  // Nothing kills the last life, and a busy machine needs more than 300 ms for a connection.
  const last = yield* Lives.runOnce({ ...life, env: { ...life.env, PAYOUT_SEND_DEADLINE: "2 seconds" } })

  const payouts = yield* simulator.ledger.payouts
  const seen = yield* Effect.gen(function* () {
    const rows = yield* PayoutJournal.use((journal) => journal.list(simulator.url))
    const found = verdict(references, rows, payouts)
    if (found.lost.length > 0) console.log(last.said)
    // A person finds out of each what really happened, and the rest is paid on a day without faults.
    yield* simulator.clearFaults
    const paying = yield* Payouts
    for (const reference of found.forAPerson) {
      const payout = payouts.find((payout) => payout.reference === reference)
      yield* paying.resolve(reference, {
        ...(payout === undefined
          ? { as: "not-paid" }
          : { as: "paid", payoutRequestId: PayoutRequestId.make(payout.id) }),
        by: "ana",
        note: "Palomma's ledger"
      })
    }
    const intents = rows.map(({ amount, payoutTargetId, reference }) => ({ amount, payoutTargetId, reference }))
    yield* Stream.runDrain(paying.sendAll(Stream.fromIterable(intents)))
    return found
  }).pipe(Effect.provide(Payouts.layer().pipe(Layer.provideMerge(open), Layer.provideMerge(palomma))))
  const after = Map.groupBy(yield* simulator.ledger.payouts, ({ reference }) => reference)
  const round: Round = {
    ...seen,
    lines: options.lines,
    kills: kills.reduce((sum, some) => sum + some, 0),
    unsettled: references.filter((reference) => after.get(reference)?.length !== 1)
  }
  return round
})

/** Plays a round. */
export const round = (options: RoundOptions) =>
  killing(options).pipe(
    Effect.scoped,
    Effect.provide(layerServer({ seed: options.seed })),
    Random.withSeed(options.seed)
  )
