/**
 * Arbitraries of ids.
 */
import * as fc from "fast-check"
import { type Arbitrary, from } from "./arbitrary.ts"
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
 * Ids that cannot be one segment of a path, even if they are percent-encoded.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const unsafeId: Arbitrary<string> = from(fc.constantFrom("", ".", "..", "\ud800"))

/**
 * Values that are not an id.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidId: Arbitrary<unknown> = from(fc.constantFrom<unknown>("", null, 1, true, {}, []))

/**
 * Ids of customers.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const customerId: Arbitrary<Id.CustomerId> = from(id.map(Id.CustomerId.make))

/**
 * Ids of payin links.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payinLinkId: Arbitrary<Id.PayinLinkId> = from(id.map(Id.PayinLinkId.make))

/**
 * Ids of payin sources.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payinSourceId: Arbitrary<Id.PayinSourceId> = from(id.map(Id.PayinSourceId.make))

/**
 * Ids of payin requests.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payinRequestId: Arbitrary<Id.PayinRequestId> = from(id.map(Id.PayinRequestId.make))

/**
 * Ids of payout targets.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payoutTargetId: Arbitrary<Id.PayoutTargetId> = from(id.map(Id.PayoutTargetId.make))

/**
 * Ids of payout requests.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payoutRequestId: Arbitrary<Id.PayoutRequestId> = from(id.map(Id.PayoutRequestId.make))

/**
 * Ids of merchant accounts.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const merchantAccountId: Arbitrary<Id.MerchantAccountId> = from(id.map(Id.MerchantAccountId.make))

/**
 * Ids of payin settlements.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payinSettlementId: Arbitrary<Id.PayinSettlementId> = from(id.map(Id.PayinSettlementId.make))

/**
 * Ids of webhook notifications.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const webhookId: Arbitrary<Id.WebhookId> = from(id.map(Id.WebhookId.make))
