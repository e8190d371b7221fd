/**
 * Transfers: payouts and debits whose money moves at most once per reference.
 *
 * @since 0.1.0
 */
import { PayinRequestId, PayoutRequestId } from "@palomma-effect/schema"
import * as Schema from "effect/Schema"

/**
 * The direction of a transfer: `payout` sends money to a payout target, `payin` debits a payin source.
 *
 * @category models
 * @since 0.1.0
 */
export type TransferKind = "payout" | "payin"

/**
 * The schema of {@link TransferKind}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface TransferKindSchema extends Schema.Codec<TransferKind> {
  readonly "~type.make": TransferKind
  readonly "~type.make.in": TransferKind
}

/**
 * Accepts `payout` and `payin`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TransferKind: TransferKindSchema = Schema.Literals(["payout", "payin"])

/**
 * All states of a transfer, roughly in the order in which a transfer passes them.
 *
 * @category constants
 * @since 0.1.0
 */
export const transferStates = [
  "intended",
  "sending",
  "unknown",
  "needsReview",
  "rejected",
  "accepted",
  "approved",
  "partial",
  "cancelled",
  "withdrawn"
] as const

/**
 * The state of a transfer: what the journal knows about it.
 *
 * - `intended`: in the journal. It was not sent, or it is proven that a request had no effect.
 * - `sending`: a process has claimed the transfer and is sending it.
 * - `unknown`: in doubt. It may have been sent, and look-ups continue.
 * - `needsReview`: in doubt. A person decides with `resolve`.
 * - `rejected`: Palomma rejected the request. You may correct the transfer and send it under the same reference.
 * - `accepted`: Palomma has the transfer, and its status is not final.
 * - `approved`: the full amount moved.
 * - `partial`: a part of the amount was collected. Only a debit can end as `partial`.
 * - `cancelled`: Palomma ended the transfer without moving money.
 * - `withdrawn`: the program or a person withdrew the transfer. Its reference is never sent.
 *
 * @category models
 * @since 0.1.0
 */
export type TransferState = (typeof transferStates)[number]

/**
 * The schema of {@link TransferState}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface TransferStateSchema extends Schema.Codec<TransferState> {
  readonly "~type.make": TransferState
  readonly "~type.make.in": TransferState
}

/**
 * Accepts every state of {@link transferStates}, and no other text.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TransferState: TransferStateSchema = Schema.Literals(transferStates)

/**
 * The right of one process to send one request, for a limited time.
 *
 * @category models
 * @since 0.1.0
 */
export class TransferClaim extends Schema.Class<TransferClaim>("TransferClaim")({
  /** A random id. */
  id: Schema.String,
  /** How long other processes wait for this claim, in milliseconds. */
  length: Schema.Finite,
  /** When the process made the claim, by its own clock in milliseconds since 1970. Only for people to read. */
  at: Schema.Finite
}) {}

/**
 * A contradiction between the journal and Palomma that a person has to check.
 *
 * @category models
 * @since 0.1.0
 */
export class TransferAlarm extends Schema.Class<TransferAlarm>("TransferAlarm")({
  /**
   * - `duplicate`: Palomma has more than one record of the transfer, or one from an earlier request during a later one.
   * - `changed-final`: Palomma changed a final status or the collected amount of a `partial` debit, or it has a record
   *   of a transfer that was withdrawn.
   * - `differs`: Palomma's record has another account, amount or merchant account than the transfer.
   */
  kind: Schema.Literals(["duplicate", "changed-final", "differs"]),
  /** The ids of the records at Palomma that raised the alarm. */
  records: Schema.Array(Schema.String),
  /** When the alarm was raised, in milliseconds since 1970. */
  at: Schema.Finite
}) {}

/**
 * The last decision of a person.
 *
 * @category models
 * @since 0.1.0
 */
export class TransferResolution extends Schema.Class<TransferResolution>("TransferResolution")({
  as: Schema.Literals(["paid", "not-paid", "withdrawn", "acknowledged"]),
  by: Schema.String,
  note: Schema.String,
  /** Whether the look-up before "not paid" was incomplete. */
  incomplete: Schema.optionalKey(Schema.Boolean),
  /** When the person decided, in milliseconds since 1970. */
  at: Schema.Finite
}) {}

