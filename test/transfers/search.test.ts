/**
 * The search for a transfer in doubt after a look-up that failed or was incomplete.
 */
import { assert, describe } from "@effect/vitest"
import { Transfer } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { both, scene } from "./support/people.ts"
import { has, inTime, until } from "./support/scenario.ts"

const badRequest = Fault.respond({ status: 400, body: { message: "Bad request" } })

describe("the search for a transfer in doubt", () => {
  both("continues after a look-up that timed out", (kind) =>
    Effect.gen(function* () {
      const { add, fault, intent, transfers, write } = yield* scene(kind, { lookUpTimeout: "2 seconds" })
      const made = yield* add()
      yield* write({ state: "unknown" })
      yield* fault("list", Fault.slow("5 seconds"), { nth: 1 })
      has(yield* inTime(transfers.send(intent)), { state: "accepted", recordId: made.id })
    })
  )

  both("names the error of the last look-up", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, transfers, write } = yield* scene(kind)
      yield* write({ state: "unknown" })
      yield* fault("list", badRequest, { rate: 1 })
      const error = yield* Effect.flip(inTime(transfers.reconcile(reference)))
      const operation = kind.name === "payout" ? "PayoutRequests.list" : "PayinRequests.list"
      has(error, { lastError: `${operation}: PalommaBadRequest 400.`, lastErrorTag: "PalommaBadRequest" })
    })
  )

  both("makes a run wait only after a 429", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, transfers, world, write } = yield* scene(kind)
      yield* write({ state: "unknown" })
      yield* fault("list", badRequest, { nth: 1 })
      const intents = Stream.make(intent, { ...intent, reference: "second" })
      const results = yield* inTime(Stream.runCollect(transfers.sendAll(intents, { concurrency: 1 })))
      assert.deepStrictEqual(
        results.map(({ _tag }) => _tag),
        ["Failed", "Accepted"]
      )
      const [failed, next] = yield* world.requests("list")
      assert.strictEqual(next?.at, failed?.at)
    })
  )
})

describe("the error of a call that found the transfer in doubt", () => {
  for (const place of ["before", "after"] as const) {
    both(`is a conflict for a record with other content, also if a similar record is listed ${place} it`, (kind) =>
      Effect.gen(function* () {
        const { add, fault, intent, transfers, write } = yield* scene(kind)
        yield* write({ state: "needsReview" })
        if (place === "before") yield* add({ reference: null })
        const differing = yield* add({ amount: 40_000 })
        if (place === "after") yield* add({ reference: null })
        yield* fault("list", Fault.ignoreFilters("reference"), { rate: 1 })
        const error = yield* Effect.flip(transfers.send(intent))
        has(error, { _tag: "TransferConflict", found: "palomma", recordId: differing.id })
      })
    )
  }

  both("reports the record of the response if the call made no look-up", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, paid, transfers } = yield* scene(kind, { lookUpFirst: false })
      yield* fault("create", Fault.rewrite(kind.accountField, "another account"))
      const error = yield* Effect.flip(transfers.send(intent))
      const [record] = yield* paid()
      assert.strictEqual(error._tag, "TransferOutcomeUnknown")
      has(error, { sent: "yes", recordId: record?.id })
    })
  )

  both("has no record of the lists if a person withdrew the transfer while its record was read", (kind) =>
    Effect.gen(function* () {
      const { add, count, fault, intent, journal, start, write } = yield* scene(kind)
      const made = yield* add()
      const row = yield* write({ state: "needsReview", recordId: made.id })
      yield* fault("get", Fault.slow("2 seconds"))
      const process = yield* start()
      const fiber = yield* Effect.forkChild(Effect.flip(process.send(intent)))
      yield* until(() => process.steps.includes("GET"))
      const withdrawn = { ...row, state: "withdrawn", notOurs: [made.id], version: row.version + 1 } as const
      yield* journal.service.replace(new Transfer(withdrawn))
      const error = yield* inTime(Fiber.join(fiber))
      assert.strictEqual(error._tag, "TransferOutcomeUnknown")
      has(error, { state: "withdrawn", sent: "no" })
      if (error._tag !== "TransferOutcomeUnknown") return
      assert.deepStrictEqual({ ...error.evidence }, { records: [], laterTransferShown: false })
      assert.strictEqual(yield* count("list"), 0)
    })
  )
})
