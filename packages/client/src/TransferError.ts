/**
 * What a transfer can fail with.
 *
 * Each error says what this call sent, what is known of the money, and what to do next.
 *
 * A message holds the reference, and neither the account nor the amount nor Palomma's own words, since spans record messages. Palomma's
 * words are in the `cause`.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { callError, type PalommaInvalidInput } from "./PalommaError.ts"
import { listed, nameOf, quoted, serviceOf } from "./internal/transferText.ts"
import * as SafeText from "./SafeText.ts"
import { TransferKind, TransferState } from "./Transfer.ts"

const transfer = {
  kind: TransferKind,
  reference: Schema.String
}

/**
 * The time of a claim was over before its request was sent: the look-up, the journal or the machine took too long.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransferClaimEnded extends Schema.TaggedError<TransferClaimEnded>()("TransferClaimEnded", {
  ...transfer
}) {
  override get message(): string {
    return "The time to send it was over before the request began, or another process took over."
  }
}

/**
 * A look-up at Palomma reached one of its limits, so it says nothing of what it did not read.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransferLookUpIncomplete extends Schema.TaggedError<TransferLookUpIncomplete>()(
  "TransferLookUpIncomplete",
  {
    ...transfer,
    /** The limit that was reached: `lookUpTimeout`, `lookUpPages`, or half of `sendTimeout` for a look-up before a send. */
    limit: Schema.Literals(["lookUpTimeout", "lookUpPages", "sendTimeout"]),
    /** How many pages were read. */
    pages: Schema.Finite
  }
) {
  override get message(): string {
    const part = this.limit === "sendTimeout" ? "half of " : ""
    return (
      `The look-up at Palomma reached ${part}the option ${this.limit} after ${this.pages} pages. ` +
      `Raise it in ${serviceOf(this)}.layer if lists are long, or try again later.`
    )
  }
}

interface Cause {
  readonly _tag: string
  readonly message: string
  readonly operation?: string
  readonly status?: number
}

// What Palomma says may hold the account or the amount, so it stays in the cause.
const said = ({ message, operation, status }: Cause): string =>
  operation === undefined || status === undefined
    ? message.replace(/[^.]$/, "$&.")
    : `${operation}: Palomma answered ${status}; its words are in the cause.`

const checkKey = "Check the API key and that it belongs to this environment, then send the same reference again."

const lookUpErrors = Schema.Union([callError, TransferClaimEnded, TransferLookUpIncomplete])

/**
 * This call sent nothing.
 *
 * Send the same reference again.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransferNotSent extends Schema.TaggedError<TransferNotSent>()("TransferNotSent", {
  ...transfer,
  /** Why: the error of the call to Palomma, the end of the claim, or a look-up that was not complete. */
  cause: lookUpErrors
}) {
  override get message(): string {
    const next = this.cause._tag === "PalommaUnauthorized" ? checkKey : "Send the same reference again."
    return `${nameOf(this)}: this call sent nothing. ${said(this.cause)} ${next}`
  }
}

const correction = ({ _tag }: Cause): string => {
  switch (_tag) {
    case "PalommaBadRequest":
      return "Correct it, then send it under the same reference."
    case "PalommaUnauthorized":
      return checkKey
    default:
      return "Send the same reference again later."
  }
}

/**
 * Palomma refused this request, so it had no effect.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransferRejected extends Schema.TaggedError<TransferRejected>()("TransferRejected", {
  ...transfer,
  /** The error of the call, as Palomma answered it. */
  cause: callError
}) {
  override get message(): string {
    return (
      `${nameOf(this)}: Palomma refused this request, so it had no effect. ${said(this.cause)} ` +
      correction(this.cause)
    )
  }
}

/**
 * What a person needs to find out what became of a transfer.
 *
 * @category models
 * @since 0.1.0
 */
export class TransferEvidence extends Schema.Class<TransferEvidence>("TransferEvidence")({
  /** Records at Palomma that may be this transfer, and where they were seen last: `journal` if an earlier call saw them. */
  records: Schema.Array(
    Schema.Struct({
      id: SafeText.schema,
      seenIn: Schema.Literals(["reference-list", "account-list", "answer", "journal"])
    })
  ),
  /**
   * Whether Palomma's list of the account showed a record that was made after this transfer was claimed, so the list is not simply
   * behind. It compares Palomma's clock with the clock of the process that sent it.
   */
  laterTransferShown: Schema.Boolean
}) {}

