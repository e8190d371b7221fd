/**
 * Amounts of money as Palomma takes them: whole Colombian pesos, never cents.
 *
 * The bounds are set per merchant; {@link defaultMerchantRules} holds the documented ones. The lower bounds are strict: an amount must
 * be greater than 1,000 pesos (for payin links of every type but `pse`, greater than 1,500).
 * That amounts are whole is this library's decision: Palomma's v0 documentation says `number`, and nobody pays fractions of a peso.
 *
 * @since 0.1.0
 */
import type * as Brand from "effect/Brand"
import * as Schema from "effect/Schema"
import { rule } from "./internal/rule.ts"
import { type AmountBounds, type AmountLimits, defaultMerchantRules } from "./MerchantRules.ts"
import * as Pesos from "./Pesos.ts"

/**
 * A whole number of pesos within bounds; `above` itself is refused, `atMost` is accepted.
 *
 * @category schemas
 * @since 0.1.0
 */
export const amount = (bounds: AmountBounds): Schema.Codec<number> => {
  const { above, atMost } = bounds
  const said = rule(
    "amount",
    `must be a whole number of pesos (never cents) above ${Pesos.group(above)} and at most ${Pesos.group(atMost)}`
  )
  return Schema.Number.annotate(said).check(
    Schema.isInt(said),
    Schema.isGreaterThan(above, said),
    Schema.isLessThanOrEqualTo(atMost, said)
  )
}

/**
 * A whole number of pesos that some merchant may send: more than nothing.
 *
 * In a JSON schema it has the documented lower bound, which Palomma may lower for a merchant.
 *
 * @category schemas
 * @since 0.1.0
 */
export const anyAmount = (documented: Pick<AmountBounds, "above">): Schema.Codec<number> => {
  const said = rule("amount", "must be a whole number of pesos (never cents) above 0")
  return Schema.Number.annotate(said).check(
    Schema.isInt(said),
    Schema.isGreaterThan(0, { ...said, toJsonSchema: () => ({ exclusiveMinimum: documented.above }) })
  )
}

/**
 * What one payout request sends, in pesos.
 *
 * @category models
 * @since 0.1.0
 */
export type PayoutAmount = Brand.Branded<number, "PayoutAmount">

/**
 * The schema of a payout's amount within a merchant's limits.
 *
 * @category schemas
 * @since 0.1.0
 */
export const payoutAmount = (limits: Pick<AmountLimits, "payout">): Schema.Codec<PayoutAmount, number> =>
  amount(limits.payout).pipe(Schema.brand("PayoutAmount"))

/**
 * What one payout request sends: a whole number of pesos above 1,000 and at most 5,000,000.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayoutAmount: Schema.Codec<PayoutAmount, number> = payoutAmount(defaultMerchantRules.limits)

/**
 * What one payin request debits, in pesos.
 *
 * @category models
 * @since 0.1.0
 */
export type PayinAmount = Brand.Branded<number, "PayinAmount">

/**
 * The schema of a payin's amount within a merchant's limits.
 *
 * @category schemas
 * @since 0.1.0
 */
export const payinAmount = (limits: Pick<AmountLimits, "payin">): Schema.Codec<PayinAmount, number> =>
  amount(limits.payin).pipe(Schema.brand("PayinAmount"))

/**
 * What one payin request debits: a whole number of pesos above 1,000 and at most 2,000,000.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayinAmount: Schema.Codec<PayinAmount, number> = payinAmount(defaultMerchantRules.limits)

/**
 * What one payin link collects, in pesos.
 *
 * @category models
 * @since 0.1.0
 */
export type PayinLinkAmount = Brand.Branded<number, "PayinLinkAmount">

/**
 * The limits of a payin link, by its type.
 *
 * @category conversions
 * @since 0.1.0
 */
export const payinLinkBounds = (
  type: string,
  limits: Pick<AmountLimits, "payinLink" | "payinLinkPse"> = defaultMerchantRules.limits
): AmountBounds => (type === "pse" ? limits.payinLinkPse : limits.payinLink)

/**
 * The schema of the amount of a payin link of some type, within a merchant's limits.
 *
 * @category schemas
 * @since 0.1.0
 */
export const payinLinkAmount = (
  type: string,
  limits: Pick<AmountLimits, "payinLink" | "payinLinkPse"> = defaultMerchantRules.limits
): Schema.Codec<PayinLinkAmount, number> => amount(payinLinkBounds(type, limits)).pipe(Schema.brand("PayinLinkAmount"))

/**
 * What one payin link collects, whatever its type: a whole number of pesos above 1,500 and at most 2,000,000.
 *
 * A link of type `pse` may collect less, from 1,001 pesos: `payinLinkAmount("pse")`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayinLinkAmount: Schema.Codec<PayinLinkAmount, number> = payinLinkAmount("general")
