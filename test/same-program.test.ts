// A program that uses the services runs unchanged on the simulator in memory, the simulator over HTTP and hand-written
// doubles.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { byHand, inMemory, order, overHttp, refund } from "../examples/src/replace-by-a-layer.ts"

describe("a program", () => {
  it.live("has the same result on every Palomma", () =>
    Effect.gen(function* () {
      const expected = "$ 50.000 COP: approved"
      assert.strictEqual(yield* Effect.provide(refund(order), inMemory), expected)
      assert.strictEqual(yield* Effect.provide(refund(order), overHttp), expected)
      assert.strictEqual(yield* Effect.provide(refund(order), byHand), expected)
    })
  )

  it.live("has the same error in memory and over HTTP", () =>
    Effect.gen(function* () {
      const tooMuch = { ...order, total: 5_000_001 }
      const here = yield* Effect.result(Effect.provide(refund(tooMuch), inMemory))
      const there = yield* Effect.result(Effect.provide(refund(tooMuch), overHttp))
      assert.isTrue(Result.isFailure(here))
      assert.deepStrictEqual(there, here)
    })
  )
})
