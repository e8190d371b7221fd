/**
 * Counts and logs refused webhooks. The log has a limit, because anyone can send requests to the URL of a webhook.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { WebhookRejected, WebhookRejection } from "../../WebhookRejected.ts"

const counter = Metric.counter("palomma_webhooks_refused", {
  description: "Webhooks that were refused",
  incremental: true
})

/** Counts a refusal in `palomma_webhooks_refused`, by reason. */
export const count = ({ reason }: WebhookRejected): Effect.Effect<void> =>
  Metric.update(Metric.withAttributes(counter, { reason }), 1)

const minute = 60_000_000_000n

/**
 * Makes a log of refusals. It logs at most one line per minute and reason, with the number of refusals since the last
 * line.
 */
export const makeLog = (): ((error: WebhookRejected) => Effect.Effect<void>) => {
  const lastLines = new Map<WebhookRejection, { readonly at: bigint; unlogged: number }>()
  return (error) =>
    Effect.flatMap(Clock.monotonicTimeNanos, (now) => {
      const line = lastLines.get(error.reason)
      if (line !== undefined && now - line.at < minute) {
        line.unlogged += 1
        return Effect.void
      }
      lastLines.set(error.reason, { at: now, unlogged: 0 })
      const unlogged = line?.unlogged ?? 0
      return Effect.logWarning(
        unlogged === 0
          ? error.message
          : `${error.message} ${unlogged} more were refused for this reason since the last log line.`
      )
    })
}
