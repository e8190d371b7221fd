/** Reads of the journal: one transfer by reference, or all page by page. No request goes to Palomma. */
import { assert, describe } from "@effect/vitest"
import type { TransferQuery, TransferState } from "@palomma-effect/client"
import { transferStates } from "@palomma-effect/client"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { both, event, payins, payouts, scene, sent } from "./support/people.ts"
import type { Transfers } from "./support/scenario.ts"

const listed = (transfers: Transfers, query?: TransferQuery) =>
  Effect.map(Stream.runCollect(transfers.list(query)), (rows) => rows.map(({ reference }) => reference))

const name = (n: number): string => `r-${String(n).padStart(3, "0")}`

describe("find", () => {
  both("returns the transfer of a reference, if there is one", (kind) =>
    Effect.gen(function* () {
      const { count, reference, row, transfers } = yield* sent(kind)
      const before = yield* count()
      assert.deepStrictEqual(yield* transfers.find(reference), Option.some(yield* row()))
      assert.deepStrictEqual(yield* transfers.find("another"), Option.none())
      assert.strictEqual(yield* count(), before)
    })
  )

  both("returns none for a transfer of another namespace or of the other kind", (kind) =>
    Effect.gen(function* () {
      const { reference, start, transfers, write } = yield* sent(kind)
      const elsewhere = yield* start({ transfers: { namespace: "other" } })
      assert.deepStrictEqual(yield* elsewhere.find(reference), Option.none())
      assert.deepStrictEqual(yield* listed(elsewhere), [])
      yield* write({ kind: (kind === payouts ? payins : payouts).name, reference: "theirs", state: "accepted" })
      assert.deepStrictEqual(yield* transfers.find("theirs"), Option.none())
      assert.deepStrictEqual(yield* listed(transfers), [reference])
    })
  )

  both("rejects an invalid reference", (kind) =>
    Effect.gen(function* () {
      const { transfers } = yield* scene(kind)
      for (const reference of ["", undefined, 7]) {
        const error = yield* Effect.flip(transfers.find(reference as never))
        assert.strictEqual(error._tag, "PalommaInvalidInput")
      }
      assert.deepStrictEqual(transfers.steps, [])
    })
  )
})

