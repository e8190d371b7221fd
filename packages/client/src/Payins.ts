/**
 * Debiting once: debits of a payin source.
 *
 * Payment links, which a customer pays, are `PayinLinks`.
 *
 * Palomma has no idempotency key and does not require unique references, so a repeated request debits twice. `Payins`
 * writes every debit to a journal before it is sent, and sends it at most once per reference. If the outcome is not
 * known, it looks the debit up and does not send it again.
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
  /**
   * Provides `Payins`. It needs a `TransferJournal`, and there is no default one. Invalid options fail the layer with
   * one error that lists all problems.
   */
  static readonly layer = (
    options: TransferOptions = {}
  ): Layer.Layer<Payins, PalommaInvalidInput, PayinRequests | TransferJournal | PalommaEndpoint> =>
    Layer.effect(Payins, PayinKind.make(options))

  /** Provides `Payins` with a journal in memory, for tests. */
  static readonly layerMemory = (
    options: TransferOptions = {}
  ): Layer.Layer<Payins | TransferJournal, PalommaInvalidInput, PayinRequests | PalommaEndpoint> =>
    Payins.layer(options).pipe(Layer.provideMerge(TransferJournal.layerMemory))
}
