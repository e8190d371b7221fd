/**
 * Payin settlements: the payins of one cycle, handed over together.
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
 * A cycle of another hour is received all the same.
 *
 * @category constants
 * @since 0.1.0
 */
export const payinSettlementCycles = [11, 13, 16, 18, 20] as const

/**
 * The payins of one cycle, handed over together.
 *
 * Amounts are pesos, never cents. It has no status: it is made when it is done.
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
  /** The day it was made, as Palomma wrote it: `2024-08-28`. */
  payinSettlementDate: Schema.optionalKey(Schema.String),
  /** The hour of the cycle that made it: one of {@link payinSettlementCycles}, or one that Palomma has added since. */
  payinSettlementCycle: Schema.optionalKey(Figure),
  createdAt: Schema.optionalKey(Timestamp),
  updatedAt: Schema.optionalKey(Timestamp)
}) {
  static {
    Sensitive.maskIn(this)
  }
}
