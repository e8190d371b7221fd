/**
 * Settlements: the collected money of one cycle of a merchant account, which Palomma transferred to the merchant.
 *
 * @since 0.1.0
 */
import type { MerchantAccountId, Page, PageQuery, PayinSettlement, PayinSettlementId } from "@palomma-effect/schema"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { GetError, ListError } from "./PalommaError.ts"

/**
 * Settlements: the collected money of one cycle of a merchant account, which Palomma transferred to the merchant.
 *
 * To read the payins of a settlement, list `PayinLinks` and `PayinRequests` with its `payinSettlementId`.
 *
 * **Example** (All settled debits)
 *
 * ```ts
 * import { PayinRequests, PayinSettlements } from "@palomma-effect/client"
 * import { MerchantAccountId } from "@palomma-effect/schema"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * export const settledDebits = Effect.gen(function*() {
 *   const payinSettlements = yield* PayinSettlements
 *   const payinRequests = yield* PayinRequests
 *   return payinSettlements.stream(MerchantAccountId.make("default")).pipe(
 *     Stream.flatMap(({ id }) => payinRequests.stream({ payinSettlementId: id }))
 *   )
 * })
 * ```
 *
 * @category services
 * @since 0.1.0
 */
export class PayinSettlements extends Context.Service<
  PayinSettlements,
  {
    /** Fetches one settlement of a merchant account. */
    readonly get: (
      merchantAccountId: MerchantAccountId,
      id: PayinSettlementId
    ) => Effect.Effect<PayinSettlement, GetError>
    /** Fetches one page of a merchant account's settlements. */
    readonly list: (
      merchantAccountId: MerchantAccountId,
      query?: PageQuery
    ) => Effect.Effect<Page<PayinSettlement>, ListError>
    /**
     * Streams all settlements of a merchant account. Pages are fetched on demand.
     *
     * **Example** (All settlements of an account)
     *
     * ```ts
     * import { PayinSettlements } from "@palomma-effect/client"
     * import { MerchantAccountId } from "@palomma-effect/schema"
     * import { PalommaSimulator } from "@palomma-effect/testing"
     * import * as Effect from "effect/Effect"
     * import * as Stream from "effect/Stream"
     *
     * const program = Effect.gen(function*() {
     *   const payinSettlements = yield* PayinSettlements
     *   const settlements = yield* Stream.runCollect(payinSettlements.stream(MerchantAccountId.make("default")))
     *   return settlements.length
     * })
     *
     * await Effect.runPromise(Effect.provide(program, PalommaSimulator.layer())) // => 0
     * ```
     */
    readonly stream: (
      merchantAccountId: MerchantAccountId,
      query?: PageQuery
    ) => Stream.Stream<PayinSettlement, ListError>
  }
>()("@palomma-effect/client/PayinSettlements") {}
