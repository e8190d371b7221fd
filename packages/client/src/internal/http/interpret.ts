/**
 * The result of a response: the record, or an error.
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
import type { BufferedResponse } from "./response.ts"
import * as ServerText from "./serverText.ts"

// Palomma documents no request id. These are the header names that gateways use.
const requestIdHeaders = [
  "x-request-id",
  "request-id",
  "x-amzn-requestid",
  "x-amz-apigw-id",
  "x-correlation-id",
  "cf-ray"
]

const requestId = (
  header: BufferedResponse["header"],
  secrets: ReadonlyArray<string>
): SafeText.SafeText | undefined => {
  for (const name of requestIdHeaders) {
    const value = header(name)
    const id = value === undefined ? Sensitive.masked : SafeText.id(value, secrets)
    if (id !== Sensitive.masked) return id
  }
  return undefined
}

const idIn = (value: unknown): string | undefined => {
  if (!Predicate.hasProperty(value, "id")) return undefined
  const { id } = value
  return typeof id === "string" ? id : Number.isSafeInteger(id) ? String(id) : undefined
}

/** Returns the id of the record in a response. Some servers wrap the record in `data`. */
const recordId = (value: unknown, secrets: ReadonlyArray<string>): SafeText.SafeText | undefined => {
  const id = idIn(value) ?? (Predicate.hasProperty(value, "data") ? idIn(value.data) : undefined)
  if (id === undefined) return undefined
  const safe = SafeText.id(id, secrets)
  return safe === Sensitive.masked ? undefined : safe
}

const longestRetryAfter = Duration.days(1)

const retryAfter = (header: BufferedResponse["header"], now: number): Duration.Duration | undefined => {
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

type Parsed = Result.Result<unknown, unknown>

const commonFields = (
  call: Call<unknown, PalommaNotFound>,
  { header, status }: BufferedResponse,
  outcome: "rejected" | "unknown"
) => ({
  operation: call.operation,
  outcome: call.safety === "read" ? ("none" as const) : outcome,
  status,
  ...present("requestId", requestId(header, call.secrets()))
})

const invalidResponse = (
  call: Call<unknown, PalommaNotFound>,
  response: BufferedResponse,
  defect: PalommaInvalidResponse["defect"],
  json?: unknown,
  problems: PalommaInvalidResponse["problems"] = []
): PalommaInvalidResponse =>
  new PalommaInvalidResponse({
    ...commonFields(call, response, "unknown"),
    defect,
    problems,
    ...present("recordId", recordId(json, call.secrets()))
  })

/** What the meaning of a status and of `Retry-After` depends on. */
export interface InterpretOptions {
  /** The statuses that always mean rejection, as Palomma confirmed to the merchant. */
  readonly rejectedStatuses: ReadonlySet<number>
  /** The time, in milliseconds since the epoch. */
  readonly now: number
}

const statusError = <Missing extends PalommaNotFound>(
  call: Call<unknown, Missing>,
  response: BufferedResponse,
  parsed: Parsed,
  { now, rejectedStatuses }: InterpretOptions
): Failure | Missing => {
  const { body, header, status } = response
  const hasJson = Result.isSuccess(parsed)
  const hasNoBody = body.defect === "not-json" && body.text === ""
  const serverText = hasJson ? ServerText.ofJson(parsed.success) : ServerText.ofText(body.text)
  const message = present("serverMessage", ServerText.toSafe(serverText, call.secrets()))
  const rejected = { ...commonFields(call, response, "rejected"), ...message }

  if (status === 400 && hasJson) return new PalommaBadRequest(rejected)
  if (status === 401 && (hasJson || hasNoBody)) return new PalommaUnauthorized(rejected)
  if (status === 404 && (hasJson || hasNoBody) && call.missing !== undefined) return call.missing(rejected)

  const error = {
    ...commonFields(call, response, rejectedStatuses.has(status) ? "rejected" : "unknown"),
    ...message,
    ...present("retryAfter", retryAfter(header, now))
  }
  if (status === 429) return new PalommaRateLimited(error)
  if (status >= 500 && status <= 599) return new PalommaServerError(error)
  return new PalommaUnexpectedStatus(error)
}

/**
 * Returns the record in a response, or the error that the response means. The status decides first, the body second.
 *
 * A create that Palomma rejected in a documented way had no effect. Any other failed create may have had one, except if
 * the status is one of `rejectedStatuses`.
 */
export const interpret = <A, Missing extends PalommaNotFound>(
  call: Call<A, Missing>,
  response: BufferedResponse,
  options: InterpretOptions,
  onDrift: (drift: Drift.Drift) => void
): Result.Result<A, Failure | Missing> => {
  const { body, status } = response
  const parsed: Parsed = Result.try((): unknown => JSON.parse(body.text))
  if (!(status >= 200 && status <= 299)) return Result.fail(statusError(call, response, parsed, options))
  if (Result.isFailure(parsed)) return Result.fail(invalidResponse(call, response, body.defect))
  return Result.mapError(call.decode(parsed.success, onDrift), (issue) =>
    invalidResponse(call, response, "wrong-shape", parsed.success, inputProblems(issue))
  )
}
