/**
 * Everything a call to Palomma can fail with.
 *
 * Each error says which operation failed, what is known of its effect (`outcome`), whether the same call may be made again at once
 * (`isSafeToResend`), and in its `message` what to do next. None holds the request, the API key or a marked field.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { answer, knownOf, listed, rejectedStatusesAdvice } from "./internal/answerText.ts"
import { type CreateOutcome, Outcome } from "./Outcome.ts"
import * as SafeText from "./SafeText.ts"

const call = {
  /** The operation that failed, such as `PayoutRequests.create`. */
  operation: Schema.String,
  /** What is known of the call's effect at Palomma. */
  outcome: Outcome
}

const answered = {
  ...call,
  /** The HTTP status of the answer. */
  status: Schema.Int,
  /** The id that Palomma or its gateway gave the request, if one of the usual headers names it. */
  requestId: Schema.optionalKey(SafeText.schema),
  /** What Palomma says, made safe to print. */
  serverMessage: Schema.optionalKey(SafeText.schema)
}

const retryAfter = {
  /** How long Palomma asks to wait, if it says so: a day at the most. */
  retryAfter: Schema.optionalKey(Schema.DurationFromMillis)
}

const problemList = Schema.Array(Schema.Struct({ field: Schema.String, code: Schema.String, rule: Schema.String }))

/**
 * The input was refused before anything was sent.
 *
 * Its problems are listed, the first 20 at the most.
 *
 * @category errors
 * @since 0.1.0
 */
export class PalommaInvalidInput extends Schema.TaggedError<PalommaInvalidInput>()("PalommaInvalidInput", {
  ...call,
  /** What is wrong, a field and a rule each. Never holds a value. */
  problems: problemList,
  /** How many problems there are beside those that are listed. */
  more: Schema.Int
}) {
  /** The same call would be refused again. */
  get isSafeToResend(): boolean {
    return false
  }
  override get message(): string {
    const more = this.more === 0 ? "" : `; and ${this.more} more`
    // A read has no effect to know of, and a layer sends nothing while it is built.
    const refused = this.outcome === "none" ? "refused" : "refused, and nothing was sent"
    return `${this.operation}: ${refused}. Correct the input: ${listed(this.problems)}${more}`
  }
}

/**
 * Palomma refused the input (400).
 *
 * @category errors
 * @since 0.1.0
 */
export class PalommaBadRequest extends Schema.TaggedError<PalommaBadRequest>()("PalommaBadRequest", answered) {
  /** The same call would be refused again. */
  get isSafeToResend(): boolean {
    return false
  }
  override get message(): string {
    return answer(this, "Correct the input; the same reference may be used again.")
  }
}

/**
 * Palomma refused the API key (401).
 *
 * @category errors
 * @since 0.1.0
 */
export class PalommaUnauthorized extends Schema.TaggedError<PalommaUnauthorized>()("PalommaUnauthorized", answered) {
  /** The same call would be refused again until the key is right. */
  get isSafeToResend(): boolean {
    return false
  }
  override get message(): string {
    return answer(this, "Check the API key and that it belongs to this environment, then run it again.")
  }
}

/**
 * There is no such record (404).
 *
 * @category errors
 * @since 0.1.0
 */
export class PalommaNotFound extends Schema.TaggedError<PalommaNotFound>()("PalommaNotFound", answered) {
  /** The same call would find nothing again. */
  get isSafeToResend(): boolean {
    return false
  }
  override get message(): string {
    return answer(
      this,
      "Check the id and that it belongs to this environment; the sandbox is emptied from time to time."
    )
  }
}

/**
 * Palomma asks to slow down (429), which it does not document.
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
    const wait = this.retryAfter === undefined ? "" : ` for ${Duration.format(this.retryAfter)}`
    return answer(this, `Slow down${wait}.${rejectedStatusesAdvice(this)}`)
  }
}

/**
 * Palomma failed (5xx).
 *
 * It does not document whether the request took effect.
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
    const advice = this.isSafeToResend ? "Try again later." : "Report it to Palomma if it persists."
    return answer(this, `${advice}${rejectedStatusesAdvice(this)}`)
  }
}

/**
 * The answer has a status that Palomma does not document, or a documented one without a JSON body: a gateway, a
 * redirect.
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
    return answer(
      this,
      "Palomma does not document this answer: check the base URL and what stands between you and Palomma." +
        rejectedStatusesAdvice(this)
    )
  }
}

const connectionAdvice = {
  dns: "The host name could not be looked up: check the network and the base URL, then run it again.",
  connect: "The connection could not be made: check the network and the base URL, then run it again.",
  tls: "The connection could not be secured: do not retry; check certificates, proxies and the clock, and tell those responsible for security.",
  reset: "The connection broke.",
  redirect: "The server sent a redirect, which is never followed: check the base URL.",
  other: "The connection failed for a reason that this library does not know."
} as const

/**
 * What failed: the name look-up, the connecting, the certificate, a connection that broke, or a redirect that was not
 * followed.
 *
 * @category models
 * @since 0.1.0
 */
export type ConnectionFailure = keyof typeof connectionAdvice

