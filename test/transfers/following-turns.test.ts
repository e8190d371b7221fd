/** Following transfers whose rows are unusual or change all the time. */
import { assert, describe } from "@effect/vitest"
import { Transfer, TransferAlarm } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { both, event, refusedFor, scene, sent } from "./support/people.ts"
import { broken, has, inTime } from "./support/scenario.ts"

describe("reconcile", () => {
  both("fails after twenty reads if other processes change the row all the time", (kind) =>
    Effect.gen(function* () {
      const { journal, reference, start, write } = yield* scene(kind)
      const written = yield* write({ state: "unknown" })
      let reads = 0
      const process = yield* start({
        store: {
          ...journal.service,
          // The row is in doubt when a step begins, and no longer when its look-up ends.
          find: () =>
            Effect.sync(() => {
              reads += 1
              return Option.some(new Transfer({ ...written, state: reads % 2 === 1 ? "unknown" : "intended" }))
            })
        }
      })
      const error = yield* refusedFor(inTime(process.reconcile(reference)), "changed-since")
      has(error, { operation: `${kind.service}.reconcile`, state: "unknown", version: written.version })
      assert.strictEqual(reads, 41)
    })
  )

  both("fails after twenty reads if the journal has no row any more", (kind) =>
    Effect.gen(function* () {
      const { journal, reference, start, write } = yield* scene(kind)
      const written = yield* write({ state: "unknown" })
      let reads = 0
      const process = yield* start({
        store: {
          ...journal.service,
          find: () =>
            Effect.sync(() => {
              reads += 1
              const row = new Transfer({ ...written, state: reads % 2 === 1 ? "unknown" : "intended" })
              return reads > 40 ? Option.none() : Option.some(row)
            })
        }
      })
      const error = yield* refusedFor(inTime(process.reconcile(reference)), "unknown-reference")
      assert.strictEqual(error.operation, `${kind.service}.reconcile`)
    })
  )

  both("looks it up once, and not again in manual review, with a timeout of zero", (kind) =>
    Effect.gen(function* () {
      const { count, reference, row, transfers, write } = yield* scene(kind, { reconcileTimeout: 0 })
      yield* write({ state: "unknown" })
      has(yield* Effect.flip(transfers.reconcile(reference)), { _tag: "TransferOutcomeUnknown", state: "needsReview" })
      assert.strictEqual((yield* row()).state, "needsReview")
      // By its reference, and by its account.
      assert.strictEqual(yield* count("list"), 2)
    })
  )

  both("stops its look-up once a list shows a record with other content", (kind) =>
    Effect.gen(function* () {
      const { add, count, reference, transfers, write } = yield* scene(kind)
      yield* write({ state: "unknown" })
      yield* add({ amount: 40_000 })
      has(yield* Effect.flip(transfers.reconcile(reference)), { _tag: "TransferConflict" })
      assert.strictEqual(yield* count(), 1)
    })
  )

  for (const state of ["accepted", "approved", "partial", "cancelled"] as const) {
    both(`returns a transfer that is ${state} and has no record unchanged, without a request`, (kind) =>
      Effect.gen(function* () {
        const { count, reference, transfers, write } = yield* scene(kind)
        const written = yield* write({ state })
        assert.deepStrictEqual(yield* transfers.reconcile(reference), written)
        assert.strictEqual(yield* count(), 0)
      })
    )

    both(`reports more than one record of a transfer that is ${state}`, (kind) =>
      Effect.gen(function* () {
        const { reference, transfers, write } = yield* scene(kind)
        yield* write({ state, alarm: new TransferAlarm({ kind: "duplicate", records: ["01HB"], at: 0 }) })
        const error = yield* Effect.flip(transfers.reconcile(reference))
        has(error, { _tag: "TransferDuplicate", reference })
      })
    )
  }

  both("fails with its own name for a reference that the journal does not have", (kind) =>
    Effect.gen(function* () {
      const { transfers } = yield* scene(kind)
      const error = yield* refusedFor(transfers.reconcile("another"), "unknown-reference")
      assert.strictEqual(error.operation, `${kind.service}.reconcile`)
    })
  )
})

