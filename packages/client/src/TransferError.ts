/**
 * Errors of a transfer.
 *
 * Each message states what happened, what is known about the money, and what to do.
 *
 * Spans record messages, so a message contains the reference, but neither the account, the amount nor Palomma's
 * message. Palomma's message is in the `cause`.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type CallError, callError, PalommaInvalidInput } from "./PalommaError.ts"
import { checkKey, correctionOf, happened } from "./internal/notSentText.ts"
import { reasons } from "./internal/transferReasons.ts"
import { listed, nameOf, quoted, serviceOf } from "./internal/transferText.ts"
import * as SafeText from "./SafeText.ts"
import { TransferKind, TransferState } from "./Transfer.ts"

const transfer = {
  kind: TransferKind,
  reference: Schema.String
}

const claimEnded = "The time to send the transfer was over before the request started, or another process took over."

interface LimitReached {
  readonly kind: TransferKind
  readonly limit: string
  readonly pages: number
}

const limitReached = ({ limit, pages }: LimitReached): string => {
  const part = limit === "sendTimeout" ? "half of " : ""
  return (
    `The look-up at Palomma reached ${part}the option ${limit} after ${pages} pages. ` +
    "It may have missed a record of the transfer."
  )
}

const raiseLimit = ({ kind, limit }: LimitReached): string =>
  `Raise ${limit} in ${serviceOf({ kind })}.layer if lists are long`

/**
 * The time to send the transfer was over before its request started: the look-up, the journal or the machine took too
 * long.
 *
 * Or another process took over.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransferClaimEnded extends Schema.TaggedError<TransferClaimEnded>()("TransferClaimEnded", {
  ...transfer
}) {
  override get message(): string {
    return `${claimEnded} This call sent nothing. Send the same reference again.`
  }
}

/**
 * A look-up at Palomma reached one of its limits, so it may have missed a record of the transfer.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransferLookUpIncomplete extends Schema.TaggedError<TransferLookUpIncomplete>()(
  "TransferLookUpIncomplete",
  {
    ...transfer,
    /** The limit: `lookUpTimeout`, `lookUpPages`, or half of `sendTimeout` in a look-up before a send. */
    limit: Schema.Literals(["lookUpTimeout", "lookUpPages", "sendTimeout"]),
    /** How many pages the look-up read. */
    pages: Schema.Finite
  }
) {
  override get message(): string {
    return `${limitReached(this)} ${raiseLimit(this)}, or try again later.`
  }
}

const notSentCause = Schema.Union([callError, TransferClaimEnded, TransferLookUpIncomplete])

type NotSentCause = typeof notSentCause.Type

const notSentReason = (cause: NotSentCause): string => {
  if (cause._tag === "TransferClaimEnded") return claimEnded
  return cause._tag === "TransferLookUpIncomplete" ? limitReached(cause) : happened(cause)
}

const notSentAdvice = (cause: NotSentCause): string | undefined => {
  if (cause._tag === "TransferClaimEnded") return undefined
  return cause._tag === "TransferLookUpIncomplete" ? raiseLimit(cause) : correctionOf(cause)
}

/**
 * This call sent nothing.
 *
 * Send the same reference again: later, or after a correction if `needsCorrection` is true.
 *
 * **Example** (Telling a person, or trying later)
 *
 * ```ts
 * import { PalommaTimeout, PalommaUnexpectedStatus, TransferNotSent } from "@palomma-effect/client"
 * import * as Duration from "effect/Duration"
 *
 * const transfer = { kind: "payout", reference: "refund-4711" } as const
 * const call = { operation: "PayoutRequests.list", outcome: "none" } as const
 * const slow = new PalommaTimeout({ ...call, waited: Duration.seconds(15) })
 * // A base URL without /v0 answers so.
 * const wrongAddress = new PalommaUnexpectedStatus({ ...call, status: 404 })
 *
 * new TransferNotSent({ ...transfer, cause: slow }).needsCorrection // => false
 * new TransferNotSent({ ...transfer, cause: wrongAddress }).needsCorrection // => true
 * ```
 *
 * @category errors
 * @since 0.1.0
 */
