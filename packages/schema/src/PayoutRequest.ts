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
  processing: "The bank is working on it.",
  approved: "The money was paid out.",
  cancelled: "It ended in an error, and nothing was paid; the status message says why."
} as const

/**
 * The state of a payout request.
 *
 * @category models
 * @since 0.1.0
 */
export type PayoutStatus = typeof PayoutStatus.Type

/**
 * The schema of {@link PayoutStatus}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface PayoutStatusSchema extends OpenEnum.OpenStatus<keyof typeof statuses, "approved" | "cancelled"> {}

/**
 * The schema of the state of a payout request.
 *
 * **Example** (Handling every status, those to come included)
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
  /** What was sent: equals `amount` from the start and becomes 0 if cancelled. */
  amountSent: Schema.optionalKey(Figure),
  /** What Palomma charges. Its documentation does not say what a payout's fee is taken from. */
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
  /** What was asked to be sent. */
  amount: Figure,
  ...others
}) {
  static {
    Sensitive.maskIn(this)
  }
}

/**
 * What a webhook event holds of a payout request: its id, and what else could be read.
 *
 * @category models
 * @since 0.1.0
 */
export class PayoutRequestNotice extends Record<PayoutRequestNotice>("PayoutRequestNotice")({
  id: PayoutRequestId,
  status: Schema.optionalKey(PayoutStatus),
  payoutTargetId: Schema.optionalKey(PayoutTargetId),
  /** What was asked to be sent. */
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
    /** Your own name for the transfer, by which it can be found again. Palomma does not require it to be unique. */
    reference: optional(Reference),
    /** The merchant account to draw on. The default is the merchant account `default`. */
    sourceMerchantAccountId: optional(Schema.toType(MerchantAccountId))
  }).annotate({ identifier: "CreatePayoutRequest" })

const acceptedBy = perMerchant((rules) => createOf(amount(rules.limits.payout)))

const { limits } = defaultMerchantRules

/**
 * What it takes to send money to a payout target.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayoutRequest extends Schema.Opaque<CreatePayoutRequest>()(createOf(amount(limits.payout))) {
  /** The same within a merchant's rules: with that merchant's limits. */
  static forMerchant(rules: MerchantRules): Schema.Codec<CreatePayoutRequest> {
    return acceptedBy(rules)
  }
  /** What the contract says for all merchants. */
  static readonly wire: Schema.Codec<CreatePayoutRequest> = createOf(anyAmount(limits.payout))
}