/**
 * No HTTP answer came that could be used.
 *
 * @category errors
 * @since 0.1.0
 */
export class PalommaConnectionError extends Schema.TaggedError<PalommaConnectionError>()("PalommaConnectionError", {
  ...call,
  /** What failed. */
  reason: Schema.Literals(Object.keys(connectionAdvice) as ReadonlyArray<ConnectionFailure>),
  /** The code of the underlying failure, such as `ECONNRESET`. */
  code: Schema.optionalKey(Schema.String)
}) {
  /** Whether the same call may be made again: never after a certificate failure or a redirect. */
  get isSafeToResend(): boolean {
    return this.outcome !== "unknown" && this.reason !== "tls" && this.reason !== "redirect"
  }
  override get message(): string {
    const code = this.code === undefined ? "" : ` (${this.code})`
    return `${this.operation}: no answer from Palomma${code}. ${connectionAdvice[this.reason]}${knownOf(this.outcome)}`
  }
}

/**
 * The time of the attempt or of the whole call ran out.
 *
 * @category errors
 * @since 0.1.0
 */
export class PalommaTimeout extends Schema.TaggedError<PalommaTimeout>()("PalommaTimeout", {
  ...call,
  /** How long the attempt that ran out of time was given. */
  waited: Schema.DurationFromMillis
}) {
  /** Whether the same call may be made again. */
  get isSafeToResend(): boolean {
    return this.outcome !== "unknown"
  }
  override get message(): string {
    return `${this.operation}: no whole answer from Palomma within ${Duration.format(this.waited)}.${knownOf(this.outcome)}`
  }
}

const defects = {
  "cut-short": "the answer broke off",
  "too-large": "the answer is larger than 1 MiB",
  "not-json": "the answer is not JSON",
  "wrong-shape": "the answer lacks what cannot be done without",
  "repeated-cursor": "the answer points to a page that was read already"
} as const

/**
 * An answer of success (2xx) that cannot be understood.
 *
 * @category errors
 * @since 0.1.0
 */
export class PalommaInvalidResponse extends Schema.TaggedError<PalommaInvalidResponse>()("PalommaInvalidResponse", {
  ...answered,
  /** What is wrong with the answer. */
  defect: Schema.Literals(Object.keys(defects) as ReadonlyArray<keyof typeof defects>),
  /** The fields that could not be read. Never holds a value. */
  problems: problemList,
  /** The id of the record, if it could be read. */
  recordId: Schema.optionalKey(SafeText.schema)
}) {
  /** Whether the same call may be made again: a read whose answer broke off. */
  get isSafeToResend(): boolean {
    return this.outcome !== "unknown" && (this.defect === "cut-short" || this.defect === "not-json")
  }
  override get message(): string {
    const where = this.problems.length === 0 ? "" : ` ${listed(this.problems)}.`
    const id = this.recordId === undefined ? "" : ` The record's id is ${this.recordId}.`
    return (
      `${this.operation}: Palomma answered ${this.status}, but ${defects[this.defect]}.${where}${id}` +
      `${knownOf(this.outcome)} Please report it to Palomma.`
    )
  }
}

// The one list: unions, tags and `isPalommaError` follow from it.
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
 * What any call can fail with.
 *
 * @category errors
 * @since 0.1.0
 */
export type CallError = OneOf<typeof callErrors>

/**
 * The schema of {@link CallError}, for errors that hold one as their cause.
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
 * What a create can fail with: what is known of its effect is never `none`.
 *
 * @category errors
 * @since 0.1.0
 */
export type CreateError = CallError & { readonly outcome: CreateOutcome }

/**
 * What a list, a stream or a look-up by reference can fail with.
 *
 * @category errors
 * @since 0.1.0
 */
export type ListError = CallError

/**
 * What a get can fail with.
 *
 * @category errors
 * @since 0.1.0
 */
export type GetError = PalommaError

/**
 * Whether a value is an error of this library's calls.
 *
 * @category guards
 * @since 0.1.0
 */
export const isPalommaError = (u: unknown): u is PalommaError =>
  u instanceof Error && "_tag" in u && typeof u._tag === "string" && Object.hasOwn(errors, u._tag)

/**
 * Whether an error is one that a create can fail with: only a read's outcome is `none`.
 *
 * @category guards
 * @since 0.1.0
 */
export const isCreateError = (error: CallError): error is CreateError => error.outcome !== "none"

/**
 * Tells the compiler that an error is one that a create can fail with, for test doubles.
 *
 * It throws if the outcome is `none`, which only a read has.
 *
 * **Example** (A payout whose answer was lost)
 *
 * ```ts
 * import { asCreateError, PalommaServerError, PayoutRequests } from "@palomma-effect/client"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * const lost = asCreateError(new PalommaServerError({ operation: "PayoutRequests.create", outcome: "unknown", status: 502 }))
 * export const PayoutRequestsDouble = Layer.mock(PayoutRequests, { create: () => Effect.fail(lost) })
 * ```
 *
 * @category conversions
 * @since 0.1.0
 */
export const asCreateError = (error: CallError): CreateError => {
  if (!isCreateError(error)) throw new TypeError(`${error._tag}: the outcome of a create is never none`)
  return error
}
