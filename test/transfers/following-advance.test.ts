/** One step of a transfer, for programs that follow transfers on their own schedule. */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { broken } from "./support/journals.ts"
import { both, event, one, payins, refusedFor, scene, sent } from "./support/people.ts"
import { has } from "./support/scenario.ts"

describe("advance", () => {
  const standing = [
    ["intended", { _tag: "Wait", reason: "not-sent" }],
    ["rejected", { _tag: "Wait", reason: "not-sent" }],
    ["sending", { _tag: "Wait", reason: "claimed" }],
    ["needsReview", { _tag: "NeedsReview" }],
    ["approved", { _tag: "Ended" }],
    ["partial", { _tag: "Ended" }],
    ["cancelled", { _tag: "Ended" }],
    ["withdrawn", { _tag: "Ended" }]
  ] as const

  for (const [state, expected] of standing) {
    both(`of a transfer that is ${state} makes no request and changes nothing, at any time`, (kind) =>
      Effect.gen(function* () {
        const { add, count, reference, row, transfers, write } = yield* scene(kind)
        yield* add()
        const written = yield* write({ state })
        yield* TestClock.adjust("30 days")
        assert.deepStrictEqual<unknown>(yield* transfers.advance(reference), { ...expected, transfer: written })
        assert.strictEqual(yield* count(), 0)
        assert.deepStrictEqual(yield* row(), written)
      })
    )
  }

  both("fails for a reference that the journal does not have", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers } = yield* scene(kind)
      const error = yield* refusedFor(transfers.advance(reference), "unknown-reference")
      assert.strictEqual(error.operation, `${kind.service}.advance`)
    })
  )

  both("of a transfer in progress reads it once", (kind) =>
    Effect.gen(function* () {
      const { count, recordId, reference, row, setStatus, transfers } = yield* sent(kind)
      const before = yield* row()
      assert.deepStrictEqual<unknown>(yield* transfers.advance(reference), {
        _tag: "Wait",
        reason: "in-progress",
        transfer: before
      })
      assert.strictEqual(yield* count("get"), 1)
      for (const status of ["on hold", "approved"]) yield* setStatus(recordId, status)
      has(yield* transfers.advance(reference), { _tag: "Ended", transfer: yield* row() })
      assert.strictEqual((yield* row()).state, "approved")
    })
  )

  one("Payins.charge: ends with what was collected of a debit", () =>
    Effect.gen(function* () {
      const { recordId, reference, setStatus, transfers } = yield* sent(payins)
      yield* setStatus(recordId, "partial")
      const { transfer } = yield* transfers.advance(reference)
      has(transfer, { state: "partial", amountCollected: 25_000 })
    })
  )

  both("of a transfer in progress returns why it could not be read, and keeps its state", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, row, transfers } = yield* sent(kind)
      yield* fault("get", Fault.respond({ status: 404 }))
      const advanced = yield* transfers.advance(reference)
      has(advanced, { _tag: "Wait", reason: "in-progress", transfer: yield* row() })
      assert.strictEqual("error" in advanced ? advanced.error?._tag : undefined, "PalommaNotFound")
    })
  )

  both("returns the alarm of a transfer in progress in its row", (kind) =>
    Effect.gen(function* () {
      const { add, reference, transfers } = yield* sent(kind)
      const second = yield* add()
      yield* transfers.applyWebhook(event(kind, second.id, reference))
      const advanced = yield* transfers.advance(reference)
      has(advanced, { _tag: "Wait", reason: "in-progress" })
      assert.strictEqual(advanced.transfer.alarm?.kind, "duplicate")
    })
  )
})

