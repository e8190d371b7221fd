/**
 * Errors of calls to Palomma.
 *
 * Each error has the operation that failed, what is known about its effect (`outcome`), whether the same call may be
 * made again immediately (`isSafeToResend`), and a `message` with what to do next. No error contains the request, the
 * API key or a sensitive field.
 *
 * @since 0.1.0
 */
import { InputProblem } from "@palomma-effect/schema"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { invalidText, outcomeText, problemsText, rejectedStatusesAdvice, statusText } from "./internal/callErrorText.ts"
import { type CreateOutcome, Outcome } from "./Outcome.ts"
import * as SafeText from "./SafeText.ts"

const call = {
  /** The operation that failed, such as `PayoutRequests.create`. */
  operation: Schema.String,
  /** What is known about the effect of the call at Palomma. */
  outcome: Outcome
}

const answered = {
  ...call,
  /** The HTTP status of the response. */
  status: Schema.Int,
  /** The id that Palomma or its gateway gave the request, if the response has one of the usual headers. */
  requestId: Schema.optionalKey(SafeText.schema),
  /** The message of Palomma's response, made safe to print. */
  serverMessage: Schema.optionalKey(SafeText.schema)
}

const retryAfter = {
  /** How long Palomma asks to wait, if the response has `Retry-After`. At most one day. */
  retryAfter: Schema.optionalKey(Schema.DurationFromMillis)
}

const problemList = Schema.Array(InputProblem)

/**
 * The input is invalid and was refused before anything was sent.
 *
 * @category errors
 * @since 0.1.0
 */
export class PalommaInvalidInput extends Schema.TaggedError<PalommaInvalidInput>()("PalommaInvalidInput", {
  ...call,
  /** The first 20 problems, each with a field, a code and a rule. Never contains a value of the input. */
  problems: problemList,
  /** The number of further problems. */
  more: Schema.Int
}) {
  /** The same call would be refused again. */
  get isSafeToResend(): boolean {
    return false
  }
  override get message(): string {
    const more = this.more === 0 ? "" : `; and ${this.more} more`
    const problems = problemsText(this.problems)
    return `${this.operation}: ${invalidText(this.operation)}${outcomeText(this)} Correct this: ${problems}${more}`
  }
}

/**
 * Palomma rejected the input (400).
 *
 * @category errors
 * @since 0.1.0
 */
export class PalommaBadRequest extends Schema.TaggedError<PalommaBadRequest>()("PalommaBadRequest", answered) {
  /** The same call would be rejected again. */
  get isSafeToResend(): boolean {
    return false
  }
  override get message(): string {
    return statusText(this, "Correct the input. You may use the same reference again.")
  }
}

/**
 * Palomma rejected the API key (401).
 *
 * @category errors
 * @since 0.1.0
 */
export class PalommaUnauthorized extends Schema.TaggedError<PalommaUnauthorized>()("PalommaUnauthorized", answered) {
  /** The same call would be rejected again until the key is valid. */
  get isSafeToResend(): boolean {
    return false
  }
  override get message(): string {
    return statusText(this, "Check that the API key is valid and belongs to this environment, then try again.")
  }
}

/**
 * Palomma has no record with this id (404).
 *
 * @category errors
 * @since 0.1.0
 */
export class PalommaNotFound extends Schema.TaggedError<PalommaNotFound>()("PalommaNotFound", answered) {
  /** The same call would fail again. */
  get isSafeToResend(): boolean {
    return false
  }
  override get message(): string {
    return statusText(
      this,
      "Check that the id is correct and belongs to this environment. Palomma empties the sandbox from time to time."
    )
  }
}

/**
 * Palomma received too many requests (429), and does not document whether the request took effect.
 *
 * @category errors
 * @since 0.1.0
 */
export class PalommaRateLimited extends Schema.TaggedError<PalommaRateLimited>()("PalommaRateLimited", {
  ...answered,
  ...retryAfter
}) {
  /** Whether the same call may be made again once `retryAfter` is over. */
  get isSafeToResend(): boolean {
    return this.outcome !== "unknown"
  }
  override get message(): string {
    const wait = this.retryAfter === undefined ? "" : ` ${Duration.format(this.retryAfter)}`
    return statusText(this, `Wait${wait} before the next request.${rejectedStatusesAdvice(this)}`)
  }
}

/**
 * Palomma failed (5xx), and does not document whether the request took effect.
 *
 * @category errors
 * @since 0.1.0
 */
