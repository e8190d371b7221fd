/**
 * What an answer means: the record asked for, or the error it stands for.
 */
import { type Drift, inputProblems, Sensitive } from "@palomma-effect/schema"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Headers from "effect/http/Headers"
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
import type { Answer, Body } from "./response.ts"
import * as ServerText from "./serverText.ts"

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

type Parsed = Result.Result<unknown, "not-json">

// What the body says in words: a page of HTML, or a body that broke off, says nothing.
const words = (parsed: Parsed, body: Body): ServerText.ServerText | undefined => {
  if (Result.isSuccess(parsed)) return ServerText.ofJson(parsed.success)
  return body._tag === "Whole" ? ServerText.ofText(body.text) : undefined
}

/** What every error of an answer tells. */
const told = (call: Call<unknown, PalommaNotFound>, { header, status }: Answer, outcome: "rejected" | "unknown") => ({
  operation: call.operation,
  outcome: call.safety === "read" ? ("none" as const) : outcome,
  status,
  ...present("requestId", requestId(header, call.secrets()))
})

const invalid = (
  call: Call<unknown, PalommaNotFound>,
  answer: Answer,
  defect: PalommaInvalidResponse["defect"],
  json?: unknown,
  problems: PalommaInvalidResponse["problems"] = []
): PalommaInvalidResponse =>
  new PalommaInvalidResponse({
    ...told(call, answer, "unknown"),
    defect,
    problems: problems.slice(0, 20),
    ...present("recordId", recordId(json, call.secrets()))
  })

const bodyDefects = { CutShort: "cut-short", TooLarge: "too-large", Whole: "not-json" } as const

/** What the merchant knows, and what time it is. */
export interface Circumstances {
  /** The statuses that mean refusal, as Palomma confirmed to the merchant. */
  readonly rejectedStatuses: ReadonlySet<number>
  /** In milliseconds since the epoch. */
  readonly now: number
}

const refusal = <Missing extends PalommaNotFound>(
  call: Call<unknown, Missing>,
  answer: Answer,
  parsed: Parsed,
  { now, rejectedStatuses }: Circumstances
): Failure | Missing => {
  const { body, header, status } = answer
  const hasJson = Result.isSuccess(parsed)
  const hasNoBody = body._tag === "Whole" && body.text === ""
  const said = words(parsed, body)
  const message = present("serverMessage", said === undefined ? undefined : ServerText.toSafe(said, call.secrets()))
  const rejected = { ...told(call, answer, "rejected"), ...message }

  if (status === 400 && hasJson) return new PalommaBadRequest(rejected)
  if (status === 401 && (hasJson || hasNoBody)) return new PalommaUnauthorized(rejected)
  if (status === 404 && (hasJson || hasNoBody) && call.missing !== undefined) return call.missing(rejected)

  const error = {
    ...told(call, answer, rejectedStatuses.has(status) ? "rejected" : "unknown"),
    ...message,
    ...present("retryAfter", retryAfter(header, now))
  }
  if (status === 429) return new PalommaRateLimited(error)
  if (status >= 500 && status <= 599) return new PalommaServerError(error)
  return new PalommaUnexpectedStatus(error)
}

/**
 * What an answer means: the record asked for, or the error it stands for. The status decides first, the body second.
 *
 * A create that Palomma refused as it documents had no effect; any other failure may have had one, unless the merchant knows that such
 * a status means refusal.
 */
export const interpret = <A, Missing extends PalommaNotFound>(
  call: Call<A, Missing>,
  answer: Answer,
  circumstances: Circumstances,
  onDrift: (drift: Drift.Drift) => void
): Result.Result<A, Failure | Missing> => {
  const { body, status } = answer
  const parsed: Parsed = body._tag === "Whole" ? json(body.text) : Result.fail("not-json")
  if (!(status >= 200 && status <= 299)) return Result.fail(refusal(call, answer, parsed, circumstances))
  if (Result.isFailure(parsed)) return Result.fail(invalid(call, answer, bodyDefects[body._tag]))
  return Result.mapError(call.decode(parsed.success, onDrift), (issue) =>
    invalid(call, answer, "wrong-shape", parsed.success, inputProblems(issue))
  )
}
