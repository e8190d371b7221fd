/**
 * The accounts whose owners allowed them to be debited, again and again.
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
 * Which payin sources to list.
 *
 * @category options
 * @since 0.1.0
 */
export interface PayinSourceQuery extends PageQuery {
  /** Only those registered with this reference. */
  readonly reference?: string | undefined
  /** Only those of this customer. */
  readonly customerId?: CustomerId | undefined
}

/**
 * The payin source was cancelled, so it will never be active: register the account again.
 *
 * @category errors
 * @since 0.1.0
 */
export class PayinSourceCancelled extends Schema.TaggedError<PayinSourceCancelled>()("PayinSourceCancelled", {
  /** The id of the payin source. */
  payinSourceId: SafeText.schema,
  /** Why, in Palomma's words, made safe to print. */
  statusMessage: Schema.optionalKey(SafeText.schema)
}) {
  override get message(): string {
    return `Payin source ${this.payinSourceId} was cancelled.${describe(this.statusMessage)}`
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
 *
 * @category services
 * @since 0.1.0
 */
export class PayinSources extends Context.Service<
  PayinSources,
  {
    /** Registers an account: send its owner to the `authUrl` of the answer, to allow the debits. */
    readonly create: (source: CreatePayinSource, options?: CreateOptions) => Effect.Effect<PayinSource, CreateError>
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
