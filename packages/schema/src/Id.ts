/**
 * The identifiers of Palomma's records: non-empty strings, told apart by the compiler.
 *
 * Palomma's examples are ULIDs, but `default` is a legal merchant account id, so no format is assumed. Whether an id can stand in a
 * URL is checked where it is put into one: see {@link pathSegment}. In an answer, a number is read as its text.
 *
 * @since 0.1.0
 */
import type * as Brand from "effect/Brand"
import * as Schema from "effect/Schema"
import * as Reader from "./internal/read/reader.ts"
import { rule } from "./internal/rule.ts"
import { Text } from "./internal/check/text.ts"

/**
 * The schema of an id: a non-empty string on both sides.
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
 * The schema of the id of a customer.
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
 * The schema of the id of a payin link: one payment through a hosted page.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayinLinkId: IdSchema<PayinLinkId> = id("PayinLinkId")

/**
 * The id of a payin source: an account that its owner allowed to be debited.
 *
 * @category models
 * @since 0.1.0
 */
export type PayinSourceId = Brand.Branded<string, "PayinSourceId">

/**
 * The schema of the id of a payin source: an account that its owner allowed to be debited.
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
 * The schema of the id of a payin request: one debit of a payin source.
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
 * The schema of the id of a payout target: an account that money can be sent to.
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
 * The schema of the id of a payout request: one transfer to a payout target.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayoutRequestId: IdSchema<PayoutRequestId> = id("PayoutRequestId")

/**
 * The id of a merchant account, a virtual balance; `default` names the one that every merchant has.
 *
 * @category models
 * @since 0.1.0
 */
export type MerchantAccountId = Brand.Branded<string, "MerchantAccountId">

/**
 * The schema of the id of a merchant account, a virtual balance; `default` names the one that every merchant has.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MerchantAccountId: IdSchema<MerchantAccountId> = id("MerchantAccountId")

/**
 * The id of a payin settlement: the payins of one cycle, handed over together.
 *
 * @category models
 * @since 0.1.0
 */
export type PayinSettlementId = Brand.Branded<string, "PayinSettlementId">

/**
 * The schema of the id of a payin settlement: the payins of one cycle, handed over together.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayinSettlementId: IdSchema<PayinSettlementId> = id("PayinSettlementId")

/**
 * The id of a webhook notification: the same each time it is delivered again.
 *
 * @category models
 * @since 0.1.0
 */
export type WebhookId = Brand.Branded<string, "WebhookId">

/**
 * The schema of the id of a webhook notification: the same each time it is delivered again.
 *
 * @category schemas
 * @since 0.1.0
 */
export const WebhookId: IdSchema<WebhookId> = id("WebhookId")

/**
 * Narrows an id to those that can be one segment of a URL path once they are percent-encoded.
 *
 * **Gotchas**
 *
 * Percent-encoding is needed, and no substitute: it leaves `..` as it is, and a URL with `/payoutRequests/..` asks for another
 * resource.
 *
 * @category combinators
 * @since 0.1.0
 */
export const pathSegment = <Id extends string>(schema: IdSchema<Id>): Schema.Codec<Id, string> =>
  schema.check(
    Schema.makeFilter((value: string) => value !== "." && value !== ".." && value.isWellFormed(), {
      ...rule("path-segment", "must be one URL path segment: well-formed text that is neither . nor ..")
    })
  )
