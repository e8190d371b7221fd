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
 * Which payout targets to list.
 *
 * @category options
 * @since 0.1.0
 */
export interface PayoutTargetQuery extends PageQuery {
  /** Only those registered with this reference. */
  readonly reference?: string | undefined
  /** Only those of this customer. */
  readonly customerId?: CustomerId | undefined
}

/**
 * The payout target was cancelled, so it will never be active: register the account again.
 *
 * @category errors
 * @since 0.1.0
 */
export class PayoutTargetCancelled extends Schema.TaggedError<PayoutTargetCancelled>()("PayoutTargetCancelled", {
  /** The id of the payout target. */
  payoutTargetId: SafeText.schema,
  /** Why, in Palomma's words, made safe to print. */
  statusMessage: Schema.optionalKey(SafeText.schema)
}) {
  override get message(): string {
    return `Payout target ${this.payoutTargetId} was cancelled.${describe(this.statusMessage)}`
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
    /** Registers an account. Palomma may ask its owner to verify it at the `authUrl` of the answer. */
    readonly create: (target: CreatePayoutTarget, options?: CreateOptions) => Effect.Effect<PayoutTarget, CreateError>
    /** Fetches one payout target. */
    readonly get: (id: PayoutTargetId) => Effect.Effect<PayoutTarget, GetError>
    /** Fetches one page of payout targets. */
    readonly list: (query?: PayoutTargetQuery) => Effect.Effect<Page<PayoutTarget>, ListError>
    /** All payout targets, fetched as they are pulled. */
    readonly stream: (query?: PayoutTargetQuery) => Stream.Stream<PayoutTarget, ListError>
    /** All payout targets registered with a reference. */
    readonly findByReference: (reference: string) => Effect.Effect<Array<PayoutTarget>, ListError>
    /** Waits until the account can be paid. A status this library does not know means: not yet. */
    readonly awaitActive: (
      id: PayoutTargetId,
      options?: AwaitOptions
    ) => Effect.Effect<PayoutTarget, GetError | PalommaStillPending | PayoutTargetCancelled>
  }
>()("@palomma-effect/client/PayoutTargets") {}
