/**
 * Counts the webhooks that are refused, and logs them without filling the log: anyone can send to the address of a webhook.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { WebhookRejected, WebhookRejection } from "../../WebhookRejected.ts"

const counter = Metric.counter("palomma_webhooks_refused", {
  description: "Webhooks that were refused",
  incremental: true
})

/** Counts a refusal in `palomma_webhooks_refused`, by its reason. */
export const count = ({ reason }: WebhookRejected): Effect.Effect<void> =>
  Metric.update(Metric.withAttributes(counter, { reason }), 1)

const minute = 60_000_000_000n

/** Makes a log of refusals: at most one line a minute for each reason. A line says how many refusals there were since the last one. */
export const makeLog = (): ((error: WebhookRejected) => Effect.Effect<void>) => {
  const last = new Map<WebhookRejection, { readonly at: bigint; silent: number }>()
  return (error) =>
    Effect.flatMap(Clock.monotonicTimeNanos, (now) => {
      const line = last.get(error.reason)
      if (line !== undefined && now - line.at < minute) {
        line.silent += 1
        return Effect.void
      }
      last.set(error.reason, { at: now, silent: 0 })
      const silent = line?.silent ?? 0
      return Effect.logWarning(
        silent === 0
          ? error.message
          : `${error.message} ${silent} more were refused for this reason since it was last logged.`
      )
    })
}
