/**
 * Webhooks as Palomma sends them, for tests of the program that receives them.
 *
 * The header `X-Encoded-Data` has the event as base64 JSON. `X-Signature` is the lower-case hex HMAC-SHA-256 of the
 * text of that header under the merchant's integrity key. The body repeats the JSON, but is not signed: do not read it.
 *
 * @since 0.1.0
 */
// WebCrypto signs asynchronously, and the simulator has to respond in one synchronous step.
import { hmac } from "@noble/hashes/hmac.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { utf8ToBytes } from "@noble/hashes/utils.js"
import { WebhookEvent } from "@palomma-effect/schema/WebhookEvent"
import * as Base64 from "effect/encoding/Base64"
import * as Hex from "effect/encoding/Hex"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

/**
 * A signed webhook, as it is delivered.
 *
 * @category models
 * @since 0.1.0
 */
export interface SignedWebhook {
  /** The signed text: the event's JSON as base64. The value of the header `x-encoded-data`. */
  readonly encodedData: string
  /** The signature. The value of the header `x-signature`. */
  readonly signature: string
  readonly headers: {
    readonly "content-type": string
    readonly "x-encoded-data": string
    readonly "x-signature": string
  }
  /** The event's JSON again. It is not signed. */
  readonly body: string
}

/**
 * Returns the signature of a text: lower-case hex HMAC-SHA-256 under the integrity key.
 *
 * @category conversions
 * @since 0.1.0
 */
export const signatureOf = (encodedData: string, integrityKey: string | Redacted.Redacted): string =>
  Hex.encode(
    hmac(
      sha256,
      utf8ToBytes(Redacted.isRedacted(integrityKey) ? Redacted.value(integrityKey) : integrityKey),
      utf8ToBytes(encodedData)
    )
  )

/**
 * Signs any text as if it were an event, for example one that is not JSON, has another shape, or has an unknown type.
 *
 * @category constructors
 * @since 0.1.0
 */
export const signText = (body: string, integrityKey: string | Redacted.Redacted): SignedWebhook => {
  const encodedData = Base64.encode(body)
  const signature = signatureOf(encodedData, integrityKey)
  return {
    encodedData,
    signature,
    headers: { "content-type": "application/json", "x-encoded-data": encodedData, "x-signature": signature },
    body
  }
}

const encode = Schema.encodeSync(Schema.fromJsonString(WebhookEvent))

/**
 * Encodes and signs an event.
 *
 * **Example** (A webhook that reports a paid payout)
 *
 * ```ts
 * import { PayoutRequest, PayoutRequestId, PayoutRequestUpdated } from "@palomma-effect/schema"
 * import { PayoutTargetId, Timestamp, WebhookId } from "@palomma-effect/schema"
 * import { WebhookSigner } from "@palomma-effect/testing"
 * import * as Schema from "effect/Schema"
 *
 * const event = new PayoutRequestUpdated({
 *   webhookId: WebhookId.make("01HPR"),
 *   timestamp: Schema.decodeSync(Timestamp)("2026-01-01T00:00:00.000Z"),
 *   eventType: "payout-request.update",
 *   event: new PayoutRequest({
 *     id: PayoutRequestId.make("01HPR8"),
 *     payoutTargetId: PayoutTargetId.make("01HPR9"),
 *     status: "approved",
 *     amount: 50_000
 *   })
 * })
 * const { encodedData, signature } = WebhookSigner.sign(event, "integrity-key")
 * signature === WebhookSigner.signatureOf(encodedData, "integrity-key") // => true
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const sign = (event: WebhookEvent, integrityKey: string | Redacted.Redacted): SignedWebhook =>
  signText(encode(event), integrityKey)
