/**
 * Results and errors of the operations on transfers.
 *
 * @since 0.1.0
 */
import type * as Duration from "effect/Duration"
import type { GetError, PalommaInvalidInput } from "./PalommaError.ts"
import type { Transfer } from "./Transfer.ts"
import type {
  TransferConflict,
  TransferDuplicate,
  TransferError,
  TransferInvalidState,
  TransferJournalError,
  TransferNotSent,
  TransferOutcomeUnknown
} from "./TransferError.ts"

/**
 * The result of one intent of `sendAll` or `chargeAll`.
 *
 * @category models
 * @since 0.1.0
 */
export type TransferResult<Intent> =
  | {
      /** Palomma has the transfer. It may have ended already, also as `cancelled`: see `transfer.state`. */
      readonly _tag: "Accepted"
      readonly intent: Intent
      readonly transfer: Transfer
    }
  | {
      /**
       * The transfer failed: `error` says what is known about the money. With `PalommaInvalidInput` this run sent and
       * wrote nothing for it, so the journal has a row of it only if an earlier call wrote one.
       */
      readonly _tag: "Failed"
      readonly intent: Intent
      readonly error: TransferError
    }
  | {
      /** The run stopped before this intent: `cause` would fail it too. This run sent and wrote nothing for it. */
      readonly _tag: "Skipped"
      readonly intent: Intent
      readonly cause: TransferError
    }

/**
 * The result of one transfer of `reconcileAll`.
 *
 * @category models
 * @since 0.1.0
 */
export type ReconcileResult =
  | { readonly _tag: "Reconciled"; readonly transfer: Transfer }
  | { readonly _tag: "Failed"; readonly reference: string; readonly error: ReconcileError }

/**
 * The result of one decision of `resolveAll`.
 *
 * @category models
 * @since 0.1.0
 */
export type ResolveResult =
  | { readonly _tag: "Resolved"; readonly transfer: Transfer }
  | { readonly _tag: "Failed"; readonly reference: string; readonly error: ResolveError }

/**
 * The result of `advance` and `carry`.
 *
 * @category models
 * @since 0.1.0
 */
export type Advanced =
  | { readonly _tag: "Ended"; readonly transfer: Transfer }
  | {
      /**
       * Nothing more can be done now. `reason` states what the transfer waits for. `not-sent` includes a transfer that
       * Palomma rejected: its `state` is `rejected`, and `error` says why.
       */
      readonly _tag: "Wait"
      readonly transfer: Transfer
      readonly reason: "not-sent" | "claimed" | "in-doubt" | "in-progress"
      /** Why nothing was sent, why Palomma rejected the request, or why the look-up failed. */
      readonly error?: TransferNotSent["cause"] | GetError | undefined
      /** How long `carry` makes no request, because Palomma answered 429. This step made none. */
      readonly waitFor?: Duration.Duration | undefined
    }
  | { readonly _tag: "NeedsReview"; readonly transfer: Transfer }

/**
 * Errors of `reconcile`.
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
 * Errors of `resolve`, `withdraw` and `acknowledge`.
 *
 * @category errors
 * @since 0.1.0
 */
export type ResolveError = TransferInvalidState | TransferJournalError | PalommaInvalidInput | GetError

/**
 * Errors of `adopt`.
 *
 * @category errors
 * @since 0.1.0
 */
export type AdoptError = TransferConflict | TransferInvalidState | TransferJournalError | PalommaInvalidInput

/**
 * Errors of `intend`.
 *
 * @category errors
 * @since 0.1.0
 */
export type IntendError = TransferConflict | TransferInvalidState | TransferJournalError | PalommaInvalidInput
