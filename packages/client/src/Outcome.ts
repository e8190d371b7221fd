/**
 * What is known about the effect of a failed call at Palomma.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * What is known about the effect of a failed create at Palomma.
 *
 * - `not-sent`: it is proven that nothing was sent.
 * - `rejected`: Palomma rejected the request, so it had no effect.
 * - `unknown`: the request may have taken effect. Look up the record before you send the request again.
 *
 * @category models
 * @since 0.1.0
 */
export type CreateOutcome = "not-sent" | "rejected" | "unknown"

/**
 * What is known about the effect of a failed call at Palomma.
 *
 * It is `none` for a read, which has no effect.
 *
 * @category models
 * @since 0.1.0
 */
export type Outcome = "none" | CreateOutcome

/**
 * The schema of {@link Outcome}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface OutcomeSchema extends Schema.Codec<Outcome> {
  readonly "~type.make": Outcome
  readonly "~type.make.in": Outcome
}

/**
 * Accepts every outcome, and no other text.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Outcome: OutcomeSchema = Schema.Literals(["none", "not-sent", "rejected", "unknown"])
