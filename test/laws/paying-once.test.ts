import { assert, describe, it } from "@effect/vitest"
import { PayoutJournal, Payouts } from "@palomma-effect/client"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { TestClock } from "effect/testing"
import { aPayoutTarget, withPayouts } from "../support/payouts.ts"

const layer = withPayouts()

describe("Paying once", () => {
  it.effect("pays a payout whose answer was lost exactly once", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const payouts = yield* Payouts
      const payoutTargetId = yield* aPayoutTarget
      yield* simulator.fault({ operation: "payoutRequests.create", kind: Fault.commitThenDrop })
      const fiber = yield* Effect.forkChild(payouts.send({ reference: "salary-1", payoutTargetId, amount: 50_000 }))
      yield* TestClock.adjust("1 minute")
      const payout = yield* Fiber.join(fiber)
      const again = yield* payouts.send({ reference: "salary-1", payoutTargetId, amount: 50_000 })
      assert.strictEqual(again.id, payout.id)
      assert.strictEqual((yield* simulator.ledger.payoutsByReference("salary-1")).length, 1)
      assert.strictEqual((yield* payouts.list())[0]?.state, "accepted")
    }).pipe(Effect.provide(layer))
  )

  it.effect("asks a person where the payout cannot be found", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const payouts = yield* Payouts
      const payoutTargetId = yield* aPayoutTarget
      yield* simulator.fault({ operation: "payoutRequests.create", kind: Fault.drop() })
      const fiber = yield* Effect.forkChild(
        Effect.flip(payouts.send({ reference: "r", payoutTargetId, amount: 50_000 }))
      )
      yield* TestClock.adjust("10 minutes")
      const error = yield* Fiber.join(fiber)
      assert.strictEqual(error._tag, "PayoutOutcomeUnknown")
      assert.strictEqual((yield* payouts.list({ state: "needsAttention" })).length, 1)
      yield* payouts.resolve("r", { as: "not-paid", by: "ana", note: "Palomma says so" })
      const payout = yield* payouts.send({ reference: "r", payoutTargetId, amount: 50_000 })
      assert.strictEqual(payout.amount, 50_000)
      assert.strictEqual((yield* simulator.ledger.payoutsByReference("r")).length, 1)
    }).pipe(Effect.provide(layer))
  )

  it.effect("makes one payout of a hundred concurrent sends, and a caller who leaves does not take it along", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const payouts = yield* Payouts
      const payoutTargetId = yield* aPayoutTarget
      yield* simulator.fault({ operation: "payoutRequests.create", kind: Fault.slow("5 seconds") })
      const send = payouts.send({ reference: "r", payoutTargetId, amount: 50_000 })
      const first = yield* Effect.forkChild(send)
      const others = yield* Effect.forkChild(
        Effect.all(
          Array.from({ length: 100 }, () => send),
          { concurrency: "unbounded" }
        )
      )
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(first)
      yield* TestClock.adjust("1 minute")
      const all = yield* Fiber.join(others)
      assert.strictEqual(new Set(all.map(({ id }) => id)).size, 1)
      assert.strictEqual((yield* simulator.ledger.payoutsByReference("r")).length, 1)
      assert.strictEqual((yield* simulator.ledger.requests({ operation: "payoutRequests.create" })).length, 1)
    }).pipe(Effect.provide(layer))
  )

  it.effect("writes down a payout in flight when the layer is closed", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const journal = yield* PayoutJournal
      const payoutTargetId = yield* aPayoutTarget
      yield* simulator.fault({ operation: "payoutRequests.create", kind: Fault.slow("5 seconds") })
      const fiber = yield* Effect.forkChild(
        Effect.gen(function* () {
          const payouts = yield* Payouts
          yield* Effect.forkChild(payouts.send({ reference: "r", payoutTargetId, amount: 50_000 }))
          // Until the request is at Palomma and its answer on the way.
          while ((yield* simulator.ledger.payoutsByReference("r")).length === 0) yield* Effect.yieldNow
        }).pipe(Effect.provide(Layer.fresh(Payouts.layer())))
      )
      yield* TestClock.adjust("2 seconds")
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(fiber)
      const rows = yield* journal.list("http://127.0.0.1/v0")
      assert.deepStrictEqual(
        rows.map(({ state }) => state),
        ["accepted"]
      )
    }).pipe(Effect.provide(layer))
  )
})
