/**
 * Debiting once: debits of a payin source.
 *
 * Payment links, which a customer pays, are `PayinLinks`.
 *
 * Palomma has no idempotency key and does not require references to be unique, so a repeated request debits twice. `Payins` writes every
 * debit down before it is sent, sends it at most once per reference, and looks it up instead of sending it again if the outcome is not
 * known.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import * as PayinKind from "./internal/transfer/payin.ts"
import type { PalommaEndpoint } from "./PalommaEndpoint.ts"
import type { PalommaInvalidInput } from "./PalommaError.ts"
import type { PayinRequests } from "./PayinRequests.ts"
import type { PayinsService } from "./PayinsService.ts"
import { TransferJournal } from "./TransferJournal.ts"
import type { TransferOptions } from "./TransferOptions.ts"

/**
 * Debiting once: debits of a payin source.
 *
 * Payment links, which a customer pays, are `PayinLinks`.
 *
 * @category services
 * @since 0.1.0
 */
export class Payins extends Context.Service<Payins, PayinsService>()("@palomma-effect/client/Payins") {
  /** Provides `Payins` over a journal of your choice: there is no default one. Options that are wrong fail it, all told at once. */
  static readonly layer = (
    options: TransferOptions = {}
  ): Layer.Layer<Payins, PalommaInvalidInput, PayinRequests | TransferJournal | PalommaEndpoint> =>
    Layer.effect(Payins, PayinKind.make(options))

  /** Provides `Payins`, and the journal in memory that it is over, for tests. */
  static readonly layerMemory = (
    options: TransferOptions = {}
  ): Layer.Layer<Payins | TransferJournal, PalommaInvalidInput, PayinRequests | PalommaEndpoint> =>
    Payins.layer(options).pipe(Layer.provideMerge(TransferJournal.layerMemory))
}
