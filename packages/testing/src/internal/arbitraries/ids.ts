import * as fc from "fast-check"
import * as Id from "@palomma-effect/schema/Id"

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".split("")

const id: fc.Arbitrary<string> = fc.oneof(
  { withCrossShrink: true },
  {
    arbitrary: fc
      .string({ unit: fc.constantFrom(...alphabet), minLength: 21, maxLength: 21 })
      .map((rest) => `01HPR${rest}`),
    weight: 4
  },
  {
    arbitrary: fc.constantFrom("default", "a", "a.b_c~d-e", "a/b", "%2e%2e", "a?b#c", "ñ 1", "0".repeat(300)),
    weight: 1
  }
)

/**
 * Ids that no path can hold as one segment, not even percent-encoded.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const unsafeId: fc.Arbitrary<string> = fc.constantFrom("", ".", "..", "\ud800")

/**
 * What is no id at all.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidId: fc.Arbitrary<unknown> = fc.constantFrom<unknown>("", null, 1, true, {}, [])

/**
 * The id of a customer.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const customerId: fc.Arbitrary<Id.CustomerId> = id.map(Id.CustomerId.make)

/**
 * The id of a payin link.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payinLinkId: fc.Arbitrary<Id.PayinLinkId> = id.map(Id.PayinLinkId.make)

/**
 * The id of a payin source.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payinSourceId: fc.Arbitrary<Id.PayinSourceId> = id.map(Id.PayinSourceId.make)

/**
 * The id of a payin request.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payinRequestId: fc.Arbitrary<Id.PayinRequestId> = id.map(Id.PayinRequestId.make)

/**
 * The id of a payout target.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payoutTargetId: fc.Arbitrary<Id.PayoutTargetId> = id.map(Id.PayoutTargetId.make)

/**
 * The id of a payout request.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payoutRequestId: fc.Arbitrary<Id.PayoutRequestId> = id.map(Id.PayoutRequestId.make)

/**
 * The id of a merchant account.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const merchantAccountId: fc.Arbitrary<Id.MerchantAccountId> = id.map(Id.MerchantAccountId.make)

/**
 * The id of a payin settlement.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payinSettlementId: fc.Arbitrary<Id.PayinSettlementId> = id.map(Id.PayinSettlementId.make)

/**
 * The id of a webhook notification.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const webhookId: fc.Arbitrary<Id.WebhookId> = id.map(Id.WebhookId.make)
