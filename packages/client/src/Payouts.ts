/**
 * Paying once.
 *
 * Palomma has no idempotency key and does not require references to be unique, so a repeated request pays twice. `Payouts` writes every
 * payout down before it is sent, sends it at most once per reference, and looks it up instead of sending it again if the outcome is not
 * known.
 */
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import * as payouts from "./internal/payouts.ts"
import type { PalommaEndpoint } from "./PalommaEndpoint.ts"
import type { PalommaInvalidInput } from "./PalommaError.ts"
import type { PayoutJournal } from "./PayoutJournal.ts"
import type { PayoutRequests } from "./PayoutRequests.ts"
import type { PayoutsOptions, PayoutsService } from "./PayoutsService.ts"

/** Paying once. */
export class Payouts extends Context.Service<Payouts, PayoutsService>()("@palomma-effect/client/Payouts") {
  /** Provides `Payouts` over a journal of your choice: there is no default one. Options that are wrong fail it, all told at once. */
  static readonly layer = (
    options: PayoutsOptions = {}
  ): Layer.Layer<Payouts, PalommaInvalidInput, PayoutRequests | PayoutJournal | PalommaEndpoint> =>
    Layer.effect(Payouts, payouts.make(options))
}
