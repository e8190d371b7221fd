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
  processing: "The bank is working on it.",
  approved: "The whole amount was debited.",
  partial: "A part was debited, since funds fell short; only sources with partial payins end so.",
  cancelled: "It ended in an error, and nothing was debited; the status message says why."
} as const

/**
 * The state of a payin request.
 *
 * **Gotchas**
 *
 * Palomma writes down no transitions. That `partial` is an end, as `approved` and `cancelled` are, is this library's reading: no
 * second debit of the rest is documented.
 *
 * @category models
 * @since 0.1.0
 */
export type PayinStatus = typeof PayinStatus.Type

/**
 * The schema of {@link PayinStatus}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface PayinStatusSchema extends OpenEnum.OpenStatus<
  keyof typeof statuses,
  "approved" | "partial" | "cancelled"
> {}

/**
 * The schema of the state of a payin request.
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
  /** What was asked to be debited. */
  amount: Schema.optionalKey(Figure),
  /** What was debited: 0 until the status is `approved` or `partial`. */
  amountCollected: Schema.optionalKey(Figure),
  /** What Palomma charges, taken off the amount collected when it is settled. */
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
 * What a webhook event holds of a payin request: its id, and what else could be read.
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
    /** Your own name for the debit, by which it can be found again. Palomma does not require it to be unique. */
    reference: optional(Reference),
    /** The merchant account to credit. The default is the merchant account `default`. */
    targetMerchantAccountId: optional(Schema.toType(MerchantAccountId))
  }).annotate({ identifier: "CreatePayinRequest" })

const acceptedBy = perMerchant((rules) => createOf(amount(rules.limits.payin)))

const { limits } = defaultMerchantRules

/**
 * What it takes to debit a payin source.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinRequest extends Schema.Opaque<CreatePayinRequest>()(createOf(amount(limits.payin))) {
  /** The same within a merchant's rules: with that merchant's limits. */
  static forMerchant(rules: MerchantRules): Schema.Codec<CreatePayinRequest> {
    return acceptedBy(rules)
  }
  /** What the contract says for all merchants. */
  static readonly wire: Schema.Codec<CreatePayinRequest> = createOf(anyAmount(limits.payin))
}
