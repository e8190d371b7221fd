/**
 * What `Payouts` and `Payins` have in common.
 *
 * @since 0.1.0
 */
import type { WebhookEvent } from "@palomma-effect/schema"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type * as Stream from "effect/Stream"
import type { AwaitOptions } from "./AwaitOptions.ts"
import type { GetError, ListError, PalommaInvalidInput } from "./PalommaError.ts"
import type { PalommaStillPending } from "./PalommaStillPending.ts"
import type { Transfer, TransferState } from "./Transfer.ts"
import type {
  TransferConflict,
  TransferDuplicate,
  TransferError,
  TransferInvalidState,
  TransferJournalError,
  TransferLookUpIncomplete,
  TransferOutcomeUnknown
} from "./TransferError.ts"

/**
 * What became of one intent of `sendAll` or `chargeAll`.
 *
 * @category models
 * @since 0.1.0
 */
export type TransferResult<Intent> =
  | {
      /** Palomma has it, or had it and it is over: see `transfer.state`, which may be `cancelled`. */
      readonly _tag: "Accepted"
      readonly intent: Intent
      readonly transfer: Transfer
    }
  | { readonly _tag: "Failed"; readonly intent: Intent; readonly error: TransferError }
  | {
      /** It was not begun and nothing was written down, since `cause` would have failed it too. */
      readonly _tag: "Skipped"
      readonly intent: Intent
      readonly cause: TransferError
    }

/**
 * How many transfers to carry at once.
 *
 * @category options
 * @since 0.1.0
 */
export interface TransferAllOptions {
  /**
   * How many at once: 4 by default, 100 at the most.
   *
   * **Gotchas**
   *
   * Each transfer that is open when a process is killed can need a person. More at once is not a way through a bad day.
   */
  readonly concurrency?: number | undefined
}

/**
 * Which transfers to list.
 *
 * @category options
 * @since 0.1.0
 */
export interface TransferQuery {
  /** Only transfers in this state, or in one of these. */
  readonly state?: TransferState | ReadonlyArray<TransferState> | undefined
  /** Only transfers with an alarm, or only those without one. */
  readonly alarmed?: boolean | undefined
  /** Only transfers that did not change for so long, by the journal's clock. */
  readonly olderThan?: Duration.Input | undefined
  /** How many rows to read from the journal at once: 100 by default, 1,000 at the most. */
  readonly pageSize?: number | undefined
}

/**
 * Which transfers to reconcile, and how many at once.
 *
 * @category options
 * @since 0.1.0
 */
export interface ReconcileAllOptions {
  /** Only transfers that did not change for so long, by the journal's clock: 1 minute by default. */
  readonly olderThan?: Duration.Input | undefined
  /** How many at once: 4 by default, 100 at the most. */
  readonly concurrency?: number | undefined
}

/**
 * What a schedule knows before a step.
 *
 * @category options
 * @since 0.1.0
 */
export interface AdvanceOptions {
  /**
   * The id of a claim that is lost: its `transfer.claim.length` milliseconds are over, counted by the caller's own monotonic clock from
   * when a step showed it first. The transfer is in doubt then, if it still has this claim.
   */
  readonly lostClaim?: string | undefined
}

/**
 * What became of one transfer of `reconcileAll`.
 *
 * @category models
 * @since 0.1.0
 */
export type ReconcileResult =
  | { readonly _tag: "Reconciled"; readonly transfer: Transfer }
  | { readonly _tag: "Failed"; readonly reference: string; readonly error: ReconcileError }

/**
 * What a person says of a transfer in doubt.
 *
 * @category models
 * @since 0.1.0
 */
export type TransferDecision =
  | {
      /** Palomma has it, under this id. */
      readonly as: "paid"
      readonly recordId: string
      /** The version of the transfer that the person saw. */
      readonly version: number
      /** Who says so. */
      readonly by: string
      readonly note: string
      /**
       * What is different in Palomma's record, if it is: it is accepted only if it is repeated here. Amounts are whole pesos.
       */
      readonly differs?:
        | {
            readonly accountId?: string | undefined
            readonly amount?: number | undefined
            readonly merchantAccountId?: string | undefined
            readonly reference?: string | undefined
          }
        | undefined
      /** Ids of records that are not this transfer. */
      readonly notOurs?: ReadonlyArray<string> | undefined
    }
  | {
      /** Palomma confirmed that it does not exist and will not: it may be sent again. */
      readonly as: "not-paid"
      /** The version of the transfer that the person saw. */
      readonly version: number
      /** Who says so. */
      readonly by: string
      readonly note: string
      /** Ids of records that Palomma shows and that are not this transfer. They are remembered. */
      readonly notOurs?: ReadonlyArray<string> | undefined
      /** Repeats the decision after a look-up that reached its limit. It is recorded. */
      readonly incomplete?: boolean | undefined
    }

/**
 * What became of one decision of `resolveAll`.
 *
 * @category models
 * @since 0.1.0
 */
export type ResolveResult =
  | { readonly _tag: "Resolved"; readonly transfer: Transfer }
  | { readonly _tag: "Failed"; readonly reference: string; readonly error: ResolveError }

/**
 * Why a transfer is called off, and by whom.
 *
 * @category models
 * @since 0.1.0
 */
export interface Withdrawal {
  /** Who says so. */
  readonly by: string
  readonly note: string
  /** The version that the person saw. A transfer in `needsReview` needs it. */
  readonly version?: number | undefined
  /** Ids of records that Palomma shows and that are not this transfer. They are remembered. */
  readonly notOurs?: ReadonlyArray<string> | undefined
}

