/**
 * Settlements: the collected money of one cycle of a merchant account, which Palomma transferred to the merchant.
 *
 * @since 0.1.0
 */
import type {
  MerchantAccountId,
  Page,
  PageQuery,
  PayinLink,
  PayinRequest,
  PayinSettlement,
  PayinSettlementId
} from "@palomma-effect/schema"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { GetError, ListError } from "./PalommaError.ts"

/**
 * Settlements: the collected money of one cycle of a merchant account, which Palomma transferred to the merchant.
 *
 * **Example** (All settled payins of an account)
 *
 * ```ts
 * import { PayinSettlements } from "@palomma-effect/client"
 * import { MerchantAccountId } from "@palomma-effect/schema"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * export const settledPayins = PayinSettlements.use((payinSettlements) =>
 *   payinSettlements.stream(MerchantAccountId.make("default")).pipe(
 *     Stream.flatMap(({ id }) => payinSettlements.payins(id)),
 *     Stream.runForEach(({ amountCollected, reference }) => Effect.log(`${reference}: ${amountCollected} pesos`))
 *   )
 * )
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
    /**
     * Streams all payins of a settlement: first the payin links, then the debits. Pages are fetched on demand.
     *
     * **Gotchas**
     *
     * - A payin does not name its settlement, so the library cannot check the filter of Palomma's lists. Compare the
     *   number and the sum of the payins with `numberOfPayins` and `totalAmountCollected`.
     * - A payin that cannot be read is left out and reported as drift. The number then differs too.
     *
     * **Example** (What a settlement collected, counted again)
     *
     * ```ts
     * import { PayinSettlements } from "@palomma-effect/client"
     * import { PalommaSimulator } from "@palomma-effect/testing"
     * import * as Effect from "effect/Effect"
     * import * as Stream from "effect/Stream"
     *
     * const program = Effect.gen(function*() {
     *   const payinSettlements = yield* PayinSettlements
     *   const simulator = yield* PalommaSimulator
     *   yield* simulator.addPayinRequest({ amount: 20_000, status: "approved" })
     *   yield* simulator.addPayinRequest({ amount: 30_000, status: "approved" })
     *   const settlement = yield* simulator.settle("default")
     *   if (settlement === undefined) return "nothing to settle"
     *   const pesos = yield* payinSettlements.payins(settlement.id).pipe(
     *     Stream.runFold(() => 0, (sum, { amountCollected = 0 }) => sum + amountCollected)
     *   )
     *   return pesos === settlement.totalAmountCollected ? `${pesos} pesos` : "ask Palomma"
     * })
     *
     * await Effect.runPromise(Effect.provide(program, PalommaSimulator.layer())) // => "50000 pesos"
     * ```
     */
    readonly payins: (id: PayinSettlementId) => Stream.Stream<PayinLink | PayinRequest, ListError>
  }
>()("@palomma-effect/client/PayinSettlements") {}
