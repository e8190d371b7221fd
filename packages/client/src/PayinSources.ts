/**
 * Payin sources: accounts whose owners allow repeated debits.
 *
 * @since 0.1.0
 */
import type { CreatePayinSource, CustomerId, Page, PageQuery, PayinSource, PayinSourceId } from "@palomma-effect/schema"
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
 * The filters of a list of payin sources.
 *
 * @category options
 * @since 0.1.0
 */
export interface PayinSourceQuery extends PageQuery {
  /** Only payin sources with this reference. */
  readonly reference?: string | undefined
  /** Only payin sources of this customer. */
  readonly customerId?: CustomerId | undefined
}

/**
 * Palomma cancelled the payin source, so it will never be active.
 *
 * Register the account again.
 *
 * @category errors
 * @since 0.1.0
 */
export class PayinSourceCancelled extends Schema.TaggedError<PayinSourceCancelled>()("PayinSourceCancelled", {
  /** The id of the payin source. */
  payinSourceId: SafeText.schema,
  /** Palomma's status message, made safe to print. */
  statusMessage: Schema.optionalKey(SafeText.schema)
}) {
  override get message(): string {
    const reason = describe(this.statusMessage)
    return `Payin source ${this.payinSourceId} was cancelled and will never be active. ${reason}`
  }
}

/**
 * Payin sources: accounts whose owners allow repeated debits.
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
 *
 * @category services
 * @since 0.1.0
 */
export class PayinSources extends Context.Service<
  PayinSources,
  {
    /** Registers an account as a payin source. Send its owner to the `authUrl` of the record to allow the debits. */
    readonly create: (source: CreatePayinSource, options?: CreateOptions) => Effect.Effect<PayinSource, CreateError>
    /** Fetches one payin source. */
    readonly get: (id: PayinSourceId) => Effect.Effect<PayinSource, GetError>
    /** Fetches one page of payin sources. */
    readonly list: (query?: PayinSourceQuery) => Effect.Effect<Page<PayinSource>, ListError>
    /**
     * Streams all payin sources. Pages are fetched on demand.
     *
     * **Example** (The active payin sources of a customer)
     *
     * ```ts
     * import { PayinSources } from "@palomma-effect/client"
     * import { type CustomerId, PayinSourceStatus } from "@palomma-effect/schema"
     * import * as Effect from "effect/Effect"
     * import * as Stream from "effect/Stream"
     *
     * export const activeSources = Effect.fn("activeSources")(function*(customerId: CustomerId) {
     *   const payinSources = yield* PayinSources
     *   return yield* payinSources.stream({ customerId }).pipe(
     *     Stream.filter(({ status }) => PayinSourceStatus.guards.active(status)),
     *     Stream.runCollect
     *   )
     * })
     * ```
     */
    readonly stream: (query?: PayinSourceQuery) => Stream.Stream<PayinSource, ListError>
    /** Finds all payin sources with a reference. */
    readonly findByReference: (reference: string) => Effect.Effect<Array<PayinSource>, ListError>
    /**
     * Waits until the payin source is active, so that it can be debited. An unknown status counts as not yet active.
     *
     * **Example** (Waiting for the owner of the account)
     *
     * ```ts
     * import { PayinSources } from "@palomma-effect/client"
     * import type { PayinSourceId } from "@palomma-effect/schema"
     * import { PalommaSimulator } from "@palomma-effect/testing"
     * import * as Effect from "effect/Effect"
     *
     * const isReady = Effect.fn("isReady")(function*(id: PayinSourceId) {
     *   const payinSources = yield* PayinSources
     *   return yield* payinSources.awaitActive(id, { timeout: "10 minutes" }).pipe(
     *     Effect.as(true),
     *     Effect.catchTag("PalommaStillPending", () => Effect.succeed(false))
     *   )
     * })
     *
     * const program = PalommaSimulator.use((simulator) => simulator.addPayinSource()).pipe(
     *   Effect.flatMap(({ id }) => isReady(id))
     * )
     * await Effect.runPromise(Effect.provide(program, PalommaSimulator.layer())) // => true
     * ```
     */
    readonly awaitActive: (
      id: PayinSourceId,
      options?: AwaitOptions
    ) => Effect.Effect<PayinSource, GetError | PalommaStillPending | PayinSourceCancelled>
  }
>()("@palomma-effect/client/PayinSources") {}
