/** Results of many transfers, and the queries that the journal gets for them. */
import { assert, describe } from "@effect/vitest"
import type { TransferJournalQuery } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { both, notPaid, scene } from "./support/people.ts"
import { has, inTime } from "./support/scenario.ts"

describe("reconcileAll", () => {
  both("emits each result when it is ready, the quick ones first", (kind) =>
    Effect.gen(function* () {
      const { add, fault, transfers, write } = yield* scene(kind)
      for (const reference of ["a", "b"]) {
        const { id } = yield* add({ reference })
        yield* write({ reference, state: "accepted", recordId: id })
        if (reference === "a") yield* fault("get", Fault.slow("5 seconds"), { containing: id })
      }
      const results = yield* inTime(Stream.runCollect(transfers.reconcileAll({ olderThan: 0 })))
      const outcomes = results.map((result) => [result._tag, result._tag === "Reconciled" && result.transfer.reference])
      assert.deepStrictEqual(outcomes, [
        ["Reconciled", "b"],
        ["Reconciled", "a"]
      ])
    })
  )

  both("reports which transfer failed, and why", (kind) =>
    Effect.gen(function* () {
      const { add, fault, transfers, write } = yield* scene(kind)
      const { id } = yield* add({ reference: "a" })
      yield* write({ reference: "a", state: "accepted", recordId: id })
      yield* fault("get", Fault.respond({ status: 401 }), { rate: 1 })
      const [result] = yield* inTime(Stream.runCollect(transfers.reconcileAll({ olderThan: 0 })))
      has(result ?? {}, { _tag: "Failed", reference: "a" })
      assert.strictEqual(result?._tag === "Failed" ? result.error._tag : "", "PalommaUnauthorized")
    })
  )
})

describe("resolveAll", () => {
  both("reports the resolved transfers and the failed ones", (kind) =>
    Effect.gen(function* () {
      const { add, transfers, write } = yield* scene(kind)
      const { id } = yield* add({ reference: "a" })
      const { version } = yield* write({ reference: "a", state: "needsReview" })
      const { as: _, ...decision } = notPaid(version)
      const results = yield* transfers.resolveAll([
        { ...decision, as: "paid", recordId: id, reference: "a" },
        { ...notPaid(1), reference: "b" }
      ])
      assert.deepStrictEqual(
        results.map(({ _tag }) => _tag),
        ["Resolved", "Failed"]
      )
    })
  )
})

describe("list", () => {
  for (const [what, state, states] of [
    ["a list of one state", "accepted", ["accepted"]],
    ["the named states", ["accepted", "unknown"], ["accepted", "unknown"]],
    ["no states if the list is empty", undefined, undefined]
  ] as const) {
    both(`queries the journal for ${what}`, (kind) =>
      Effect.gen(function* () {
        const { journal, start } = yield* scene(kind)
        const asked: Array<TransferJournalQuery> = []
        const list = (query: TransferJournalQuery) => {
          asked.push(query)
          return journal.service.list(query)
        }
        const process = yield* start({ store: { ...journal.service, list } })
        yield* Stream.runDrain(process.list(state === undefined ? {} : { state }))
        assert.deepStrictEqual<unknown>(
          asked.map((query) => query.states),
          [states]
        )
      })
    )
  }
})

describe("an intent that is not valid", () => {
  both("fails with the name of the operation before any request", (kind) =>
    Effect.gen(function* () {
      const { intent, transfers } = yield* scene(kind)
      const error = yield* Effect.flip(transfers.send({ ...intent, amount: 0.5 }))
      const operation = `${kind.service}.${kind.verb}`
      has(error, { _tag: "PalommaInvalidInput", operation, outcome: "not-sent" })
      assert.deepStrictEqual(transfers.steps, [])
    })
  )
})
