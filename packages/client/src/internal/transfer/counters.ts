/**
 * What is counted of transfers.
 */
import * as Metric from "effect/Metric"
import type { TransferKind } from "../../Transfer.ts"

const counter = (name: string, description: string) => {
  const metric = Metric.counter(`palomma_transfers_${name}`, { description, incremental: true })
  return (kind: TransferKind) => Metric.update(Metric.withAttributes(metric, { kind }), 1)
}

/** Transfers that Palomma accepted. */
export const sent = counter("sent", "Transfers that Palomma accepted")

/** Transfers claimed once more, after a claim that is proven to have had no effect. */
export const resent = counter("resent", "Transfers claimed once more after a claim without effect")

/** Transfers that were found at Palomma: in doubt, or sent before this journal knew of them. */
export const reconciled = counter("reconciled", "Transfers in doubt or not known as sent that were found at Palomma")

/** Claims whose outcome was not known. */
export const inDoubt = counter("in_doubt", "Claims whose outcome was not known")

/** Transfers that began to wait for a person. */
export const reviews = counter("reviews", "Transfers that began to wait for a person")

/** Alarms that were raised. */
export const alarms = counter("alarms", "Alarms raised by transfers")
