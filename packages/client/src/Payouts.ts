/**
 * Payouts that are sent at most once per reference.
 *
 * Palomma has no idempotency key and does not require unique references, so a repeated request pays twice. `Payouts`
 * writes every payout to a journal before it is sent, and sends it at most once per reference. If the outcome is not
 * known, it looks the payout up and does not send it again.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import * as PayoutKind from "./internal/transfer/payout.ts"
import type { PalommaEndpoint } from "./PalommaEndpoint.ts"
import type { PalommaInvalidInput } from "./PalommaError.ts"
import type { PayoutRequests } from "./PayoutRequests.ts"
import type { PayoutsService } from "./PayoutsService.ts"
import { TransferJournal } from "./TransferJournal.ts"
import type { TransferOptions } from "./TransferOptions.ts"

/**
 * Payouts that are sent at most once per reference.
 *
 * @category services
 * @since 0.1.0
 */
export class Payouts extends Context.Service<Payouts, PayoutsService>()("@palomma-effect/client/Payouts") {
  /**
   * Provides `Payouts`. It needs a `TransferJournal`, and there is no default one. Invalid options fail the layer with
   * one error that lists all problems.
   */
  static readonly layer = (
    options: TransferOptions = {}
  ): Layer.Layer<Payouts, PalommaInvalidInput, PayoutRequests | TransferJournal | PalommaEndpoint> =>
    Layer.effect(Payouts, PayoutKind.make(options))

  /** Provides `Payouts` with a journal in memory, for tests. */
  static readonly layerMemory = (
    options: TransferOptions = {}
  ): Layer.Layer<Payouts | TransferJournal, PalommaInvalidInput, PayoutRequests | PalommaEndpoint> =>
    Payouts.layer(options).pipe(Layer.provideMerge(TransferJournal.layerMemory))
}
