import { assert, describe, it } from "@effect/vitest"
import { Payins, Payouts, type TransferError } from "@palomma-effect/client"
import { SqlTransferJournal } from "@palomma-effect/durable"
import { PayinSourceId, PayoutTargetId } from "@palomma-effect/schema"
import { PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { facts } from "./support/facts.ts"
import * as Postgres from "./support/postgres.ts"

const moves = {
  "a payout": Effect.gen(function* () {
    const { id } = yield* (yield* PalommaSimulator).addPayoutTarget()
    const payouts = yield* Payouts
    return {
      move: payouts.send({ reference: "r", payoutTargetId: PayoutTargetId.make(id), amount: 50_000 }),
      rows: Stream.runCollect(payouts.list())
    }
  }),
  "a debit": Effect.gen(function* () {
    const { id } = yield* (yield* PalommaSimulator).addPayinSource()
    const payins = yield* Payins
    return {
      move: payins.charge({ reference: "r", payinSourceId: PayinSourceId.make(id), amount: 50_000 }),
      rows: Stream.runCollect(payins.list())
    }
  })
}

const services = Effect.map(Postgres.schema, (url) =>
  Layer.merge(Payouts.layer(), Payins.layer()).pipe(
    Layer.provideMerge(SqlTransferJournal.layer()),
    Layer.provideMerge(Postgres.client(url)),
    Layer.provideMerge(PalommaSimulator.layer({ seed: 1 }))
  )
)

const isRefused = (error: TransferError | SqlError): void => {
  if (error._tag !== "TransferJournalError") return assert.fail(error._tag)
  assert.strictEqual(error.sent, "no")
  assert.include(error.message, "inside an SQL transaction")
}

describe.skipIf(!Postgres.isThere)("A journal in PostgreSQL", () => {
  for (const [what, prepare] of Object.entries(moves)) {
    // The claim would be rolled back with the rest, and a second call would move the money again.
    it.live(`lets ${what} begin only outside of a transaction of the caller`, () =>
      Effect.gen(function* () {
        const layer = yield* services
        yield* Effect.gen(function* () {
          const sql = yield* SqlClient
          const { move, rows } = yield* prepare
          isRefused(yield* Effect.flip(sql.withTransaction(move)))
          assert.deepStrictEqual((yield* facts).received, [])
          assert.lengthOf(yield* Effect.orDie(rows), 0)

          assert.strictEqual((yield* move).state, "accepted")
          assert.lengthOf((yield* facts).made, 1)
          assert.lengthOf(yield* Effect.orDie(rows), 1)
        }).pipe(Effect.provide(layer))
      }).pipe(Effect.scoped)
    )

    it.live(`keeps ${what} when a transaction of the caller is rolled back afterwards`, () =>
      Effect.gen(function* () {
        const layer = yield* services
        yield* Effect.gen(function* () {
          const sql = yield* SqlClient
          const { move, rows } = yield* prepare
          yield* move
          yield* Effect.flip(sql.withTransaction(Effect.fail("no")))
          yield* move
          assert.lengthOf((yield* facts).made, 1)
          assert.lengthOf(yield* Effect.orDie(rows), 1)
        }).pipe(Effect.provide(layer))
      }).pipe(Effect.scoped)
    )
  }
})
