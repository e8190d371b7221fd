/**
 * The alarm of a duplicate whose own record Palomma cancelled can be closed after each other record is ruled out by id.
 */
import { assert, describe } from "@effect/vitest"
import { TransferAlarm, type TransferState } from "@palomma-effect/client"
import * as Effect from "effect/Effect"
import { both, refusedFor, scene, author, type Written } from "./support/people.ts"
import { has, type Kind } from "./support/scenario.ts"

interface Fixture {
  readonly kind?: TransferAlarm["kind"]
  readonly others?: ReadonlyArray<string>
  readonly status?: "approved" | "cancelled"
  readonly state?: TransferState
  readonly fields?: Written
}

// A transfer with an alarm. Its own record is the first one of the alarm.
const alarmed = Effect.fnUntraced(function* (kind: Kind, fixture: Fixture = {}) {
  const { fields, others = ["01HB", "01HC"], state = "accepted", status = "cancelled" } = fixture
  const all = yield* scene(kind)
  const { id } = yield* all.add({ status })
  const alarm = new TransferAlarm({ kind: fixture.kind ?? "duplicate", records: [id, ...others], at: 0 })
  const { version } = yield* all.write({ state, recordId: id, alarm, ...fields })
  return { ...all, id, version }
})

describe("the alarm of a duplicate whose own record is cancelled", () => {
  for (const state of ["accepted", "approved", "cancelled"] as const) {
    both(`stays if the transfer is ${state} and no other record is ruled out: the error names each`, (kind) =>
      Effect.gen(function* () {
        const { reference, row, transfers, version } = yield* alarmed(kind, { state })
        const before = yield* row()
        const error = yield* refusedFor(transfers.acknowledge(reference, { ...author, version }), "record-shown")
        has(error, { operation: `${kind.service}.acknowledge`, state, version })
        assert.deepStrictEqual(error.records.map(String), ["01HB", "01HC"])
        assert.deepStrictEqual(yield* row(), before)
      })
    )
  }

  both("stays if one of the others is not ruled out: the error names it", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers, version } = yield* alarmed(kind)
      const decision = { ...author, version, notOurs: ["01HB"] }
      const error = yield* refusedFor(transfers.acknowledge(reference, decision), "record-shown")
      assert.deepStrictEqual(error.records.map(String), ["01HC"])
    })
  )

  both("is closed if the others are ruled out, now or before", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers, version } = yield* alarmed(kind, { fields: { notOurs: ["01HB"] } })
      const decision = { ...author, version, notOurs: ["01HC"] }
      has(yield* transfers.acknowledge(reference, decision), { state: "cancelled", alarm: undefined })
    })
  )

  both("stays for an outdated version, and the error has the current one", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers, version } = yield* alarmed(kind)
      yield* refusedFor(transfers.acknowledge(reference, { ...author, version: version - 1 }), "changed-since")
    })
  )
})

describe("an alarm is closed without record ids", () => {
  const cases: ReadonlyArray<readonly [string, Fixture]> = [
    ["if the own record is not cancelled", { status: "approved" }],
    ["if it is the alarm of a changed status", { kind: "changed-final" }],
    ["if it has no other record", { others: [] }],
    ["if the transfer is in manual review", { state: "needsReview" }]
  ]
  for (const [what, fixture] of cases) {
    both(what, (kind) =>
      Effect.gen(function* () {
        const { reference, transfers, version } = yield* alarmed(kind, fixture)
        const known = yield* transfers.acknowledge(reference, { ...author, version })
        assert.isUndefined(known.alarm)
      })
    )
  }
})
