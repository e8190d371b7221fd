/**
 * The accounts whose owners allowed them to be debited, again and again.
 */
import {
  CreatePayinSource,
  type CustomerId,
  type Page,
  type PageQuery,
  PalommaApi,
  type PayinSource,
  type PayinSourceId,
  PayinSourceStatus,
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

/** Which payin sources to list. */
export interface PayinSourceQuery extends PageQuery {
  /** Only those registered with this reference. */
  readonly reference?: string | undefined
  /** Only those of this customer. */
  readonly customerId?: CustomerId | undefined
}

/** The payin source was cancelled, so it will never be active: register the account again. */
export class PayinSourceCancelled extends Schema.TaggedError<PayinSourceCancelled>()("PayinSourceCancelled", {
  /** The id of the payin source. */
  payinSourceId: Schema.String,
  /** Why, in Palomma's words. */
  statusMessage: Schema.optionalKey(StatusMessage)
}) {
  override get message(): string {
    const why = this.statusMessage === undefined ? "" : ` ${StatusMessage.describe(this.statusMessage)}`
    return `Payin source ${this.payinSourceId} was cancelled.${why}`
  }
}

/**
 * The accounts whose owners allowed them to be debited, again and again.
 *
 * **Example** (Registering a Nequi account)
 *
 * ```ts
 * import { PayinSources } from "@palomma-effect/client"
 * import type { CustomerId } from "@palomma-effect/schema"
 * import * as Effect from "effect/Effect"
 *
 * export const register = Effect.fn("register")(function*(customerId: CustomerId, phoneNumber: string) {
 *   const payinSources = yield* PayinSources
 *   const redirectUrl = "https://shop.example/registered"
 *   const source = yield* payinSources.create({ customerId, type: "nequiToken", phoneNumber, redirectUrl })
 *   return source.authUrl
 * })
 * ```
 */
export class PayinSources extends Context.Service<
  PayinSources,
  {
    /** Registers an account: send its owner to the `authUrl` of the answer, to allow the debits. */
    readonly create: (source: CreatePayinSource) => Effect.Effect<PayinSource, CreateError>
    /** Fetches one payin source. */
    readonly get: (id: PayinSourceId) => Effect.Effect<PayinSource, GetError>
    /** Fetches one page of payin sources. */
    readonly list: (query?: PayinSourceQuery) => Effect.Effect<Page<PayinSource>, ListError>
    /** All payin sources, fetched as they are pulled. */
    readonly stream: (query?: PayinSourceQuery) => Stream.Stream<PayinSource, ListError>
    /** All payin sources registered with a reference. */
    readonly findByReference: (reference: string) => Effect.Effect<Array<PayinSource>, ListError>
    /** Waits until the account can be debited. A status this library does not know means: not yet. */
    readonly awaitActive: (
      id: PayinSourceId,
      options?: AwaitOptions
    ) => Effect.Effect<PayinSource, GetError | PalommaStillPending | PayinSourceCancelled>
  }
>()("@palomma-effect/client/PayinSources") {}

/** @internal */
export const make = (connection: Connection): PayinSources["Service"] => {
  const payinSources = creatable({
    connection,
    service: "PayinSources",
    endpoints: PalommaApi.groups.payinSources.endpoints,
    client: connection.client.payinSources,
    params: (payinSourceId: PayinSourceId) => ({ payinSourceId }),
    query: (query) => query,
    body: CreatePayinSource
  })
  return {
    ...payinSources,
    awaitActive: (id, options) =>
      poll(
        "PayinSources.awaitActive",
        payinSources.get(id),
        ({ status }) => PayinSourceStatus.isFinal(status),
        options
      ).pipe(
        Effect.filterOrFail(
          ({ status }) => status === "active",
          ({ statusMessage }) =>
            new PayinSourceCancelled({ payinSourceId: id, ...(statusMessage === undefined ? {} : { statusMessage }) })
        )
      )
  }
}
