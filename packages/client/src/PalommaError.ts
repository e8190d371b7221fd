/**
 * Everything a call to Palomma can fail with.
 *
 * Each error says which operation failed, what is known of its effect (`outcome`), whether the same call may be made again without
 * further ado (`isSafeToResend`), and in its `message` what to do next. None holds the request, the API key or a marked field.
 */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { Outcome } from "./Outcome.ts"

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
  /** The id that Palomma or its gateway gave the request, where one of the usual headers names it. */
  requestId: Schema.optionalKey(Schema.String),
  /** What Palomma says, without the request's marked values, long runs of digits and e-mail addresses. */
  serverMessage: Schema.optionalKey(Schema.String)
}

const retryAfter = {
  /** How long Palomma asks to wait, where it says so. */
  retryAfter: Schema.optionalKey(Schema.DurationFromMillis)
}

interface Answered {
  readonly operation: string
  readonly outcome: Outcome
  readonly status: number
  readonly serverMessage?: string
}

const consequence = (outcome: Outcome): string => {
  switch (outcome) {
    case "none":
      return ""
    case "not-sent":
      return " Nothing was sent."
    case "rejected":
      return " It had no effect."
    case "unknown":
      return " It may have taken effect: look it up before sending it again (Payouts.send does that for payouts)."
  }
}

const answer = (error: Answered, advice: string): string =>
  `${error.operation}: Palomma answered ${error.status}` +
  (error.serverMessage === undefined ? "." : `: "${error.serverMessage}".`) +
  consequence(error.outcome) +
  ` ${advice}`

/** One thing that is wrong with an input. */
export interface InputProblem {
  /** Where it is, such as `bankAccount.bank`; empty where the input as a whole is meant. */
  readonly field: string
  /** What would be right. Never holds the value itself. */
  readonly rule: string
}

/** The input was refused before anything was sent; all of its problems are listed. */
export class PalommaInvalidInput extends Schema.TaggedError<PalommaInvalidInput>()("PalommaInvalidInput", {
  ...call,
  problems: Schema.Array(Schema.Struct({ field: Schema.String, rule: Schema.String }))
}) {
  /** The same call would be refused again. */
  get isSafeToResend(): boolean {
    return false
  }
  override get message(): string {
    const problems = this.problems.map(({ field, rule }) => (field === "" ? rule : `${field}: ${rule}`))
    return `${this.operation}: refused, and nothing was sent. ${problems.join("; ")}`
  }
}

/** Palomma refused the input (400). */
export class PalommaBadRequest extends Schema.TaggedError<PalommaBadRequest>()("PalommaBadRequest", answered) {
  /** The same call would be refused again. */
  get isSafeToResend(): boolean {
    return false
  }
  override get message(): string {
    return answer(this, "Correct the input; the same reference may be used again.")
  }
}

/** Palomma refused the API key (401). */
export class PalommaUnauthorized extends Schema.TaggedError<PalommaUnauthorized>()("PalommaUnauthorized", answered) {
  /** The same call would be refused again until the key is right. */
  get isSafeToResend(): boolean {
    return false
  }
  override get message(): string {
    return answer(this, "Check the API key and that it belongs to this environment, then run it again.")
  }
}

/** There is no such record (404). */
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

/** Palomma asks to slow down (429), which it does not document. */
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
    return answer(this, `Slow down${wait}.`)
  }
}

/** Palomma failed (5xx). It does not document whether the request took effect. */
export class PalommaServerError extends Schema.TaggedError<PalommaServerError>()("PalommaServerError", {
  ...answered,
  ...retryAfter
}) {
  /** Whether the same call may be made again. */
  get isSafeToResend(): boolean {
    return this.outcome !== "unknown"
  }
  override get message(): string {
    return answer(this, this.isSafeToResend ? "Try again later." : "Report it to Palomma if it persists.")
  }
}

/** The answer has a status that Palomma does not document, or a documented one without Palomma's body: a gateway, a redirect. */
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
      "Palomma does not document this answer: check the base URL and what stands between you and Palomma."
    )
  }
}

/** What went wrong on the way: the name look-up, the connecting, the certificate, or a connection that broke. */
export type ConnectionFailure = "dns" | "connect" | "tls" | "reset" | "other"

const connectionAdvice: Record<ConnectionFailure, string> = {
  dns: "The host name could not be looked up: check the network and the base URL, then run it again.",
  connect: "The connection could not be made: check the network and the base URL, then run it again.",
  tls: "The connection could not be secured: do not retry; check certificates, proxies and the clock, and raise the alarm.",
  reset: "The connection broke.",
  other: "The connection failed for a reason this library does not know."
}