describe("advance", () => {
  both("of a transfer in progress without a record keeps the state, and makes no request", (kind) =>
    Effect.gen(function* () {
      const { count, reference, transfers, write } = yield* scene(kind)
      const written = yield* write({ state: "accepted" })
      const expected = { _tag: "Wait", reason: "in-progress", transfer: written }
      assert.deepStrictEqual<unknown>(yield* transfers.advance(reference), expected)
      assert.strictEqual(yield* count(), 0)
    })
  )

  both("of a transfer in progress fails if the journal cannot write the status from Palomma", (kind) =>
    Effect.gen(function* () {
      const { recordId, reference, setStatus, start } = yield* sent(kind)
      yield* setStatus(recordId, "approved")
      const process = yield* start({
        journal: { before: ({ operation }) => (operation === "replace" ? Effect.fail(broken("replace")) : Effect.void) }
      })
      has(yield* Effect.flip(process.advance(reference)), { _tag: "TransferJournalError", operation: "replace" })
    })
  )

  both("of a transfer in doubt fails if the journal fails during the look-up", (kind) =>
    Effect.gen(function* () {
      const { add, reference, start, write } = yield* scene(kind)
      yield* write({ state: "unknown" })
      yield* add({ reference: null })
      const process = yield* start({
        journal: {
          before: ({ operation }) => (operation === "findByRecordId" ? Effect.fail(broken(operation)) : Effect.void)
        }
      })
      const error = yield* Effect.flip(process.advance(reference))
      has(error, { _tag: "TransferJournalError", operation: "findByRecordId" })
    })
  )

  both("counts an incomplete look-up", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, transfers, write } = yield* scene(kind, { lookUpPages: 2 })
      yield* write({ state: "unknown" })
      yield* fault("list", Fault.endlessCursor(), { rate: 1 })
      const { transfer } = yield* transfers.advance(reference)
      assert.strictEqual(transfer.lookUps, 1)
    })
  )

  both("returns no error of an incomplete look-up if it found the transfer", (kind) =>
    Effect.gen(function* () {
      const { add, fault, reference, row, transfers, write } = yield* scene(kind, { lookUpPages: 2 })
      yield* write({ state: "unknown" })
      yield* add()
      yield* fault("list", Fault.endlessCursor(), { rate: 1 })
      const advanced = yield* transfers.advance(reference)
      assert.deepStrictEqual<unknown>(advanced, { _tag: "Wait", reason: "in-progress", transfer: yield* row() })
    })
  )

  both("looks it up after its claim was passed as expired, even if the schedule passes it again", (kind) =>
    Effect.gen(function* () {
      const { add, reference, row, transfers, write } = yield* scene(kind)
      const { claim } = yield* write({ state: "sending" })
      const lostClaim = claim?.id
      const lost = yield* transfers.advance(reference, { lostClaim })
      has(lost, { _tag: "Wait", reason: "in-doubt" })
      const made = yield* add()
      has(yield* transfers.advance(reference, { lostClaim }), { _tag: "Wait", reason: "in-progress" })
      has(yield* row(), { state: "accepted", recordId: made.id })
    })
  )

  both("does not change a transfer that is being sent if no claim is passed as expired", (kind) =>
    Effect.gen(function* () {
      const { count, reference, transfers, write } = yield* scene(kind)
      const written = yield* write({ state: "sending" })
      const advanced = yield* transfers.advance(reference, { lostClaim: undefined })
      assert.deepStrictEqual<unknown>(advanced, { _tag: "Wait", reason: "claimed", transfer: written })
      assert.strictEqual(yield* count(), 0)
    })
  )

  both("returns no error of a complete look-up", (kind) =>
    Effect.gen(function* () {
      const { reference, row, transfers, write } = yield* scene(kind)
      yield* write({ state: "unknown" })
      const advanced = yield* transfers.advance(reference)
      assert.deepStrictEqual<unknown>(advanced, { _tag: "Wait", reason: "in-doubt", transfer: yield* row() })
    })
  )
})

describe("awaitFinal", () => {
  both("fails for a transfer that was withdrawn, even if its record is known", (kind) =>
    Effect.gen(function* () {
      const { count, reference, transfers, write } = yield* scene(kind)
      yield* write({ state: "withdrawn", recordId: "01HRECORD" })
      yield* refusedFor(transfers.awaitFinal(reference), "wrong-state")
      assert.strictEqual(yield* count(), 0)
    })
  )

  both("fails with its own name for a reference that the journal does not have", (kind) =>
    Effect.gen(function* () {
      const { transfers } = yield* scene(kind)
      const error = yield* refusedFor(transfers.awaitFinal("another"), "unknown-reference")
      assert.strictEqual(error.operation, `${kind.service}.awaitFinal`)
    })
  )

  both("reports more than one record of a final transfer", (kind) =>
    Effect.gen(function* () {
      const { count, reference, transfers, write } = yield* scene(kind)
      const alarm = new TransferAlarm({ kind: "duplicate", records: ["01HB"], at: 0 })
      yield* write({ state: "approved", recordId: "01HA", alarm })
      const error = yield* Effect.flip(transfers.awaitFinal(reference))
      has(error, { _tag: "TransferDuplicate", reference })
      assert.strictEqual(yield* count(), 0)
    })
  )

  both("names the transfer in the conflict with a record of other content", (kind) =>
    Effect.gen(function* () {
      const { fault, recordId, reference, setStatus, transfers } = yield* sent(kind)
      yield* setStatus(recordId, "approved")
      yield* fault("get", Fault.rewrite("amount", 49_500))
      const error = yield* Effect.flip(transfers.awaitFinal(reference))
      has(error, { _tag: "TransferConflict", kind: kind.name, reference, found: "palomma", recordId })
    })
  )
})

describe("a webhook event", () => {
  both("goes to the row of its record, not to the row of the reference in the event", (kind) =>
    Effect.gen(function* () {
      const { add, row, setStatus, transfers, write } = yield* scene(kind)
      const made = yield* add({ reference: "renamed" })
      yield* setStatus(made.id, "approved")
      yield* write({ reference: "own", state: "accepted", recordId: made.id })
      const renamed = yield* write({ reference: "renamed", state: "accepted", recordId: "01HOTHER" })
      const applied = yield* transfers.applyWebhook(event(kind, made.id, "renamed"))
      assert.deepStrictEqual(applied, Option.some(yield* row("own")))
      assert.strictEqual((yield* row("own")).state, "approved")
      assert.deepStrictEqual(yield* row("renamed"), renamed)
    })
  )

  both("without a reference reads its record at Palomma, and is ignored if no row has that", (kind) =>
    Effect.gen(function* () {
      const { add, transfers } = yield* scene(kind)
      const { id } = yield* add({ reference: null })
      assert.deepStrictEqual(yield* transfers.applyWebhook(event(kind, id)), Option.none())
      assert.deepStrictEqual(transfers.steps, ["GET", "findByRecordId"])
    })
  )
})
