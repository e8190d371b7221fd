/**
 * The memory of what was meant to be paid and what became of it: one row per environment and reference.
 *
 * A payout is written down before it is sent and is claimed by one compare-and-set, so that whoever loses the claim never sends. A
 * journal only stores rows; what may follow what is decided by `Payouts`.
 */
import { MerchantAccountId, PayoutRequestId, PayoutTargetId } from "@palomma-effect/schema"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SafeText from "./SafeText.ts"

/**
 * What became of an intent.
 *
 * - `intended`: written down; certainly not sent, or proven not to have been.
 * - `sending`: claimed by somebody who is sending it, until `deadlineAt`.
 * - `unknown`: it may have been sent; only a look-up can tell.
 * - `needsAttention`: look-ups did not find it in time; a person has to say, by `Payouts.resolve`.
 * - `rejected`: Palomma refused it; nothing exists there.
 * - `accepted`: Palomma made the payout request; it is on its way.
 * - `approved`, `cancelled`: the end of it.
 */
export type PayoutState =
  | "intended"
  | "sending"
  | "unknown"
  | "needsAttention"
  | "rejected"
  | "accepted"
  | "approved"
  | "cancelled"

/** The schema of {@link PayoutState}. */
export interface PayoutStateSchema extends Schema.Codec<PayoutState> {
  readonly "~type.make": PayoutState
  readonly "~type.make.in": PayoutState
}

/** What became of an intent. */
export const PayoutState: PayoutStateSchema = Schema.Literals([
  "intended",
  "sending",
  "unknown",
  "needsAttention",
  "rejected",
  "accepted",
  "approved",
  "cancelled"
])

/** Who settled a payout that needed a person, how, and why. */
export class PayoutResolution extends Schema.Class<PayoutResolution>("PayoutResolution")({
  as: Schema.Literals(["paid", "not-paid"]),
  by: Schema.String,
  note: Schema.String,
  /** When, in milliseconds since 1970. */
  at: Schema.Finite
}) {}

/** One intent to pay and what is known of it. Holds ids, an amount and a state, and nothing about the person who is paid. */
export class PayoutRow extends Schema.Class<PayoutRow>("PayoutRow")({
  /** Where it is paid: `sandbox`, `production`, or the base URL of anything else. */
  environment: Schema.String,
  /** The caller's own name for the payout: one payout per reference. */
  reference: Schema.String,
  payoutTargetId: PayoutTargetId,
  /** Whole pesos. */
  amount: Schema.Finite,
  sourceMerchantAccountId: Schema.optionalKey(MerchantAccountId),
  state: PayoutState,
  /** Counts the changes of the row. A change is refused where the row was changed since it was read. */
  version: Schema.Finite,
  /** How often it was claimed for sending. */
  claims: Schema.Finite,
  /** When it was claimed last, in milliseconds since 1970. */
  claimedAt: Schema.optionalKey(Schema.Finite),
  /** When the claim ends: nobody is sending it any more after that. Milliseconds since 1970. */
  deadlineAt: Schema.optionalKey(Schema.Finite),
  /** The payout request at Palomma, once it is known. */
  payoutRequestId: Schema.optionalKey(PayoutRequestId),
  /** What went wrong last, in words. */
  lastError: Schema.optionalKey(Schema.String),
  /** Who settled it, where that took a person. */
  resolution: Schema.optionalKey(PayoutResolution),
  /** When the row was changed last, in milliseconds since 1970. */
  updatedAt: Schema.Finite
}) {}

/** The name of a row. */
export interface PayoutKey {
  readonly environment: string
  readonly reference: string
}

/** The journal could not be read or written. */
export class PayoutJournalError extends Schema.TaggedError<PayoutJournalError>()("PayoutJournalError", {
  /** What was being done, such as `replace`. */
  operation: Schema.String,
  /** The reference of the row, where one was meant. */
  reference: Schema.optionalKey(Schema.String),
  /** The payout request that could not be written down, where Palomma had already made it. */
  payoutRequestId: Schema.optionalKey(SafeText.schema),
  /** What the store says. */
  reason: Schema.String
}) {
  override get message(): string {
    const row = this.reference === undefined ? "" : ` the row of "${this.reference}"`
    const made =
      this.payoutRequestId === undefined
        ? ""
        : ` Palomma made payout request ${this.payoutRequestId}; sending the same reference again will find it.`
    return `The payout journal failed to ${this.operation}${row}: ${this.reason}.${made} Mend the store and run it again.`
  }
}

/** The memory of what was meant to be paid and what became of it. */
export class PayoutJournal extends Context.Service<
  PayoutJournal,
  {
    /** Whether rows outlive the process. Where they do not, a reference is always looked up at Palomma before it is first sent. */
    readonly isDurable: boolean
    /** Reads a row. */
    readonly find: (key: PayoutKey) => Effect.Effect<Option.Option<PayoutRow>, PayoutJournalError>
    /** Reads the row of a payout request. */
    readonly findByPayoutRequestId: (
      environment: string,
      payoutRequestId: PayoutRequestId
    ) => Effect.Effect<Option.Option<PayoutRow>, PayoutJournalError>
    /** Writes a new row, unless there is one of that name. Whether it was written. */
    readonly insert: (row: PayoutRow) => Effect.Effect<boolean, PayoutJournalError>
    /**
     * Writes a row over the one whose version is one less. Whether it was written: `false` means that somebody else was first.
     *
     * It must be one atomic compare-and-set that has been made permanent when it returns.
     */
    readonly replace: (row: PayoutRow) => Effect.Effect<boolean, PayoutJournalError>
    /** Reads all rows of an environment in a state, or all of it, in the order of their references. */
    readonly list: (
      environment: string,
      state?: PayoutState
    ) => Effect.Effect<ReadonlyArray<PayoutRow>, PayoutJournalError>
  }
>()("@palomma-effect/client/PayoutJournal") {
  /**
   * A journal that lasts as long as the layer: for tests and one-off scripts.
   *
   * **Gotchas**
   *
   * It forgets with the process. Every new reference is therefore looked up at Palomma before it is sent, which finds what an earlier
   * run paid, but not what another process is sending at that very moment.
   */
  static readonly layerMemory: Layer.Layer<PayoutJournal> = Layer.sync(PayoutJournal, () => {
    const rows = new Map<string, PayoutRow>()
    const keyOf = ({ environment, reference }: PayoutKey): string => JSON.stringify([environment, reference])
    const all = (environment: string) => [...rows.values()].filter((row) => row.environment === environment)
    return {
      isDurable: false,
      find: (key) => Effect.sync(() => Option.fromUndefinedOr(rows.get(keyOf(key)))),
      findByPayoutRequestId: (environment, id) =>
        Effect.sync(() => Option.fromUndefinedOr(all(environment).find((row) => row.payoutRequestId === id))),
      insert: (row) =>
        Effect.sync(() => {
          if (rows.has(keyOf(row))) return false
          rows.set(keyOf(row), row)
          return true
        }),
      replace: (row) =>
        Effect.sync(() => {
          if (rows.get(keyOf(row))?.version !== row.version - 1) return false
          rows.set(keyOf(row), row)
          return true
        }),
      list: (environment, state) =>
        Effect.sync(() =>
          all(environment)
            .filter((row) => state === undefined || row.state === state)
            .sort((a, b) => (a.reference < b.reference ? -1 : 1))
        )
    }
  })
}