describe("list", () => {
  const one = (state: TransferState) => ({ reference: state, state })

  both("returns each transfer of the journal, and makes no request to Palomma", (kind) =>
    Effect.gen(function* () {
      const { count, transfers, write } = yield* scene(kind)
      for (const state of transferStates) yield* write(one(state))
      assert.deepStrictEqual(yield* listed(transfers), [...transferStates].sort())
      assert.deepStrictEqual(yield* listed(transfers, {}), [...transferStates].sort())
      assert.strictEqual(yield* count(), 0)
    })
  )

  both("returns those of one state, or of several", (kind) =>
    Effect.gen(function* () {
      const { transfers, write } = yield* scene(kind)
      for (const state of transferStates) yield* write(one(state))
      for (const state of transferStates) assert.deepStrictEqual(yield* listed(transfers, { state }), [state])
      const several: ReadonlyArray<TransferState> = ["needsReview", "accepted"]
      assert.deepStrictEqual(yield* listed(transfers, { state: several }), ["accepted", "needsReview"])
      assert.deepStrictEqual(yield* listed(transfers, { state: [] }), [])
    })
  )

  both("returns those with an alarm, or those without", (kind) =>
    Effect.gen(function* () {
      const { add, intent, reference, transfers } = yield* sent(kind)
      const second = yield* add()
      yield* transfers.applyWebhook(event(kind, second.id, reference))
      yield* transfers.send({ ...intent, reference: "quiet" })
      assert.deepStrictEqual(yield* listed(transfers, { alarmed: true }), [reference])
      assert.deepStrictEqual(yield* listed(transfers, { alarmed: false }), ["quiet"])
      assert.deepStrictEqual(yield* listed(transfers, { alarmed: true, state: "approved" }), [])
      assert.deepStrictEqual(yield* listed(transfers, { alarmed: true, state: "accepted" }), [reference])
    })
  )

  both("returns those that did not change for a duration, by the journal's clock", (kind) =>
    Effect.gen(function* () {
      const { intent, machine, recordId, reference, setStatus, start, transfers } = yield* sent(kind)
      yield* TestClock.adjust("1 hour")
      yield* transfers.send({ ...intent, reference: "new" })
      const month = Duration.toMillis("30 days")
      const ahead = yield* start({ machine: yield* machine(month) })
      for (const process of [transfers, ahead]) {
        assert.deepStrictEqual(yield* listed(process, { olderThan: "1 hour" }), [reference])
        assert.deepStrictEqual(yield* listed(process, { olderThan: "61 minutes" }), [])
        assert.deepStrictEqual(yield* listed(process, { olderThan: 0 }), ["new", reference])
      }
      yield* setStatus(recordId, "approved")
      yield* transfers.reconcile(reference)
      assert.deepStrictEqual(yield* listed(transfers, { olderThan: "1 hour" }), [])
    })
  )

  both("reads only as many pages as are pulled", (kind) =>
    Effect.gen(function* () {
      const { transfers, write } = yield* scene(kind)
      const names = Array.from({ length: 250 }, (_, n) => name(n))
      for (const reference of names) yield* write({ reference, state: "accepted" })
      const { steps } = transfers
      for (const [pageSize, pages] of [
        [undefined, 3],
        [50, 6],
        [249, 2],
        [250, 2],
        [251, 1],
        [1_000, 1]
      ] as const) {
        steps.length = 0
        assert.deepStrictEqual(yield* listed(transfers, pageSize === undefined ? {} : { pageSize }), names)
        assert.strictEqual(steps.length, pages, `pages of ${pageSize}`)
      }
      steps.length = 0
      const first = yield* Stream.runCollect(Stream.take(transfers.list({ pageSize: 10 }), 5))
      assert.deepStrictEqual(
        first.map(({ reference }) => reference),
        names.slice(0, 5)
      )
      assert.strictEqual(steps.length, 1)
    })
  )

  both("returns each transfer once, though rows are added and changed between pages", (kind) =>
    Effect.gen(function* () {
      const { transfers, write } = yield* scene(kind)
      const names = Array.from({ length: 30 }, (_, n) => name(n))
      for (const reference of names) yield* write({ reference, state: "rejected" })
      const seen: Array<string> = []
      yield* Stream.runForEach(transfers.list({ state: "rejected", pageSize: 10 }), ({ reference }) =>
        Effect.gen(function* () {
          seen.push(reference)
          // A returned row gets another state, and a new row is inserted before it.
          yield* transfers.withdraw(reference, { by: "ana", note: "not needed" })
          if (reference.endsWith("5")) yield* write({ reference: `a-${reference}`, state: "rejected" })
        })
      )
      assert.deepStrictEqual(seen, names)
    })
  )

  const wrong: ReadonlyArray<readonly [string, unknown, ReadonlyArray<string>]> = [
    ["null", null, [""]],
    ["a text", "accepted", [""]],
    ["an unknown state", { state: "paid" }, ["state.0"]],
    ["an unknown state among others", { state: ["accepted", "paid"] }, ["state.1"]],
    ["a state that is not a string", { state: 1 }, ["state.0"]],
    ["an alarm that is not a boolean", { alarmed: "yes" }, ["alarmed"]],
    ["a negative age", { olderThan: "-1 second" }, ["olderThan"]],
    ["an age that is not a number", { olderThan: Number.NaN }, ["olderThan"]],
    ["an empty page", { pageSize: 0 }, ["pageSize"]],
    ["a page that is too large", { pageSize: 1_001 }, ["pageSize"]],
    ["an unknown field", { status: "accepted" }, ["status"]],
    ["several problems", { alarmed: 1, olderThan: {}, pageSize: "2" }, ["alarmed", "olderThan", "pageSize"]]
  ]

  both("rejects an invalid query, with all its problems, before any read", (kind) =>
    Effect.gen(function* () {
      const { transfers } = yield* scene(kind)
      for (const [what, query, fields] of wrong) {
        const error = yield* Effect.flip(Stream.runCollect(transfers.list(query as never)))
        assert.strictEqual(error._tag, "PalommaInvalidInput", what)
        if (error._tag !== "PalommaInvalidInput") continue
        assert.strictEqual(error.operation, `${kind.service}.list`)
        assert.deepStrictEqual(error.problems.map(({ field }) => field).sort(), [...fields], what)
      }
      assert.deepStrictEqual(transfers.steps, [])
    })
  )
})
