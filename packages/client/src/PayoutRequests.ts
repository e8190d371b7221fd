/**
 * Payouts: the operations of the API, without a journal.
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
 * The filters of a list of payout requests.
 *
 * @category options
 * @since 0.1.0
 */
export interface PayoutRequestQuery extends PageQuery {
  /** Only payout requests with this reference. */
  readonly reference?: string | undefined
  /** Only payout requests of this customer. */
  readonly customerId?: CustomerId | undefined
  /** Only payout requests to this payout target. */
  readonly payoutTargetId?: PayoutTargetId | undefined
}

/**
 * Payouts: the operations of the API, without a journal.
 *
 * `Payouts.send` sends a payout at most once per reference. Use `PayoutRequests.create` only if you prevent double
 * payments yourself.
 *
 * @category services
 * @since 0.1.0
 */
export class PayoutRequests extends Context.Service<
  PayoutRequests,
  {
    /**
     * Sends money to a payout target.
     *
     * **Gotchas**
     *
     * - Palomma has no idempotency key and does not require references to be unique. Two calls pay twice.
     * - After an error whose `outcome` is `unknown`, the money may have moved. Look up the reference before you send
     *   anything again.
     * - Interrupting the call does not undo the payout.
     *
     * **Example** (Sending 50,000 pesos)
     *
     * ```ts
     * import { PayoutRequests } from "@palomma-effect/client"
     * import { PalommaSimulator } from "@palomma-effect/testing"
     * import * as Effect from "effect/Effect"
     *
     * const program = Effect.gen(function*() {
     *   const payoutRequests = yield* PayoutRequests
     *   const simulator = yield* PalommaSimulator
     *   const target = yield* simulator.addPayoutTarget()
     *   const payout = yield* payoutRequests.create({
     *     payoutTargetId: target.id,
     *     amount: 50_000,
     *     reference: "refund-4711"
     *   })
     *   return payout.amount
     * })
     *
     * await Effect.runPromise(Effect.provide(program, PalommaSimulator.layer())) // => 50000
     * ```
     */
    readonly create: (payout: CreatePayoutRequest, options?: CreateOptions) => Effect.Effect<PayoutRequest, CreateError>
    /** Fetches one payout request. */
    readonly get: (id: PayoutRequestId) => Effect.Effect<PayoutRequest, GetError>
    /** Fetches one page of payout requests. */
    readonly list: (query?: PayoutRequestQuery) => Effect.Effect<Page<PayoutRequest>, ListError>
    /**
     * Streams all payout requests. Pages are fetched on demand.
     *
     * **Example** (How much was paid to a payout target)
     *
     * ```ts
     * import { PayoutRequests } from "@palomma-effect/client"
     * import { type PayoutTargetId, PayoutStatus } from "@palomma-effect/schema"
     * import * as Effect from "effect/Effect"
     * import * as Stream from "effect/Stream"
     *
     * export const totalPaid = Effect.fn("totalPaid")(function*(payoutTargetId: PayoutTargetId) {
     *   const payoutRequests = yield* PayoutRequests
     *   return yield* payoutRequests.stream({ payoutTargetId }).pipe(
     *     Stream.filter(({ status }) => PayoutStatus.guards.approved(status)),
     *     Stream.runFold(() => 0, (total, { amount }) => total + amount)
     *   )
     * })
     * ```
     */
    readonly stream: (query?: PayoutRequestQuery) => Stream.Stream<PayoutRequest, ListError>
    /**
     * Finds all payout requests with a reference. More than one can mean that the same debt was paid more than once.
     */
    readonly findByReference: (reference: string) => Effect.Effect<Array<PayoutRequest>, ListError>
    /**
     * Waits until the payout is `approved` or `cancelled`. An unknown status is never final.
     *
     * **Example** (Waiting for a payout)
     *
     * ```ts
     * import { PayoutRequests } from "@palomma-effect/client"
     * import { PalommaSimulator } from "@palomma-effect/testing"
     * import * as Effect from "effect/Effect"
     *
     * const program = Effect.gen(function*() {
     *   const payoutRequests = yield* PayoutRequests
     *   const simulator = yield* PalommaSimulator
     *   const { id } = yield* simulator.addPayoutRequest()
     *   const payout = yield* payoutRequests.awaitFinal(id, { timeout: "1 minute", initialBackoff: "10 millis" })
     *   return payout.status
     * })
     *
     * const simulator = PalommaSimulator.layer({ processingTime: "10 millis" })
     * await Effect.runPromise(Effect.provide(program, simulator)) // => "approved"
     * ```
     */
    readonly awaitFinal: (
      id: PayoutRequestId,
      options?: AwaitOptions
    ) => Effect.Effect<PayoutRequest, GetError | PalommaStillPending>
  }
>()("@palomma-effect/client/PayoutRequests") {}
