/**
 * What paying once can fail with, beside the errors of a single call.
 */
import { Pesos } from "@palomma-effect/schema"
import * as Schema from "effect/Schema"
import type {
  PalommaBadRequest,
  PalommaConnectionError,
  PalommaInvalidInput,
  PalommaUnauthorized
} from "./PalommaError.ts"
import * as SafeText from "./SafeText.ts"
import { type PayoutJournalError, PayoutState } from "./PayoutJournal.ts"

/**
 * The reference stands for another payout: another target, amount or source account. Nothing was sent.
 */
export class PayoutReferenceConflict extends Schema.TaggedError<PayoutReferenceConflict>()("PayoutReferenceConflict", {
  reference: Schema.String,
  /** The payout request that the reference stands for at Palomma, where it is known. */
  payoutRequestId: Schema.optionalKey(SafeText.schema)
}) {
  override get message(): string {
    const other = this.payoutRequestId === undefined ? "" : ` (payout request ${this.payoutRequestId})`
    return (
      `The reference "${this.reference}" stands for a payout with another target, amount or source account${other}. ` +
      "Nothing was sent. Use a new reference for another payout."
    )
  }
}

/** Palomma holds more than one payout of the reference: it was paid more than once. Raise the alarm. */
export class PayoutDuplicateDetected extends Schema.TaggedError<PayoutDuplicateDetected>()("PayoutDuplicateDetected", {
  reference: Schema.String,
  /** The payout requests that bear the reference. */
  payoutRequestIds: Schema.Array(SafeText.schema)
}) {
  override get message(): string {
    return (
      `Palomma holds ${this.payoutRequestIds.length} payouts of the reference "${this.reference}": ` +
      `${this.payoutRequestIds.join(", ")}. Find out who sent the others, and ask Palomma to stop what can be stopped.`
    )
  }
}

/** It is not known whether the payout was made, and it is not sent again until a person says so by `Payouts.resolve`. */
export class PayoutOutcomeUnknown extends Schema.TaggedError<PayoutOutcomeUnknown>()("PayoutOutcomeUnknown", {
  reference: Schema.String,
  payoutTargetId: Schema.String,
  /** Whole pesos. */
  amount: Schema.Finite,
  /** What went wrong last, in words. */
  lastError: Schema.String,
  /** The tag of the error that went wrong last, such as `PalommaServerError`. */
  lastErrorTag: Schema.optionalKey(Schema.String)
}) {
  override get message(): string {
    return (
      `It is not known whether "${this.reference}" (${Pesos.format(this.amount)} to ${this.payoutTargetId}) was paid. ` +
      `Last: ${this.lastError} Sending it again looks it up and pays nothing. ` +
      `If Palomma confirms that it does not exist, Payouts.resolve("${this.reference}", …) lets it be sent.`
    )
  }
}

/** The payout is not in a state in which this can be done. Nothing was changed. */
export class PayoutWrongState extends Schema.TaggedError<PayoutWrongState>()("PayoutWrongState", {
  /** What was to be done, such as `Payouts.resolve`. */
  operation: Schema.String,
  reference: Schema.String,
  /** The state it is in; none if the journal does not know the reference. */
  state: Schema.optionalKey(PayoutState)
}) {
  override get message(): string {
    return this.state === undefined
      ? `${this.operation}: the journal knows no payout of the reference "${this.reference}".`
      : `${this.operation}: the payout "${this.reference}" is ${this.state}, so this cannot be done.`
  }
}

/**
 * Palomma says something of a payout that had already come to another end: paid and yet cancelled, or the other way round. The
 * journal keeps what it had. Raise the alarm.
 */
export class PayoutContradiction extends Schema.TaggedError<PayoutContradiction>()("PayoutContradiction", {
  reference: Schema.String,
  payoutRequestId: SafeText.schema,
  /** The end that the journal knows. */
  recorded: PayoutState,
  /** The status that Palomma gives now, made safe to print. */
  status: SafeText.schema
}) {
  override get message(): string {
    return (
      `Payout request ${this.payoutRequestId} ("${this.reference}") was ${this.recorded} and is now "${this.status}" at ` +
      "Palomma. The journal was not changed: ask Palomma what happened to the money."
    )
  }
}

/** What `Payouts.send` can fail with, and nothing else. */
export type SendError =
  | PalommaInvalidInput
  | PalommaBadRequest
  | PalommaUnauthorized
  | PalommaConnectionError
  | PayoutReferenceConflict
  | PayoutDuplicateDetected
  | PayoutOutcomeUnknown
  | PayoutJournalError
