/**
 * The interface of `Payins`.
 *
 * @since 0.1.0
 */
import type { PayinIntent } from "@palomma-effect/schema"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { PalommaInvalidInput } from "./PalommaError.ts"
import type { Transfer } from "./Transfer.ts"
import type { TransferError } from "./TransferError.ts"
import type { TransferResult } from "./TransferResult.ts"
import type { TransferAllOptions, TransferOperations } from "./TransferService.ts"

/**
 * The operations of `Payins`: debits that are sent at most once per reference.
 *
 * @category services
 * @since 0.1.0
 */
export interface PayinsService extends TransferOperations {
  /**
   * Debits a payin source, once per reference.
   *
   * A repeated reference never debits twice: the call returns the transfer, and looks it up if it is in doubt.
   * Concurrent calls with one reference share one debit. If the caller is interrupted, the call returns immediately,
   * and the debit continues and is recorded.
   *
   * **Gotchas**
   *
   * - `partial` is final: `transfer.amountCollected` is the collected part. To debit the rest, use a new reference.
   * - A debit that Palomma cancelled has ended and is returned as a transfer: check `transfer.state`.
   * - You may correct a debit that Palomma rejected, and charge it under the same reference.
   * - Closing the layer waits for running debits: for as long as `sendTimeout`, and until the journal has recorded
   *   their outcomes. Give the process this much time to stop.
   *
   * **Example** (A repeated call does not debit twice)
   *
   * ```ts
   * import { Payins } from "@palomma-effect/client"
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import * as Effect from "effect/Effect"
   * import * as Layer from "effect/Layer"
   *
   * const program = Effect.gen(function* () {
   *   const payins = yield* Payins
   *   const source = yield* PalommaSimulator.use((simulator) => simulator.addPayinSource())
   *   const intent = { reference: "fee-2026-11-ana", payinSourceId: source.id, amount: 20_000 }
   *   const first = yield* payins.charge(intent)
   *   const second = yield* payins.charge(intent)
   *   return first.recordId === second.recordId
   * })
   *
   * const services = Payins.layerMemory().pipe(Layer.provideMerge(PalommaSimulator.layer()))
   * await Effect.runPromise(program.pipe(Effect.provide(services))) // => true
   * ```
   */
  readonly charge: (intent: PayinIntent) => Effect.Effect<Transfer, TransferError>
  /**
   * Debits many payin sources, and returns one result for each, in any order. A failed transfer does not stop the
   * others.
   *
   * An error that would fail every transfer stops the run: a rejected API key, an address that cannot be reached, or a
   * journal that fails. Run the same intents again to continue: finished debits cost no request. If Palomma answers
   * 429, the run pauses.
   *
   * **Example** (Collecting the fees of a month)
   *
   * ```ts
   * import { Payins } from "@palomma-effect/client"
   * import type { PayinIntent } from "@palomma-effect/schema"
   * import * as Effect from "effect/Effect"
   * import * as Stream from "effect/Stream"
   *
   * export const collectFees = Effect.fn("collectFees")(function* (intents: ReadonlyArray<PayinIntent>) {
   *   const payins = yield* Payins
   *   const results = yield* Stream.runCollect(payins.chargeAll(Stream.fromIterable(intents)))
   *   return results.filter(({ _tag }) => _tag !== "Accepted") // run these again, after their errors are corrected
   * })
   * ```
   */
  readonly chargeAll: <E, R>(
    intents: Stream.Stream<PayinIntent, E, R>,
    options?: TransferAllOptions
  ) => Stream.Stream<TransferResult<PayinIntent>, E | PalommaInvalidInput, R>
}
