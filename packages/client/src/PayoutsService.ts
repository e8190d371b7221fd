/**
 * The interface of `Payouts`.
 *
 * @since 0.1.0
 */
import type { PayoutIntent } from "@palomma-effect/schema"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { PalommaInvalidInput } from "./PalommaError.ts"
import type { Transfer } from "./Transfer.ts"
import type { TransferError } from "./TransferError.ts"
import type { AdoptError, IntendError, TransferResult } from "./TransferResult.ts"
import type { AdoptOptions, TransferAllOptions, TransferOperations } from "./TransferService.ts"

/**
 * The operations of `Payouts`: payouts that are sent at most once per reference.
 *
 * @category services
 * @since 0.1.0
 */
export interface PayoutsService extends TransferOperations {
  /**
   * Pays a payout target, once per reference.
   *
   * A repeated reference never pays twice: the call returns the transfer, and looks it up if it is in doubt. Concurrent
   * calls with one reference share one payout. If the caller is interrupted, the call returns immediately, and the
   * payout continues and is recorded.
   *
   * **Gotchas**
   *
   * - A payout that Palomma cancelled has ended and is returned as a transfer: check `transfer.state`. To pay again,
   *   use a new reference.
   * - A payout with an alarm other than `duplicate` is returned too, and not as an error: check `transfer.alarm` before
   *   you rely on its state.
   * - You may correct a payout that Palomma rejected, and send it under the same reference.
   * - `runPromise` starts a payout although its `signal` is already aborted. Call `signal.throwIfAborted()` before.
   * - Closing the layer waits for running payouts: for as long as `sendTimeout`, and until the journal has recorded
   *   their outcomes. Give the process this much time to stop.
   *
   * **Example** (A repeated call does not pay twice)
   *
   * ```ts
   * import { Payouts } from "@palomma-effect/client"
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import * as Effect from "effect/Effect"
   * import * as Layer from "effect/Layer"
   *
   * const program = Effect.gen(function* () {
   *   const payouts = yield* Payouts
   *   const target = yield* PalommaSimulator.use((simulator) => simulator.addPayoutTarget())
   *   const intent = { reference: "refund-4711", payoutTargetId: target.id, amount: 50_000 }
   *   const first = yield* payouts.send(intent)
   *   const second = yield* payouts.send(intent)
   *   return first.recordId === second.recordId
   * })
   *
   * const services = Payouts.layerMemory().pipe(Layer.provideMerge(PalommaSimulator.layer()))
   * await Effect.runPromise(program.pipe(Effect.provide(services))) // => true
   * ```
   */
  readonly send: (intent: PayoutIntent) => Effect.Effect<Transfer, TransferError>
  /**
   * Pays many payout targets, and returns one result for each, in any order. A failed transfer does not stop the
   * others.
   *
   * An error that would fail every transfer stops the run: a rejected API key, an address that cannot be reached, or a
   * journal that fails. Run the same intents again to continue: finished payouts cost no request. If Palomma answers
   * 429, the run pauses.
   *
   * **Gotchas**
   *
   * The journal has no row of a new intent that breaks a rule (`Failed` with `PalommaInvalidInput`), so `list` and
   * `find` do not show it. Make the report of a run from its results.
   *
   * **Example** (Paying salaries)
   *
   * ```ts
   * import { Payouts } from "@palomma-effect/client"
   * import type { PayoutIntent } from "@palomma-effect/schema"
   * import * as Effect from "effect/Effect"
   * import * as Stream from "effect/Stream"
   *
   * export const paySalaries = Effect.fn("paySalaries")(function* (intents: ReadonlyArray<PayoutIntent>) {
   *   const payouts = yield* Payouts
   *   const results = yield* Stream.runCollect(payouts.sendAll(Stream.fromIterable(intents)))
   *   return results.filter(({ _tag }) => _tag !== "Accepted") // run these again, after their errors are corrected
   * })
   * ```
   */
  readonly sendAll: <E, R>(
    intents: Stream.Stream<PayoutIntent, E, R>,
    options?: TransferAllOptions
  ) => Stream.Stream<TransferResult<PayoutIntent>, E | PalommaInvalidInput, R>
  /**
   * Adds a payout to the journal for a worker, which sends it and carries it to its end. It makes no request.
   *
   * If the journal has the reference with the same content, the worker carries that payout: one that Palomma rejected
   * is sent again, and any other keeps its state. Other content fails with `TransferConflict`.
   *
   * **Gotchas**
   *
   * - After `TransferJournalError` the payout may have been written all the same, and then a worker sends it. Call
   *   `intend` again with the same reference before you pay in another way.
   * - Without a worker nothing is sent. `Durable` of `@palomma-effect/durable` has the worker, and an `intend` that
   *   can join a transaction of your program.
   * - To correct a payout that Palomma rejected, call `send` with the other content: it looks the rejected content up
   *   too, which `intend`, without a request, cannot. No worker sends the corrected payout again, or reports it.
   *
   * **Example** (Write now, send later)
   *
   * ```ts
   * import { Payouts } from "@palomma-effect/client"
   * import type { PayoutIntent } from "@palomma-effect/schema"
   *
   * export const giveToWorker = (intent: PayoutIntent) => Payouts.use((service) => service.intend(intent))
   * ```
   */
  readonly intend: (intent: PayoutIntent) => Effect.Effect<Transfer, IntendError>
  /**
   * Adds a payout to the journal that another program sent, or may have sent. It sends nothing, and makes no request.
   *
   * A new transfer is in doubt, in state `unknown`: `reconcile` looks it up at Palomma, and `send` sends nothing
   * until Palomma shows it or a person decides that it was not paid. If the journal already has the reference, a
   * transfer that was not sent is in doubt too, `recordId` is recorded, and a second record raises an alarm. If a
   * process is sending it, the call waits until that has ended.
   *
   * **Gotchas**
   *
   * - Use the reference that the other program sent to Palomma. Under another one, and without `recordId`, the payout
   *   is not found, and a person may decide wrongly that it was not paid.
   * - A `recordId` is trusted: if that record has the same account and amount, it becomes the transfer, with any
   *   reference. So the id of another debt's record leaves this debt open, and that record is not found for its own.
   * - Without a `recordId`, a transfer that Palomma has already, or that is withdrawn, is returned as it is. A second
   *   payout of the other program then raises no alarm.
   *
   * **Example** (A payout of an older program)
   *
   * ```ts
   * import { Payouts } from "@palomma-effect/client"
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import * as Effect from "effect/Effect"
   * import * as Layer from "effect/Layer"
   *
   * const program = Effect.gen(function* () {
   *   const payouts = yield* Payouts
   *   const simulator = yield* PalommaSimulator
   *   const { id } = yield* simulator.addPayoutTarget()
   *   const intent = { reference: "refund-4711", payoutTargetId: id, amount: 50_000 }
   *   yield* simulator.addPayoutRequest({ ...intent, status: "approved" }) // what the older program did
   *
   *   const adopted = yield* payouts.adopt(intent)
   *   const { state } = yield* payouts.reconcile("refund-4711")
   *   return [adopted.state, state]
   * })
   *
   * const services = Payouts.layerMemory().pipe(Layer.provideMerge(PalommaSimulator.layer()))
   * await Effect.runPromise(program.pipe(Effect.provide(services))) // => ["unknown", "approved"]
   * ```
   */
  readonly adopt: (intent: PayoutIntent, options?: AdoptOptions) => Effect.Effect<Transfer, AdoptError>
}
