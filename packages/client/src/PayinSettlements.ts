/**
 * What Palomma handed over: the payins of one cycle of a merchant account, together.
 *
 * @since 0.1.0
 */
import type { MerchantAccountId, Page, PageQuery, PayinSettlement, PayinSettlementId } from "@palomma-effect/schema"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { GetError, ListError } from "./PalommaError.ts"

/**
 * What Palomma handed over: the payins of one cycle of a merchant account, together.
 *
 * Which payins a settlement is made of is told by the lists of `PayinLinks` and `PayinRequests`, asked with its `payinSettlementId`.
 *
 * **Example** (All debits that were handed over)
 *
 * ```ts
 * import { PayinRequests, PayinSettlements } from "@palomma-effect/client"
 * import { MerchantAccountId } from "@palomma-effect/schema"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * export const handedOver = Effect.gen(function*() {
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
    /** All settlements of a merchant account, fetched as they are pulled. */
    readonly stream: (
      merchantAccountId: MerchantAccountId,
      query?: PageQuery
    ) => Stream.Stream<PayinSettlement, ListError>
  }
>()("@palomma-effect/client/PayinSettlements") {}
