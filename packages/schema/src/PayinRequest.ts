/**
 * Payin requests: debits of a payin source.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { amount, anyAmount } from "./Amount.ts"
import { CustomerDetails } from "./Customer.ts"
import { CustomerId, MerchantAccountId, PayinRequestId, PayinSourceId } from "./Id.ts"
import { optional } from "./internal/check/optional.ts"
import { perMerchant } from "./internal/create/perMerchant.ts"
import { Figure } from "./internal/read/figure.ts"
import { Record } from "./internal/read/record.ts"
import { Reference } from "./internal/check/text.ts"
import { defaultMerchantRules, type MerchantRules } from "./MerchantRules.ts"
import * as OpenEnum from "./OpenEnum.ts"
import { PayinSourceDetails } from "./PayinSource.ts"
import * as Sensitive from "./Sensitive.ts"
import { StatusMessage } from "./StatusMessage.ts"
import { Timestamp } from "./Timestamp.ts"

const statuses = {
  processing: "The bank is processing it.",
  approved: "The full amount was debited.",
  partial:
    "A part was debited, since the account did not hold the full amount. Only sources with partial payins can end like this.",
  cancelled: "It failed and nothing was debited. The status message has the reason."
} as const

/**
 * The status of a payin request.
 *
 * **Gotchas**
 *
 * Palomma documents no transitions. This library treats `partial` as final, like `approved` and `cancelled`, since
 * Palomma does not document a second debit of the rest.
 *
 * @category models
 * @since 0.1.0
 */
export type PayinStatus = typeof PayinStatus.Type

/**
 * Type of the schema {@link PayinStatus}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface PayinStatusSchema extends OpenEnum.OpenStatus<
  keyof typeof statuses,
  "approved" | "partial" | "cancelled"
> {}

/**
 * Schema of the status of a payin request: its known values and what each means.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayinStatus: PayinStatusSchema = OpenEnum.makeStatus("PayinStatus", statuses, [
  "approved",
  "partial",
  "cancelled"
])

const others = {
  payinSourceId: Schema.optionalKey(PayinSourceId),
  /** The amount to debit. */
  amount: Schema.optionalKey(Figure),
  /** The amount that was debited: 0 until the status is `approved` or `partial`. */
  amountCollected: Schema.optionalKey(Figure),
  /** Palomma's fee, which it deducts from the collected amount at the settlement. */
  fee: Schema.optionalKey(Figure),
  reference: Schema.optionalKey(Schema.String),
  customerId: Schema.optionalKey(CustomerId),
  customerDetails: Schema.optionalKey(CustomerDetails),
  payinSourceDetails: Schema.optionalKey(PayinSourceDetails),
  statusMessage: Schema.optionalKey(StatusMessage),
  /** The merchant account that is credited. */
  targetMerchantAccountId: Schema.optionalKey(MerchantAccountId),
  createdAt: Schema.optionalKey(Timestamp),
  updatedAt: Schema.optionalKey(Timestamp)
}

/**
 * One debit of a payin source.
 *
 * Amounts are pesos, never cents.
 *
 * @category models
 * @since 0.1.0
 */
export class PayinRequest extends Record<PayinRequest>("PayinRequest")({
  id: PayinRequestId,
  status: PayinStatus,
  ...others
}) {
  static {
    Sensitive.maskIn(this)
  }
}

/**
 * A payin request in a webhook event: its id, and the other fields that are readable.
 *
 * @category models
 * @since 0.1.0
 */
export class PayinRequestNotice extends Record<PayinRequestNotice>("PayinRequestNotice")({
  id: PayinRequestId,
  status: Schema.optionalKey(PayinStatus),
  ...others
}) {
  static {
    Sensitive.maskIn(this)
  }
}

const createOf = (amount: Schema.Codec<number>) =>
  Schema.Struct({
    payinSourceId: Schema.toType(PayinSourceId),
    /** Whole pesos, above 1,000. */
    amount,
    /** Your own name for the debit, to find it later. Palomma does not require it to be unique. */
    reference: optional(Reference),
    /** The merchant account to credit. The default is the merchant account `default`. */
    targetMerchantAccountId: optional(Schema.toType(MerchantAccountId))
  }).annotate({ identifier: "CreatePayinRequest" })

const schemaFor = perMerchant((rules) => createOf(amount(rules.limits.payin)))

const { limits } = defaultMerchantRules

/**
 * The body of a request that debits a payin source.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinRequest extends Schema.Opaque<CreatePayinRequest>()(createOf(amount(limits.payin))) {
  /** Returns this schema for a merchant's rules: with that merchant's limits. */
  static forMerchant(rules: MerchantRules): Schema.Codec<CreatePayinRequest> {
    return schemaFor(rules)
  }
  /** The schema of the contract, for all merchants: any amount above 0, since limits differ per merchant. */
  static readonly wire: Schema.Codec<CreatePayinRequest> = createOf(anyAmount(limits.payin))
}
