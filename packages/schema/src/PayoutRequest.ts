/**
 * Payout requests: transfers to a payout target.
 */
import * as Schema from "effect/Schema"
import { amount, type AmountLimits, defaultAmountLimits } from "./Amount.ts"
import { CustomerDetails } from "./Customer.ts"
import { CustomerId, MerchantAccountId, PayoutRequestId, PayoutTargetId } from "./Id.ts"
import { given } from "./internal/given.ts"
import { received, receivedId } from "./internal/received.ts"
import { Reference } from "./internal/text.ts"
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

/** The state of a payout request. */
export type PayoutStatus = typeof PayoutStatus.Type
/** The schema of {@link PayoutStatus}. */
export interface PayoutStatusSchema extends OpenEnum.OpenStatus<keyof typeof statuses, "approved" | "cancelled"> {}
/**
 * The state of a payout request.
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
 *   Unrecognized: (status) => `wait, and tell somebody about "${status}"`
 * })
 * say("approved") // => "paid"
 * ```
 */
export const PayoutStatus: PayoutStatusSchema = OpenEnum.makeStatus("PayoutStatus", statuses, ["approved", "cancelled"])

/** One transfer to a payout target. Amounts are pesos, never cents. */
export class PayoutRequest extends Schema.Class<PayoutRequest>("PayoutRequest")({
  id: PayoutRequestId,
  status: PayoutStatus,
  payoutTargetId: PayoutTargetId,
  /** What was asked to be sent. */
  amount: Schema.Finite,
  /** What was sent: equals `amount` from the start and becomes 0 if cancelled. */
  amountSent: received(Schema.Finite),
  /** What Palomma charges. Its documentation does not say what a payout's fee is taken from. */
  fee: received(Schema.Finite),
  reference: received(Schema.String),
  customerId: receivedId(CustomerId),
  customerDetails: received(CustomerDetails),
  payoutTargetDetails: received(PayoutTargetDetails),
  statusMessage: received(StatusMessage),
  sourceMerchantAccountId: receivedId(MerchantAccountId),
  createdAt: received(Timestamp),
  updatedAt: received(Timestamp)
}) {
  static {
    Sensitive.maskIn(this)
  }
}

const createOf = (limits: { readonly payout?: number | undefined }) =>
  Schema.Struct({
    payoutTargetId: Schema.toType(PayoutTargetId),
    /** Whole pesos, above 1,000. */
    amount: amount({ above: 1_000, atMost: limits.payout }),
    /** Your own name for the transfer, by which it can be found again. Palomma does not require it to be unique. */
    reference: given(Reference),
    /** The merchant account to draw on; the default one unless said otherwise. */
    sourceMerchantAccountId: given(Schema.toType(MerchantAccountId))
  }).annotate({ identifier: "CreatePayoutRequest" })

/** What it takes to send money to a payout target. */
export class CreatePayoutRequest extends Schema.Opaque<CreatePayoutRequest>()(createOf(defaultAmountLimits)) {
  /** The same for a merchant with limits of their own. */
  static forMerchant(options: { readonly limits: AmountLimits }): Schema.Codec<CreatePayoutRequest> {
    return createOf(options.limits)
  }
  /** What the contract says whoever the merchant is: the lower bound alone. */
  static readonly wire: Schema.Codec<CreatePayoutRequest> = createOf({})
}
