/**
 * The counters of transfers.
 */
import * as Metric from "effect/Metric"
import type { TransferKind } from "../../Transfer.ts"

const counter = (name: string, description: string) => {
  const metric = Metric.counter(`palomma_transfers_${name}`, { description, incremental: true })
  return (kind: TransferKind) => Metric.update(Metric.withAttributes(metric, { kind }), 1)
}

/** Transfers that Palomma accepted. */
export const sent = counter("sent", "Transfers that Palomma accepted")

/** Transfers that were claimed again, after an earlier claim that is proven to have had no effect. */
export const resent = counter("resent", "Transfers that were claimed again after a claim without effect")

/** Transfers that a look-up found at Palomma: they were in doubt, or the journal did not show that they were sent. */
export const reconciled = counter("reconciled", "Transfers in doubt or not known to be sent that a look-up found")

/** Claims whose outcome is not known. */
export const inDoubt = counter("in_doubt", "Claims whose outcome is not known")

/** Look-ups of transfers in doubt. */
export const lookUps = counter("look_ups", "Look-ups of transfers in doubt")

/** Transfers that changed to `needsReview`. */
export const reviews = counter("reviews", "Transfers that started to wait for a person")

/** Alarms that transfers raised. */
export const alarms = counter("alarms", "Alarms raised by transfers")
