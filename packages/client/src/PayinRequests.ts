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
 * Which payin requests to list.
 *
 * @category options
 * @since 0.1.0
 */
export interface PayinRequestQuery extends PageQuery {
  /** Only those made with this reference. */
  readonly reference?: string | undefined
  /** Only those of this customer. */
  readonly customerId?: CustomerId | undefined
  /** Only those of this payin source. */
  readonly payinSourceId?: PayinSourceId | undefined
  /** Only those whose money was handed over in this settlement. */
  readonly payinSettlementId?: PayinSettlementId | undefined
}

/**
 * Debits of payin sources.
 *
 * **Example** (Debiting an account, and knowing what came of it)
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
     * Palomma has no idempotency key and does not require references to be unique: calling this twice debits the customer twice. After
     * an error whose `outcome` is `unknown`, look the reference up before anything is sent again.
     */
    readonly create: (payin: CreatePayinRequest, options?: CreateOptions) => Effect.Effect<PayinRequest, CreateError>
    /** Fetches one payin request. */
    readonly get: (id: PayinRequestId) => Effect.Effect<PayinRequest, GetError>
    /** Fetches one page of payin requests. */
    readonly list: (query?: PayinRequestQuery) => Effect.Effect<Page<PayinRequest>, ListError>
    /** All payin requests, fetched as they are pulled. */
    readonly stream: (query?: PayinRequestQuery) => Stream.Stream<PayinRequest, ListError>
    /** All payin requests made with a reference. More than one means that the customer was debited more than once. */
    readonly findByReference: (reference: string) => Effect.Effect<Array<PayinRequest>, ListError>
    /**
     * Waits until the debit is `approved`, `partial` or `cancelled`. A status this library does not know is never taken for the end.
     *
     * Only `amountCollected` says how much there is: of a `partial` debit it is less than what was asked for.
     */
    readonly awaitFinal: (
      id: PayinRequestId,
      options?: AwaitOptions
    ) => Effect.Effect<PayinRequest, GetError | PalommaStillPending>
  }
>()("@palomma-effect/client/PayinRequests") {}
