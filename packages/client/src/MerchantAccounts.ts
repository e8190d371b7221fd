/**
 * Merchant accounts: the balances of the merchant at Palomma.
 *
 * @since 0.1.0
 */
import type { MerchantAccount, MerchantAccountId, Page, PageQuery } from "@palomma-effect/schema"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { GetError, ListError } from "./PalommaError.ts"

/**
 * Merchant accounts: the balances of the merchant at Palomma.
 *
 * Only Palomma can create them. Every merchant has at least one.
 *
 * **Example** (The balance that is available for payouts)
 *
 * ```ts
 * import { MerchantAccounts, Palomma } from "@palomma-effect/client"
 * import { MerchantAccountId } from "@palomma-effect/schema"
 * import { PalommaSimulator } from "@palomma-effect/testing"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import * as Redacted from "effect/Redacted"
 *
 * const balance = MerchantAccounts.use((accounts) => accounts.get(MerchantAccountId.make("default"))).pipe(
 *   Effect.map(({ availableBalance }) => availableBalance)
 * )
 *
 * const Live = Palomma.layer({ apiKey: Redacted.make("sim-key") }).pipe(
 *   Layer.provide(PalommaSimulator.layer({ balances: { default: 1_000_000 } }))
 * )
 * await Effect.runPromise(Effect.provide(balance, Live)) // => 1000000
 * ```
 *
 * @category services
 * @since 0.1.0
 */
export class MerchantAccounts extends Context.Service<
  MerchantAccounts,
  {
    /** Fetches one merchant account. */
    readonly get: (id: MerchantAccountId) => Effect.Effect<MerchantAccount, GetError>
    /** Fetches one page of merchant accounts. */
    readonly list: (query?: PageQuery) => Effect.Effect<Page<MerchantAccount>, ListError>
    /**
     * Streams all merchant accounts. Pages are fetched on demand.
     *
     * **Example** (The ids of all merchant accounts)
     *
     * ```ts
     * import { MerchantAccounts } from "@palomma-effect/client"
     * import { PalommaSimulator } from "@palomma-effect/testing"
     * import * as Effect from "effect/Effect"
     * import * as Stream from "effect/Stream"
     *
     * const program = Effect.gen(function*() {
     *   const merchantAccounts = yield* MerchantAccounts
     *   return yield* merchantAccounts.stream().pipe(
     *     Stream.map(({ id }) => id),
     *     Stream.runCollect
     *   )
     * })
     *
     * await Effect.runPromise(Effect.provide(program, PalommaSimulator.layer())) // => ["default"]
     * ```
     */
    readonly stream: (query?: PageQuery) => Stream.Stream<MerchantAccount, ListError>
  }
>()("@palomma-effect/client/MerchantAccounts") {}
