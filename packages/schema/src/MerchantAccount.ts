/**
 * Merchant accounts: the merchant's balances at Palomma.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { MerchantAccountId } from "./Id.ts"
import { Figure } from "./internal/read/figure.ts"
import { Record } from "./internal/read/record.ts"
import * as OpenEnum from "./OpenEnum.ts"
import * as Sensitive from "./Sensitive.ts"

const types = {
  aggregator: "Keeps a balance, from which payouts are made.",
  gateway: "Hands its money over at every settlement."
} as const

/**
 * The kind of a merchant account.
 *
 * @category models
 * @since 0.1.0
 */
export type MerchantAccountType = typeof MerchantAccountType.Type

/**
 * The schema of {@link MerchantAccountType}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface MerchantAccountTypeSchema extends OpenEnum.OpenEnum<keyof typeof types> {}

/**
 * The schema of the kind of a merchant account.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MerchantAccountType: MerchantAccountTypeSchema = OpenEnum.make("MerchantAccountType", types)

/**
 * A balance of the merchant.
 *
 * Amounts are pesos, never cents.
 *
 * Every merchant has one, made by Palomma; only Palomma makes others.
 *
 * @category models
 * @since 0.1.0
 */
export class MerchantAccount extends Record<MerchantAccount>("MerchantAccount")({
  id: MerchantAccountId,
  description: Schema.optionalKey(Schema.String),
  type: Schema.optionalKey(MerchantAccountType),
  /** What was collected and is not settled yet. */
  unsettledAmount: Schema.optionalKey(Figure),
  /** What may still be paid out, if Palomma caps it. */
  payoutLimitBalance: Schema.optionalKey(Figure),
  /** What is settled and can be paid out. Aggregators only. */
  availableBalance: Schema.optionalKey(Figure),
  /** Whether payins are allowed. Gateways only; aggregators always may. */
  payinsEnabled: Schema.optionalKey(Schema.Boolean),
  /** Whether payouts are allowed. Gateways only; aggregators always may. */
  payoutsEnabled: Schema.optionalKey(Schema.Boolean)
}) {
  static {
    Sensitive.maskIn(this)
  }
}
