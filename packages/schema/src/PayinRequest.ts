/**
 * Payin requests: debits of a payin source.
 */
import * as Schema from "effect/Schema"
import { amount, type AmountLimits, defaultAmountLimits } from "./Amount.ts"
import { CustomerDetails } from "./Customer.ts"
import { CustomerId, MerchantAccountId, PayinRequestId, PayinSourceId } from "./Id.ts"
import { given } from "./internal/given.ts"
import { received, receivedId } from "./internal/received.ts"
import { Reference } from "./internal/text.ts"
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
 */
export type PayinStatus = typeof PayinStatus.Type
/** The schema of {@link PayinStatus}. */
export interface PayinStatusSchema extends OpenEnum.OpenStatus<
  keyof typeof statuses,
  "approved" | "partial" | "cancelled"
> {}
/** The state of a payin request. */
export const PayinStatus: PayinStatusSchema = OpenEnum.makeStatus("PayinStatus", statuses, [
  "approved",
  "partial",
  "cancelled"
])

/** One debit of a payin source. Amounts are pesos, never cents. */
export class PayinRequest extends Schema.Class<PayinRequest>("PayinRequest")({
  id: PayinRequestId,
  status: PayinStatus,
  payinSourceId: receivedId(PayinSourceId),
  /** What was asked to be debited. */
  amount: received(Schema.Finite),
  /** What was debited: 0 until the status is `approved` or `partial`. */
  amountCollected: received(Schema.Finite),
  /** What Palomma charges, taken off the amount collected when it is settled. */
  fee: received(Schema.Finite),
  reference: received(Schema.String),
  customerId: receivedId(CustomerId),
  customerDetails: received(CustomerDetails),
  payinSourceDetails: received(PayinSourceDetails),
  statusMessage: received(StatusMessage),
  /** The merchant account that is credited. */
  targetMerchantAccountId: receivedId(MerchantAccountId),
  createdAt: received(Timestamp),
  updatedAt: received(Timestamp)
}) {
  static {
    Sensitive.maskIn(this)
  }
}

const createOf = (limits: { readonly payin?: number | undefined }) =>
  Schema.Struct({
    payinSourceId: Schema.toType(PayinSourceId),
    /** Whole pesos, above 1,000. */
    amount: amount({ above: 1_000, atMost: limits.payin }),
    /** Your own name for the debit, by which it can be found again. Palomma does not require it to be unique. */
    reference: given(Reference),
    /** The merchant account to credit; the default one unless said otherwise. */
    targetMerchantAccountId: given(Schema.toType(MerchantAccountId))
  }).annotate({ identifier: "CreatePayinRequest" })

/** What it takes to debit a payin source. */
export class CreatePayinRequest extends Schema.Opaque<CreatePayinRequest>()(createOf(defaultAmountLimits)) {
  /** The same for a merchant with limits of their own. */
  static forMerchant(options: { readonly limits: AmountLimits }): Schema.Codec<CreatePayinRequest> {
    return createOf(options.limits)
  }
  /** What the contract says whoever the merchant is: the lower bound alone. */
  static readonly wire: Schema.Codec<CreatePayinRequest> = createOf({})
}
