/**
 * The accounts that money can be sent to.
 */
import {
  CreatePayoutTarget,
  type CustomerId,
  type Page,
  type PageQuery,
  PalommaApi,
  type PayoutTarget,
  type PayoutTargetId,
  PayoutTargetStatus,
  StatusMessage
} from "@palomma-effect/schema"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import type { Connection } from "./internal/connection.ts"
import { type AwaitOptions, poll } from "./internal/poll.ts"
import { creatable } from "./internal/resource.ts"
import type { CreateError, GetError, ListError } from "./PalommaError.ts"
import type { PalommaStillPending } from "./PalommaStillPending.ts"

/** Which payout targets to list. */
export interface PayoutTargetQuery extends PageQuery {
  /** Only those registered with this reference. */
  readonly reference?: string | undefined
  /** Only those of this customer. */
  readonly customerId?: CustomerId | undefined
}

/** The payout target was cancelled, so it will never be active: register the account again. */
export class PayoutTargetCancelled extends Schema.TaggedError<PayoutTargetCancelled>()("PayoutTargetCancelled", {
  /** The id of the payout target. */
  payoutTargetId: Schema.String,
  /** Why, in Palomma's words. */
  statusMessage: Schema.optionalKey(StatusMessage)
}) {
  override get message(): string {
    const why = this.statusMessage === undefined ? "" : ` ${StatusMessage.describe(this.statusMessage)}`
    return `Payout target ${this.payoutTargetId} was cancelled.${why}`
  }
}

/** The accounts that money can be sent to. */
export class PayoutTargets extends Context.Service<
  PayoutTargets,
  {
    /** Registers an account. Palomma may ask its owner to verify it at the `authUrl` of the answer. */
    readonly create: (target: CreatePayoutTarget) => Effect.Effect<PayoutTarget, CreateError>
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

/** @internal */
export const make = (connection: Connection): PayoutTargets["Service"] => {
  const payoutTargets = creatable({
    connection,
    service: "PayoutTargets",
    endpoints: PalommaApi.groups.payoutTargets.endpoints,
    client: connection.client.payoutTargets,
    params: (payoutTargetId: PayoutTargetId) => ({ payoutTargetId }),
    query: (query) => query,
    body: CreatePayoutTarget.forMerchant(connection)
  })
  return {
    ...payoutTargets,
    awaitActive: (id, options) =>
      poll(
        "PayoutTargets.awaitActive",
        payoutTargets.get(id),
        ({ status }) => PayoutTargetStatus.isFinal(status),
        options
      ).pipe(
        Effect.filterOrFail(
          ({ status }) => status === "active",
          ({ statusMessage }) =>
            new PayoutTargetCancelled({ payoutTargetId: id, ...(statusMessage === undefined ? {} : { statusMessage }) })
        )
      )
  }
}