export class TransferNotSent extends Schema.TaggedError<TransferNotSent>()("TransferNotSent", {
  ...transfer,
  /** The error of the call to Palomma, the end of the claim, or the incomplete look-up. */
  cause: notSentCause
}) {
  /**
   * Whether waiting does not help, because something has to be corrected first: for example the key, the base URL, a
   * certificate or a limit. Tell a person. If `false`, a later call may succeed without a correction.
   */
  get needsCorrection(): boolean {
    const { cause } = this
    // A list that is longer than its page limit does not become shorter. A slow one may be faster later.
    return cause._tag === "TransferLookUpIncomplete"
      ? cause.limit === "lookUpPages"
      : notSentAdvice(cause) !== undefined
  }
  override get message(): string {
    return `${nameOf(this)}: ${notSentReason(this.cause)} This call sent nothing. ${sendAgain(notSentAdvice(this.cause))}`
  }
}

const sendAgain = (advice: string | undefined): string =>
  advice === undefined ? "Send the same reference again." : `${advice}, then send the same reference again.`

const correction = ({ _tag }: CallError): string => {
  if (_tag === "PalommaBadRequest") return "Correct the transfer, then send it under the same reference."
  return _tag === "PalommaUnauthorized" ? sendAgain(checkKey) : "Send the same reference again later."
}

/**
 * Palomma rejected this request, so it had no effect.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransferRejected extends Schema.TaggedError<TransferRejected>()("TransferRejected", {
  ...transfer,
  /** The error of the call, with Palomma's message. */
  cause: callError
}) {
  override get message(): string {
    return (
      `${nameOf(this)}: Palomma rejected the request. ${happened(this.cause)} The request had no effect. ` +
      correction(this.cause)
    )
  }
}

/**
 * The records that a person needs to find out the outcome of a transfer.
 *
 * @category models
 * @since 0.1.0
 */
export class TransferEvidence extends Schema.Class<TransferEvidence>("TransferEvidence")({
  /**
   * Records at Palomma that may be this transfer, and where this call saw them. `journal`: an earlier call saw them.
   */
  records: Schema.Array(
    Schema.Struct({
      id: SafeText.schema,
      seenIn: Schema.Literals(["reference-list", "account-list", "answer", "journal"])
    })
  ),
  /**
   * Whether Palomma's list of the account showed a record that was created after this transfer was claimed. If so, the
   * list is not just behind. It compares Palomma's clock with the clock of the process that sent the transfer.
   */
  laterTransferShown: Schema.Boolean
}) {}

const sentTexts = {
  no: "This call sent nothing.",
  yes: "This call sent its request.",
  unknown: "This call may have sent its request."
}

const nextSteps = ({ kind, state }: { readonly kind: TransferKind; readonly state: TransferState }): string => {
  switch (state) {
    case "intended":
    case "rejected":
      return "The journal now allows to send it again: find out why before you send the same reference."
    case "sending":
      return "Another call may be sending it. Sending the same reference again first waits for that call to end."
    case "withdrawn":
      return "The transfer was withdrawn meanwhile and is not sent again. Ask Palomma for the outcome of the request."
    case "unknown":
    case "needsReview":
    case "accepted":
    case "approved":
    case "partial":
    case "cancelled":
      return (
        "Sending the same reference again only looks it up. If it stays in doubt, ask Palomma, and record the answer " +
        `with ${serviceOf({ kind })}.resolve.`
      )
  }
}

/**
 * It is not known whether the money moved.
 *
 * Never pay the debt under another reference. Call again with the same one: it looks the transfer up, and sends it
 * again only after proof that no request of it had an effect, or after a person decided "not paid".
 *
 * @category errors
 * @since 0.1.0
 */
