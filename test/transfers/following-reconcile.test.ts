/** Reading the status of a transfer from Palomma: it is written to the journal, and nothing is sent. */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { both, event, hidden, inDoubt, one, payins, refusedFor, scene, sent, runReady } from "./support/people.ts"
import { has, inTime } from "./support/scenario.ts"

describe("reconcile", () => {
  for (const state of ["intended", "rejected", "withdrawn"] as const) {
    both(`fails for a transfer that is ${state}, and makes no request`, (kind) =>
      Effect.gen(function* () {
        const { count, reference, row, transfers, write } = yield* scene(kind)
        const written = yield* write({ state })
        const error = yield* refusedFor(transfers.reconcile(reference), "wrong-state")
        has(error, { state, version: written.version, operation: `${kind.service}.reconcile` })
        assert.strictEqual(yield* count(), 0)
        assert.deepStrictEqual(yield* row(), written)
      })
    )
  }

  both("fails for a reference that the journal does not have", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers } = yield* scene(kind)
      yield* refusedFor(transfers.reconcile(reference), "unknown-reference")
    })
  )

  both("of a transfer in progress takes the current status from Palomma", (kind) =>
    Effect.gen(function* () {
      const { recordId, reference, row, setStatus, transfers } = yield* sent(kind)
      const before = yield* row()
      assert.deepStrictEqual(yield* transfers.reconcile(reference), before)
      yield* setStatus(recordId, "approved")
      const after = yield* transfers.reconcile(reference)
      assert.strictEqual(after.state, "approved")
      assert.deepStrictEqual(yield* row(), after)
    })
  )

  both("of a transfer in progress fails with Palomma's error, and changes nothing", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, row, transfers } = yield* sent(kind)
      const before = yield* row()
      yield* fault("get", Fault.respond({ status: 404 }))
      assert.strictEqual((yield* Effect.flip(transfers.reconcile(reference)))._tag, "PalommaNotFound")
      assert.deepStrictEqual(yield* row(), before)
    })
  )

  both("of a final transfer reads it once more", (kind) =>
    Effect.gen(function* () {
      const { count, recordId, reference, setStatus, transfers } = yield* sent(kind)
      yield* setStatus(recordId, "approved")
      const approved = yield* transfers.reconcile(reference)
      const reads = yield* count("get")
      assert.deepStrictEqual(yield* transfers.reconcile(reference), approved)
      assert.strictEqual(yield* count("get"), reads + 1)
    })
  )

  one("Payins.charge: returns the collected amount of a debit", () =>
    Effect.gen(function* () {
      const { recordId, reference, setStatus, transfers } = yield* sent(payins)
      yield* setStatus(recordId, "partial")
      has(yield* transfers.reconcile(reference), { state: "partial", amountCollected: 25_000 })
    })
  )
})

