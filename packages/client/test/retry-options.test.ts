/**
 * Which retry options apply, and how invalid ones are reported.
 */
import { assert, describe, it } from "@effect/vitest"
import { PalommaInvalidInput, type RetryOptions, withRetry } from "@palomma-effect/client"
import * as RetryPolicy from "@palomma-effect/client/RetryPolicy"
import * as Effect from "effect/Effect"
import { CurrentRetryOptions } from "../src/internal/options/retry.ts"
import { aCreate, aGet } from "./support/operations.ts"
import { failure, stub } from "./support/stub.ts"

const options = Effect.flatMap(CurrentRetryOptions, Effect.succeed)

describe("nested options", () => {
  it.effect("are merged, for reads and for creates", () =>
    Effect.gen(function* () {
      const inner = withRetry(options, { reads: { maxAttempts: 1 }, creates: { maxAttempts: 2 } })
      const outer: RetryOptions = {
        reads: { maxAttempts: 5, timeout: "1 second" },
        creates: { maxAttempts: 6, timeout: "2 seconds" }
      }
      assert.deepStrictEqual(yield* withRetry(inner, outer), {
        reads: { maxAttempts: 1, timeout: "1 second" },
        creates: { maxAttempts: 2, timeout: "2 seconds" }
      })
    })
  )

  it.effect("keep the outer ones if a caller without types passes none", () =>
    Effect.gen(function* () {
      const none: unknown = undefined
      const inner = withRetry(options, none as RetryOptions)
      const outer: RetryOptions = { reads: { maxAttempts: 5 }, creates: { maxAttempts: 6 } }
      assert.deepStrictEqual(yield* withRetry(inner, outer), outer)
    })
  )

  it("have a key that is unique among all references", () => {
    assert.strictEqual(CurrentRetryOptions.key, "@palomma-effect/client/RetryPolicy/CurrentRetryOptions")
  })
})

describe("the module of the retry policy", () => {
  it("exports the default policy and the way to change it, and no internals", () => {
    assert.deepStrictEqual(Object.keys(RetryPolicy), ["defaultRetryPolicy", "withRetry"])
  })
})

describe("an invalid option", () => {
  it.effect.each([
    ["maxAttempts", 0],
    ["attemptTimeout", 0],
    ["timeout", -1],
    ["initialBackoff", -1],
    ["maxBackoff", "soon"]
  ] as const)("%s is reported, and nothing is sent", ([name, value]) =>
    Effect.gen(function* () {
      for (const [kind, call] of [
        ["reads", aGet.call],
        ["creates", aCreate.call]
      ] as const) {
        const palomma = stub({ status: 503 })
        const wrong: unknown = { [kind]: { [name]: value } }
        const error = yield* failure(withRetry(call, wrong as RetryOptions), palomma)
        assert.instanceOf(error, PalommaInvalidInput)
        assert.deepStrictEqual(
          error.problems.map(({ field }) => field),
          [`withRetry.${kind}.${name}`]
        )
        assert.strictEqual(palomma.requests.length, 0)
      }
    })
  )
})
