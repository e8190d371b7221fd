/**
 * Payin settlements: the payins of one cycle, transferred to the merchant together.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { MerchantAccountId, PayinSettlementId } from "./Id.ts"
import { Figure } from "./internal/read/figure.ts"
import { Record } from "./internal/read/record.ts"
import * as Sensitive from "./Sensitive.ts"
import { Timestamp } from "./Timestamp.ts"

/**
 * The hours of the day at which Palomma settles.
 *
 * A settlement with another hour is decoded too.
 *
 * @category constants
 * @since 0.1.0
 */
export const payinSettlementCycles = [11, 13, 16, 18, 20] as const

/**
 * The payins of one cycle, transferred to the merchant together.
 *
 * Amounts are pesos, never cents. It has no status: Palomma creates the record when the settlement is done.
 *
 * @category models
 * @since 0.1.0
 */
export class PayinSettlement extends Record<PayinSettlement>("PayinSettlement")({
  id: PayinSettlementId,
  merchantAccountId: Schema.optionalKey(MerchantAccountId),
  totalAmountCollected: Schema.optionalKey(Figure),
  totalFees: Schema.optionalKey(Figure),
  numberOfPayins: Schema.optionalKey(Figure),
  /** The day of the settlement, as Palomma wrote it: `2024-08-28`. */
  payinSettlementDate: Schema.optionalKey(Schema.String),
  /** The hour of its cycle: one of {@link payinSettlementCycles}, or an hour that Palomma added later. */
  payinSettlementCycle: Schema.optionalKey(Figure),
  createdAt: Schema.optionalKey(Timestamp),
  updatedAt: Schema.optionalKey(Timestamp)
}) {
  static {
    Sensitive.maskIn(this)
  }
}