export class TransferOutcomeUnknown extends Schema.TaggedError<TransferOutcomeUnknown>()("TransferOutcomeUnknown", {
  ...transfer,
  /**
   * The state in the journal.
   *
   * - `unknown`: a later call looks it up again.
   * - `needsReview`: a person has to decide.
   * - `sending`: another call may be sending it.
   * - `intended` or `rejected`: a person decided "not paid", or another call proved that its request had no effect.
   *   Find out why first: the next call may send it again.
   * - `withdrawn`: a person withdrew it meanwhile. It is not sent again.
   * - Any other: Palomma has a record of the reference.
   */
  state: TransferState,
  /** The version in the journal. A person's decision names it. */
  version: Schema.Finite,
  /**
   * Whether this call handed over the body of its request: `yes`, `no`, or `unknown` if the HTTP client of the program
   * does not report it.
   */
  sent: Schema.Literals(["no", "yes", "unknown"]),
  /**
   * The id of the record at Palomma that is this transfer or has its reference, if one is known. An id that came from
   * `adopt` may be one that Palomma does not have.
   */
  recordId: Schema.optionalKey(SafeText.schema),
  evidence: TransferEvidence,
  /** The last error or result, as a text of this library. */
  lastError: Schema.String,
  /** The tag of the last error, such as `PalommaServerError`. */
  lastErrorTag: Schema.optionalKey(Schema.String)
}) {
  override get message(): string {
    const record = this.recordId === undefined ? "" : ` Record id: ${this.recordId}.`
    const others = this.evidence.records.filter(({ id }) => id !== this.recordId).map(({ id }) => id)
    const similar = others.length === 0 ? "" : ` Records that may be it: ${listed(others)}.`
    return (
      `${nameOf(this)}: the outcome is unknown. ${sentTexts[this.sent]} Last: ${this.lastError} ` +
      `It is not known whether the money moved.${record}${similar} ${nextSteps(this)}`
    )
  }
}

/**
 * The reference has another account, amount or merchant account, in the journal or at Palomma.
 *
 * This call sent nothing.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransferConflict extends Schema.TaggedError<TransferConflict>()("TransferConflict", {
  ...transfer,
  /** Where the other content was found. */
  found: Schema.Literals(["journal", "palomma"]),
  /** The id of the record at Palomma, if it is known. */
  recordId: Schema.optionalKey(SafeText.schema)
}) {
  override get message(): string {
    const record = this.recordId === undefined ? "" : ` (record ${this.recordId})`
    return this.found === "journal"
      ? `${nameOf(this)}: the journal has this reference with another account, amount or merchant account${record}. ` +
          "This call sent nothing. Find out which content is right."
      : `${nameOf(this)}: Palomma has this reference with another account, amount or merchant account${record}. ` +
          "This call sent nothing. Find out whose record it is, and record the answer " +
          `with ${serviceOf(this)}.resolve, or with ${serviceOf(this)}.acknowledge if the transfer has an alarm.`
  }
}

/**
 * Palomma has more than one record of the transfer, or may have.
 *
 * Raise the alarm.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransferDuplicate extends Schema.TaggedError<TransferDuplicate>()("TransferDuplicate", {
  ...transfer,
  /** The ids of the records at Palomma. If there is only one, an earlier request created it during a later request. */
  records: Schema.Array(SafeText.schema)
}) {
  override get message(): string {
    const found =
      this.records.length > 1
        ? `the journal has more than one record id for it: ${listed(this.records)}.`
        : `Palomma has record ${listed(this.records)}, from an earlier request during a later one: there may be two.`
    return (
      `${nameOf(this)}: ${found} The money may move more than once. Find out who sent the others, ask Palomma ` +
      `to stop them if it can, then record the result with ${serviceOf(this)}.acknowledge.`
    )
  }
}

/** The operations of a journal that write a row. */
const writes: ReadonlyArray<string> = ["insert", "replace"]

/**
 * The journal could not be read or written.
 *
 * Your own journal fails with this error too: `new TransferJournalError({ operation, reference, reason })`.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransferJournalError extends Schema.TaggedError<TransferJournalError>()("TransferJournalError", {
  /** The operation of the journal, such as `replace`. `open`: its layer could not be built. */
  operation: Schema.String,
  /** The reference of the row, if the operation concerns one row. */
  reference: Schema.optionalKey(Schema.String),
  /** The id of the record at Palomma, if this call created one. */
  recordId: Schema.optionalKey(SafeText.schema),
  /** Whether this call sent its request. A journal omits this field: `Payouts` and `Payins` set it. */
  sent: Schema.Literals(["no", "yes", "unknown"]).pipe(
    Schema.withConstructorDefault(Effect.succeed("unknown" as const))
  ),
  /**
   * Whether the row may have been written. `no`: the journal refused the call. A journal may omit this field, and then
   * it is `unknown`.
   */
  written: Schema.Literals(["no", "unknown"]).pipe(Schema.withConstructorDefault(Effect.succeed("unknown" as const))),
  /** The message of the store. It must be fit for a log. */
  reason: Schema.String
}) {
  override get message(): string {
    const row = this.reference === undefined ? "" : ` the row of ${quoted(this.reference)}`
    const record =
      this.recordId === undefined
        ? ""
        : ` Palomma created record ${this.recordId}, and sending the same reference again finds it.`
    // The journal opens with its layer, before any call.
    if (this.operation === "open") {
      return `The transfer journal could not be opened: ${this.reason}. Correct this, then start again.`
    }
    const mayBeWritten = this.written === "unknown" && writes.includes(this.operation)
    const sent =
      this.sent === "no" && mayBeWritten
        ? "This call sent nothing, but the row may have been written."
        : sentTexts[this.sent]
    const advice = this.written === "no" ? "Correct this" : "Repair the store"
    return (
      `The transfer journal failed to ${this.operation}${row}: ${this.reason}. ${sent}${record} ` +
      `${advice}, then call again with the same reference.`
    )
  }
}