describe("advance of a transfer in doubt", () => {
  both("looks it up once, by reference and by account, and counts the look-up", (kind) =>
    Effect.gen(function* () {
      const { count, reference, transfers, write } = yield* scene(kind, { reconcileTimeout: "1 second" })
      yield* write({ state: "unknown" })
      for (let n = 1; n <= 5; n++) {
        // Long after the timeout of any call: `advance` itself never applies a timeout.
        yield* TestClock.adjust("1 day")
        const advanced = yield* transfers.advance(reference)
        has(advanced, { _tag: "Wait", reason: "in-doubt" })
        assert.strictEqual(advanced.transfer.lookUps, n)
        assert.strictEqual(advanced.transfer.state, "unknown")
        assert.strictEqual(yield* count("list"), 2 * n)
      }
      assert.strictEqual(yield* count(), yield* count("list"))
    })
  )

  both("finds it, and then counts no look-up", (kind) =>
    Effect.gen(function* () {
      const { add, reference, row, transfers, write } = yield* scene(kind)
      yield* write({ state: "unknown" })
      const made = yield* add()
      has(yield* transfers.advance(reference), { _tag: "Wait", reason: "in-progress" })
      has(yield* row(), { state: "accepted", recordId: made.id, lookUps: 0 })
    })
  )

  both("finds it by its id alone", (kind) =>
    Effect.gen(function* () {
      const { add, count, reference, transfers, write } = yield* scene(kind)
      const made = yield* add({ reference: null, status: "approved" })
      yield* write({ state: "unknown", recordId: made.id })
      has(yield* transfers.advance(reference), { _tag: "Ended" })
      assert.strictEqual(yield* count("list"), 0)
    })
  )

  both("continues with the lists if the record of its id does not exist", (kind) =>
    Effect.gen(function* () {
      const { count, reference, transfers, write } = yield* scene(kind)
      yield* write({ state: "unknown", recordId: "01HGONE" })
      has(yield* transfers.advance(reference), { _tag: "Wait", reason: "in-doubt" })
      assert.strictEqual(yield* count("list"), 2)
    })
  )

  both("leaves it to manual review if a record may match", (kind) =>
    Effect.gen(function* () {
      const { add, reference, row, transfers, write } = yield* scene(kind)
      yield* write({ state: "unknown" })
      const made = yield* add({ reference: null })
      has(yield* transfers.advance(reference), { _tag: "NeedsReview" })
      has(yield* row(), { state: "needsReview", evidence: [made.id] })
    })
  )

  both("returns why a look-up failed, and counts none", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, transfers, write } = yield* scene(kind)
      const written = yield* write({ state: "unknown" })
      yield* fault("list", Fault.respond({ status: 401 }))
      const advanced = yield* transfers.advance(reference)
      has(advanced, { _tag: "Wait", reason: "in-doubt", transfer: written })
      assert.strictEqual("error" in advanced ? advanced.error?._tag : undefined, "PalommaUnauthorized")
    })
  )

  both("returns that a look-up was incomplete", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, row, transfers, write } = yield* scene(kind, { lookUpPages: 2 })
      yield* write({ state: "unknown" })
      yield* fault("list", Fault.endlessCursor(), { rate: 1 })
      const advanced = yield* transfers.advance(reference)
      has(advanced, { _tag: "Wait", reason: "in-doubt" })
      assert.strictEqual("error" in advanced ? advanced.error?._tag : undefined, "TransferLookUpIncomplete")
      assert.strictEqual((yield* row()).state, "unknown")
    })
  )

  both("fails if the journal does", (kind) =>
    Effect.gen(function* () {
      const { reference, start, write } = yield* scene(kind)
      yield* write({ state: "unknown" })
      const process = yield* start({
        journal: {
          before: ({ operation }) => (operation === "replace" ? Effect.fail(broken("replace")) : Effect.void)
        }
      })
      const error = yield* Effect.flip(process.advance(reference))
      has(error, { _tag: "TransferJournalError", operation: "replace" })
    })
  )

  both("counts the look-ups since the last send", (kind) =>
    Effect.gen(function* () {
      const { intent, reference, transfers, write } = yield* scene(kind)
      yield* write({ state: "unknown", lookUps: 7 })
      yield* TestClock.adjust("20 minutes")
      const decision = { as: "not-paid", version: 2, by: "ana", note: "not there" } as const
      yield* transfers.resolve(reference, decision)
      assert.strictEqual((yield* transfers.send(intent)).lookUps, 0)
    })
  )
})

describe("advance of a transfer that is claimed", () => {
  both("marks its claim as expired if the schedule passes it as expired, and makes no request", (kind) =>
    Effect.gen(function* () {
      const { count, reference, row, transfers, write } = yield* scene(kind)
      const { claim = assert.fail("no claim") } = yield* write({ state: "sending" })
      const lost = yield* transfers.advance(reference, { lostClaim: claim.id })
      assert.deepStrictEqual([lost._tag, lost.transfer.state], ["Wait", "unknown"])
      has(yield* row(), { state: "unknown", claim })
      assert.strictEqual(yield* count(), 0)
    })
  )

  both("changes nothing if another claim is passed as expired", (kind) =>
    Effect.gen(function* () {
      const { reference, row, transfers, write } = yield* scene(kind)
      const written = yield* write({ state: "sending" })
      const { transfer } = yield* transfers.advance(reference, { lostClaim: "another" })
      assert.deepStrictEqual(transfer, written)
      assert.deepStrictEqual(yield* row(), written)
    })
  )

  both("rejects a claim that is not a string", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers, write } = yield* scene(kind)
      yield* write({ state: "sending" })
      const error = yield* Effect.flip(transfers.advance(reference, { lostClaim: "" }))
      assert.strictEqual(error._tag, "PalommaInvalidInput")
    })
  )
})
