/** Default durations and limits. */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { both, notPaid, refusedFor, scene } from "./support/people.ts"
import { has, inTime } from "./support/scenario.ts"

// Each page may take any time.
const patient = { retry: { reads: { maxAttempts: 1, attemptTimeout: "1 hour", timeout: "1 hour" } } } as const

describe("by default", () => {
  both("a look-up reads a hundred pages", (kind) =>
    Effect.gen(function* () {
      const { count, fault, intent, transfers } = yield* scene(kind)
      yield* fault("list", Fault.endlessCursor(), { rate: 1 })
      const error = yield* Effect.flip(inTime(transfers.send(intent)))
      assert.strictEqual(error._tag, "TransferNotSent")
      const cause = error._tag === "TransferNotSent" ? error.cause : {}
      // One further page shows that there are more.
      has(cause, { _tag: "TransferLookUpIncomplete", limit: "lookUpPages", pages: 100 })
      assert.strictEqual(yield* count("list"), 101)
    })
  )

  both("a look-up takes at most twenty seconds", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, start, write } = yield* scene(kind)
      yield* write({ state: "unknown" })
      yield* fault("list", Fault.slow("30 minutes"), { rate: 1 })
      const process = yield* start({ client: patient })
      const began = yield* Clock.currentTimeMillis
      const advanced = yield* inTime(process.advance(reference))
      const error = "error" in advanced ? advanced.error : undefined
      has(error ?? {}, { _tag: "TransferLookUpIncomplete", limit: "lookUpTimeout" })
      assert.strictEqual((yield* Clock.currentTimeMillis) - began, 20_000)
    })
  )

  both("a transfer in doubt is looked up for two minutes", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers, write } = yield* scene(kind)
      yield* write({ state: "unknown" })
      const began = yield* Clock.currentTimeMillis
      has(yield* Effect.flip(inTime(transfers.reconcile(reference))), { _tag: "TransferOutcomeUnknown" })
      const took = (yield* Clock.currentTimeMillis) - began
      assert.isAtLeast(took, Duration.toMillis("105 seconds"))
      assert.isAtMost(took, Duration.toMillis("120 seconds"))
    })
  )

  both("the quiet time is twenty minutes", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers, write } = yield* scene(kind)
      const { version } = yield* write({ state: "needsReview" })
      const error = yield* refusedFor(transfers.resolve(reference, notPaid(version)), "quiet-time")
      assert.deepStrictEqual(error.waitFor, Duration.minutes(20))
    })
  )
})