export class PalommaServerError extends Schema.TaggedError<PalommaServerError>()("PalommaServerError", {
  ...answered,
  ...retryAfter
}) {
  /** Whether the same call may be made again. */
  get isSafeToResend(): boolean {
    return this.outcome !== "unknown"
  }
  override get message(): string {
    const advice = this.isSafeToResend ? "Try again later." : "Report it to Palomma if it happens again."
    return statusText(this, `${advice}${rejectedStatusesAdvice(this)}`)
  }
}

/**
 * The response has a status that Palomma does not document, or a documented status without a JSON body.
 *
 * It may come from a gateway between you and Palomma.
 *
 * @category errors
 * @since 0.1.0
 */
export class PalommaUnexpectedStatus extends Schema.TaggedError<PalommaUnexpectedStatus>()("PalommaUnexpectedStatus", {
  ...answered,
  ...retryAfter
}) {
  /** Whether the same call may be made again: after a 408, if it cannot have had an effect. */
  get isSafeToResend(): boolean {
    return this.outcome !== "unknown" && this.status === 408
  }
  override get message(): string {
    return statusText(
      this,
      `Check the base URL, and any proxy or gateway between you and Palomma.${rejectedStatusesAdvice(this)}`,
      " Palomma does not document this response."
    )
  }
}

/**
 * What failed.
 *
 * - `dns`: the look-up of the host name.
 * - `connect`: opening the connection.
 * - `tls`: the certificate or the TLS handshake.
 * - `reset`: the connection was interrupted.
 * - `redirect`: the server sent a redirect, which was not followed.
 * - `other`: anything else.
 *
 * @category models
 * @since 0.1.0
 */
export type ConnectionFailure = "dns" | "connect" | "tls" | "reset" | "redirect" | "other"

const connectionFailures: Record<ConnectionFailure, { readonly text: string; readonly advice: string }> = {
  dns: { text: "The host name could not be resolved.", advice: " Check the network and the base URL." },
  connect: { text: "The connection could not be opened.", advice: " Check the network and the base URL." },
  tls: {
    text: "The connection could not be secured.",
    advice: " Do not retry. Check certificates, proxies and the clock, and tell your security team."
  },
  reset: { text: "The connection was interrupted.", advice: "" },
  redirect: { text: "The server sent a redirect, which is never followed.", advice: " Check the base URL." },
  other: { text: "The connection failed for an unknown reason.", advice: "" }
}

/**
 * No usable HTTP response arrived.
 *
 * @category errors
 * @since 0.1.0
 */
export class PalommaConnectionError extends Schema.TaggedError<PalommaConnectionError>()("PalommaConnectionError", {
  ...call,
  /** What failed. */
  reason: Schema.Literals(Object.keys(connectionFailures) as ReadonlyArray<ConnectionFailure>),
  /** The code of the underlying failure, such as `ECONNRESET`. */
  code: Schema.optionalKey(Schema.String)
}) {
  /** Whether the same call may be made again: never after a certificate failure or a redirect. */
  get isSafeToResend(): boolean {
    return this.outcome !== "unknown" && this.reason !== "tls" && this.reason !== "redirect"
  }
  override get message(): string {
    const code = this.code === undefined ? "" : ` (${this.code})`
    const { advice, text } = connectionFailures[this.reason]
    const retry = this.isSafeToResend ? " Try again." : ""
    return `${this.operation}: no response from Palomma${code}. ${text}${outcomeText(this)}${advice}${retry}`
  }
}

/**
 * The timeout of the attempt or of the call ended.
 *
 * @category errors
 * @since 0.1.0
 */
export class PalommaTimeout extends Schema.TaggedError<PalommaTimeout>()("PalommaTimeout", {
  ...call,
  /** The timeout that ended. */
  waited: Schema.DurationFromMillis
}) {
  /** Whether the same call may be made again. */
  get isSafeToResend(): boolean {
    return this.outcome !== "unknown"
  }
  override get message(): string {
    const retry = this.isSafeToResend ? " Try again." : ""
    const waited = Duration.format(this.waited)
    return `${this.operation}: no complete response from Palomma within ${waited}.${outcomeText(this)}${retry}`
  }
}

const defects = {
  "cut-short": "the response was cut short",
  "too-large": "the response is larger than 1 MiB",
  "not-json": "the response is not JSON",
  "wrong-shape": "a required field of the response is missing or unreadable",
  "repeated-cursor": "the cursor of the response is that of an earlier page"
} as const

