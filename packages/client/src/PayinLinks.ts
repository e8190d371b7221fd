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
 * The filters of a list of payin links.
 *
 * @category options
 * @since 0.1.0
 */
export interface PayinLinkQuery extends PageQuery {
  /** Only payin links with this reference. */
  readonly reference?: string | undefined
  /** Only payin links of this customer. */
  readonly customerId?: CustomerId | undefined
  /** Only payin links whose money was transferred to the merchant in this settlement. */
  readonly payinSettlementId?: PayinSettlementId | undefined
}

/**
 * Single payments through a page that Palomma hosts.
 *
 * **Example** (A payment through PSE)
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
     * Creates a link for one payment. Send the payer to the `paymentUrl` of the record.
     *
     * **Gotchas**
     *
     * - Palomma does not require references to be unique. Two calls create two links, and the payer can pay both. Look
     *   up the reference first, also after an error whose `outcome` is `unknown`. Show the payer one link per order.
     * - A link of the type `card` has all that is needed to charge the card, and Palomma does not document that it
     *   waits for its page. If the outcome of its create is `unknown` and it is not found, do not create another one.
     */
    readonly create: (link: CreatePayinLink, options?: CreateOptions) => Effect.Effect<PayinLink, CreateError>
    /** Fetches one payin link. */
    readonly get: (id: PayinLinkId) => Effect.Effect<PayinLink, GetError>
    /** Fetches one page of payin links. */
    readonly list: (query?: PayinLinkQuery) => Effect.Effect<Page<PayinLink>, ListError>
    /**
     * Streams all payin links. Pages are fetched on demand.
     *
     * **Example** (The unpaid links of a customer)
     *
     * ```ts
     * import { PayinLinks } from "@palomma-effect/client"
     * import { type CustomerId, PayinLinkStatus } from "@palomma-effect/schema"
     * import * as Effect from "effect/Effect"
     * import * as Stream from "effect/Stream"
     *
     * export const unpaidLinks = Effect.fn("unpaidLinks")(function*(customerId: CustomerId) {
     *   const payinLinks = yield* PayinLinks
     *   return yield* payinLinks.stream({ customerId }).pipe(
     *     Stream.filter(({ status }) => !PayinLinkStatus.isFinal(status)),
     *     Stream.runCollect
     *   )
     * })
     * ```
     */
    readonly stream: (query?: PayinLinkQuery) => Stream.Stream<PayinLink, ListError>
    /** Finds all payin links with a reference. */
    readonly findByReference: (reference: string) => Effect.Effect<Array<PayinLink>, ListError>
    /**
     * Waits until the link is `approved` or `cancelled`. An unknown status is never final.
     *
     * **Gotchas**
     *
     * A link can stay open for a week. Wait for it only while the payer is present; otherwise, use a webhook.
     *
     * **Example** (Waiting while the payer is present)
     *
     * ```ts
     * import { PayinLinks } from "@palomma-effect/client"
     * import { type PayinLinkId, PayinLinkStatus } from "@palomma-effect/schema"
     * import * as Effect from "effect/Effect"
     *
     * export const waitForPayer = Effect.fn("waitForPayer")(function*(id: PayinLinkId) {
     *   const payinLinks = yield* PayinLinks
     *   return yield* payinLinks.awaitFinal(id, { timeout: "5 minutes" }).pipe(
     *     Effect.map(({ status }) => (PayinLinkStatus.guards.approved(status) ? "paid" : "cancelled")),
     *     Effect.catchTag("PalommaStillPending", () => Effect.succeed("still open: the payer can still pay it"))
     *   )
     * })
     * ```
     */
    readonly awaitFinal: (
      id: PayinLinkId,
      options?: AwaitOptions
    ) => Effect.Effect<PayinLink, GetError | PalommaStillPending>
  }
>()("@palomma-effect/client/PayinLinks") {}
