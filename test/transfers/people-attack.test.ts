/** Cases in which a program or a person could get wrong information, or pay twice. */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import { both, event, inDoubt, refusedFor, scene, sent, author } from "./support/people.ts"
import { has } from "./support/scenario.ts"

describe("a record that another transfer has", () => {
  both("is not matched to the reference that Palomma stored: two references that a server treats as one", (kind) =>
    Effect.gen(function* () {
      const { intent, paid, transfers } = yield* scene(kind, { simulator: { storeAs: { reference: "lower-case" } } })
      const first = yield* transfers.send({ ...intent, reference: "RENT" })
      const second = yield* transfers.send({ ...intent, reference: "rent" })
      has(second, { state: "accepted" })
      assert.notStrictEqual(second.recordId, first.recordId)
      assert.strictEqual((yield* paid("rent")).length, 1)
      for (const reference of ["RENT", "rent"]) assert.isUndefined((yield* transfers.reconcile(reference)).alarm)
    })
  )

  both("is not matched to the reference that it shows, if a person assigned it to another transfer", (kind) =>
    Effect.gen(function* () {
      const { add, count, intent, reference, transfers, version } = yield* inDoubt(kind)
      const made = yield* add({ reference: "deposit" })
      const differs = { reference: "deposit" }
      yield* transfers.resolve(reference, { as: "paid", recordId: made.id, version, differs, ...author })
      const deposit = yield* transfers.send({ ...intent, reference: "deposit" })
      assert.notStrictEqual(deposit.recordId, made.id)
      assert.strictEqual(yield* count("create"), 2)
    })
  )

  both("is no conflict with the transfer of the reference that it shows", (kind) =>
    Effect.gen(function* () {
      const { add, intent, reference, transfers, version } = yield* inDoubt(kind)
      const made = yield* add({ reference: "deposit" })
      const differs = { reference: "deposit" }
      yield* transfers.resolve(reference, { as: "paid", recordId: made.id, version, differs, ...author })
      has(yield* transfers.send({ ...intent, reference: "deposit", amount: 70_000 }), { state: "accepted" })
    })
  )
})

describe("a record of another payer under the reference of a withdrawn transfer", () => {
  both("can be ruled out: the transfer stays withdrawn, and that record raises no further alarm", (kind) =>
    Effect.gen(function* () {
      const { add, alarms, logged, intent, reference, row, transfers, write } = yield* scene(kind)
      yield* write({ state: "rejected" })
      yield* transfers.withdraw(reference, author)
      const theirs = yield* add({ amount: 40_000, status: "approved" })
      yield* logged(transfers.applyWebhook(event(kind, theirs.id, reference)))
      const { version } = yield* row()
      const known = yield* transfers.acknowledge(reference, { ...author, version, notOurs: [theirs.id] })
      has(known, { state: "withdrawn", recordId: undefined, alarm: undefined, notOurs: [theirs.id] })
      yield* logged(transfers.applyWebhook(event(kind, theirs.id, reference)))
      assert.deepStrictEqual(yield* row(), known)
      assert.strictEqual(alarms.length, 1)
      yield* refusedFor(transfers.send(intent), "wrong-state")
    })
  )
})

describe("a duplicate whose own record Palomma cancelled", () => {
  both(
    "is not closed as cancelled before the other record is ruled out by id: no person must pay a third time",
    (kind) =>
      Effect.gen(function* () {
        const { add, intent, recordId, reference, row, setStatus, transfers } = yield* sent(kind)
        const second = yield* add({ status: "approved" })
        yield* transfers.applyWebhook(event(kind, second.id, reference))
        yield* setStatus(recordId, "cancelled")
        const { version } = yield* row()
        const error = yield* refusedFor(transfers.acknowledge(reference, { ...author, version }), "record-shown")
        assert.deepStrictEqual(error.records.map(String), [second.id])
        has(yield* Effect.flip(transfers.send(intent)), { _tag: "TransferDuplicate" })
        const decision = { ...author, version, notOurs: [second.id] }
        has(yield* transfers.acknowledge(reference, decision), { state: "cancelled", alarm: undefined })
      })
  )

  both("is not closed as cancelled either if the look-up before the send found the other record", (kind) =>
    Effect.gen(function* () {
      const { add, count, intent, reference, row, transfers } = yield* scene(kind)
      yield* add({ status: "cancelled" })
      yield* add({ status: "approved" })
      has(yield* Effect.flip(transfers.send(intent)), { _tag: "TransferDuplicate" })
      const { state, version } = yield* row()
      if (state === "cancelled") {
        yield* refusedFor(transfers.acknowledge(reference, { ...author, version }), "record-shown")
      } else {
        assert.strictEqual((yield* transfers.acknowledge(reference, { ...author, version })).state, "approved")
      }
      assert.strictEqual(yield* count("create"), 0)
    })
  )
})

describe("what an error advises", () => {
  both("can be followed: a changed record is acknowledged, not resolved", (kind) =>
    Effect.gen(function* () {
      const { fault, recordId, reference, setStatus, transfers } = yield* sent(kind)
      yield* setStatus(recordId, "approved")
      yield* fault("get", Fault.rewrite("amount", 49_500))
      const error = yield* Effect.flip(transfers.awaitFinal(reference))
      has(error, { _tag: "TransferConflict" })
      assert.include(String(error), `${kind.service}.acknowledge`)
    })
  )
})
