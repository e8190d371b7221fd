/**
 * The interface of paying once, and what it is told and answers.
 */
import type {
  MerchantAccountId,
  PayoutRequest,
  PayoutRequestId,
  PayoutTargetId,
  WebhookEvent
} from "@palomma-effect/schema"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type * as Stream from "effect/Stream"
import type { AwaitOptions } from "./AwaitOptions.ts"
import type { GetError } from "./PalommaError.ts"
import type { PalommaStillPending } from "./PalommaStillPending.ts"
import type { PayoutContradiction, PayoutDuplicateDetected, PayoutWrongState, SendError } from "./PayoutError.ts"
import type { PayoutJournalError, PayoutRow, PayoutState } from "./PayoutJournal.ts"

/** What is to be paid, under which name. */
export interface PayoutIntent {
  /** Your own name for the payout. One payout is made per reference, ever: make it of what is owed, not of the attempt. */
  readonly reference: string
  readonly payoutTargetId: PayoutTargetId
  /** Whole pesos, above 1,000. */
  readonly amount: number
  /** The merchant account to draw on. Default: the merchant's default account. */
  readonly sourceMerchantAccountId?: MerchantAccountId | undefined
}

/** How long to wait for what. */
export interface PayoutsOptions {
  /** How long one payout request may take to be answered: 60 seconds. Its claim ends a little later. */
  readonly sendDeadline?: Duration.Input | undefined
  /** How long an unknown outcome is looked up before a person is asked: 2 minutes. */
  readonly patience?: Duration.Input | undefined
  /**
   * Whether a reference is looked up at Palomma before it is sent for the first time, one request more per payout: it is, unless this
   * says `false`. With a journal that forgets with the process it always is.
   *
   * It finds what the journal cannot know of: what was sent before its database was lost, moved or restored, or by another program.
   */
  readonly lookFirst?: boolean | undefined
  /**
   * The name under which the journal keeps these payouts: `sandbox`, `production`, or the base URL of anything else.
   *
   * **Gotchas**
   *
   * A reference is paid once per name. Say it where Palomma is reached through a gateway of your own, whose address may change.
   */
  readonly environment?: string | undefined
  /**
   * After how long a payout that clean look-ups did not find is sent again without a person's word. Default: never.
   *
   * **Gotchas**
   *
   * Palomma does not say that a payout cannot appear late. Whoever sets this takes the risk of paying twice.
   */
  readonly resendAfter?: Duration.Input | undefined
}

/** What became of one intent of `sendAll`. */
export type PayoutResult =
  | { readonly _tag: "Sent"; readonly intent: PayoutIntent; readonly payout: PayoutRequest }
  | { readonly _tag: "Failed"; readonly intent: PayoutIntent; readonly error: SendError }
  /** It was not begun, since `because` would have failed it too. */
  | { readonly _tag: "NotBegun"; readonly intent: PayoutIntent; readonly because: SendError }

/** How many payouts to send at once, and how fast. */
export interface SendAllOptions {
  /** How many at once. Default: 4. */
  readonly concurrency?: number | undefined
  /** How many may begin within a duration. Default: no limit. */
  readonly pace?: { readonly payouts: number; readonly within: Duration.Input } | undefined
}

/** What a person found out of a payout whose outcome is unknown. */
export type Resolution =
  | {
      /** Palomma has it: under this id. */
      readonly as: "paid"
      readonly payoutRequestId: PayoutRequestId
      /** Who says so. */
      readonly by: string
      readonly note: string
    }
  | {
      /** Palomma confirmed that it does not exist and will not: it may be sent again. */
      readonly as: "not-paid"
      /** Who says so. */
      readonly by: string
      readonly note: string
    }

/** Paying once. */
export interface PayoutsService {
  /**
   * Pays, once per reference.
   *
   * Sending a reference again never pays again: it returns the payout that was made, and where that is not known it looks. Concurrent
   * calls share one payout. A caller that is interrupted returns at once, while the payout goes on and is written down.
   *
   * **Gotchas**
   *
   * Closing the layer waits for payouts in flight, for as long as `sendDeadline`: give the process that much time to stop.
   */
  readonly send: (intent: PayoutIntent) => Effect.Effect<PayoutRequest, SendError>
  /**
   * Pays many, one named result each; one that fails does not stop the others.
   *
   * What would fail them all (a refused key, an unreachable or wrong address) stops the run: what was not begun stays `intended`, and
   * running the same intents again goes on where it stopped. Where Palomma asks to slow down, the run pauses.
   */
  readonly sendAll: <E, R>(
    intents: Stream.Stream<PayoutIntent, E, R>,
    options?: SendAllOptions
  ) => Stream.Stream<PayoutResult, E, R>
  /** Looks a payout up whose outcome is unknown. Sends nothing. */
  readonly reconcile: (reference: string) => Effect.Effect<PayoutRequest, SendError | PayoutWrongState>
  /** Writes down what a person found out of a payout whose outcome is unknown. */
  readonly resolve: (
    reference: string,
    resolution: Resolution
  ) => Effect.Effect<PayoutRow, PayoutWrongState | PayoutJournalError>
  /** Waits until a payout that was accepted is `approved` or `cancelled`. */
  readonly awaitFinal: (
    reference: string,
    options?: AwaitOptions
  ) => Effect.Effect<
    PayoutRequest,
    | GetError
    | PalommaStillPending
    | PayoutWrongState
    | PayoutContradiction
    | PayoutDuplicateDetected
    | PayoutJournalError
  >
  /**
   * Takes a webhook event as a hint: reads the payout back and writes down what Palomma says of it now. None where the event is not of
   * a payout in the journal.
   */
  readonly applyWebhook: (
    event: WebhookEvent
  ) => Effect.Effect<Option.Option<PayoutRow>, GetError | SendError | PayoutContradiction>
  /** The rows of the journal in a state, or all of them. */
  readonly list: (options?: {
    readonly state?: PayoutState | undefined
  }) => Effect.Effect<ReadonlyArray<PayoutRow>, PayoutJournalError>
}
