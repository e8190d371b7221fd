/**
 * What is to be paid, under which reference.
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
    /** Your own name for the payout, made of what is owed. One payout is made per reference, ever. */
    reference: Reference,
    payoutTargetId: Schema.toType(PayoutTargetId),
    /** Whole pesos, above 1,000. */
    amount,
    /** The merchant account to draw on. The default is the merchant account `default`. */
    sourceMerchantAccountId: optional(Schema.toType(MerchantAccountId))
  }).annotate({ identifier: "PayoutIntent" })

const acceptedBy = perMerchant((rules) => intentOf(amount(rules.limits.payout)))

/**
 * What is to be paid, under which reference: the input of `Payouts.send`.
 *
 * A queue message decodes into it.
 *
 * **Gotchas**
 *
 * `Schema.toCodecStringTree` reads an amount in text as JavaScript reads numbers, so `"5e4"` is 50,000. Check that such a text holds
 * digits alone if people write it.
 *
 * **Example** (A row of a CSV file, in which everything is text)
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
  /** The same within a merchant's rules: with that merchant's limits. */
  static forMerchant(rules: MerchantRules): Schema.Codec<PayoutIntent> {
    return acceptedBy(rules)
  }
}
