/**
 * Recognizes the option `rateLimit` without importing the limiter, so that programs without a rate limit do not bundle
 * it.
 */
import type { InputProblem } from "@palomma-effect/schema"
import * as Predicate from "effect/Predicate"

/** The key that marks a rate limit. */
export const TypeId = "~palomma-effect/RateLimit"

/** A rate limit that can check its options. */
export interface Checked {
  readonly [TypeId]: typeof TypeId
  /** Returns the problems of its options. Their fields begin with `field`, the option that holds the limit. */
  readonly problems: (field: string) => ReadonlyArray<InputProblem>
}

/** Whether a value was made by `RateLimit.make`. */
export const isRateLimit = (u: unknown): u is Checked => Predicate.hasProperty(u, TypeId)
