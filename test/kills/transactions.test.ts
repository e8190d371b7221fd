import { assert, describe, it } from "@effect/vitest"
import { PayoutJournal, Payouts } from "@palomma-effect/client"
import { SqlPayoutJournal } from "@palomma-effect/durable"
import { PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import { aPayoutTarget, palomma } from "../support/payouts.ts"
import * as Postgres from "./support/postgres.ts"

const withinATransaction = Effect.gen(function* () {
  const sql = yield* SqlClient
  const simulator = yield* PalommaSimulator
  const payouts = yield* Payouts
  const payoutTargetId = yield* aPayoutTarget
  const send = payouts.send({ reference: "r", payoutTargetId, amount: 50_000 })

  // The claim would be undone together with whatever else is: a second send would pay again.
  const error = yield* Effect.flip(sql.withTransaction(send))
  assert.strictEqual(error._tag, "PayoutJournalError")
  assert.include(error.message, "within an SQL transaction")
  assert.lengthOf(yield* simulator.ledger.payouts, 0)
  assert.lengthOf(yield* payouts.list(), 0)

  yield* send
  assert.lengthOf(yield* simulator.ledger.payouts, 1)
  assert.lengthOf(yield* PayoutJournal.use((journal) => journal.list("http://127.0.0.1/v0", "accepted")), 1)
})

if (Postgres.isThere) {
  describe("Payouts over PostgreSQL", () => {
    it.live("send nothing within a transaction of the caller", () =>
      Effect.gen(function* () {
        const services = Payouts.layer().pipe(
          Layer.provideMerge(SqlPayoutJournal.layer()),
          Layer.provideMerge(Postgres.client(yield* Postgres.schema)),
          Layer.provideMerge(palomma()),
          Layer.provideMerge(PalommaSimulator.layer({ seed: 1 }))
        )
        yield* withinATransaction.pipe(Effect.provide(services))
      }).pipe(Effect.scoped)
    )
  })
}
