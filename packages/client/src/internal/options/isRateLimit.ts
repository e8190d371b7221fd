/**
 * How the option `rateLimit` is known, without the limiter itself: programs that have none do not pay for it.
 */
import type { InputProblem } from "@palomma-effect/schema"
import * as Predicate from "effect/Predicate"

/** The key of every limit. */
export const TypeId = "~palomma-effect/RateLimit"

/** What every limit tells of its options. */
export interface Checked {
  readonly [TypeId]: typeof TypeId
  /** What is wrong with its options, under the name of the option that holds it. */
  readonly problems: (field: string) => ReadonlyArray<InputProblem>
}

/** Whether a value is a limit made by `RateLimit.make`. */
export const isRateLimit = (u: unknown): u is Checked => Predicate.hasProperty(u, TypeId)