const nextSteps = ({ kind, state }: { readonly kind: TransferKind; readonly state: TransferState }): string => {
  switch (state) {
    case "intended":
    case "rejected":
      return "It may be sent again by now: find out why before you send the same reference."
    case "withdrawn":
      return "It was withdrawn meanwhile, so it is not sent again. Ask Palomma what became of the request."
    case "sending":
    case "unknown":
    case "needsReview":
    case "accepted":
    case "approved":
    case "partial":
    case "cancelled":
      return (
        "Sending the same reference again only looks it up. If it stays in doubt, ask Palomma, and record the answer by " +
        `${serviceOf({ kind })}.resolve.`
      )
  }
}

/**
 * It is not known whether the money moved.
 *
 * It is not sent again before a person resolves it.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransferOutcomeUnknown extends Schema.TaggedError<TransferOutcomeUnknown>()("TransferOutcomeUnknown", {
  ...transfer,
  /** `unknown` if it is still looked up later, `needsReview` if a person has to decide, `sending` if it is not known who sends it. */
  state: TransferState,
  /** The version of the transfer in the journal, which a person's decision is tied to. */
  version: Schema.Finite,
  /**
   * Whether this call handed the body of its request over: `yes`, `no`, or `unknown` if the HTTP client of the program cannot tell.
   */
  sent: Schema.Literals(["no", "yes", "unknown"]),
  /** The id of the record at Palomma, if one is known that is this transfer or has its reference. */
  recordId: Schema.optionalKey(SafeText.schema),
  evidence: TransferEvidence,
  /** What went wrong last, in this library's words. */
  lastError: Schema.String,
  /** The tag of the error that went wrong last, such as `PalommaServerError`. */
  lastErrorTag: Schema.optionalKey(Schema.String)
}) {
  override get message(): string {
    const sent = { no: "This call sent nothing.", yes: "This call sent it.", unknown: "This call may have sent it." }
    const record = this.recordId === undefined ? "" : ` Palomma's record is ${this.recordId}.`
    const others = this.evidence.records.filter(({ id }) => id !== this.recordId).map(({ id }) => id)
    const similar = others.length === 0 ? "" : ` Records that may be it: ${listed(others)}.`
    const next = nextSteps(this)
    return (
      `${nameOf(this)}: it is not known whether the money moved. ${sent[this.sent]}${record}${similar} ` +
      `Last: ${this.lastError} ${next}`
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
          "This call sent nothing. Find out which of the two is right."
      : `${nameOf(this)}: Palomma has this reference with another account, amount or merchant account${record}. ` +
          `This call sent nothing. Find out whose record it is, and record the answer by ${serviceOf(this)}.resolve, or by ` +
          `${serviceOf(this)}.acknowledge if the transfer has an alarm.`
  }
}

/**
 * Palomma holds more than one record of the transfer, or may hold it.
 *
 * Raise the alarm.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransferDuplicate extends Schema.TaggedError<TransferDuplicate>()("TransferDuplicate", {
  ...transfer,
  /** The ids of the records at Palomma. A single one was made by an earlier request while a later one was under way. */
  records: Schema.Array(SafeText.schema)
}) {
  override get message(): string {
    const found =
      this.records.length > 1
        ? `Palomma holds more than one record of it: ${listed(this.records)}.`
        : `Palomma holds record ${listed(this.records)} of it, made while another request was under way: there may be two.`
    return (
      `${nameOf(this)}: ${found} Find out who sent the others, ask Palomma ` +
      `to stop what can be stopped, and then record it by ${serviceOf(this)}.acknowledge.`
    )
  }
}

const sentTexts = {
  no: "This call sent nothing.",
  yes: "This call's request was sent.",
  unknown: "This call's request may have been sent."
}

