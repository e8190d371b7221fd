/**
 * What is known of a failed call's effect at Palomma.
 */
import * as Schema from "effect/Schema"

/**
 * What is known of a failed call's effect at Palomma.
 *
 * - `none`: the call was a read. There is no effect to know of.
 * - `not-sent`: proven not to have left this machine.
 * - `rejected`: refused by Palomma, so it had no effect.
 * - `unknown`: it may have taken effect. Look it up before sending it again.
 */
export type Outcome = "none" | "not-sent" | "rejected" | "unknown"

/** The schema of {@link Outcome}. */
export interface OutcomeSchema extends Schema.Codec<Outcome> {}

/** What is known of a failed call's effect at Palomma. */
export const Outcome: OutcomeSchema = Schema.Literals(["none", "not-sent", "rejected", "unknown"])
