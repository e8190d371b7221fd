/**
 * The search for a transfer in doubt after a look-up that failed or was incomplete.
 */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { both, scene } from "./support/people.ts"
import { has, inTime } from "./support/scenario.ts"

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
