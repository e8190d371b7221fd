/**
 * The operations that `Payouts` and `Payins` share, and their options.
 *
 * @since 0.1.0
 */
import type { WebhookEvent } from "@palomma-effect/schema"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type * as Stream from "effect/Stream"
import type { AwaitOptions } from "./AwaitOptions.ts"
import type { GetError, PalommaInvalidInput } from "./PalommaError.ts"
import type { PalommaStillPending } from "./PalommaStillPending.ts"
import type { Transfer, TransferState } from "./Transfer.ts"
import type { Acknowledgement, TransferDecision, Withdrawal } from "./TransferDecision.ts"
import type {
  TransferConflict,
  TransferDuplicate,
  TransferInvalidState,
  TransferJournalError
} from "./TransferError.ts"
import type { Advanced, ReconcileError, ReconcileResult, ResolveError, ResolveResult } from "./TransferResult.ts"

/**
 * Options of `sendAll` and `chargeAll`.
 *
 * @category options
 * @since 0.1.0
 */
export interface TransferAllOptions {
  /**
   * How many transfers run concurrently: 4 by default, 100 at the most.
   *
   * **Gotchas**
   *
   * If the process is killed, a person may have to decide about each transfer that was running. Do not raise the number
   * to work through a backlog during an outage.
   */
  readonly concurrency?: number | undefined
}

/**
 * The filter of `list`.
 *
 * @category options
 * @since 0.1.0
 */
export interface TransferQuery {
  /** Only transfers in this state, or in one of these. */
  readonly state?: TransferState | ReadonlyArray<TransferState> | undefined
  /** `true`: only transfers with an alarm. `false`: only transfers without one. */
  readonly alarmed?: boolean | undefined
  /** Only transfers that have not changed for this long, by the journal's clock. */
  readonly olderThan?: Duration.Input | undefined
  /** How many rows to read from the journal per page: 100 by default, 1,000 at the most. */
  readonly pageSize?: number | undefined
}

/**
 * Options of `reconcileAll`.
 *
 * @category options
 * @since 0.1.0
 */
export interface ReconcileAllOptions {
  /** Only transfers that have not changed for this long, by the journal's clock: 1 minute by default. */
  readonly olderThan?: Duration.Input | undefined
  /** How many transfers to reconcile concurrently: 4 by default, 100 at the most. */
  readonly concurrency?: number | undefined
}

/**
 * Options of `advance` and `carry`.
 *
 * @category options
 * @since 0.1.0
 */
export interface AdvanceOptions {
  /** The version that your schedule saw. If the transfer has another one now, the step does nothing. */
  readonly version?: number | undefined
  /**
   * The id of a claim that has expired. Your schedule first saw it at least `transfer.claim.length` milliseconds ago,
   * by its own monotonic clock. If the transfer still has this claim, it is in doubt. Too early, this moves no money
   * twice: a request of the claim that has not begun is stopped, and a person may be asked without need.
   */
  readonly lostClaim?: string | undefined
  /**
   * Ends the search of a transfer in doubt: if this look-up does not find it, it changes to `needsReview`. With
   * `if-complete`, only if the look-up was complete. With `always`, also if it failed.
   */
  readonly endSearch?: "if-complete" | "always" | undefined
}

/**
 * Options of `adopt`.
 *
 * @category options
 * @since 0.1.0
 */
export interface AdoptOptions {
  /**
   * The id of the record at Palomma that is the transfer, if the other program knew it. Then the record's own reference
   * does not matter.
   */
  readonly recordId?: string | undefined
}

/**
 * Operations on transfers that are in the journal.
 *
 * The same for `Payouts` and `Payins`. Only `carry` can send money.
 *
 * @category services
 * @since 0.1.0
 */
