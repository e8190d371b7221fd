/** What `onEnd` writes with the same database is committed together with the mark that the program was told. */
import { assert, it } from "@effect/vitest"
import { Payouts, Transfer, TransferJournal } from "@palomma-effect/client"
import { Durable } from "@palomma-effect/durable"
import { PayoutTargetId } from "@palomma-effect/schema"
import { PalommaSimulator } from "@palomma-effect/testing"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import { SqlClient } from "effect/sql/SqlClient"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const namespace = "test"

const withDatabase = <A, E>(
  test: Effect.Effect<A, E, Durable | Payouts | TransferJournal | SqlClient | PalommaSimulator | Scope.Scope>
) =>
  Effect.gen(function* () {
    const folder = yield* Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "palomma-worker-"))),
      (path) => Effect.sync(() => rmSync(path, { recursive: true }))
    )
    const filename = join(folder, "journal.db")
    const durable = Durable.layerSqlite({ filename, namespace, pollInterval: "10 millis" })
    return yield* Effect.provide(test, Layer.provideMerge(durable, PalommaSimulator.layer({ seed: 1 })))
  })

const told = new Transfer({
  namespace,
  kind: "payout",
  reference: "a",
  accountId: "01HTARGET",
  amount: 50_000,
  state: "approved",
  version: 1,
  claims: 1,
  recordId: "01HRECORD",
  evidence: [],
  notOurs: [],
  lookUps: 0,
  carriedBy: "worker",
  createdAt: 0,
  updatedAt: 0
})

it.live("in onEnd, `intend` joins the transaction, and a plain `send` is refused before it claims or sends", () =>
  withDatabase(
    Effect.gen(function* () {
      const durable = yield* Durable
      const payouts = yield* Payouts
      const journal = yield* TransferJournal
      const simulator = yield* PalommaSimulator
      const sql = yield* SqlClient
      yield* sql`CREATE TABLE ends (reference TEXT)`
      const payoutTargetId = PayoutTargetId.make((yield* simulator.addPayoutTarget()).id)
      const failure = yield* Deferred.make<unknown>()
      const row = yield* journal.insert(told)
      assert.isTrue(Option.isSome(row))
      yield* Effect.forkScoped(
        durable.work({
          concurrency: 1,
          onEnd: ({ reference }) =>
            Effect.gen(function* () {
              if (reference !== "a") return
              yield* sql`INSERT INTO ends VALUES (${reference})`
              const sent = yield* Effect.result(payouts.send({ reference: "b", payoutTargetId, amount: 50_000 }))
              yield* durable.intend({ kind: "payout", reference: "c", payoutTargetId, amount: 50_000 })
              yield* Deferred.succeed(failure, Result.merge(sent))
            })
        })
      )
      const error = Object(yield* Deferred.await(failure))
      assert.strictEqual(error._tag, "TransferJournalError")
      assert.include(error.message, "inside an SQL transaction")
      const handedOver = yield* durable
        .poll({ kind: "payout", reference: "c" })
        .pipe(Effect.repeat({ until: (found) => Option.isSome(found) && found.value.state === "accepted" }))
      assert.isTrue(Option.isSome(handedOver))
      assert.isTrue(Option.isNone(yield* durable.poll({ kind: "payout", reference: "b" })))
      assert.deepStrictEqual(yield* simulator.ledger.payoutsByReference("b"), [])
      assert.deepStrictEqual(yield* sql`SELECT reference FROM ends`, [{ reference: "a" }])
      const after = yield* durable.poll({ kind: "payout", reference: "a" })
      assert.isDefined(Option.getOrThrow(after).toldAt)
    })
  )
)
