/**
 * Intents of payouts: the input of `Payouts.send`.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { amount } from "./Amount.ts"
import { MerchantAccountId, PayoutTargetId } from "./Id.ts"
import { optional } from "./internal/check/optional.ts"
import { perMerchant } from "./internal/create/perMerchant.ts"
import { Reference } from "./internal/check/text.ts"
import { defaultMerchantRules, type MerchantRules } from "./MerchantRules.ts"

const intentOf = (amount: Schema.Codec<number>) =>
  Schema.Struct({
    /** Your own name for the payout, derived from what is owed. At most one payout is made per reference. */
    reference: Reference,
    payoutTargetId: Schema.toType(PayoutTargetId),
    /** Whole pesos, above 1,000. */
    amount,
    /** The merchant account that pays. The default is the merchant account `default`. */
    sourceMerchantAccountId: optional(Schema.toType(MerchantAccountId))
  }).annotate({ identifier: "PayoutIntent" })

const schemaFor = perMerchant((rules) => intentOf(amount(rules.limits.payout)))

/**
 * What to pay and under which reference: the input of `Payouts.send`.
 *
 * A message of a queue can be decoded with this schema.
 *
 * **Gotchas**
 *
 * `Schema.toCodecStringTree` parses an amount as JavaScript parses numbers, so `"5e4"` is 50,000. If people write the
 * text, use `Form.payoutIntent`.
 *
 * **Example** (A row of a CSV file, in which every value is text)
 *
 * ```ts
 * import { PayoutIntent } from "@palomma-effect/schema"
 * import * as Schema from "effect/Schema"
 *
 * const fromRow = Schema.decodeUnknownSync(Schema.toCodecStringTree(PayoutIntent))
 * const intent = fromRow({ reference: "salary-2026-11-ana", payoutTargetId: "01HPR8S7YF43PV3QV16TZDC80P", amount: "50000" })
 * intent.amount // => 50000
 * ```
 *
 * @category models
 * @since 0.1.0
 */
export class PayoutIntent extends Schema.Opaque<PayoutIntent>()(intentOf(amount(defaultMerchantRules.limits.payout))) {
  /** Returns this schema for a merchant's rules: with that merchant's limits. */
  static forMerchant(rules: MerchantRules): Schema.Codec<PayoutIntent> {
    return schemaFor(rules)
  }
}
