/**
 * What is known of a failed call's effect at Palomma.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * What is known of a failed create's effect at Palomma.
 *
 * - `not-sent`: proven not to have left this machine.
 * - `rejected`: refused by Palomma, so it had no effect.
 * - `unknown`: it may have taken effect. Look it up before you send it again.
 *
 * @category models
 * @since 0.1.0
 */
export type CreateOutcome = "not-sent" | "rejected" | "unknown"

/**
 * What is known of a failed call's effect at Palomma: `none` of a read, which has no effect to know of.
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
 * The schema of {@link Outcome}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Outcome: OutcomeSchema = Schema.Literals(["none", "not-sent", "rejected", "unknown"])