export interface TransferOperations {
  /**
   * Reads the transfer of a reference from the journal, without a request to Palomma.
   *
   * **Example** (The state of a refund)
   *
   * ```ts
   * import { Payouts } from "@palomma-effect/client"
   * import * as Effect from "effect/Effect"
   * import * as Option from "effect/Option"
   *
   * export const stateOf = (reference: string) =>
   *   Payouts.use((payouts) => payouts.find(reference)).pipe(
   *     Effect.map(Option.match({ onNone: () => "not in the journal", onSome: ({ state }) => state }))
   *   )
   * ```
   */
  readonly find: (
    reference: string
  ) => Effect.Effect<Option.Option<Transfer>, TransferJournalError | PalommaInvalidInput>
  /**
   * Lists transfers of the journal, without a request to Palomma. The stream reads one page at a time.
   *
   * **Gotchas**
   *
   * The journal has only what a call wrote. A transfer that was refused as invalid input has no row, nor has one that
   * `sendAll` or `chargeAll` skipped, or whose first look-up failed. To report every intent, start from your own list.
   *
   * **Example** (Debits that a person has to decide about)
   *
   * ```ts
   * import { Payins } from "@palomma-effect/client"
   * import * as Effect from "effect/Effect"
   * import * as Stream from "effect/Stream"
   *
   * export const report = Payins.use((payins) =>
   *   payins
   *     .list({ state: "needsReview", olderThan: "1 hour" })
   *     .pipe(Stream.runForEach(({ amount, reference }) => Effect.log(`${reference}: ${amount} pesos`)))
   * )
   * ```
   */
  readonly list: (query?: TransferQuery) => Stream.Stream<Transfer, TransferJournalError | PalommaInvalidInput>
  /**
   * Asks Palomma for the present state of a transfer, and records it. It sends nothing.
   *
   * A transfer in doubt is looked up until `reconcileTimeout` is over. The record of an accepted transfer is read once.
   *
   * **Example** (A payout whose webhook has not arrived)
   *
   * ```ts
   * import { Payouts } from "@palomma-effect/client"
   * import * as Effect from "effect/Effect"
   *
   * export const presentState = Effect.fn("presentState")(function* (reference: string) {
   *   const payouts = yield* Payouts
   *   const { state } = yield* payouts.reconcile(reference)
   *   return state // not final yet if it is "accepted"
   * })
   * ```
   */
  readonly reconcile: (reference: string) => Effect.Effect<Transfer, ReconcileError>
  /**
   * Reconciles every transfer that is in doubt or accepted, for example after a lost webhook. Returns one result for
   * each.
   *
   * **Example** (A job that runs every ten minutes)
   *
   * ```ts
   * import { Payouts } from "@palomma-effect/client"
   * import * as Effect from "effect/Effect"
   * import * as Stream from "effect/Stream"
   *
   * export const job = Payouts.use((payouts) =>
   *   payouts
   *     .reconcileAll({ olderThan: "10 minutes" })
   *     .pipe(
   *       Stream.runForEach((result) =>
   *         result._tag === "Failed" ? Effect.logWarning(result.error.message) : Effect.void
   *       )
   *     )
   * )
   * ```
   */
  readonly reconcileAll: (
    options?: ReconcileAllOptions
  ) => Stream.Stream<ReconcileResult, TransferJournalError | PalommaInvalidInput>
  /**
   * Does one step: one look-up, recorded in the journal. It sends nothing.
   *
   * Use it to carry transfers with your own schedule. `advance` never decides that a time is over. Your schedule does:
   * with `lostClaim`, and with `endSearch` for a transfer that stays in doubt.
   *
   * **Example** (The next action of a scheduler)
   *
   * ```ts
   * import { Payouts } from "@palomma-effect/client"
   * import * as Effect from "effect/Effect"
   *
   * export const nextAction = Effect.fn("nextAction")(function* (reference: string) {
   *   const payouts = yield* Payouts
   *   const advanced = yield* payouts.advance(reference)
   *   if (advanced._tag === "Ended") return "stop"
   *   const { lookUps } = advanced.transfer
   *   return advanced._tag === "NeedsReview" || lookUps >= 20 ? "ask a person" : "try again in a minute"
   * })
   * ```
   */
  readonly advance: (
    reference: string,
    options?: AdvanceOptions
  ) => Effect.Effect<Advanced, TransferInvalidState | TransferJournalError | PalommaInvalidInput>
  /**
   * Does the next step of a transfer that a worker carries, and sends it if it was not sent.
   *
   * For your own worker; `Durable` of `@palomma-effect/durable` is a complete one. `carry` sends only a transfer that
   * `intend` gave to a worker, at most once, after a look-up. With any other transfer it does what `advance` does.
   * After a 429 it makes no request until the pause is over, and returns the rest of the pause as `waitFor`.
   *
   * **Gotchas**
   *
   * - Each call starts one request at the most. If it is proven not to have been sent, the result is `Wait` with
   *   `not-sent` and the error: call `carry` again later.
   * - A transfer that Palomma rejected is not sent again before another `intend`. If you send it again yourself, no
   *   worker carries it any more. One with a `duplicate` alarm is not sent before a person acknowledges it.
   * - After a person decides "not paid", the next `carry` sends the transfer. To stop it, `withdraw` it instead.
   *
   * **Example** (One step of a worker)
   *
   * ```ts
   * import { Payouts } from "@palomma-effect/client"
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import * as Effect from "effect/Effect"
   * import * as Layer from "effect/Layer"
   *
   * const program = Effect.gen(function* () {
   *   const payouts = yield* Payouts
   *   const { id } = yield* PalommaSimulator.use((simulator) => simulator.addPayoutTarget())
   *   yield* payouts.intend({ reference: "refund-4711", payoutTargetId: id, amount: 50_000 })
   *   const { transfer } = yield* payouts.carry("refund-4711")
   *   return transfer.state
   * })
   *
   * const services = Payouts.layerMemory().pipe(Layer.provideMerge(PalommaSimulator.layer()))
   * await Effect.runPromise(program.pipe(Effect.provide(services))) // => "accepted"
   * ```
   */
  readonly carry: (
    reference: string,
    options?: AdvanceOptions
  ) => Effect.Effect<Advanced, TransferInvalidState | TransferJournalError | PalommaInvalidInput>
  /**
   * Records in `toldAt` that your program knows of this version of a transfer, for your own worker.
   *
   * A new state, a new alarm or another collected amount removes `toldAt`. If the transfer has changed since, the call
   * fails with `TransferInvalidState`, and your program has to read it again.
   *
   * **Example** (Marking an order as paid)
   *
   * ```ts
   * import { Payouts, type Transfer } from "@palomma-effect/client"
   * import * as Effect from "effect/Effect"
   *
   * export const tell = Effect.fn("tell")(function* (transfer: Transfer, markOrder: Effect.Effect<void>) {
   *   yield* markOrder
   *   yield* (yield* Payouts).markTold(transfer.reference, transfer.version)
   * })
   * ```
   */
  readonly markTold: (
    reference: string,
    version: number
  ) => Effect.Effect<Transfer, TransferInvalidState | TransferJournalError | PalommaInvalidInput>
  /**
   * Records the decision of a person about a transfer in doubt, after a new look-up at Palomma.
   *
   * **Gotchas**
   *
   * "Not paid" allows the transfer to be sent again. If the decision is wrong, or becomes wrong later, the money moves
   * twice. So "not paid" fails while the transfer is `sending`, until the quiet time is over, and if Palomma shows a
   * record that may be the transfer.
   *
   * **Example** (Palomma confirmed that a payout does not exist)
   *
   * ```ts
   * import { Payouts } from "@palomma-effect/client"
   * import * as Effect from "effect/Effect"
   *
   * // The version that the person saw: the decision fails if the transfer has changed since.
   * export const resolveNotPaid = Effect.fn("resolveNotPaid")(function* (reference: string, version: number) {
   *   const payouts = yield* Payouts
   *   const note = "Palomma, ticket 812: there is no such payout"
   *   return yield* payouts.resolve(reference, { as: "not-paid", version, by: "ana@shop.co", note })
   * })
   * ```
   */
  readonly resolve: (reference: string, decision: TransferDecision) => Effect.Effect<Transfer, ResolveError>
  /**
   * Records many decisions. Returns one result for each, in the same order.
   *
   * **Example** (Two answers of Palomma)
   *
   * ```ts
   * import { Payouts, type TransferDecision } from "@palomma-effect/client"
   *
   * const common = { by: "ana@shop.co", note: "Palomma, ticket 812" }
   * const decisions: ReadonlyArray<TransferDecision & { readonly reference: string }> = [
   *   { reference: "refund-4711", as: "paid", recordId: "01HPR8QBF5QKA313RPBSKYB7DS", version: 3, ...common },
   *   { reference: "refund-4712", as: "not-paid", version: 4, ...common }
   * ]
   * export const resolveBoth = Payouts.use((payouts) => payouts.resolveAll(decisions))
   * ```
   */
  readonly resolveAll: (
    decisions: ReadonlyArray<TransferDecision & { readonly reference: string }>
  ) => Effect.Effect<ReadonlyArray<ResolveResult>>
  /**
   * Withdraws a transfer. Its reference is never sent.
   *
   * A transfer in `intended` or `rejected` can be withdrawn. In `needsReview`, the conditions of "not paid" apply.
   *
   * **Example** (An order that was cancelled)
   *
   * ```ts
   * import { Payouts } from "@palomma-effect/client"
   *
   * export const withdrawRefund = (reference: string) =>
   *   Payouts.use((payouts) => payouts.withdraw(reference, { by: "orders", note: "the customer keeps the item" }))
   * ```
   */
  readonly withdraw: (reference: string, withdrawal: Withdrawal) => Effect.Effect<Transfer, ResolveError>
  /**
   * Closes an alarm. The transfer takes the present status of its record at Palomma.
   *
   * **Example** (A payout that the bank returned)
   *
   * ```ts
   * import { Payouts } from "@palomma-effect/client"
   * import * as Effect from "effect/Effect"
   *
   * export const acknowledgeReturn = Effect.fn("acknowledgeReturn")(function* (reference: string, version: number) {
   *   const payouts = yield* Payouts
   *   const note = "the account was closed, the bank returned the money"
   *   const { state } = yield* payouts.acknowledge(reference, { version, by: "ana@shop.co", note })
   *   return state // "cancelled"
   * })
   * ```
   */
  readonly acknowledge: (reference: string, acknowledgement: Acknowledgement) => Effect.Effect<Transfer, ResolveError>
  /**
   * Waits until Palomma shows a final status for a transfer, and records it.
   *
   * **Example** (Waiting for a debit)
   *
   * ```ts
   * import { Payins } from "@palomma-effect/client"
   * import * as Effect from "effect/Effect"
   *
   * export const collected = Effect.fn("collected")(function* (reference: string) {
   *   const payins = yield* Payins
   *   const debit = yield* payins.awaitFinal(reference, { timeout: "30 minutes" })
   *   return debit.amountCollected // undefined if Palomma does not report it
   * })
   * ```
   */
  readonly awaitFinal: (
    reference: string,
    options?: AwaitOptions
  ) => Effect.Effect<
    Transfer,
    GetError | PalommaStillPending | TransferConflict | TransferDuplicate | TransferInvalidState | TransferJournalError
  >
  /**
   * Reads the record of a webhook event from Palomma, and records its present state. Returns none if the event is not
   * about a transfer in the journal.
   *
   * If the record contradicts the journal, the row gets an alarm and the call succeeds. So the webhook is answered as
   * handled.
   *
   * **Example** (One handler for all events)
   *
   * ```ts
   * import { Payins, Payouts, Webhooks } from "@palomma-effect/client"
   * import * as Effect from "effect/Effect"
   *
   * export const App = Webhooks.route(
   *   "/webhooks/palomma",
   *   Effect.fnUntraced(function* (event) {
   *     yield* (yield* Payouts).applyWebhook(event)
   *     yield* (yield* Payins).applyWebhook(event)
   *   })
   * )
   * ```
   */
  readonly applyWebhook: (
    event: WebhookEvent
  ) => Effect.Effect<Option.Option<Transfer>, GetError | TransferJournalError>
}