describe("reconcile of a transfer in doubt", () => {
  both("finds it as soon as Palomma's list shows it", (kind) =>
    Effect.gen(function* () {
      const { add, count, fault, reference, transfers, write } = yield* scene(kind)
      yield* write({ state: "unknown" })
      const made = yield* add()
      yield* fault("list", Fault.lag("30 seconds"), { rate: 1 })
      const found = yield* inTime(transfers.reconcile(reference))
      has(found, { state: "accepted", recordId: made.id })
      assert.strictEqual(yield* count("create"), 0)
    })
  )

  both("finds it by its id though no list shows it, even under a changed reference", (kind) =>
    Effect.gen(function* () {
      const { add, fault, reference, transfers, write } = yield* scene(kind)
      const made = yield* add({ reference: null })
      yield* fault("list", Fault.lag("1 day"), { rate: 1 })
      yield* write({ state: "unknown", recordId: made.id })
      has(yield* transfers.reconcile(reference), { state: "accepted", recordId: made.id })
    })
  )

  both("leaves it to manual review at the timeout", (kind) =>
    Effect.gen(function* () {
      const { reference, row, transfers, write } = yield* scene(kind, { reconcileTimeout: "40 seconds" })
      yield* write({ state: "unknown" })
      const error = yield* Effect.flip(inTime(transfers.reconcile(reference)))
      has(error, { _tag: "TransferOutcomeUnknown", state: "needsReview", sent: "no" })
      assert.strictEqual((yield* row()).state, "needsReview")
    })
  )

  both("leaves it to the worker that follows it at the timeout", (kind) =>
    Effect.gen(function* () {
      const { reference, row, transfers, write } = yield* scene(kind)
      yield* write({ state: "unknown", carriedBy: "worker" })
      const error = yield* Effect.flip(inTime(transfers.reconcile(reference)))
      has(error, { _tag: "TransferOutcomeUnknown", state: "unknown" })
      assert.strictEqual((yield* row()).state, "unknown")
    })
  )

  both("continues after a look-up that failed, and reports the failure at the timeout", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, transfers, write } = yield* scene(kind, { reconcileTimeout: "30 seconds" })
      yield* write({ state: "unknown" })
      yield* fault("list", Fault.respond({ status: 503 }), { rate: 1 })
      const error = yield* Effect.flip(inTime(transfers.reconcile(reference)))
      has(error, { _tag: "TransferOutcomeUnknown", state: "needsReview", lastErrorTag: "PalommaServerError" })
    })
  )

  both("reports immediately that a record has other content", (kind) =>
    Effect.gen(function* () {
      const { add, reference, row, transfers, write } = yield* scene(kind)
      yield* write({ state: "unknown" })
      const made = yield* add({ amount: 40_000 })
      const error = yield* Effect.flip(transfers.reconcile(reference))
      has(error, { _tag: "TransferConflict", found: "palomma", recordId: made.id })
      has(yield* row(), { state: "needsReview", recordId: made.id })
    })
  )

  both("reports immediately that a record may match", (kind) =>
    Effect.gen(function* () {
      const { add, reference, row, transfers, write } = yield* scene(kind)
      yield* write({ state: "unknown" })
      const made = yield* add({ reference: null })
      const error = yield* Effect.flip(inTime(transfers.reconcile(reference)))
      assert.strictEqual(error._tag, "TransferOutcomeUnknown")
      if (error._tag === "TransferOutcomeUnknown") {
        assert.deepStrictEqual(
          error.evidence.records.map(({ id, seenIn }) => [String(id), seenIn]),
          [[made.id, "account-list"]]
        )
      }
      has(yield* row(), { state: "needsReview", evidence: [made.id] })
    })
  )

  both("returns the status that a webhook reports meanwhile", (kind) =>
    Effect.gen(function* () {
      const { journal, made, reference, transfers, write } = yield* hidden(kind)
      yield* journal.restore([])
      yield* write({ state: "unknown" })
      const reconciling = yield* Effect.forkChild(transfers.reconcile(reference))
      yield* runReady
      yield* transfers.applyWebhook(event(kind, made.id))
      yield* TestClock.adjust("2 seconds")
      yield* runReady
      assert.strictEqual((yield* Fiber.join(reconciling)).recordId, made.id)
    })
  )

  both("looks it up once if it is in manual review, and finds the record that appeared", (kind) =>
    Effect.gen(function* () {
      const { add, count, reference, transfers } = yield* inDoubt(kind)
      const lists = yield* count("list")
      const error = yield* Effect.flip(transfers.reconcile(reference))
      assert.strictEqual(error._tag, "TransferOutcomeUnknown")
      assert.strictEqual(yield* count("list"), lists + 2)
      const made = yield* add({ status: "approved" })
      has(yield* transfers.reconcile(reference), { state: "approved", recordId: made.id })
    })
  )

  both("reports the failed look-up if it is in manual review", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, row, transfers } = yield* inDoubt(kind)
      const before = yield* row()
      yield* fault("list", Fault.respond({ status: 401 }), { rate: 1 })
      const error = yield* Effect.flip(transfers.reconcile(reference))
      has(error, { _tag: "TransferOutcomeUnknown", lastErrorTag: "PalommaUnauthorized" })
      assert.deepStrictEqual(yield* row(), before)
    })
  )
})

describe("reconcile of a transfer that is being sent", () => {
  both("waits until its owner has written the result", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, reference, start, transfers } = yield* scene(kind)
      yield* fault("create", Fault.slow("20 seconds"))
      const sending = yield* Effect.forkChild(transfers.send(intent))
      yield* runReady
      const other = yield* start()
      const reconciled = yield* inTime(other.reconcile(reference))
      assert.deepStrictEqual(reconciled, yield* Fiber.join(sending))
      assert.strictEqual(reconciled.state, "accepted")
    })
  )

  both("fails if the owner proves that nothing was sent", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, reference, row, start, transfers } = yield* scene(kind)
      yield* fault("create", Fault.respond({ status: 400, body: { message: "no" } }))
      const slow = yield* start({
        request: (method, send) => (method === "POST" ? Effect.delay(send, "20 seconds") : send)
      })
      const sending = yield* Effect.forkChild(Effect.flip(slow.send(intent)))
      yield* runReady
      assert.strictEqual((yield* row()).state, "sending")
      const error = yield* refusedFor(inTime(transfers.reconcile(reference)), "wrong-state")
      assert.strictEqual(error.state, "rejected")
      assert.strictEqual((yield* Fiber.join(sending))._tag, "TransferRejected")
    })
  )

  both("treats a claim as expired if its owner writes nothing, and looks it up", (kind) =>
    Effect.gen(function* () {
      const { add, count, reference, transfers, write } = yield* scene(kind)
      yield* write({ state: "sending" })
      const made = yield* add()
      const reconciling = yield* Effect.forkChild(transfers.reconcile(reference))
      yield* runReady
      yield* TestClock.adjust(Duration.millis(64_999))
      yield* runReady
      assert.isUndefined(reconciling.pollUnsafe())
      assert.strictEqual(yield* count(), 0)
      yield* TestClock.adjust("1 millis")
      has(yield* inTime(Fiber.join(reconciling)), { state: "accepted", recordId: made.id })
      assert.strictEqual(yield* count("create"), 0)
    })
  )
})
