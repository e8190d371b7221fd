/**
 * Transfers to payout targets, as the API has them.
 *
 * @since 0.1.0
 */
import type {
  CreatePayoutRequest,
  CustomerId,
  Page,
  PageQuery,
  PayoutRequest,
  PayoutRequestId,
  PayoutTargetId
} from "@palomma-effect/schema"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { AwaitOptions } from "./AwaitOptions.ts"
import type { CreateOptions } from "./CreateOptions.ts"
import type { CreateError, GetError, ListError } from "./PalommaError.ts"
import type { PalommaStillPending } from "./PalommaStillPending.ts"

/**
 * Which payout requests to list.
 *
 * @category options
 * @since 0.1.0
 */
export interface PayoutRequestQuery extends PageQuery {
  /** Only those made with this reference. */
  readonly reference?: string | undefined
  /** Only those of this customer. */
  readonly customerId?: CustomerId | undefined
  /** Only those to this payout target. */
  readonly payoutTargetId?: PayoutTargetId | undefined
}

/**
 * Transfers to payout targets, as the API has them.
 *
 * @category services
 * @since 0.1.0
 */
export class PayoutRequests extends Context.Service<
  PayoutRequests,
  {
    /**
     * Sends money: the bare API call.
     *
     * **Gotchas**
     *
     * Palomma has no idempotency key and does not require references to be unique: calling this twice pays twice. An error whose
     * `outcome` is `unknown` may have paid; look the reference up before anything is sent again. Interrupting the call does not undo it.
     */
    readonly create: (payout: CreatePayoutRequest, options?: CreateOptions) => Effect.Effect<PayoutRequest, CreateError>
    /** Fetches one payout request. */
    readonly get: (id: PayoutRequestId) => Effect.Effect<PayoutRequest, GetError>
    /** Fetches one page of payout requests. */
    readonly list: (query?: PayoutRequestQuery) => Effect.Effect<Page<PayoutRequest>, ListError>
    /** All payout requests, fetched as they are pulled. */
    readonly stream: (query?: PayoutRequestQuery) => Stream.Stream<PayoutRequest, ListError>
    /** All payout requests made with a reference. More than one means that it was paid more than once. */
    readonly findByReference: (reference: string) => Effect.Effect<Array<PayoutRequest>, ListError>
    /** Waits until the payout is `approved` or `cancelled`. A status this library does not know is never taken for the end. */
    readonly awaitFinal: (
      id: PayoutRequestId,
      options?: AwaitOptions
    ) => Effect.Effect<PayoutRequest, GetError | PalommaStillPending>
  }
>()("@palomma-effect/client/PayoutRequests") {}
