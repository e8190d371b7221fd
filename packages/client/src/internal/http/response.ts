/**
 * Reading an answer to its end, and telling what it means.
 */
import { inputProblems, Sensitive } from "@palomma-effect/schema"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as Headers from "effect/http/Headers"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import {
  PalommaBadRequest,
  PalommaInvalidResponse,
  type PalommaNotFound,
  PalommaRateLimited,
  PalommaServerError,
  PalommaUnauthorized,
  PalommaUnexpectedStatus
} from "../../PalommaError.ts"
import * as SafeText from "../../SafeText.ts"
import type { Call, Failure } from "./call.ts"
import * as ServerText from "./serverText.ts"

/** The largest answer that is read. A page of 100 records is about 100 KiB. */
const maxBytes = 1_048_576

/** The body of an answer, as far as it came. */
export type Body = { readonly _tag: "Whole"; readonly text: string } | { readonly _tag: "CutShort" | "TooLarge" }

const cutShort: Body = { _tag: "CutShort" }
const tooLarge: Body = { _tag: "TooLarge" }
const empty: Body = { _tag: "Whole", text: "" }

const decoder = new TextDecoder()

const whole = (chunks: ReadonlyArray<Uint8Array>, size: number): Body => {
  const [only] = chunks
  if (only === undefined) return empty
  if (chunks.length === 1) return { _tag: "Whole", text: decoder.decode(only) }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return { _tag: "Whole", text: decoder.decode(bytes) }
}

// Neither `fetch` nor Effect's client has a limit for answers, and a small compressed one can unpack to gigabytes: both readers count.
const readWeb = (response: Response): Effect.Effect<Body> =>
  Effect.callback((resume) => {
    const end = (body: Body): void => resume(Effect.succeed(body))
    const opened = Result.try(() => response.body?.getReader())
    // A `fetch` of the program's own may have read the body already, or give one that is not the platform's.
    if (Result.isFailure(opened)) return end(cutShort)
    const reader = opened.success
    if (reader === undefined) return end(empty)
    // Nobody waits for it: a server that hangs can hang here too.
    const cancel = (): void => void reader.cancel().catch(() => {})
    const stop = (body: Body): void => {
      cancel()
      end(body)
    }
    const chunks: Array<Uint8Array> = []
    let size = 0
    const next = (): void =>
      void reader.read().then(
        ({ done, value }) => {
          if (done) return end(whole(chunks, size))
          if (!ArrayBuffer.isView(value)) return stop(cutShort)
          size += value.byteLength
          if (size > maxBytes) return stop(tooLarge)
          chunks.push(value)
          return next()
        },
        () => end(cutShort)
      )
    next()
    return Effect.sync(cancel)
  })

const readStream = (response: HttpClientResponse.HttpClientResponse): Effect.Effect<Body> =>
  Effect.suspend(() => {
    const chunks: Array<Uint8Array> = []
    let size = 0
    return response.stream.pipe(
      Stream.runForEach((chunk) => {
        size += chunk.byteLength
        if (size > maxBytes) return Effect.fail(tooLarge)
        chunks.push(chunk)
        return Effect.void
      }),
      Effect.map(() => whole(chunks, size)),
      Effect.catch((error) => Effect.succeed(error === tooLarge ? tooLarge : isEmptyBody(error) ? empty : cutShort))
    )
  })

const isEmptyBody = (error: unknown): boolean =>
  Predicate.hasProperty(error, "reason") && Predicate.isTagged(error.reason, "EmptyBodyError")

/** An answer that was read to its end. */
export interface Answer {
  readonly status: number
  readonly header: (name: string) => string | undefined
  readonly body: Body
}

/** Reads an answer. One of the library's own `fetch` is read without Effect's streams, which cost more than the rest of a call. */
export const read = (response: HttpClientResponse.HttpClientResponse, isFetch: boolean): Effect.Effect<Answer> => {
  const web = isFetch ? Option.getOrUndefined(HttpClientResponse.toWeb(response)) : undefined
  return web === undefined
    ? Effect.map(readStream(response), (body) => ({
        status: response.status,
        header: (name) => response.headers[name],
        body
      }))
    : Effect.map(readWeb(web), (body) => ({
        status: web.status,
        header: (name) => web.headers.get(name) ?? undefined,
        body
      }))
}

const json = (text: string): Result.Result<unknown, "not-json"> =>
  Result.try({ try: (): unknown => JSON.parse(text), catch: () => "not-json" as const })

// Palomma documents no request id; these are the names that gateways give it.
const requestIdHeaders = [
  "x-request-id",
  "request-id",
  "x-amzn-requestid",
  "x-amz-apigw-id",
  "x-correlation-id",
  "cf-ray"
]