/**
 * Palomma answered with success (2xx), but the response cannot be used.
 *
 * @category errors
 * @since 0.1.0
 */
export class PalommaInvalidResponse extends Schema.TaggedError<PalommaInvalidResponse>()("PalommaInvalidResponse", {
  ...answered,
  /** What is wrong with the response. */
  defect: Schema.Literals(Object.keys(defects) as ReadonlyArray<keyof typeof defects>),
  /** The fields that could not be read. Never contains a value of the response. */
  problems: problemList,
  /** The id of the record, if it could be read. */
  recordId: Schema.optionalKey(SafeText.schema)
}) {
  /** Whether the same call may be made again: a read whose response was cut short or is not JSON. */
  get isSafeToResend(): boolean {
    return this.outcome !== "unknown" && (this.defect === "cut-short" || this.defect === "not-json")
  }
  override get message(): string {
    const problems = this.problems.length === 0 ? "" : ` ${problemsText(this.problems)}.`
    const id = this.recordId === undefined ? "" : ` The id of the record is ${this.recordId}.`
    return (
      `${this.operation}: Palomma answered ${this.status}, but ${defects[this.defect]}.${problems}${id}` +
      `${outcomeText(this)}${this.isSafeToResend ? " Try again." : ""} Report it to Palomma.`
    )
  }
}

// The unions below and `isPalommaError` are derived from this list.
const callErrors = {
  PalommaInvalidInput,
  PalommaBadRequest,
  PalommaUnauthorized,
  PalommaRateLimited,
  PalommaServerError,
  PalommaUnexpectedStatus,
  PalommaConnectionError,
  PalommaTimeout,
  PalommaInvalidResponse
}
const errors = { ...callErrors, PalommaNotFound }

type OneOf<Classes> = {
  [K in keyof Classes]: Classes[K] extends new (...args: never) => infer E ? E : never
}[keyof Classes]

/**
 * Errors of any call.
 *
 * @category errors
 * @since 0.1.0
 */
export type CallError = OneOf<typeof callErrors>

/**
 * The schema of {@link CallError}, for errors that have one as their cause.
 *
 * @category schemas
 * @since 0.1.0
 */
export const callError: Schema.Codec<CallError, unknown> = Schema.Union(Object.values(callErrors))

/**
 * Every error of a call.
 *
 * @category errors
 * @since 0.1.0
 */
export type PalommaError = OneOf<typeof errors>

/**
 * Errors of a create.
 *
 * Their outcome is never `none`.
 *
 * @category errors
 * @since 0.1.0
 */
export type CreateError = CallError & { readonly outcome: CreateOutcome }

/**
 * Errors of a list, a stream or a look-up by reference.
 *
 * @category errors
 * @since 0.1.0
 */
export type ListError = CallError

/**
 * Errors of a get.
 *
 * @category errors
 * @since 0.1.0
 */
export type GetError = PalommaError

/**
 * Whether a value is an error of a call.
 *
 * `isTransferError` recognises the errors of `Payouts.send` and `Payins.charge`.
 *
 * @category guards
 * @since 0.1.0
 */
export const isPalommaError = (u: unknown): u is PalommaError =>
  u instanceof Error && "_tag" in u && typeof u._tag === "string" && Object.hasOwn(errors, u._tag)

/**
 * Whether an error is one of a create: its outcome is not `none`.
 *
 * @category guards
 * @since 0.1.0
 */
export const isCreateError = (error: CallError): error is CreateError => error.outcome !== "none"

/**
 * Returns an error as a `CreateError`, for test doubles.
 *
 * It throws a `TypeError` if the outcome is `none`, which only a read has.
 *
 * **Example** (A payout whose response was lost)
 *
 * ```ts
 * import { asCreateError, PalommaServerError, PayoutRequests } from "@palomma-effect/client"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * const operation = "PayoutRequests.create"
 * const error = asCreateError(new PalommaServerError({ operation, outcome: "unknown", status: 502 }))
 * export const PayoutRequestsDouble = Layer.mock(PayoutRequests, { create: () => Effect.fail(error) })
 * ```
 *
 * @category conversions
 * @since 0.1.0
 */
export const asCreateError = (error: CallError): CreateError => {
  if (!isCreateError(error)) throw new TypeError(`${error._tag}: the outcome of a create is never none`)
  return error
}
