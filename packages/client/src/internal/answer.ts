/**
 * Reading an answer to its end, and telling what it means.
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Headers from "effect/http/Headers"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import {
  PalommaBadRequest,
  PalommaInvalidResponse,
  type PalommaNotFound,
  PalommaRateLimited,
  PalommaServerError,
  PalommaUnauthorized,
  PalommaUnexpectedStatus
} from "../PalommaError.ts"
import type { Call, Failure } from "./call.ts"
import { problems } from "./problems.ts"
import { scrub } from "./scrub.ts"

/** The largest answer that is read. A page of 100 records is about 100 KiB. */
const mostBytes = 1_048_576

type Body = { readonly _tag: "Whole"; readonly text: string } | { readonly _tag: "CutShort" | "TooLarge" }

// Effect's client has no limit for answers, and a small compressed one can unpack to gigabytes: count while reading.
const readBody = (response: HttpClientResponse.HttpClientResponse): Effect.Effect<Body> => {
  const chunks: Array<Uint8Array> = []
  let size = 0
  return response.stream.pipe(
    Stream.runForEach((chunk) => {
      size += chunk.byteLength
      if (size > mostBytes) return Effect.fail({ _tag: "TooLarge" as const })
      chunks.push(chunk)
      return Effect.void
    }),
    Effect.map((): Body => {
      const bytes = new Uint8Array(size)
      let at = 0
      for (const chunk of chunks) {
        bytes.set(chunk, at)
        at += chunk.byteLength
      }
      return { _tag: "Whole", text: new TextDecoder().decode(bytes) }
    }),
    Effect.catch((error): Effect.Effect<Body> =>
      error._tag === "TooLarge"
        ? Effect.succeed({ _tag: "TooLarge" })
        : error.reason._tag === "EmptyBodyError"
          ? Effect.succeed({ _tag: "Whole", text: "" })
          : Effect.succeed({ _tag: "CutShort" })
    )
  )
}

const json = (text: string): Result.Result<unknown, "not-json"> =>
  Result.try({ try: (): unknown => JSON.parse(text), catch: () => "not-json" as const })

const field = (value: unknown, name: string): string | undefined => {
  if (!Predicate.hasProperty(value, name)) return undefined
  const found = value[name]
  return typeof found === "string" && found !== "" ? found : undefined
}

// Palomma documents no request id; these are the names that gateways give it.
const requestIdHeaders = [
  "x-request-id",
  "request-id",
  "x-amzn-requestid",
  "x-amz-apigw-id",
  "x-correlation-id",
  "cf-ray"
]

// An id is shown whole or not at all: nothing can be found by one whose digits were taken out.
const isShowable = (id: string, secrets: ReadonlyArray<string>): boolean =>
  /^[\w.:=+/~-]{1,128}$/.test(id) && !secrets.some((secret) => id.includes(secret))

const requestId = (headers: Headers.Headers, secrets: ReadonlyArray<string>): string | undefined =>
  requestIdHeaders.map((name) => headers[name]).find((value) => value !== undefined && isShowable(value, secrets))

const retryAfter = Effect.fnUntraced(function* (headers: Headers.Headers) {
  const value = headers["retry-after"]
  if (value === undefined) return undefined
  const parsed = Headers.parseRetryAfter(value)
  if (Result.isFailure(parsed)) return undefined
  if (parsed.success._tag === "Duration") return parsed.success.duration
  const now = yield* Clock.currentTimeMillis
  return Duration.millis(Math.max(0, DateTime.toEpochMillis(parsed.success.dateTime) - now))
})

const present = <K extends string, A>(key: K, value: A | undefined): { readonly [P in K]?: A } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: A })

/**
 * What an answer means: the record asked for, or the error it stands for. The status decides first, the body second.
 *
 * A create that Palomma refused with its documented body had no effect; whatever else is not a success may have had one, unless the
 * merchant knows that such a status means refusal.
 */
export const interpret = Effect.fnUntraced(function* <A, Missing extends PalommaNotFound>(
  call: Call<A, Missing>,
  response: HttpClientResponse.HttpClientResponse
): Effect.fn.Return<A, Failure | Missing> {
  yield* Effect.annotateCurrentSpan("http.response.status_code", response.status)
  const body = yield* readBody(response)
  const { headers, status } = response
  const parsed = body._tag === "Whole" ? json(body.text) : Result.fail("not-json" as const)
  const value = Result.isSuccess(parsed) ? parsed.success : undefined
  const said = field(value, "message")
  const id = requestId(headers, call.secrets)
  const wait = yield* retryAfter(headers)
  const isRead = call.safety === "read"

  const answered = (outcome: "rejected" | "unknown") => ({
    operation: call.operation,
    outcome: isRead ? ("none" as const) : outcome,
    status,
    ...present("requestId", id),
    ...present("serverMessage", said === undefined ? undefined : scrub(said, call.secrets))
  })

  if (status === 200 || status === 201) {
    const invalid = (defect: PalommaInvalidResponse["defect"], problems: PalommaInvalidResponse["problems"] = []) => {
      const recordId = field(value, "id")
      return new PalommaInvalidResponse({
        operation: call.operation,
        outcome: isRead ? "none" : "unknown",
        status,
        ...present("requestId", id),
        defect,
        problems,
        ...present("recordId", recordId !== undefined && isShowable(recordId, call.secrets) ? recordId : undefined)
      })
    }
    if (body._tag === "CutShort") return yield* invalid("cut-short")
    if (body._tag === "TooLarge") return yield* invalid("too-large")
    if (Result.isFailure(parsed)) return yield* invalid("not-json")
    // A page can hold a hundred thousand wrong records, of which the first tells enough.
    const errors = Predicate.hasProperty(value, "items") ? "first" : "all"
    const decoded = Schema.decodeUnknownResult(call.answer, { errors })(parsed.success)
    if (Result.isFailure(decoded)) return yield* invalid("wrong-shape", problems(decoded.failure.issue))
    return decoded.success
  }

  const isDocumented = said !== undefined
  if (status === 400 && isDocumented) return yield* new PalommaBadRequest(answered("rejected"))
  if (status === 401 && isDocumented) return yield* new PalommaUnauthorized(answered("rejected"))
  if (status === 404 && isDocumented && call.missing !== undefined) {
    return yield* Effect.fail(call.missing(answered("rejected")))
  }

  const outcome = call.refusals.includes(status) ? "rejected" : "unknown"
  const error = { ...answered(outcome), ...present("retryAfter", wait) }
  if (status === 429) return yield* new PalommaRateLimited(error)
  if (status >= 500 && status <= 599) return yield* new PalommaServerError(error)
  return yield* new PalommaUnexpectedStatus(error)
})
