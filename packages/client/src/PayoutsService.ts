/**
 * The interface of paying once.
 *
 * @since 0.1.0
 */
import type { PayoutIntent } from "@palomma-effect/schema"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { PalommaInvalidInput } from "./PalommaError.ts"
import type { Transfer } from "./Transfer.ts"
import type { TransferError } from "./TransferError.ts"
import type { TransferAllOptions, TransferOperations, TransferResult } from "./TransferService.ts"

/**
 * Paying once.
 *
 * @category services
 * @since 0.1.0
 */
export interface PayoutsService extends TransferOperations {
  /**
   * Pays, once per reference.
   *
   * Sending a reference again never pays again: it returns the transfer, and if it is in doubt it looks it up. Concurrent calls share one
   * payout. A caller that is interrupted returns at once; what was begun goes on and is written down.
   *
   * **Gotchas**
   *
   * - A payout that Palomma cancelled is over and is returned as such: see `transfer.state`. To pay it again takes a new reference.
   * - A payout that Palomma refused can be corrected and sent under the same reference.
   * - Closing the layer waits for payouts in flight, for as long as `sendTimeout` and until the journal has written down how they
   *   ended: give the process that much time to stop.
   */
  readonly send: (intent: PayoutIntent) => Effect.Effect<Transfer, TransferError>
  /**
   * Pays many, one result each, in any order; one that fails does not stop the others.
   *
   * What would fail them all (a refused key, an address that cannot be reached, a journal that fails) stops the run, and running the same
   * intents again goes on from there: payouts that are done cost no request. If Palomma asks to slow down, the run pauses.
   */
  readonly sendAll: <E, R>(
    intents: Stream.Stream<PayoutIntent, E, R>,
    options?: TransferAllOptions
  ) => Stream.Stream<TransferResult<PayoutIntent>, E | PalommaInvalidInput, R>
}
