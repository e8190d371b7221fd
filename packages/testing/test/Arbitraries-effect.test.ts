/**
 * The arbitraries are of fast-check and of Effect at once: `it.prop` and `it.effect.prop` accept them.
 */
import { assert, describe, it } from "@effect/vitest"
import { PayoutRequest } from "@palomma-effect/schema"
import * as Arbitraries from "@palomma-effect/testing/Arbitraries"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as fc from "fast-check"

const check = <A>(arbitrary: Arbitrary.Arbitrary<A>, holds: (value: A) => boolean, seed = 1) =>
  Arbitrary.checkEffect(arbitrary, holds, { runs: 200, seed })

describe("an arbitrary of the module", () => {
  it.prop("is accepted in a list", [Arbitraries.payoutRequest, Arbitraries.reference], ([payout, reference]) => {
    assert.instanceOf(payout, PayoutRequest)
    assert.isString(reference)
  })

  it.effect.prop("is accepted in a record", { amount: Arbitraries.payoutAmount() }, ({ amount }) =>
    Effect.sync(() => assert.isTrue(amount > 1_000 && amount <= 5_000_000))
  )

  it.effect.prop(
    "is accepted after map, filter, chain and pipe",
    {
      mapped: Arbitraries.payoutAmount().map((pesos) => ({ pesos })),
      filtered: Arbitraries.payoutAmount().filter((pesos) => pesos % 2 === 0),
      chained: Arbitraries.payoutAmount().chain((most) =>
        fc.tuple(fc.integer({ min: 0, max: most }), fc.constant(most))
      ),
      piped: Arbitraries.payoutAmount().pipe(Arbitrary.map((pesos) => -pesos)),
      made: Arbitraries.from(fc.record({ pesos: Arbitraries.payoutAmount() }))
    },
    ({ chained: [part, whole], filtered, made, mapped, piped }) =>
      Effect.sync(() => {
        assert.isTrue(mapped.pesos > 1_000 && made.pesos > 1_000 && piped < -1_000)
        assert.strictEqual(filtered % 2, 0)
        assert.isAtMost(part, whole)
      })
  )

  it("is still an arbitrary of fast-check, after map too", () => {
    fc.assert(fc.property(fc.record({ id: Arbitraries.payoutTargetId.map(String) }), ({ id }) => id.length > 0))
    const { counterexample } = fc.check(
      fc.property(
        Arbitraries.payoutAmount().map((pesos) => [pesos]),
        ([pesos = 0]) => pesos < 70_000
      ),
      // A counterexample that is drawn from the edges of an amount shrinks among the edges only.
      { seed: 1 }
    )
    assert.deepStrictEqual(counterexample, [[70_000]])
  })

  it.effect("generates other values in each run, and the same ones for a seed", () =>
    Effect.gen(function* () {
      const sample = (seed: number) => Arbitrary.sampleEffect(Arbitraries.payoutRequest, { count: 100, seed })
      const values = yield* sample(1)
      assert.isAbove(new Set(values.map(({ amount, id }) => `${amount} ${id}`)).size, 90)
      assert.deepStrictEqual(yield* sample(1), values)
      assert.notDeepEqual(yield* sample(2), values)
    })
  )

  it.effect("shrinks to the smallest amount for which a property is wrong", () =>
    Effect.gen(function* () {
      for (const seed of [1, 2, 3]) {
        const result = yield* check(Arbitraries.payoutAmount(), (pesos) => pesos < 70_000, seed)
        assert.strictEqual(result._tag === "Falsified" ? result.shrunkInput : undefined, 70_000)
      }
    })
  )

  it.effect("shrinks a model as fast-check does", () =>
    Effect.gen(function* () {
      const result = yield* check(Arbitraries.payoutRequest, ({ amount }) => amount < 70_000)
      assert.isTrue(result._tag === "Falsified")
      if (result._tag !== "Falsified") return
      assert.strictEqual(result.shrunkInput.amount, 70_000)
      assert.isUndefined(result.shrunkInput.reference)
      const again = yield* Arbitrary.checkEffect(Arbitraries.payoutRequest, ({ amount }) => amount < 70_000, {
        replay: result.replay
      })
      assert.deepStrictEqual(again._tag === "Falsified" ? again.shrunkInput : undefined, result.shrunkInput)
    })
  )

  it("is one of Effect, whichever export it is", () => {
    const exported: Readonly<Record<string, unknown>> = Arbitraries
    const others = Object.keys(exported).filter((name) => {
      const value = exported[name]
      if (typeof value !== "function") return !Arbitrary.isArbitrary(value)
      // Functions that need arguments are typed as returning one.
      return value.length === 0 && name !== "from" && !Arbitrary.isArbitrary(Reflect.apply(value, undefined, []))
    })
    assert.isAbove(Object.keys(exported).length, 80)
    assert.deepStrictEqual(others, [])
  })
})