/** No HTTP answer came. */
export class PalommaConnectionError extends Schema.TaggedError<PalommaConnectionError>()("PalommaConnectionError", {
  ...call,
  /** What went wrong on the way. */
  reason: Schema.Literals(["dns", "connect", "tls", "reset", "other"]),
  /** The code of the underlying failure, such as `ECONNRESET`. */
  code: Schema.optionalKey(Schema.String)
}) {
  /** Whether the same call may be made again: never after a certificate failure. */
  get isSafeToResend(): boolean {
    return this.outcome !== "unknown" && this.reason !== "tls"
  }
  override get message(): string {
    const code = this.code === undefined ? "" : ` (${this.code})`
    return `${this.operation}: no answer from Palomma${code}. ${connectionAdvice[this.reason]}${consequence(this.outcome)}`
  }
}

/** The time of the attempt or of the whole call ran out. */
export class PalommaTimeout extends Schema.TaggedError<PalommaTimeout>()("PalommaTimeout", {
  ...call,
  /** How long was waited for the attempt that ran out of time. */
  waited: Schema.DurationFromMillis
}) {
  /** Whether the same call may be made again. */
  get isSafeToResend(): boolean {
    return this.outcome !== "unknown"
  }
  override get message(): string {
    return `${this.operation}: no whole answer from Palomma within ${Duration.format(this.waited)}.${consequence(this.outcome)}`
  }
}

const defects = {
  "cut-short": "the answer broke off",
  "too-large": "the answer is larger than 1 MiB",
  "not-json": "the answer is not JSON",
  "wrong-shape": "the answer is not what Palomma documents",
  "repeated-cursor": "the answer points to a page that was read already",
  contradiction: "the answer contradicts the request"
} as const

/** An answer of success (200, 201) that cannot be understood. */
export class PalommaInvalidResponse extends Schema.TaggedError<PalommaInvalidResponse>()("PalommaInvalidResponse", {
  ...answered,
  /** What is wrong with the answer. */
  defect: Schema.Literals(Object.keys(defects) as ReadonlyArray<keyof typeof defects>),
  /** The fields that are not as documented. Never holds a value. */
  problems: Schema.Array(Schema.Struct({ field: Schema.String, rule: Schema.String })),
  /** The id of the record, where it could be read. */
  recordId: Schema.optionalKey(Schema.String)
}) {
  /** Whether the same call may be made again: a read whose answer broke off. */
  get isSafeToResend(): boolean {
    return this.outcome !== "unknown" && (this.defect === "cut-short" || this.defect === "not-json")
  }
  override get message(): string {
    const where = this.problems.map(({ field, rule }) => ` ${field}: ${rule}.`).join("")
    const id = this.recordId === undefined ? "" : ` The record's id is ${this.recordId}.`
    return (
      `${this.operation}: Palomma answered ${this.status}, but ${defects[this.defect]}.${where}${id}` +
      `${consequence(this.outcome)} Please report it.`
    )
  }
}

/** What any call can fail with. */
export type CallError =
  | PalommaInvalidInput
  | PalommaBadRequest
  | PalommaUnauthorized
  | PalommaRateLimited
  | PalommaServerError
  | PalommaUnexpectedStatus
  | PalommaConnectionError
  | PalommaTimeout
  | PalommaInvalidResponse

/** What a create can fail with; its `outcome` is `not-sent`, `rejected` or `unknown`. */
export type CreateError = CallError

/** What a list, a stream or a look-up by reference can fail with. */
export type ListError = CallError

/** What a get can fail with. */
export type GetError = CallError | PalommaNotFound

/** Every error of a call. */
export type PalommaError = CallError | PalommaNotFound

const tags: ReadonlySet<string> = new Set([
  "PalommaInvalidInput",
  "PalommaBadRequest",
  "PalommaUnauthorized",
  "PalommaNotFound",
  "PalommaRateLimited",
  "PalommaServerError",
  "PalommaUnexpectedStatus",
  "PalommaConnectionError",
  "PalommaTimeout",
  "PalommaInvalidResponse"
])

/** Whether a value is an error of this library's calls. */
export const isPalommaError = (u: unknown): u is PalommaError =>
  typeof u === "object" && u !== null && "_tag" in u && typeof u._tag === "string" && tags.has(u._tag)