/**
 * That a person knows of an alarm.
 *
 * @category models
 * @since 0.1.0
 */
export interface Acknowledgement {
  /**
   * The record that the transfer is, if it is another one of the alarm than the journal has. The one that the journal has is ruled out
   * then; if Palomma cancelled the one that is named, each of the others is named in `notOurs` too.
   */
  readonly recordId?: string | undefined
  /** The version that the person saw. */
  readonly version: number
  /** Who says so. */
  readonly by: string
  readonly note: string
  /** Ids of records that are not this transfer. They are remembered. */
  readonly notOurs?: ReadonlyArray<string> | undefined
}

/**
 * Where one step left a transfer.
 *
 * @category models
 * @since 0.1.0
 */
export type Advanced =
  | { readonly _tag: "Ended"; readonly transfer: Transfer }
  | {
      /** There is nothing to do now: `reason` says what it waits for. */
      readonly _tag: "Wait"
      readonly transfer: Transfer
      readonly reason: "not-sent" | "claimed" | "in-doubt" | "in-progress"
      /** The error of the look-up, if it failed. */
      readonly error?: GetError | ListError | TransferLookUpIncomplete | undefined
    }
  | { readonly _tag: "NeedsReview"; readonly transfer: Transfer }

/**
 * What `reconcile` can fail with.
 *
 * @category errors
 * @since 0.1.0
 */
export type ReconcileError =
  | GetError
  | TransferOutcomeUnknown
  | TransferConflict
  | TransferDuplicate
  | TransferInvalidState
  | TransferJournalError

/**
 * What `resolve`, `withdraw` and `acknowledge` can fail with.
 *
 * @category errors
 * @since 0.1.0
 */
export type ResolveError = TransferInvalidState | TransferJournalError | PalommaInvalidInput | GetError

/**
 * What can be done with a transfer once it was begun.
 *
 * The same for `Payouts` and `Payins`.
 *
 * @category services
 * @since 0.1.0
 */
export interface TransferOperations {
  /** Reads the journal: the transfer of a reference, if there is one. Asks Palomma nothing. */
  readonly find: (
    reference: string
  ) => Effect.Effect<Option.Option<Transfer>, TransferJournalError | PalommaInvalidInput>
  /** The transfers of the journal, page by page as they are pulled. Asks Palomma nothing. */
  readonly list: (query?: TransferQuery) => Stream.Stream<Transfer, TransferJournalError | PalommaInvalidInput>
  /**
   * Asks Palomma what became of a transfer, and writes it down. It sends nothing.
   *
   * A transfer in doubt is looked up for as long as `reconcileTimeout`, one that was accepted is read once.
   */
  readonly reconcile: (reference: string) => Effect.Effect<Transfer, ReconcileError>
  /** Reconciles every transfer that is in doubt or accepted, such as those whose webhook was lost: one result each. */
  readonly reconcileAll: (
    options?: ReconcileAllOptions
  ) => Stream.Stream<ReconcileResult, TransferJournalError | PalommaInvalidInput>
  /**
   * Does one step: looks once, and writes down what it saw. It sends nothing, and never decides that time is over: the caller's schedule
   * does, by `lostClaim` and by handing a transfer over to a person.
   *
   * For programs that carry transfers by a schedule of their own.
   */
  readonly advance: (
    reference: string,
    options?: AdvanceOptions
  ) => Effect.Effect<Advanced, TransferInvalidState | TransferJournalError | PalommaInvalidInput>
  /**
   * Writes down what a person found out of a transfer in doubt, after a fresh look at Palomma.
   *
   * **Gotchas**
   *
   * "Not paid" lets it be sent again: if it was wrong, or becomes wrong later, the money moves twice. So it is refused while the transfer
   * is `sending` and until the quiet time is over, and if Palomma shows a record that may be it.
   */
  readonly resolve: (reference: string, decision: TransferDecision) => Effect.Effect<Transfer, ResolveError>
  /** Writes down many decisions, one result each, in their order. */
  readonly resolveAll: (
    decisions: ReadonlyArray<TransferDecision & { readonly reference: string }>
  ) => Effect.Effect<ReadonlyArray<ResolveResult>>
  /** Calls off a transfer that was not sent, was refused, or is proven by a person not to exist: its reference is never sent. */
  readonly withdraw: (reference: string, withdrawal: Withdrawal) => Effect.Effect<Transfer, ResolveError>
  /** Closes an alarm: the transfer takes the status that Palomma gives now. */
  readonly acknowledge: (reference: string, acknowledgement: Acknowledgement) => Effect.Effect<Transfer, ResolveError>
  /** Waits until a transfer that Palomma has is at its end, and writes it down. */
  readonly awaitFinal: (
    reference: string,
    options?: AwaitOptions
  ) => Effect.Effect<
    Transfer,
    GetError | PalommaStillPending | TransferConflict | TransferDuplicate | TransferInvalidState | TransferJournalError
  >
  /**
   * Takes a webhook event as a hint: reads the record back, and writes down what Palomma says of it now. None if the event is not of a
   * transfer in the journal.
   *
   * What contradicts the journal raises an alarm in the row and does not fail, so the webhook is answered as received.
   */
  readonly applyWebhook: (
    event: WebhookEvent
  ) => Effect.Effect<Option.Option<Transfer>, GetError | TransferJournalError>
}
