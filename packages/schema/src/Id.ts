/**
 * Ids of Palomma's records: non-empty strings, with a separate type for each kind of record.
 *
 * Palomma's examples are ULIDs, but `default` is a valid merchant account id, so the schemas require no format.
 * Operations that put an id into a URL check that it fits there: see {@link pathSegment}. A number in an answer is
 * converted to text.
 *
 * @since 0.1.0
 */
import type * as Brand from "effect/Brand"
import * as Schema from "effect/Schema"
import * as Reader from "./internal/read/reader.ts"
import { rule } from "./internal/rule.ts"
import { Text } from "./internal/check/text.ts"

/**
 * The schema of an id: a non-empty string, decoded and encoded.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface IdSchema<Id extends string> extends Schema.Codec<Id, string> {
  readonly "~type.make": string
  readonly "~type.make.in": string
  /** Brands a string as this id. Throws if the string is empty. */
  readonly make: (value: string) => Id
}

const id = <Name extends string>(name: Name): IdSchema<Brand.Branded<string, Name>> =>
  Schema.make<IdSchema<Brand.Branded<string, Name>>>(
    Text.annotate({ identifier: name, ...Reader.annotation(Reader.id) }).ast
  )

/**
 * The id of a customer.
 *
 * @category models
 * @since 0.1.0
 */
export type CustomerId = Brand.Branded<string, "CustomerId">

/**
 * Schema of the id of a customer.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CustomerId: IdSchema<CustomerId> = id("CustomerId")

/**
 * The id of a payin link: one payment through a hosted page.
 *
 * @category models
 * @since 0.1.0
 */
export type PayinLinkId = Brand.Branded<string, "PayinLinkId">

/**
 * Schema of the id of a payin link.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayinLinkId: IdSchema<PayinLinkId> = id("PayinLinkId")

/**
 * The id of a payin source: an account that its owner allows you to debit.
 *
 * @category models
 * @since 0.1.0
 */
export type PayinSourceId = Brand.Branded<string, "PayinSourceId">

/**
 * Schema of the id of a payin source.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayinSourceId: IdSchema<PayinSourceId> = id("PayinSourceId")

/**
 * The id of a payin request: one debit of a payin source.
 *
 * @category models
 * @since 0.1.0
 */
export type PayinRequestId = Brand.Branded<string, "PayinRequestId">

/**
 * Schema of the id of a payin request.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayinRequestId: IdSchema<PayinRequestId> = id("PayinRequestId")

/**
 * The id of a payout target: an account that money can be sent to.
 *
 * @category models
 * @since 0.1.0
 */
export type PayoutTargetId = Brand.Branded<string, "PayoutTargetId">

/**
 * Schema of the id of a payout target.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayoutTargetId: IdSchema<PayoutTargetId> = id("PayoutTargetId")

/**
 * The id of a payout request: one transfer to a payout target.
 *
 * @category models
 * @since 0.1.0
 */
export type PayoutRequestId = Brand.Branded<string, "PayoutRequestId">

/**
 * Schema of the id of a payout request.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayoutRequestId: IdSchema<PayoutRequestId> = id("PayoutRequestId")

/**
 * The id of a merchant account, which is a virtual balance; every merchant has one with the id `default`.
 *
 * @category models
 * @since 0.1.0
 */
export type MerchantAccountId = Brand.Branded<string, "MerchantAccountId">

/**
 * Schema of the id of a merchant account.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MerchantAccountId: IdSchema<MerchantAccountId> = id("MerchantAccountId")

/**
 * The id of a payin settlement: the payins of one cycle, transferred to the merchant together.
 *
 * @category models
 * @since 0.1.0
 */
export type PayinSettlementId = Brand.Branded<string, "PayinSettlementId">

/**
 * Schema of the id of a payin settlement.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayinSettlementId: IdSchema<PayinSettlementId> = id("PayinSettlementId")

/**
 * The id of a webhook notification, the same in each delivery of it.
 *
 * @category models
 * @since 0.1.0
 */
export type WebhookId = Brand.Branded<string, "WebhookId">

/**
 * Schema of the id of a webhook notification.
 *
 * @category schemas
 * @since 0.1.0
 */
export const WebhookId: IdSchema<WebhookId> = id("WebhookId")

/**
 * Restricts the schema of an id to ids that can be one segment of a URL path after percent-encoding.
 *
 * **Gotchas**
 *
 * Percent-encoding is still needed, and it is not enough: it does not change `..`, and a URL with `/payoutRequests/..`
 * names another resource.
 *
 * @category combinators
 * @since 0.1.0
 */
export const pathSegment = <Id extends string>(schema: IdSchema<Id>): Schema.Codec<Id, string> =>
  schema.check(
    Schema.makeFilter((value: string) => value !== "." && value !== ".." && value.isWellFormed(), {
      ...rule("path-segment", "must be an id that fits in a URL: valid Unicode text other than . and ..")
    })
  )
