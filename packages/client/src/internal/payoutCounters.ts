import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { PayoutDuplicateDetected } from "../PayoutError.ts"

const counter = (name: string, description: string): Metric.Counter<number> =>
  Metric.counter(`palomma_payouts_${name}`, { description, incremental: true })

/** Payouts that Palomma accepted. */
export const sent = counter("sent", "Payouts that Palomma accepted")

/** Payouts claimed for sending once more, after an attempt that is proven to have had no effect. */
export const resent = counter("resent", "Payouts sent once more after an attempt without effect")

/** Payouts whose outcome was unknown and that a look-up found. */
export const reconciled = counter("reconciled", "Payouts of unknown outcome that a look-up found")

/** Attempts whose outcome was unknown. */
export const unknown = counter("unknown", "Attempts to pay whose outcome was unknown")

/** References that Palomma holds more than one payout of. */
const duplicates = counter("duplicates_detected", "References that Palomma holds more than one payout of")

/** Counts and logs that a reference was paid more than once, wherever it is seen. */
export const alarm = (duplicate: PayoutDuplicateDetected): Effect.Effect<void> =>
  Effect.andThen(Metric.update(duplicates, 1), Effect.logError(duplicate.message))
