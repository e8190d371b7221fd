/**
 * A transfer: money that moves at most once under a reference, as a payout or as a debit, and what is known of it.
 *
 * @since 0.1.0
 */
import { PayinRequestId, PayoutRequestId } from "@palomma-effect/schema"
import * as Schema from "effect/Schema"

/**
 * Which way the money moves: `payout` sends it to a payout target, `payin` debits a payin source.
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
 * The schema of which way the money moves: `payout` sends it to a payout target, `payin` debits a payin source.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TransferKind: TransferKindSchema = Schema.Literals(["payout", "payin"])

/**
 * Every state of a transfer, in the order of its life.
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
 * What is known of a transfer.
 *
 * - `intended`: written down; not sent, or proven not to have been.
 * - `sending`: claimed by a process that is sending it.
 * - `unknown`: in doubt. It may have been sent; a look-up may tell.
 * - `needsReview`: in doubt, and a person decides, by `resolve`.
 * - `rejected`: Palomma refused it. It may be corrected and sent again under the same reference.
 * - `accepted`: Palomma has it, and it is on its way.
 * - `approved`: the money moved, whole.
 * - `partial`: a part of the money was collected. Only debits end so.
 * - `cancelled`: Palomma ended it without moving money.
 * - `withdrawn`: it was called off here before it was sent.
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
 * The schema of what is known of a transfer.
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
  /** How long others wait for it, in milliseconds. */
  length: Schema.Finite,
  /** When it was made by the clock of the process that made it, in milliseconds since 1970. For people: nothing is decided by it. */
  at: Schema.Finite
}) {}

/**
 * What a person has to know of a transfer: something contradicts what is recorded.
 *
 * @category models
 * @since 0.1.0
 */
export class TransferAlarm extends Schema.Class<TransferAlarm>("TransferAlarm")({
  /**
   * - `duplicate`: Palomma holds more than one record of the transfer, or one of an earlier request while a later one was under way.
   * - `changed-final`: Palomma changed a status that was final, or has a record of a transfer that was withdrawn.
   * - `differs`: Palomma's record has another account, amount or merchant account than the transfer.
   */
  kind: Schema.Literals(["duplicate", "changed-final", "differs"]),
  /** The ids of the records at Palomma that raised it. */
  records: Schema.Array(Schema.String),
  /** When, in milliseconds since 1970. */
  at: Schema.Finite
}) {}

/**
 * What a person decided last, and why.
 *
 * @category models
 * @since 0.1.0
 */
export class TransferResolution extends Schema.Class<TransferResolution>("TransferResolution")({
  as: Schema.Literals(["paid", "not-paid", "withdrawn", "acknowledged"]),
  by: Schema.String,
  note: Schema.String,
  /** Whether the look-up before "not paid" could not read all of Palomma's list. */
  incomplete: Schema.optionalKey(Schema.Boolean),
  /** When, in milliseconds since 1970. */
  at: Schema.Finite
}) {}

/**
 * How Palomma's record differs from the transfer, as a person accepted it.
 *
 * @category models
 * @since 0.1.0
 */
export class TransferDifference extends Schema.Class<TransferDifference>("TransferDifference")({
  recordId: Schema.String,
  /** The account of the record, if it has one. */
  accountId: Schema.optionalKey(Schema.String),
  /** The pesos of the record, if it names an amount. */
  amount: Schema.optionalKey(Schema.Finite),
  /** The merchant account of the record, if it has one. */
  merchantAccountId: Schema.optionalKey(Schema.String)
}) {}

/**
 * One transfer, as a journal keeps it: ids, an amount and a state, and nothing about the person who is paid or debited.
 *
 * Times are in milliseconds since 1970. `createdAt`, `updatedAt` and `leftSendingAt` are written by the journal, by its own clock.
 *
 * @category models
 * @since 0.1.0
 */
export class Transfer extends Schema.Class<Transfer>("Transfer")({
  /** Where it is paid: `sandbox`, `production`, the base URL of anything else, or the option `namespace`. */
  namespace: Schema.String,
  kind: TransferKind,
  /** The caller's own name for it: one transfer per namespace, kind and reference. */
  reference: Schema.String,
  /** The payout target that is paid, or the payin source that is debited. */
  accountId: Schema.String,
  /** Whole pesos. */
  amount: Schema.Finite,
  /** The merchant account to draw on or to credit, if the transfer names one. */
  merchantAccountId: Schema.optionalKey(Schema.String),
  state: TransferState,
  /** Counts the changes. A change is refused if there was another one since the row was read. */
  version: Schema.Finite,
  /** The last claim, until its end is known. */
  claim: Schema.optionalKey(TransferClaim),
  /** How often it was claimed. */
  claims: Schema.Finite,
  /** The id of the payout request or payin request at Palomma, as soon as an answer or a record shows it. */
  recordId: Schema.optionalKey(Schema.String),
  /** Whole pesos that were collected, of a debit that is `approved` or `partial`, if Palomma says it. */
  amountCollected: Schema.optionalKey(Schema.Finite),
  /** The ids of records at Palomma that may be this transfer. */
  evidence: Schema.Array(Schema.String),
  /** The ids of records that a person ruled out. */
  notOurs: Schema.Array(Schema.String),
  /** A difference that a person accepted. */
  differs: Schema.optionalKey(TransferDifference),
  /** What a person has to know, until it is acknowledged. */
  alarm: Schema.optionalKey(TransferAlarm),
  /** What a person decided last. */
  resolution: Schema.optionalKey(TransferResolution),
  /** What went wrong last, in this library's words. */
  lastError: Schema.optionalKey(Schema.String),
  /** How many look-ups by `advance` found nothing since it was sent. */
  lookUps: Schema.Finite,
  /** What carries it to its end, if it does not depend on a caller. */
  carriedBy: Schema.optionalKey(Schema.Literal("worker")),
  /** When the program was told of its end, if a worker tells it. */
  toldAt: Schema.optionalKey(Schema.Finite),
  /** When it left `sending` last. */
  leftSendingAt: Schema.optionalKey(Schema.Finite),
  createdAt: Schema.Finite,
  updatedAt: Schema.Finite
}) {
  /** The id of the payout request at Palomma, if it is a payout and the id is known. */
  get payoutRequestId(): PayoutRequestId | undefined {
    return this.kind === "payout" && this.recordId !== undefined ? PayoutRequestId.make(this.recordId) : undefined
  }
  /** The id of the payin request at Palomma, if it is a debit and the id is known. */
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
