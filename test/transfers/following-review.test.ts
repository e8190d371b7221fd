/** Reconciling a transfer in manual review while the look-up at Palomma fails. */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { both, scene } from "./support/people.ts"
import { broken, has, inTime, type Kind } from "./support/scenario.ts"

const listOf = ({ name }: Kind): string => (name === "payout" ? "PayoutRequests.list" : "PayinRequests.list")

describe("reconcile of a transfer in manual review", () => {
  both("reports which call failed, and with which status", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, transfers, write } = yield* scene(kind)
      yield* write({ state: "needsReview" })
      yield* fault("list", Fault.respond({ status: 401 }), { rate: 1 })
      const error = yield* Effect.flip(transfers.reconcile(reference))
      has(error, { _tag: "TransferOutcomeUnknown", lastError: `${listOf(kind)}: PalommaUnauthorized 401.` })
    })
  )

  both("reports it after the earlier failure", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, transfers, write } = yield* scene(kind)
      yield* write({ state: "needsReview", lastError: "Its answer was lost." })
      yield* fault("list", Fault.respond({ status: 401 }), { rate: 1 })
      const error = yield* Effect.flip(transfers.reconcile(reference))
      has(error, { lastError: `Its answer was lost. ${listOf(kind)}: PalommaUnauthorized 401.` })
    })
  )

  both("fails with the journal's own error if the journal fails", (kind) =>
    Effect.gen(function* () {
      const { add, reference, row, start, write } = yield* scene(kind)
      const written = yield* write({ state: "needsReview" })
      yield* add({ reference: null })
      const process = yield* start({
        journal: {
          before: ({ operation }) => (operation === "findByRecordId" ? Effect.fail(broken(operation)) : Effect.void)
        }
      })
      const error = yield* Effect.flip(process.reconcile(reference))
      has(error, { _tag: "TransferJournalError", operation: "findByRecordId", sent: "no" })
      assert.deepStrictEqual(yield* row(), written)
    })
  )

  for (const [name, status, pause] of [
    ["pauses every run of the service if Palomma asks to slow down", 429, 60_000],
    ["pauses no run if Palomma fails in another way", 401, 0]
  ] as const) {
    both(name, (kind) =>
      Effect.gen(function* () {
        const { fault, intent, reference, requests, transfers, write } = yield* scene(kind)
        yield* write({ state: "needsReview" })
        const answer = Fault.respond({ status, headers: { "retry-after": "60" } })
        yield* fault("list", answer, { rate: 1, containing: reference })
        yield* Effect.flip(inTime(transfers.reconcile(reference)))
        const refused = (yield* requests("list")).at(-1)?.at ?? Number.NaN
        yield* inTime(Stream.runDrain(transfers.sendAll(Stream.make({ ...intent, reference: "deposit" }))))
        const sent = (yield* requests()).find(({ url }) => url.includes("deposit"))?.at ?? Number.NaN
        assert.strictEqual(sent - refused, pause)
      })
    )
  }
})