const requestId = (header: Answer["header"], secrets: ReadonlyArray<string>): SafeText.SafeText | undefined => {
  for (const name of requestIdHeaders) {
    const id = SafeText.id(header(name) ?? "", secrets)
    if (id !== Sensitive.masked) return id
  }
  return undefined
}

const idIn = (value: unknown): string | undefined => {
  if (!Predicate.hasProperty(value, "id")) return undefined
  const { id } = value
  return typeof id === "string" ? id : Number.isSafeInteger(id) ? String(id) : undefined
}

/** The id of the record that an answer holds, also if it is wrapped in `data`. */
const recordId = (value: unknown, secrets: ReadonlyArray<string>): SafeText.SafeText | undefined => {
  const id = idIn(value) ?? (Predicate.hasProperty(value, "data") ? idIn(value.data) : undefined)
  const safe = SafeText.id(id ?? "", secrets)
  return safe === Sensitive.masked ? undefined : safe
}

/** No pause that a server asks for is longer. */
const longestRetryAfter = Duration.days(1)

const retryAfter = (header: Answer["header"], now: number): Duration.Duration | undefined => {
  const value = header("retry-after")
  if (value === undefined) return undefined
  const parsed = Headers.parseRetryAfter(value)
  if (Result.isFailure(parsed)) return undefined
  const wait =
    parsed.success._tag === "Duration"
      ? parsed.success.duration
      : Duration.millis(Math.max(0, DateTime.toEpochMillis(parsed.success.dateTime) - now))
  return Duration.min(wait, longestRetryAfter)
}

const present = <K extends string, A>(key: K, value: A | undefined): { readonly [P in K]?: A } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: A })

/**
 * What an answer means: the record asked for, or the error it stands for. The status decides first, the body second.
 *
 * A create that Palomma refused as it documents had no effect; any other failure may have had one, unless the merchant knows that such
 * a status means refusal.
 */
export const interpret = <A, Missing extends PalommaNotFound>(
  call: Call<A, Missing>,
  answer: Answer,
  options: {
    readonly now: number
    readonly rejectedStatuses: ReadonlySet<number>
    readonly onDrift: Parameters<Call<A, Missing>["decode"]>[1]
  }
): Result.Result<A, Failure | Missing> => {
  const { body, header, status } = answer
  const parsed = body._tag === "Whole" ? json(body.text) : Result.fail("not-json" as const)
  if (status >= 200 && status <= 299 && Result.isSuccess(parsed)) {
    const decoded = call.decode(parsed.success, options.onDrift)
    if (Result.isSuccess(decoded)) return Result.succeed(decoded.success)
    return Result.fail(invalid("wrong-shape", inputProblems(decoded.failure)))
  }
  if (status >= 200 && status <= 299) {
    return Result.fail(
      invalid(body._tag === "CutShort" ? "cut-short" : body._tag === "TooLarge" ? "too-large" : "not-json", [])
    )
  }
  return Result.fail(refusal())

  function answered(outcome: "rejected" | "unknown") {
    const secrets = call.secrets()
    const words = Result.isSuccess(parsed)
      ? ServerText.ofJson(parsed.success)
      : body._tag === "Whole"
        ? ServerText.ofText(body.text)
        : undefined
    return {
      operation: call.operation,
      outcome: call.safety === "read" ? ("none" as const) : outcome,
      status,
      ...present("requestId", requestId(header, secrets)),
      ...present("serverMessage", words === undefined ? undefined : ServerText.toSafe(words, secrets))
    }
  }

  function invalid(defect: PalommaInvalidResponse["defect"], problems: PalommaInvalidResponse["problems"]) {
    const secrets = call.secrets()
    return new PalommaInvalidResponse({
      operation: call.operation,
      outcome: call.safety === "read" ? "none" : "unknown",
      status,
      ...present("requestId", requestId(header, secrets)),
      defect,
      problems: problems.slice(0, 20),
      ...present("recordId", Result.isSuccess(parsed) ? recordId(parsed.success, secrets) : undefined)
    })
  }

  function refusal(): Failure | Missing {
    const hasJson = Result.isSuccess(parsed)
    const hasNoBody = body._tag === "Whole" && body.text === ""
    if (status === 400 && hasJson) return new PalommaBadRequest(answered("rejected"))
    if (status === 401 && (hasJson || hasNoBody)) return new PalommaUnauthorized(answered("rejected"))
    if (status === 404 && (hasJson || hasNoBody) && call.missing !== undefined)
      return call.missing(answered("rejected"))

    const error = {
      ...answered(options.rejectedStatuses.has(status) ? "rejected" : "unknown"),
      ...present("retryAfter", retryAfter(header, options.now))
    }
    if (status === 429) return new PalommaRateLimited(error)
    if (status >= 500 && status <= 599) return new PalommaServerError(error)
    return new PalommaUnexpectedStatus(error)
  }
}
