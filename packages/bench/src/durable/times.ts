/**
 * The times of the workers that are killed in a measurement, which are shorter than usual.
 */
import * as Duration from "effect/Duration"

/** After which time another worker takes the jobs of one that was killed. */
export const lockExpiration = Duration.seconds(3)

/** The time limit of a payment. */
export const sendTimeout = Duration.seconds(5)

/** How long another worker waits for a claim: 5 seconds longer. */
export const claimLength = Duration.seconds(10)