/**
 * The state of the transfer does not allow the operation.
 *
 * This call sent nothing and decided nothing.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransferInvalidState extends Schema.TaggedError<TransferInvalidState>()("TransferInvalidState", {
  ...transfer,
  /** The method that was called, such as `Payouts.resolve`. */
  operation: Schema.String,
  reason: Schema.Literals(Object.keys(reasons) as ReadonlyArray<keyof typeof reasons>),
  /** The present state, if the journal has the transfer. */
  state: Schema.optionalKey(TransferState),
  /** The present version, if the journal has the transfer. */
  version: Schema.optionalKey(Schema.Finite),
  /** The ids of the records that prevent the operation. */
  records: Schema.Array(SafeText.schema),
  /** The reference of the transfer that has the record, if the journal shows one. */
  ownedBy: Schema.optionalKey(Schema.String),
  /** How long to wait, if the reason is `quiet-time`. */
  waitFor: Schema.optionalKey(Schema.DurationFromMillis)
}) {
  override get message(): string {
    const state = this.state === undefined ? "" : ` (${this.state}, version ${this.version ?? "?"})`
    const records = this.records.length === 0 ? "" : ` Records: ${listed(this.records)}.`
    const owner = this.ownedBy === undefined ? "" : ` It belongs to ${quoted(this.ownedBy)}.`
    const wait = this.waitFor === undefined ? "" : ` Wait ${Duration.format(this.waitFor)}.`
    const { advice, why } = reasons[this.reason]
    return (
      `${this.operation}: not possible for ${nameOf(this)}${state}, since ${why}.${records}${owner} ` +
      `This call sent nothing and decided nothing.${wait} ${advice}`
    )
  }
}

// The union and the guard below are derived from this list.
const errors = {
  PalommaInvalidInput,
  TransferNotSent,
  TransferRejected,
  TransferOutcomeUnknown,
  TransferConflict,
  TransferDuplicate,
  TransferJournalError,
  TransferInvalidState
}

/**
 * All errors of `Payouts.send` and `Payins.charge`.
 *
 * The other methods of both services fail with some of these, or with an error of a read at Palomma (`GetError`).
 * `awaitFinal` can also fail with `PalommaStillPending`.
 *
 * @category errors
 * @since 0.1.0
 */
export type TransferError = InstanceType<(typeof errors)[keyof typeof errors]>

/**
 * Whether a value is a `TransferError`.
 *
 * `isPalommaError` recognises the errors of a single call to Palomma. `PalommaInvalidInput` is both: `send` and
 * `charge` refuse invalid input as a single call does. `TransferNotSent` and `TransferRejected` have the error of a
 * call as their `cause`.
 *
 * **Example** (Text for a support page)
 *
 * ```ts
 * import { isPalommaError, isTransferError, PalommaTimeout, TransferNotSent } from "@palomma-effect/client"
 * import * as Duration from "effect/Duration"
 *
 * const textOf = (error: unknown) =>
 *   isTransferError(error) || isPalommaError(error) ? error.message : "an error of the program"
 *
 * const waited = Duration.seconds(9)
 * const cause = new PalommaTimeout({ operation: "PayoutRequests.create", outcome: "not-sent", waited })
 * const error = new TransferNotSent({ kind: "payout", reference: "refund-4711", cause })
 * isTransferError(error) // => true
 * isPalommaError(error) // => false
 * isPalommaError(error.cause) // => true
 * textOf(new Error("secret")) // => "an error of the program"
 * ```
 *
 * @category guards
 * @since 0.1.0
 */
export const isTransferError = (u: unknown): u is TransferError =>
  u instanceof Error && "_tag" in u && typeof u._tag === "string" && Object.hasOwn(errors, u._tag)
