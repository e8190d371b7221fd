/**
 * Intents of debits: the input of `Payins.charge`.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { amount } from "./Amount.ts"
import { MerchantAccountId, PayinSourceId } from "./Id.ts"
import { optional } from "./internal/check/optional.ts"
import { perMerchant } from "./internal/create/perMerchant.ts"
import { Reference } from "./internal/check/text.ts"
import { defaultMerchantRules, type MerchantRules } from "./MerchantRules.ts"

const intentOf = (amount: Schema.Codec<number>) =>
  Schema.Struct({
    /** Your own name for the debit, derived from what is owed. At most one debit is made per reference. */
    reference: Reference,
    payinSourceId: Schema.toType(PayinSourceId),
    /** Whole pesos, above 1,000. */
    amount,
    /** The merchant account to credit. The default is the merchant account `default`. */
    targetMerchantAccountId: optional(Schema.toType(MerchantAccountId))
  }).annotate({ identifier: "PayinIntent" })

const schemaFor = perMerchant((rules) => intentOf(amount(rules.limits.payin)))

/**
 * What to collect and under which reference: the input of `Payins.charge`.
 *
 * A message of a queue can be decoded with this schema.
 *
 * **Gotchas**
 *
 * `Schema.toCodecStringTree` parses an amount as JavaScript parses numbers, so `"5e4"` is 50,000. If people write the
 * text, use `Form.payinIntent`.
 *
 * **Example** (A row of a CSV file, in which every value is text)
 *
 * ```ts
 * import { PayinIntent } from "@palomma-effect/schema"
 * import * as Schema from "effect/Schema"
 *
 * const fromRow = Schema.decodeUnknownSync(Schema.toCodecStringTree(PayinIntent))
 * const intent = fromRow({ reference: "fee-2026-11-ana", payinSourceId: "01HPR8S7YF43PV3QV16TZDC80P", amount: "50000" })
 * intent.amount // => 50000
 * ```
 *
 * @category models
 * @since 0.1.0
 */
export class PayinIntent extends Schema.Opaque<PayinIntent>()(intentOf(amount(defaultMerchantRules.limits.payin))) {
  /** Returns this schema for a merchant's rules: with that merchant's limits. */
  static forMerchant(rules: MerchantRules): Schema.Codec<PayinIntent> {
    return schemaFor(rules)
  }
}