/**
 * The journal could not be read or written.
 *
 * A journal of your own fails with it too: `new TransferJournalError({ operation, reference, reason })`.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransferJournalError extends Schema.TaggedError<TransferJournalError>()("TransferJournalError", {
  /** What was being done, such as `replace`. */
  operation: Schema.String,
  /** The reference of the row, if one row was meant. */
  reference: Schema.optionalKey(Schema.String),
  /** The id of the record at Palomma that could not be written down. */
  recordId: Schema.optionalKey(SafeText.schema),
  /** Whether this call sent its request. A journal leaves it out; the service that uses the journal knows. */
  sent: Schema.Literals(["no", "yes", "unknown"]).pipe(
    Schema.withConstructorDefault(Effect.succeed("unknown" as const))
  ),
  /** What the store says, fit for a log. */
  reason: Schema.String
}) {
  override get message(): string {
    const row = this.reference === undefined ? "" : ` the row of ${quoted(this.reference)}`
    const record =
      this.recordId === undefined
        ? ""
        : ` Palomma made record ${this.recordId}: sending the same reference again finds it.`
    return (
      `The transfer journal failed to ${this.operation}${row}: ${this.reason}. ${sentTexts[this.sent]}${record} ` +
      "Repair the store, then run it again with the same reference."
    )
  }
}

const reasons = {
  "unknown-reference": "the journal has no transfer of this reference",
  "wrong-state": "its state does not allow it",
  "changed-since": "it changed since the version that was named: read it again",
  "quiet-time": "a late request may still take effect: wait until the quiet time is over",
  "record-shown": "Palomma shows a record that is or may be this transfer: name the ids that are not it in notOurs",
  "record-of-another": "the record belongs to another transfer",
  "record-differs":
    "the record differs: repeat what it shows otherwise (accountId, amount, merchantAccountId, reference) in differs if it is this transfer all the same",
  "look-up-incomplete":
    "the look-up reached its limit: raise the limit, or resolve it as not paid with incomplete: true if Palomma confirmed that",
  "no-alarm": "it has no alarm"
} as const

/**
 * The transfer is not in a state in which this can be done.
 *
 * Nothing was sent, and nothing was decided.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransferInvalidState extends Schema.TaggedError<TransferInvalidState>()("TransferInvalidState", {
  ...transfer,
  /** What was to be done, such as `Payouts.resolve`. */
  operation: Schema.String,
  reason: Schema.Literals(Object.keys(reasons) as ReadonlyArray<keyof typeof reasons>),
  /** The state it is in, if the journal has it. */
  state: Schema.optionalKey(TransferState),
  /** The version it has now, if the journal has it. */
  version: Schema.optionalKey(Schema.Finite),
  /** The ids of the records at Palomma that stand against it. */
  records: Schema.Array(SafeText.schema),
  /** How long to wait, if time is what is missing. */
  waitFor: Schema.optionalKey(Schema.DurationFromMillis)
}) {
  override get message(): string {
    const state = this.state === undefined ? "" : ` (${this.state}, version ${this.version ?? "?"})`
    const records = this.records.length === 0 ? "" : ` Records: ${listed(this.records)}.`
    const wait = this.waitFor === undefined ? "" : ` Wait ${Duration.format(this.waitFor)}.`
    return `${this.operation}: ${nameOf(this)}${state}: this cannot be done, since ${reasons[this.reason]}.${records}${wait}`
  }
}

/**
 * What `Payouts.send` and `Payins.charge` can fail with, and nothing else.
 *
 * @category errors
 * @since 0.1.0
 */
export type TransferError =
  | PalommaInvalidInput
  | TransferNotSent
  | TransferRejected
  | TransferOutcomeUnknown
  | TransferConflict
  | TransferDuplicate
  | TransferJournalError
  | TransferInvalidState

const tags = new Set<unknown>([
  "TransferNotSent",
  "TransferRejected",
  "TransferOutcomeUnknown",
  "TransferConflict",
  "TransferDuplicate",
  "TransferJournalError",
  "TransferInvalidState"
])

/**
 * Whether a value is an error of a transfer; `isPalommaError` tells the errors of a single call.
 *
 * @category guards
 * @since 0.1.0
 */
export const isTransferError = (u: unknown): u is Exclude<TransferError, PalommaInvalidInput> =>
  u instanceof Error && "_tag" in u && tags.has(u._tag)
