/**
 * Payout requests: transfers to a payout target.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { amount, anyAmount } from "./Amount.ts"
import { CustomerDetails } from "./Customer.ts"
import { CustomerId, MerchantAccountId, PayoutRequestId, PayoutTargetId } from "./Id.ts"
import { optional } from "./internal/check/optional.ts"
import { perMerchant } from "./internal/create/perMerchant.ts"
import { Figure } from "./internal/read/figure.ts"
import { Record } from "./internal/read/record.ts"
import { Reference } from "./internal/check/text.ts"
import { defaultMerchantRules, type MerchantRules } from "./MerchantRules.ts"
import * as OpenEnum from "./OpenEnum.ts"
import { PayoutTargetDetails } from "./PayoutTarget.ts"
import * as Sensitive from "./Sensitive.ts"
import { StatusMessage } from "./StatusMessage.ts"
import { Timestamp } from "./Timestamp.ts"

const statuses = {
  processing: "The bank is processing it.",
  approved: "The money was paid out.",
  cancelled: "It failed and nothing was paid. The status message has the reason."
} as const

/**
 * The status of a payout request.
 *
 * @category models
 * @since 0.1.0
 */
export type PayoutStatus = typeof PayoutStatus.Type

/**
 * Type of the schema {@link PayoutStatus}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface PayoutStatusSchema extends OpenEnum.OpenStatus<keyof typeof statuses, "approved" | "cancelled"> {}

/**
 * Schema of the status of a payout request: its known values and what each means.
 *
 * **Example** (Handling every status, future ones included)
 *
 * ```ts
 * import { PayoutStatus } from "@palomma-effect/schema"
 *
 * const say = PayoutStatus.match({
 *   processing: () => "wait",
 *   approved: () => "paid",
 *   cancelled: () => "not paid",
 *   Unrecognized: (status) => `wait, and ask Palomma about "${status}"`
 * })
 * say("approved") // => "paid"
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayoutStatus: PayoutStatusSchema = OpenEnum.makeStatus("PayoutStatus", statuses, ["approved", "cancelled"])

const others = {
  /** The amount that was sent: equal to `amount` from the beginning, and 0 after a cancellation. */
  amountSent: Schema.optionalKey(Figure),
  /** Palomma's fee. Its documentation does not state from which balance it deducts the fee of a payout. */
  fee: Schema.optionalKey(Figure),
  reference: Schema.optionalKey(Schema.String),
  customerId: Schema.optionalKey(CustomerId),
  customerDetails: Schema.optionalKey(CustomerDetails),
  payoutTargetDetails: Schema.optionalKey(PayoutTargetDetails),
  statusMessage: Schema.optionalKey(StatusMessage),
  sourceMerchantAccountId: Schema.optionalKey(MerchantAccountId),
  createdAt: Schema.optionalKey(Timestamp),
  updatedAt: Schema.optionalKey(Timestamp)
}

/**
 * One transfer to a payout target.
 *
 * Amounts are pesos, never cents.
 *
 * @category models
 * @since 0.1.0
 */
export class PayoutRequest extends Record<PayoutRequest>("PayoutRequest")({
  id: PayoutRequestId,
  status: PayoutStatus,
  payoutTargetId: PayoutTargetId,
  /** The amount to send. */
  amount: Figure,
  ...others
}) {
  static {
    Sensitive.maskIn(this)
  }
}

/**
 * A payout request in a webhook event: its id, and the other fields that are readable.
 *
 * @category models
 * @since 0.1.0
 */
export class PayoutRequestNotice extends Record<PayoutRequestNotice>("PayoutRequestNotice")({
  id: PayoutRequestId,
  status: Schema.optionalKey(PayoutStatus),
  payoutTargetId: Schema.optionalKey(PayoutTargetId),
  /** The amount to send. */
  amount: Schema.optionalKey(Figure),
  ...others
}) {
  static {
    Sensitive.maskIn(this)
  }
}

const createOf = (amount: Schema.Codec<number>) =>
  Schema.Struct({
    payoutTargetId: Schema.toType(PayoutTargetId),
    /** Whole pesos, above 1,000. */
    amount,
    /** Your own name for the transfer, to find it later. Palomma does not require it to be unique. */
    reference: optional(Reference),
    /** The merchant account that pays. The default is the merchant account `default`. */
    sourceMerchantAccountId: optional(Schema.toType(MerchantAccountId))
  }).annotate({ identifier: "CreatePayoutRequest" })

const schemaFor = perMerchant((rules) => createOf(amount(rules.limits.payout)))

const { limits } = defaultMerchantRules

/**
 * The body of a request that sends money to a payout target.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayoutRequest extends Schema.Opaque<CreatePayoutRequest>()(createOf(amount(limits.payout))) {
  /** Returns this schema for a merchant's rules: with that merchant's limits. */
  static forMerchant(rules: MerchantRules): Schema.Codec<CreatePayoutRequest> {
    return schemaFor(rules)
  }
  /** The schema of the contract, for all merchants: any amount above 0, since limits differ per merchant. */
  static readonly wire: Schema.Codec<CreatePayoutRequest> = createOf(anyAmount(limits.payout))
}
