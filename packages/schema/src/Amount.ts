/**
 * Amounts of money as Palomma takes them: whole Colombian pesos, never cents.
 *
 * The lower bounds are Palomma's and strict: an amount must be greater than 1,000 pesos (for payin links of every type but `pse`,
 * greater than 1,500). The upper bounds are set per merchant; the defaults are 5,000,000 for payouts and 2,000,000 for payins.
 * That amounts are whole is this library's decision: Palomma's v0 documentation says `number`, and nobody pays fractions of a peso.
 */
import type * as Brand from "effect/Brand"
import * as Schema from "effect/Schema"
import * as Pesos from "./Pesos.ts"

/** The largest amounts a merchant may move at once, in pesos. Palomma raises them on request. */
export interface AmountLimits {
  /** The most one payout request may send. */
  readonly payout: number
  /** The most one payin request may debit. */
  readonly payin: number
  /** The most one payin link may collect. */
  readonly payinLink: number
}

/** The limits of a merchant who has asked for nothing else. */
export const defaultAmountLimits: AmountLimits = { payout: 5_000_000, payin: 2_000_000, payinLink: 2_000_000 }

/** A whole number of pesos within bounds; `above` itself is refused, `atMost` is accepted. */
export const amount = (bounds: {
  readonly above: number
  readonly atMost?: number | undefined
}): Schema.Codec<number> => {
  const { above, atMost } = bounds
  const message =
    `must be a whole number of pesos (never cents) above ${Pesos.group(above)}` +
    (atMost === undefined ? "" : ` and at most ${Pesos.group(atMost)}`)
  const least = Schema.Number.annotate({ message }).check(
    Schema.isInt({ message }),
    Schema.isGreaterThan(above, { message })
  )
  return atMost === undefined ? least : least.check(Schema.isLessThanOrEqualTo(atMost, { message }))
}

/** What one payout request sends, in pesos. */
export type PayoutAmount = Brand.Branded<number, "PayoutAmount">

/** The schema of a payout's amount for a merchant with limits of their own. */
export const payoutAmount = (limits: Pick<AmountLimits, "payout">): Schema.Codec<PayoutAmount, number> =>
  amount({ above: 1_000, atMost: limits.payout }).pipe(Schema.brand("PayoutAmount"))

/** What one payout request sends: a whole number of pesos above 1,000 and at most 5,000,000. */
export const PayoutAmount: Schema.Codec<PayoutAmount, number> = payoutAmount(defaultAmountLimits)

/** What one payin request debits, in pesos. */
export type PayinAmount = Brand.Branded<number, "PayinAmount">

/** The schema of a payin's amount for a merchant with limits of their own. */
export const payinAmount = (limits: Pick<AmountLimits, "payin">): Schema.Codec<PayinAmount, number> =>
  amount({ above: 1_000, atMost: limits.payin }).pipe(Schema.brand("PayinAmount"))

/** What one payin request debits: a whole number of pesos above 1,000 and at most 2,000,000. */
export const PayinAmount: Schema.Codec<PayinAmount, number> = payinAmount(defaultAmountLimits)

/** What one payin link collects, in pesos. */
export type PayinLinkAmount = Brand.Branded<number, "PayinLinkAmount">

/** The bound above which the amount of a payin link must be, by the link's type. */
export const payinLinkAbove = (type: string): number => (type === "pse" ? 1_000 : 1_500)

/** The schema of the amount of a payin link of some type, for a merchant with limits of their own. */
export const payinLinkAmount = (
  type: string,
  limits: Pick<AmountLimits, "payinLink"> = defaultAmountLimits
): Schema.Codec<PayinLinkAmount, number> =>
  amount({ above: payinLinkAbove(type), atMost: limits.payinLink }).pipe(Schema.brand("PayinLinkAmount"))

/**
 * What one payin link collects, whatever its type: a whole number of pesos above 1,500 and at most 2,000,000.
 *
 * A link of type `pse` may collect less, from 1,001 pesos: `payinLinkAmount("pse")`.
 */
export const PayinLinkAmount: Schema.Codec<PayinLinkAmount, number> = payinLinkAmount("general")