/**
 * A difference between Palomma's record and the transfer that a person accepted.
 *
 * @category models
 * @since 0.1.0
 */
export class TransferDifference extends Schema.Class<TransferDifference>("TransferDifference")({
  recordId: Schema.String,
  /** The account of the record, if it has one. */
  accountId: Schema.optionalKey(Schema.String),
  /** The amount of the record in whole pesos, if it has one. */
  amount: Schema.optionalKey(Schema.Finite),
  /** The merchant account of the record, if it has one. */
  merchantAccountId: Schema.optionalKey(Schema.String)
}) {}

/**
 * A row of the journal: ids, an amount and a state.
 *
 * It has no data of the person who is paid or debited.
 *
 * Times are in milliseconds since 1970. The journal sets `createdAt`, `updatedAt` and `leftSendingAt` by its own clock.
 *
 * @category models
 * @since 0.1.0
 */
export class Transfer extends Schema.Class<Transfer>("Transfer")({
  /** The namespace: `sandbox`, `production`, another base URL, or the option `namespace`. */
  namespace: Schema.String,
  kind: TransferKind,
  /** The caller's name of the transfer. It is unique per namespace and kind. */
  reference: Schema.String,
  /** The id of the payout target or payin source. */
  accountId: Schema.String,
  /** Whole pesos. */
  amount: Schema.Finite,
  /** The merchant account that pays or receives the money, if the transfer names one. */
  merchantAccountId: Schema.optionalKey(Schema.String),
  state: TransferState,
  /** The version for optimistic locking. Each change increases it by one. */
  version: Schema.Finite,
  /** The last claim, until its outcome is known. */
  claim: Schema.optionalKey(TransferClaim),
  /** How often the transfer was claimed. */
  claims: Schema.Finite,
  /** The id of the payout request or payin request at Palomma, once it is known. */
  recordId: Schema.optionalKey(Schema.String),
  /** Whole pesos that Palomma collected, if it reports them. Only a debit in `approved` or `partial` has it. */
  amountCollected: Schema.optionalKey(Schema.Finite),
  /** The ids of records at Palomma that may be this transfer. */
  evidence: Schema.Array(Schema.String),
  /** The ids of records that a person ruled out. */
  notOurs: Schema.Array(Schema.String),
  /** A difference that a person accepted. */
  differs: Schema.optionalKey(TransferDifference),
  /** The alarm, until a person acknowledges it. */
  alarm: Schema.optionalKey(TransferAlarm),
  /** The last decision of a person. */
  resolution: Schema.optionalKey(TransferResolution),
  /** The last error, as a text of this library. */
  lastError: Schema.optionalKey(Schema.String),
  /** How many look-ups of `advance` and `carry` found nothing since the last claim. */
  lookUps: Schema.Finite,
  /** `worker` if a worker carries the transfer to its end, so that it does not depend on a caller. */
  carriedBy: Schema.optionalKey(Schema.Literal("worker")),
  /**
   * When the program was told of this state, alarm and collected amount, by the clock of the process that told it. A
   * change of one of them removes it.
   */
  toldAt: Schema.optionalKey(Schema.Finite),
  /** When the transfer last left `sending`. */
  leftSendingAt: Schema.optionalKey(Schema.Finite),
  createdAt: Schema.Finite,
  updatedAt: Schema.Finite
}) {
  /** The id of the payout request at Palomma, if this is a payout and the id is known. */
  get payoutRequestId(): PayoutRequestId | undefined {
    return this.kind === "payout" && this.recordId !== undefined ? PayoutRequestId.make(this.recordId) : undefined
  }
  /** The id of the payin request at Palomma, if this is a debit and the id is known. */
  get payinRequestId(): PayinRequestId | undefined {
    return this.kind === "payin" && this.recordId !== undefined ? PayinRequestId.make(this.recordId) : undefined
  }
}

/**
 * The name of a transfer in a journal.
 *
 * @category models
 * @since 0.1.0
 */
export interface TransferKey {
  readonly namespace: string
  readonly kind: TransferKind
  readonly reference: string
}
