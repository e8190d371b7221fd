/** Palomma has two records of one transfer, and the journal has the wrong one: a person selects the right one. */
import { assert, describe } from "@effect/vitest"
import { TransferAlarm, type TransferState } from "@palomma-effect/client"
import * as Effect from "effect/Effect"
import { both, refusedFor, scene, author } from "./support/people.ts"
import { has, type Kind } from "./support/scenario.ts"

const twoRecords = Effect.fnUntraced(function* (kind: Kind, state: TransferState = "cancelled") {
  const all = yield* scene(kind)
  const wrong = yield* all.add({ status: "cancelled" })
  const right = yield* all.add()
  const alarm = new TransferAlarm({ kind: "duplicate", records: [wrong.id, right.id], at: 0 })
  const { version } = yield* all.write({ state, recordId: wrong.id, alarm })
  return { ...all, wrong, right, decision: { ...author, version } }
})

describe("acknowledge of a duplicate whose right record the journal does not have", () => {
  for (const state of ["accepted", "cancelled"] as const) {
    both(`takes the record that a person names, and rules out the one of the row: ${state}`, (kind) =>
      Effect.gen(function* () {
        const { intent, reference, right, decision, transfers, wrong } = yield* twoRecords(kind, state)
        const known = yield* transfers.acknowledge(reference, { ...decision, recordId: right.id })
        has(known, { state: "accepted", recordId: right.id, notOurs: [wrong.id] })
        assert.isUndefined(known.alarm)
        assert.strictEqual((yield* transfers.send(intent)).recordId, right.id)
      })
    )
  }

  both("refuses a record that did not raise the alarm", (kind) =>
    Effect.gen(function* () {
      const { add, reference, row, decision, transfers } = yield* twoRecords(kind)
      const before = yield* row()
      const other = yield* add({ reference: "another" })
      const asked = transfers.acknowledge(reference, { ...decision, recordId: other.id })
      has(yield* refusedFor(asked, "record-of-another"), {
        operation: `${kind.service}.acknowledge`,
        records: [other.id]
      })
      assert.deepStrictEqual(yield* row(), before)
    })
  )

  both("refuses a record of the alarm that belongs to another transfer of the journal", (kind) =>
    Effect.gen(function* () {
      const { reference, right, row, decision, transfers, write } = yield* twoRecords(kind)
      yield* write({ reference: "another", state: "accepted", recordId: right.id })
      const before = yield* row()
      const asked = transfers.acknowledge(reference, { ...decision, recordId: right.id })
      has(yield* refusedFor(asked, "record-of-another"), {
        operation: `${kind.service}.acknowledge`,
        records: [right.id]
      })
      assert.deepStrictEqual(yield* row(), before)
    })
  )

  both("keeps the record of the row if a person names that one and rules out the other", (kind) =>
    Effect.gen(function* () {
      const { reference, right, decision, transfers, wrong } = yield* twoRecords(kind)
      const named = { ...decision, recordId: wrong.id, notOurs: [right.id] }
      const known = yield* transfers.acknowledge(reference, named)
      has(known, { state: "cancelled", recordId: wrong.id, notOurs: [right.id] })
      assert.isUndefined(known.alarm)
    })
  )

  both("refuses a record that Palomma does not have", (kind) =>
    Effect.gen(function* () {
      const {
        reference,
        decision,
        transfers,
        write: _,
        ...all
      } = yield* scene(kind).pipe(
        Effect.flatMap((scene) =>
          Effect.gen(function* () {
            const { id } = yield* scene.add()
            const alarm = new TransferAlarm({ kind: "duplicate", records: [id, "01NONE"], at: 0 })
            const { version } = yield* scene.write({ state: "accepted", recordId: id, alarm })
            return { ...scene, decision: { ...author, version } }
          })
        )
      )
      const before = yield* all.row()
      const asked = transfers.acknowledge(reference, { ...decision, recordId: "01NONE" })
      has(yield* refusedFor(asked, "record-of-another"), {
        operation: `${kind.service}.acknowledge`,
        records: ["01NONE"]
      })
      assert.deepStrictEqual(yield* all.row(), before)
    })
  )

  both("refuses to name a record of a transfer in doubt, which has to be resolved", (kind) =>
    Effect.gen(function* () {
      const { reference, right, decision, transfers } = yield* twoRecords(kind, "needsReview")
      const asked = transfers.acknowledge(reference, { ...decision, recordId: right.id })
      has(yield* refusedFor(asked, "wrong-state"), { operation: `${kind.service}.acknowledge`, state: "needsReview" })
    })
  )
})
