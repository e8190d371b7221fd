// Tests that fail, and one that passes, for the output in `BriefReporter.test.ts`.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"

const isSmall = (n: number) => assert.isBelow(n, 50)

describe("a subject", () => {
  it("holds by assertion", () => assert.deepStrictEqual({ a: 1 }, { a: 2 }))

  it.effect("holds in an effect", () => Effect.sync(() => assert.strictEqual("one text", "another")))

  it("holds for every number", () => fc.assert(fc.property(fc.nat(), isSmall), { seed: 7 }))

  it.effect("holds for every number in an effect", () =>
    Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(fc.nat(), (n) => Effect.runPromise(Effect.sync(() => isSmall(n)))),
        { seed: 8 }
      )
    )
  )

  it.effect.prop("holds for every value of a schema", { n: Schema.Int }, ({ n }) => Effect.sync(() => isSmall(n)))

  it("passes and logs", () => Effect.runSync(Effect.logError(new Error("something else"))))
})
