/**
 * Debits of payin sources.
 *
 * @since 0.1.0
 */
import type {
  CreatePayinRequest,
  CustomerId,
  Page,
  PageQuery,
  PayinRequest,
  PayinRequestId,
  PayinSettlementId,
  PayinSourceId
} from "@palomma-effect/schema"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { AwaitOptions } from "./AwaitOptions.ts"
import type { CreateOptions } from "./CreateOptions.ts"
import type { CreateError, GetError, ListError } from "./PalommaError.ts"
import type { PalommaStillPending } from "./PalommaStillPending.ts"

/**
 * The filters of a list of payin requests.
 *
 * @category options
 * @since 0.1.0
 */
export interface PayinRequestQuery extends PageQuery {
  /** Only payin requests with this reference. */
  readonly reference?: string | undefined
  /** Only payin requests of this customer. */
  readonly customerId?: CustomerId | undefined
  /** Only payin requests of this payin source. */
  readonly payinSourceId?: PayinSourceId | undefined
  /** Only payin requests whose money was transferred to the merchant in this settlement. */
  readonly payinSettlementId?: PayinSettlementId | undefined
}

/**
 * Debits of payin sources.
 *
 * `Payins.charge` debits at most once per reference. Use `PayinRequests.create` only if you prevent double debits
 * yourself.
 *
 * **Example** (Debiting an account and reading the collected amount)
 *
 * ```ts
 * import { PayinRequests, PayinSources } from "@palomma-effect/client"
 * import type { PayinSourceId } from "@palomma-effect/schema"
 * import * as Effect from "effect/Effect"
 *
 * export const collect = Effect.fn("collect")(function*(payinSourceId: PayinSourceId, amount: number) {
 *   const payinRequests = yield* PayinRequests
 *   yield* PayinSources.use((payinSources) => payinSources.awaitActive(payinSourceId))
 *   const payin = yield* payinRequests.create({ payinSourceId, amount, reference: "fee-2026-11" })
 *   const { amountCollected = 0 } = yield* payinRequests.awaitFinal(payin.id)
 *   return amountCollected
 * })
 * ```
 *
 * @category services
 * @since 0.1.0
 */
export class PayinRequests extends Context.Service<
  PayinRequests,
  {
    /**
     * Debits a payin source.
     *
     * **Gotchas**
     *
     * - Palomma has no idempotency key and does not require references to be unique. Two calls debit the customer
     *   twice.
     * - After an error whose `outcome` is `unknown`, the money may have moved. Look up the reference before you send
     *   anything again.
     */
    readonly create: (payin: CreatePayinRequest, options?: CreateOptions) => Effect.Effect<PayinRequest, CreateError>
    /** Fetches one payin request. */
    readonly get: (id: PayinRequestId) => Effect.Effect<PayinRequest, GetError>
    /** Fetches one page of payin requests. */
    readonly list: (query?: PayinRequestQuery) => Effect.Effect<Page<PayinRequest>, ListError>
    /**
     * Streams all payin requests. Pages are fetched on demand.
     *
     * **Example** (How much was collected from a payin source)
     *
     * ```ts
     * import { PayinRequests } from "@palomma-effect/client"
     * import type { PayinSourceId } from "@palomma-effect/schema"
     * import * as Effect from "effect/Effect"
     * import * as Stream from "effect/Stream"
     *
     * export const totalCollected = Effect.fn("totalCollected")(function*(payinSourceId: PayinSourceId) {
     *   const payinRequests = yield* PayinRequests
     *   return yield* payinRequests.stream({ payinSourceId }).pipe(
     *     Stream.runFold(() => 0, (total, { amountCollected = 0 }) => total + amountCollected)
     *   )
     * })
     * ```
     */
    readonly stream: (query?: PayinRequestQuery) => Stream.Stream<PayinRequest, ListError>
    /**
     * Finds all payin requests with a reference. More than one can mean that the customer was debited more than once.
     */
    readonly findByReference: (reference: string) => Effect.Effect<Array<PayinRequest>, ListError>
    /**
     * Waits until the debit is `approved`, `partial` or `cancelled`. An unknown status is never final.
     *
     * `amountCollected` is the collected amount, in pesos. For a `partial` debit it is less than the requested amount.
     */
    readonly awaitFinal: (
      id: PayinRequestId,
      options?: AwaitOptions
    ) => Effect.Effect<PayinRequest, GetError | PalommaStillPending>
  }
>()("@palomma-effect/client/PayinRequests") {}
