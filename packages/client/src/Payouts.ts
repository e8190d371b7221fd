/**
 * Paying once.
 *
 * Palomma has no idempotency key and does not require references to be unique, so a repeated request pays twice. `Payouts` writes every
 * payout down before it is sent, sends it at most once per reference, and looks it up instead of sending it again if the outcome is not
 * known.
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
 * Paying once.
 *
 * @category services
 * @since 0.1.0
 */
export class Payouts extends Context.Service<Payouts, PayoutsService>()("@palomma-effect/client/Payouts") {
  /** Provides `Payouts` over a journal of your choice: there is no default one. Options that are wrong fail it, all told at once. */
  static readonly layer = (
    options: TransferOptions = {}
  ): Layer.Layer<Payouts, PalommaInvalidInput, PayoutRequests | TransferJournal | PalommaEndpoint> =>
    Layer.effect(Payouts, PayoutKind.make(options))

  /** Provides `Payouts`, and the journal in memory that it is over, for tests. */
  static readonly layerMemory = (
    options: TransferOptions = {}
  ): Layer.Layer<Payouts | TransferJournal, PalommaInvalidInput, PayoutRequests | PalommaEndpoint> =>
    Payouts.layer(options).pipe(Layer.provideMerge(TransferJournal.layerMemory))
}
