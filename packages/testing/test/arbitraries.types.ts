/**
 * The arbitraries fit fast-check and `it.effect.prop`. Nothing runs this file: `check` compiles it.
 */
import { it } from "@effect/vitest"
import type { PayoutRequest } from "@palomma-effect/schema"
import * as Arbitraries from "@palomma-effect/testing/Arbitraries"
import type * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { expectTypeOf } from "vitest"

expectTypeOf(Arbitraries.payoutRequest).toExtend<fc.Arbitrary<PayoutRequest>>()
expectTypeOf(Arbitraries.payoutRequest).toExtend<Arbitrary.Arbitrary<PayoutRequest>>()
expectTypeOf(Arbitraries.payoutAmount().map(String)).toEqualTypeOf<Arbitraries.Arbitrary<string>>()
expectTypeOf(Arbitraries.from(fc.integer())).toEqualTypeOf<Arbitraries.Arbitrary<number>>()

it.effect.prop("values have their types", { payout: Arbitraries.payoutRequest }, ({ payout }) => {
  expectTypeOf(payout).toEqualTypeOf<PayoutRequest>()
  return Effect.void
})

// @ts-expect-error: an arbitrary that only fast-check knows needs Arbitraries.from
it.effect.prop("of fast-check alone", { pesos: fc.integer() }, () => Effect.void)
