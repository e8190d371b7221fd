/**
 * Reads the event out of the text that Palomma signed.
 */
import { WebhookEvent } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { WebhookRejected } from "../../WebhookRejected.ts"
import { problems } from "../problems.ts"
import { sha256 } from "./signature.ts"

const malformed = (field: string, code: string, rule: string): WebhookRejected =>
  new WebhookRejected({ reason: "MalformedPayload", problems: [{ field, code, rule }] })

const decoder = new TextDecoder()

// A loop: `Uint8Array.from` with a function takes ten times as long.
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

const decode = Schema.decodeUnknownResult(WebhookEvent, { errors: "all" })

const decodeEvent = (json: unknown): Result.Result<WebhookEvent, WebhookRejected> =>
  Result.mapError(
    decode(json),
    ({ issue }) =>
      new WebhookRejected({
        reason: "MalformedPayload",
        problems: problems(issue).map((problem) => ({ ...problem, code: "malformed" }))
      })
  )

const lacksId = (json: object): boolean => {
  const id: unknown = Reflect.get(json, "webhookId")
  return typeof id === "string" ? id === "" : !Number.isSafeInteger(id)
}

// Palomma signs the same text each time it delivers an event, so the id is the same each time, too.
const withId = (json: unknown, encodedData: string): Effect.Effect<unknown> =>
  typeof json === "object" && json !== null && !Array.isArray(json) && lacksId(json)
    ? Effect.map(sha256(encodedData), (digest) => ({ ...json, webhookId: `sha256-${digest}` }))
    : Effect.succeed(json)

/** The event in a signed text. An event without a readable `webhookId` gets one that is made of the text. */
export const eventOf = (encodedData: string): Effect.Effect<WebhookEvent, WebhookRejected> =>
  Effect.fromResult(Result.flatMap(decodeBase64(encodedData), parseJson)).pipe(
    Effect.flatMap((json) => withId(json, encodedData)),
    Effect.flatMap((json) => Effect.fromResult(decodeEvent(json)))
  )

/** The type of an event as a label of logs and spans: an unknown one only if it cannot be data. */
export const labelOf = ({ eventType }: WebhookEvent): string =>
  /^[a-z-]{1,40}\.[a-z]{1,20}$/.test(eventType) ? eventType : "other"
