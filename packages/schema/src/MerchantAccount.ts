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
  aggregator: "Keeps a balance, which pays for payouts.",
  gateway: "Transfers its money to the merchant at every settlement."
} as const

/**
 * The kind of a merchant account.
 *
 * @category models
 * @since 0.1.0
 */
export type MerchantAccountType = typeof MerchantAccountType.Type

/**
 * Type of the schema {@link MerchantAccountType}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface MerchantAccountTypeSchema extends OpenEnum.OpenEnum<keyof typeof types> {}

/**
 * Schema of the kind of a merchant account: its known values and what each means.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MerchantAccountType: MerchantAccountTypeSchema = OpenEnum.make("MerchantAccountType", types)

/**
 * A balance of the merchant.
 *
 * Amounts are pesos, never cents. Palomma creates one merchant account for every merchant, and only Palomma can create
 * more.
 *
 * @category models
 * @since 0.1.0
 */
export class MerchantAccount extends Record<MerchantAccount>("MerchantAccount")({
  id: MerchantAccountId,
  description: Schema.optionalKey(Schema.String),
  type: Schema.optionalKey(MerchantAccountType),
  /** The collected money that is not settled yet. */
  unsettledAmount: Schema.optionalKey(Figure),
  /** How much may still be paid out, if Palomma limits it. */
  payoutLimitBalance: Schema.optionalKey(Figure),
  /** The settled money that can be paid out. Aggregators only. */
  availableBalance: Schema.optionalKey(Figure),
  /** Whether payins are allowed. Gateways only: aggregators always allow them. */
  payinsEnabled: Schema.optionalKey(Schema.Boolean),
  /** Whether payouts are allowed. Gateways only: aggregators always allow them. */
  payoutsEnabled: Schema.optionalKey(Schema.Boolean)
}) {
  static {
    Sensitive.maskIn(this)
  }
}
