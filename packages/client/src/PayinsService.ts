/**
 * The interface of debiting once.
 *
 * @since 0.1.0
 */
import type { PayinIntent } from "@palomma-effect/schema"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { PalommaInvalidInput } from "./PalommaError.ts"
import type { Transfer } from "./Transfer.ts"
import type { TransferError } from "./TransferError.ts"
import type { TransferAllOptions, TransferOperations, TransferResult } from "./TransferService.ts"

/**
 * Debiting once.
 *
 * @category services
 * @since 0.1.0
 */
export interface PayinsService extends TransferOperations {
  /**
   * Debits a payin source, once per reference.
   *
   * Charging a reference again never debits again: it returns the transfer, and if it is in doubt it looks it up. Concurrent calls share
   * one debit. A caller that is interrupted returns at once; what was begun goes on and is written down.
   *
   * **Gotchas**
   *
   * - `partial` is an end: `transfer.amountCollected` says how much was collected, and the rest takes a new reference.
   * - A debit that Palomma cancelled is over and is returned as such: see `transfer.state`.
   * - A debit that Palomma refused can be corrected and charged under the same reference.
   * - Closing the layer waits for debits in flight, for as long as `sendTimeout` and until the journal has written down how they
   *   ended: give the process that much time to stop.
   */
  readonly charge: (intent: PayinIntent) => Effect.Effect<Transfer, TransferError>
  /**
   * Debits many, one result each, in any order; one that fails does not stop the others.
   *
   * What would fail them all (a refused key, an address that cannot be reached, a journal that fails) stops the run, and running the same
   * intents again goes on from there: debits that are done cost no request. If Palomma asks to slow down, the run pauses.
   */
  readonly chargeAll: <E, R>(
    intents: Stream.Stream<PayinIntent, E, R>,
    options?: TransferAllOptions
  ) => Stream.Stream<TransferResult<PayinIntent>, E | PalommaInvalidInput, R>
}
