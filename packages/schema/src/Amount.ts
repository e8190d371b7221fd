/**
 * Amounts of money as Palomma accepts them: whole Colombian pesos, never cents.
 *
 * Palomma sets the bounds per merchant; {@link defaultMerchantRules} holds the documented ones. The lower bounds are
 * exclusive: an amount must be greater than 1,000 pesos (for payin links of every type except `pse`, greater than
 * 1,500). This library requires whole amounts, since payments do not use fractions of a peso. Palomma's v0
 * documentation only says `number`.
 *
 * @since 0.1.0
 */
import type * as Brand from "effect/Brand"
import * as Schema from "effect/Schema"
import { rule } from "./internal/rule.ts"
import { type AmountBounds, type AmountLimits, defaultMerchantRules } from "./MerchantRules.ts"
import * as Pesos from "./Pesos.ts"

/**
 * Makes the schema of a whole number of pesos within bounds: `above` itself is invalid, `atMost` is valid.
 *
 * @category schemas
 * @since 0.1.0
 */
export const amount = (bounds: AmountBounds): Schema.Codec<number> => {
  const { above, atMost } = bounds
  const wholePesos = rule(
    "amount",
    `must be a whole number of pesos (never cents) above ${Pesos.group(above)} and at most ${Pesos.group(atMost)}`,
    { above, atMost }
  )
  return Schema.Number.annotate(wholePesos).check(
    Schema.isInt(wholePesos),
    Schema.isGreaterThan(above, wholePesos),
    Schema.isLessThanOrEqualTo(atMost, wholePesos)
  )
}

/**
 * Makes the schema of an amount that at least one merchant may send: a whole number of pesos above 0.
 *
 * In a JSON schema it has the documented lower bound. Palomma may lower that bound for a merchant.
 *
 * @category schemas
 * @since 0.1.0
 */
export const anyAmount = (documented: Pick<AmountBounds, "above">): Schema.Codec<number> => {
  const wholePesos = rule("amount", "must be a whole number of pesos (never cents) above 0", { above: 0 })
  return Schema.Number.annotate(wholePesos).check(
    Schema.isInt(wholePesos),
    Schema.isGreaterThan(0, { ...wholePesos, toJsonSchema: () => ({ exclusiveMinimum: documented.above }) })
  )
}

/**
 * The amount of one payout request, in pesos.
 *
 * @category models
 * @since 0.1.0
 */
export type PayoutAmount = Brand.Branded<number, "PayoutAmount">

/**
 * Makes the schema of a payout's amount within a merchant's limits.
 *
 * @category schemas
 * @since 0.1.0
 */
export const payoutAmount = (limits: Pick<AmountLimits, "payout">): Schema.Codec<PayoutAmount, number> =>
  amount(limits.payout).pipe(Schema.brand("PayoutAmount"))

/**
 * Schema of the amount of one payout request: a whole number of pesos above 1,000 and at most 5,000,000.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayoutAmount: Schema.Codec<PayoutAmount, number> = payoutAmount(defaultMerchantRules.limits)

/**
 * The amount of one payin request, in pesos.
 *
 * @category models
 * @since 0.1.0
 */
export type PayinAmount = Brand.Branded<number, "PayinAmount">

/**
 * Makes the schema of a payin's amount within a merchant's limits.
 *
 * @category schemas
 * @since 0.1.0
 */
export const payinAmount = (limits: Pick<AmountLimits, "payin">): Schema.Codec<PayinAmount, number> =>
  amount(limits.payin).pipe(Schema.brand("PayinAmount"))

/**
 * Schema of the amount of one payin request: a whole number of pesos above 1,000 and at most 2,000,000.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayinAmount: Schema.Codec<PayinAmount, number> = payinAmount(defaultMerchantRules.limits)

/**
 * The amount of one payin link, in pesos.
 *
 * @category models
 * @since 0.1.0
 */
export type PayinLinkAmount = Brand.Branded<number, "PayinLinkAmount">

/**
 * Returns the limits of a payin link of a type.
 *
 * @category conversions
 * @since 0.1.0
 */
export const payinLinkBounds = (
  type: string,
  limits: Pick<AmountLimits, "payinLink" | "payinLinkPse"> = defaultMerchantRules.limits
): AmountBounds => (type === "pse" ? limits.payinLinkPse : limits.payinLink)

/**
 * Makes the schema of the amount of a payin link of a type, within a merchant's limits.
 *
 * @category schemas
 * @since 0.1.0
 */
export const payinLinkAmount = (
  type: string,
  limits: Pick<AmountLimits, "payinLink" | "payinLinkPse"> = defaultMerchantRules.limits
): Schema.Codec<PayinLinkAmount, number> => amount(payinLinkBounds(type, limits)).pipe(Schema.brand("PayinLinkAmount"))

/**
 * Schema of an amount that is valid for a payin link of any type: a whole number of pesos above 1,500 and at most
 * 2,000,000.
 *
 * A link of type `pse` may collect less, from 1,001 pesos. Its schema is `payinLinkAmount("pse")`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayinLinkAmount: Schema.Codec<PayinLinkAmount, number> = payinLinkAmount("general")
