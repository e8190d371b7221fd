// What `onEnd` may do in the transaction in which the program is informed.
import { assert, it } from "@effect/vitest"
import { Payouts } from "@palomma-effect/client"
import { Durable } from "@palomma-effect/durable"
import { PalommaSimulator } from "@palomma-effect/testing"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const directory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "palomma-on-end-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

it.live("onEnd cannot send, since its transaction could roll the claim back", () =>
  Effect.gen(function* () {
    const filename = join(yield* directory, "transfers.db")
    const simulator = yield* PalommaSimulator
    const { id } = yield* simulator.addPayoutTarget()
    const other = { reference: "refund-4712", payoutTargetId: id, amount: 50_000 }
    const reason = yield* Deferred.make<string>()
    const name = { kind: "payout", reference: "refund-4711" } as const
    const sendsInOnEnd = Durable.layerWorker({
      onEnd: () =>
        Payouts.use(({ send }) => Effect.flip(send(other))).pipe(
          Effect.andThen((error) => Deferred.succeed(reason, error.message))
        )
    })
    yield* Effect.gen(function* () {
      const { intend, withdraw } = yield* Durable
      const { version } = yield* intend({ ...name, payoutTargetId: id, amount: 50_000 })
      yield* withdraw(name, { version, by: "ana", note: "no longer owed" })
      const sent = yield* Deferred.await(reason).pipe(Effect.provide(sendsInOnEnd))
      assert.include(sent, "it was called inside an SQL transaction")
      assert.deepStrictEqual(yield* simulator.ledger.payouts, [])
    }).pipe(Effect.provide(Durable.layerSqlite({ filename })))
  }).pipe(Effect.scoped, Effect.provide(PalommaSimulator.layer()))
)
