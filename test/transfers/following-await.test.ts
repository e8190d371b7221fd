/** Waiting until a transfer that Palomma has is final. */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { both, event, one, payins, payouts, refusedFor, scene, sent, runReady } from "./support/people.ts"
import { has, inTime } from "./support/scenario.ts"

describe("awaitFinal", () => {
  for (const state of ["approved", "cancelled"] as const) {
    both(`waits until Palomma reports it as ${state}, and writes the status`, (kind) =>
      Effect.gen(function* () {
        const { recordId, reference, row, setStatus, transfers } = yield* sent(kind)
        const waiting = yield* Effect.forkChild(transfers.awaitFinal(reference))
        yield* runReady
        yield* TestClock.adjust("1 minute")
        yield* runReady
        assert.isUndefined(waiting.pollUnsafe())
        yield* setStatus(recordId, state)
        const ended = yield* inTime(Fiber.join(waiting))
        has(ended, { state, recordId })
        assert.deepStrictEqual(yield* row(), ended)
      })
    )
  }

  one("Payins.charge: ends with the collected amount if it is a part", () =>
    Effect.gen(function* () {
      const { recordId, reference, row, simulator, transfers } = yield* sent(payins)
      yield* simulator.setPayinStatus(recordId, { status: "partial", amountCollected: 12_000 })
      has(yield* transfers.awaitFinal(reference), { state: "partial", amountCollected: 12_000 })
      assert.strictEqual((yield* row()).amountCollected, 12_000)
    })
  )

  one("Payins.charge: ends with the collected amount if it is the full amount", () =>
    Effect.gen(function* () {
      const { intent, recordId, reference, setStatus, transfers } = yield* sent(payins)
      yield* setStatus(recordId, "approved")
      has(yield* transfers.awaitFinal(reference), { state: "approved", amountCollected: intent.amount })
    })
  )

  for (const state of ["approved", "partial", "cancelled"] as const) {
    both(`returns a transfer that is ${state} without a request`, (kind) =>
      Effect.gen(function* () {
        const { count, reference, transfers, write } = yield* scene(kind)
        const written = yield* write({ state, recordId: "01HRECORD" })
        assert.deepStrictEqual(yield* transfers.awaitFinal(reference), written)
        assert.strictEqual(yield* count(), 0)
      })
    )
  }

  for (const state of ["intended", "sending", "unknown", "needsReview", "rejected", "withdrawn"] as const) {
    both(`fails for a transfer that is ${state} and has no record`, (kind) =>
      Effect.gen(function* () {
        const { count, reference, transfers, write } = yield* scene(kind)
        yield* write({ state })
        const error = yield* refusedFor(transfers.awaitFinal(reference), "wrong-state")
        has(error, { state, operation: `${kind.service}.awaitFinal` })
        assert.strictEqual(yield* count(), 0)
      })
    )
  }

  both("fails for a reference that the journal does not have", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers } = yield* scene(kind)
      yield* refusedFor(transfers.awaitFinal(reference), "unknown-reference")
    })
  )

  both("waits for a transfer in doubt whose record is known", (kind) =>
    Effect.gen(function* () {
      const { add, reference, transfers, write } = yield* scene(kind)
      const made = yield* add({ status: "approved" })
      yield* write({ state: "unknown", recordId: made.id })
      has(yield* transfers.awaitFinal(reference), { state: "approved", recordId: made.id })
    })
  )

  both("reports the transfer as still pending at the timeout, and changes nothing", (kind) =>
    Effect.gen(function* () {
      const { recordId, reference, row, transfers } = yield* sent(kind)
      const before = yield* row()
      const error = yield* Effect.flip(inTime(transfers.awaitFinal(reference, { timeout: "2 minutes" })))
      assert.strictEqual(error._tag, "PalommaStillPending")
      if (error._tag === "PalommaStillPending") {
        has(error, { recordId, status: "processing", operation: `${kind.service}.awaitFinal` })
        assert.deepStrictEqual(error.waited, Duration.minutes(2))
      }
      assert.deepStrictEqual(yield* row(), before)
    })
  )

  both("keeps waiting at a status that this version does not know", (kind) =>
    Effect.gen(function* () {
      const { recordId, reference, setStatus, transfers } = yield* sent(kind)
      yield* setStatus(recordId, "returned")
      const error = yield* Effect.flip(inTime(transfers.awaitFinal(reference)))
      has(error, { _tag: "PalommaStillPending", status: "returned" })
    })
  )

  one("Payouts.send: does not accept a final status of a debit for a payout", () =>
    Effect.gen(function* () {
      const { recordId, reference, setStatus, transfers } = yield* sent(payouts)
      yield* setStatus(recordId, "partial")
      const error = yield* Effect.flip(inTime(transfers.awaitFinal(reference)))
      has(error, { _tag: "PalommaStillPending", status: "partial" })
    })
  )

  both("continues after a transient failure of a read, and stops after a permanent one", (kind) =>
    Effect.gen(function* () {
      const { fault, recordId, reference, setStatus, transfers } = yield* sent(kind)
      yield* setStatus(recordId, "approved")
      yield* fault("get", Fault.respond({ status: 401 }))
      assert.strictEqual((yield* Effect.flip(transfers.awaitFinal(reference)))._tag, "PalommaUnauthorized")
      yield* fault("get", Fault.respond({ status: 503 }), { times: 8 })
      assert.strictEqual((yield* inTime(transfers.awaitFinal(reference))).state, "approved")
    })
  )

  both("fails with a conflict if the final record has other content, and raises the alarm", (kind) =>
    Effect.gen(function* () {
      const { alarms, fault, logged, recordId, reference, row, setStatus, transfers } = yield* sent(kind)
      yield* setStatus(recordId, "approved")
      yield* fault("get", Fault.rewrite("amount", 49_500))
      const error = yield* Effect.flip(logged(transfers.awaitFinal(reference)))
      has(error, { _tag: "TransferConflict", found: "palomma", recordId })
      has(yield* row(), { state: "accepted" })
      assert.strictEqual((yield* row()).alarm?.kind, "differs")
      assert.strictEqual(alarms.length, 1)
    })
  )

  both("fails if there is more than one record, before and after the wait", (kind) =>
    Effect.gen(function* () {
      const { add, count, recordId, reference, setStatus, transfers } = yield* sent(kind)
      const waiting = yield* Effect.forkChild(Effect.flip(transfers.awaitFinal(reference)))
      yield* runReady
      const second = yield* add()
      yield* transfers.applyWebhook(event(kind, second.id, reference))
      yield* setStatus(recordId, "approved")
      has(yield* inTime(Fiber.join(waiting)), { _tag: "TransferDuplicate" })
      const before = yield* count()
      has(yield* Effect.flip(transfers.awaitFinal(reference)), { _tag: "TransferDuplicate" })
      assert.strictEqual(yield* count(), before)
    })
  )

  both("returns the final status that a webhook reported meanwhile", (kind) =>
    Effect.gen(function* () {
      const { fault, recordId, reference, row, setStatus, transfers } = yield* sent(kind)
      yield* setStatus(recordId, "approved")
      yield* fault("get", Fault.slow("5 seconds"))
      const waiting = yield* Effect.forkChild(transfers.awaitFinal(reference))
      yield* runReady
      yield* transfers.applyWebhook(event(kind, recordId))
      const updated = yield* row()
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual(yield* Fiber.join(waiting), updated)
    })
  )

  both("rejects invalid options, and makes no request", (kind) =>
    Effect.gen(function* () {
      const { count, reference, transfers } = yield* sent(kind)
      const before = yield* count()
      for (const options of [{ timeout: -1 }, { timeout: "25 days" }, { patience: 1 }, null]) {
        const error = yield* Effect.flip(transfers.awaitFinal(reference, options as never))
        has(error, { _tag: "PalommaInvalidInput", operation: `${kind.service}.awaitFinal` })
      }
      assert.strictEqual(yield* count(), before)
    })
  )
})
