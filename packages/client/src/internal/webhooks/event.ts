/**
 * Decodes the event in the text that Palomma signed.
 */
import { Drift, inputProblems, WebhookEvent, WebhookEventType } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { WebhookRejected } from "../../WebhookRejected.ts"
import { report } from "../driftLog.ts"
import { sha256 } from "../sha256.ts"

const malformed = (field: string, code: string, rule: string): WebhookRejected =>
  new WebhookRejected({ reason: "malformed-payload", problems: [{ field, code, rule }] })

const decoder = new TextDecoder()

// A loop, because `Uint8Array.from` with a function takes ten times as long.
const bytesOf = (binary: string): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}

const decodeBase64 = (encodedData: string): Result.Result<string, WebhookRejected> =>
  Result.try({
    try: () => decoder.decode(bytesOf(atob(encodedData))),
    catch: () => malformed("X-Encoded-Data", "base64", "must be Base64")
  })

const parseJson = (text: string): Result.Result<unknown, WebhookRejected> =>
  Result.try({
    try: (): unknown => JSON.parse(text),
    catch: () => malformed("X-Encoded-Data", "json", "must hold a JSON text")
  })

const decode = Drift.decoder(WebhookEvent)

// The schema accepts a number as an id and converts it to text.
const isId = (value: unknown): boolean => (typeof value === "string" ? value !== "" : Number.isSafeInteger(value))

/** Decodes the event in a signed text. An event without a readable `webhookId` gets one made from the text. */
export const eventOf = Effect.fnUntraced(function* (encodedData: string) {
  let json = yield* Effect.fromResult(Result.flatMap(decodeBase64(encodedData), parseJson))
  const drifts: Array<Drift.Drift> = []
  if (Predicate.isObject(json) && !isId(json["webhookId"])) {
    // Palomma signs the same text at each delivery of an event, so each delivery gets the same id.
    json = { ...json, webhookId: `sha256-${yield* sha256(encodedData)}` }
    drifts.push({ kind: "unreadable", field: "webhookId" })
  }
  const event = decode(json, (drift) => drifts.push(drift))
  yield* report("Webhooks.verify", drifts)
  if (Result.isSuccess(event)) return event.success
  return yield* new WebhookRejected({ reason: "malformed-payload", problems: inputProblems(event.failure) })
})

/**
 * Returns the type of an event as a label for logs and spans. An unknown type is a label only if it has the form of
 * one.
 */
export const labelOf = ({ eventType }: WebhookEvent): string => {
  const text = WebhookEventType.raw(eventType)
  return /^[a-z-]{1,40}\.[a-z]{1,20}$/.test(text) ? text : "other"
}
