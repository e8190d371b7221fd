/**
 * How the option `rateLimit` is known, without the limiter itself: programs that have none do not pay for it.
 */
import * as Predicate from "effect/Predicate"
import type { RateLimit } from "../RateLimit.ts"

/** The key of every limit. */
export const TypeId = "~palomma-effect/RateLimit"

/** Whether a value is a limit made by `RateLimit.make`. */
export const isRateLimit = (u: unknown): u is RateLimit => Predicate.hasProperty(u, TypeId)
