/**
 * Verifies webhooks.
 */
import type { Timestamp, WebhookEvent } from "@palomma-effect/schema"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { WebhookRejected, type WebhookRejection } from "../../WebhookRejected.ts"
import type { WebhookDelivery, WebhooksService } from "../../WebhooksService.ts"
import { eventOf, labelOf } from "./event.ts"
import { count } from "./refusals.ts"
import { isSignature, isSigned } from "./signature.ts"

// 64 KiB, because Base64 is ASCII. An event has about 2 KiB, so a larger text is refused before it is hashed.
const maxLength = 65_536

const rejected = (reason: WebhookRejection): WebhookRejected => new WebhookRejected({ reason, problems: [] })

// A JavaScript program can pass any value.
const copyOf = (delivery: WebhookDelivery): WebhookDelivery => {
  try {
    const { encodedData, signature } = delivery
    return { encodedData, signature }
  } catch {
    return { encodedData: undefined, signature: undefined }
  }
}

const checkAge = Effect.fnUntraced(function* (timestamp: Timestamp, tolerance: Duration.Duration) {
  // The schema accepts only valid times.
  const sent = DateTime.toEpochMillis(DateTime.makeUnsafe(timestamp))
  const age = (yield* Clock.currentTimeMillis) - sent
  if (age > Duration.toMillis(tolerance)) return yield* rejected("too-old")
  // A webhook from the future could be replayed for longer than the tolerance.
  if (-age > Duration.toMillis(tolerance)) {
    const problem = { field: "timestamp", code: "future", rule: "must not be in the future" }
    return yield* new WebhookRejected({ reason: "malformed-payload", problems: [problem] })
  }
})

/** Makes `Webhooks.verify`. */
export const make = (
  keys: ReadonlyArray<CryptoKey>,
  tolerance: Duration.Duration
): ((...delivery: Parameters<WebhooksService["verify"]>) => Effect.Effect<WebhookEvent, WebhookRejected>) =>
  Effect.fnUntraced(
    function* (delivery) {
      const { encodedData, signature } = copyOf(delivery)
      if (typeof encodedData !== "string" || typeof signature !== "string") return yield* rejected("missing-header")
      if (encodedData.length > maxLength) return yield* rejected("too-large")
      if (!isSignature(signature)) return yield* rejected("malformed-signature")
      if (!(yield* isSigned(keys, encodedData, signature))) return yield* rejected("signature-mismatch")
      const event = yield* eventOf(encodedData)
      yield* Effect.annotateCurrentSpan("palomma.webhook.event_type", labelOf(event))
      // Without a time the age is unknown. The event is accepted, because a replay does no harm: the event is signed,
      // it is handled once, and its record is read from Palomma before anything is done.
      if (event.timestamp !== undefined) yield* checkAge(event.timestamp, tolerance)
      return event
    },
    Effect.tapError(count),
    Effect.withSpan("Webhooks.verify", {}, { captureStackTrace: false })
  )
