/**
 * The accounts that money can be sent to.
 *
 * @since 0.1.0
 */
import type {
  CreatePayoutTarget,
  CustomerId,
  Page,
  PageQuery,
  PayoutTarget,
  PayoutTargetId
} from "@palomma-effect/schema"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import type { AwaitOptions } from "./AwaitOptions.ts"
import type { CreateOptions } from "./CreateOptions.ts"
import { describe } from "./internal/cancelReason.ts"
import type { CreateError, GetError, ListError } from "./PalommaError.ts"
import type { PalommaStillPending } from "./PalommaStillPending.ts"
import * as SafeText from "./SafeText.ts"

/**
 * The filters of a list of payout targets.
 *
 * @category options
 * @since 0.1.0
 */
export interface PayoutTargetQuery extends PageQuery {
  /** Only payout targets with this reference. */
  readonly reference?: string | undefined
  /** Only payout targets of this customer. */
  readonly customerId?: CustomerId | undefined
}

/**
 * Palomma cancelled the payout target, so it will never be active.
 *
 * Register the account again.
 *
 * @category errors
 * @since 0.1.0
 */
export class PayoutTargetCancelled extends Schema.TaggedError<PayoutTargetCancelled>()("PayoutTargetCancelled", {
  /** The id of the payout target. */
  payoutTargetId: SafeText.schema,
  /** Palomma's status message, made safe to print. */
  statusMessage: Schema.optionalKey(SafeText.schema)
}) {
  override get message(): string {
    const reason = describe(this.statusMessage)
    return `Payout target ${this.payoutTargetId} was cancelled and will never be active. ${reason}`
  }
}

/**
 * The accounts that money can be sent to.
 *
 * @category services
 * @since 0.1.0
 */
export class PayoutTargets extends Context.Service<
  PayoutTargets,
  {
    /**
     * Registers an account as a payout target.
     *
     * Palomma may require that the owner verifies the account at the `authUrl` of the record.
     *
     * **Example** (Registering a bank account)
     *
     * ```ts
     * import { PayoutTargets } from "@palomma-effect/client"
     * import { PalommaSimulator } from "@palomma-effect/testing"
     * import * as Effect from "effect/Effect"
     *
     * const program = Effect.gen(function*() {
     *   const payoutTargets = yield* PayoutTargets
     *   const simulator = yield* PalommaSimulator
     *   const customer = yield* simulator.addCustomer()
     *   const target = yield* payoutTargets.create({
     *     customerId: customer.id,
     *     type: "bankAccount",
     *     bankAccount: { bank: "bancolombia", accountType: "savings", accountNumber: "12345678901" },
     *     redirectUrl: "https://shop.example/registered",
     *     reference: "supplier-1"
     *   })
     *   return target.type
     * })
     *
     * await Effect.runPromise(Effect.provide(program, PalommaSimulator.layer())) // => "bankAccount"
     * ```
     */
    readonly create: (target: CreatePayoutTarget, options?: CreateOptions) => Effect.Effect<PayoutTarget, CreateError>
    /** Fetches one payout target. */
    readonly get: (id: PayoutTargetId) => Effect.Effect<PayoutTarget, GetError>
    /** Fetches one page of payout targets. */
    readonly list: (query?: PayoutTargetQuery) => Effect.Effect<Page<PayoutTarget>, ListError>
    /**
     * Streams all payout targets. Pages are fetched on demand.
     *
     * **Example** (The active payout targets of a customer)
     *
     * ```ts
     * import { PayoutTargets } from "@palomma-effect/client"
     * import { type CustomerId, PayoutTargetStatus } from "@palomma-effect/schema"
     * import * as Effect from "effect/Effect"
     * import * as Stream from "effect/Stream"
     *
     * export const activeTargets = Effect.fn("activeTargets")(function*(customerId: CustomerId) {
     *   const payoutTargets = yield* PayoutTargets
     *   return yield* payoutTargets.stream({ customerId }).pipe(
     *     Stream.filter(({ status }) => PayoutTargetStatus.guards.active(status)),
     *     Stream.runCollect
     *   )
     * })
     * ```
     */
    readonly stream: (query?: PayoutTargetQuery) => Stream.Stream<PayoutTarget, ListError>
    /** Finds all payout targets with a reference. */
    readonly findByReference: (reference: string) => Effect.Effect<Array<PayoutTarget>, ListError>
    /**
     * Waits until the payout target is active, so that it can be paid. An unknown status counts as not yet active.
     *
     * **Example** (Checking that a payout target can be paid)
     *
     * ```ts
     * import { PayoutTargets } from "@palomma-effect/client"
     * import type { PayoutTargetId } from "@palomma-effect/schema"
     * import { PalommaSimulator } from "@palomma-effect/testing"
     * import * as Effect from "effect/Effect"
     *
     * const isReady = Effect.fn("isReady")(function*(id: PayoutTargetId) {
     *   const payoutTargets = yield* PayoutTargets
     *   return yield* payoutTargets.awaitActive(id, { timeout: "1 minute" }).pipe(
     *     Effect.as(true),
     *     Effect.catchTag("PayoutTargetCancelled", ({ message }) => Effect.as(Effect.log(message), false))
     *   )
     * })
     *
     * const program = PalommaSimulator.use((simulator) => simulator.addPayoutTarget()).pipe(
     *   Effect.flatMap(({ id }) => isReady(id))
     * )
     * await Effect.runPromise(Effect.provide(program, PalommaSimulator.layer())) // => true
     * ```
     */
    readonly awaitActive: (
      id: PayoutTargetId,
      options?: AwaitOptions
    ) => Effect.Effect<PayoutTarget, GetError | PalommaStillPending | PayoutTargetCancelled>
  }
>()("@palomma-effect/client/PayoutTargets") {}
