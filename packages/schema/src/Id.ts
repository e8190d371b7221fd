/**
 * The identifiers of Palomma's records: non-empty strings, told apart by the compiler.
 *
 * Palomma's examples are ULIDs, but `default` is a legal merchant account id, so no format is assumed. Whether an id can stand in a
 * URL is checked where it is put into one: see {@link pathSegment}.
 */
import type * as Brand from "effect/Brand"
import * as Schema from "effect/Schema"

/** The schema of an id: a non-empty string on both sides. */
export interface IdSchema<Id extends string> extends Schema.Codec<Id, string> {
  /** Brands a string as this id. Throws where the string is empty. */
  readonly make: (value: string) => Id
}

const id = <Name extends string>(name: Name): IdSchema<Brand.Branded<string, Name>> =>
  Schema.make<IdSchema<Brand.Branded<string, Name>>>(
    Schema.NonEmptyString.annotate({ message: "must be a non-empty string", identifier: name }).ast
  )

/** The id of a customer. */
export type CustomerId = Brand.Branded<string, "CustomerId">
/** The id of a customer. */
export const CustomerId: IdSchema<CustomerId> = id("CustomerId")

/** The id of a payout target: an account that money can be sent to. */
export type PayoutTargetId = Brand.Branded<string, "PayoutTargetId">
/** The id of a payout target: an account that money can be sent to. */
export const PayoutTargetId: IdSchema<PayoutTargetId> = id("PayoutTargetId")

/** The id of a payout request: one transfer to a payout target. */
export type PayoutRequestId = Brand.Branded<string, "PayoutRequestId">
/** The id of a payout request: one transfer to a payout target. */
export const PayoutRequestId: IdSchema<PayoutRequestId> = id("PayoutRequestId")

/** The id of a merchant account, a virtual balance; `default` names the one that every merchant has. */
export type MerchantAccountId = Brand.Branded<string, "MerchantAccountId">
/** The id of a merchant account, a virtual balance; `default` names the one that every merchant has. */
export const MerchantAccountId: IdSchema<MerchantAccountId> = id("MerchantAccountId")

/**
 * Narrows an id to those that are exactly one segment of a URL path.
 *
 * **Gotchas**
 *
 * Percent-encoding is no substitute: it leaves `..` as it is, and a URL with `/payoutRequests/..` asks for another resource.
 */
export const pathSegment = <Id extends string>(schema: IdSchema<Id>): Schema.Codec<Id, string> =>
  schema.check(
    Schema.isPattern(/^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,128}$/, {
      message: "must be one URL path segment: 1 to 128 of A-Z a-z 0-9 . _ ~ -, and neither . nor .."
    })
  )
