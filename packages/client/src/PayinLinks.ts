/**
 * Single payments through a page that Palomma hosts.
 *
 * @since 0.1.0
 */
import type {
  CreatePayinLink,
  CustomerId,
  Page,
  PageQuery,
  PayinLink,
  PayinLinkId,
  PayinSettlementId
} from "@palomma-effect/schema"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { AwaitOptions } from "./AwaitOptions.ts"
import type { CreateOptions } from "./CreateOptions.ts"
import type { CreateError, GetError, ListError } from "./PalommaError.ts"
import type { PalommaStillPending } from "./PalommaStillPending.ts"

/**
 * Which payin links to list.
 *
 * @category options
 * @since 0.1.0
 */
export interface PayinLinkQuery extends PageQuery {
  /** Only those made with this reference. */
  readonly reference?: string | undefined
  /** Only those of this customer. */
  readonly customerId?: CustomerId | undefined
  /** Only those whose money was handed over in this settlement. */
  readonly payinSettlementId?: PayinSettlementId | undefined
}

/**
 * Single payments through a page that Palomma hosts.
 *
 * **Example** (Asking for a payment through PSE)
 *
 * ```ts
 * import { Customers, Palomma, PayinLinks } from "@palomma-effect/client"
 * import { PalommaSimulator } from "@palomma-effect/testing"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import * as Redacted from "effect/Redacted"
 *
 * const program = Effect.gen(function*() {
 *   const customers = yield* Customers
 *   const payinLinks = yield* PayinLinks
 *   const customer = yield* customers.create({
 *     name: "Pepito Pérez",
 *     documentType: "cc",
 *     documentNumber: "1037551022",
 *     email: "pepito@shop.example",
 *     phoneNumber: "3013111111"
 *   })
 *   const link = yield* payinLinks.create({
 *     customerId: customer.id,
 *     type: "pse",
 *     bank: "bancolombia",
 *     amount: 50_000,
 *     redirectUrl: "https://shop.example/thanks",
 *     reference: "invoice-1"
 *   })
 *   return link.status // and send the payer to link.paymentUrl
 * })
 *
 * const Live = Palomma.layer({ apiKey: Redacted.make("sim-key") }).pipe(Layer.provide(PalommaSimulator.layer()))
 * await Effect.runPromise(Effect.provide(program, Live)) // => "pending"
 * ```
 *
 * @category services
 * @since 0.1.0
 */
export class PayinLinks extends Context.Service<
  PayinLinks,
  {
    /**
     * Asks for one payment: send the payer to the `paymentUrl` of the answer.
     *
     * **Gotchas**
     *
     * Palomma does not require references to be unique: asking twice makes two links, and a payer can pay both. After an error whose
     * `outcome` is `unknown`, look the reference up before asking again.
     */
    readonly create: (link: CreatePayinLink, options?: CreateOptions) => Effect.Effect<PayinLink, CreateError>
    /** Fetches one payin link. */
    readonly get: (id: PayinLinkId) => Effect.Effect<PayinLink, GetError>
    /** Fetches one page of payin links. */
    readonly list: (query?: PayinLinkQuery) => Effect.Effect<Page<PayinLink>, ListError>
    /** All payin links, fetched as they are pulled. */
    readonly stream: (query?: PayinLinkQuery) => Stream.Stream<PayinLink, ListError>
    /** All payin links made with a reference. */
    readonly findByReference: (reference: string) => Effect.Effect<Array<PayinLink>, ListError>
    /**
     * Waits until the link is `approved` or `cancelled`. A status this library does not know is never taken for the end.
     *
     * **Gotchas**
     *
     * It is a person who pays, and a link may be open for a week: let the webhook tell, unless the payer is sitting there.
     */
    readonly awaitFinal: (
      id: PayinLinkId,
      options?: AwaitOptions
    ) => Effect.Effect<PayinLink, GetError | PalommaStillPending>
  }
>()("@palomma-effect/client/PayinLinks") {}
