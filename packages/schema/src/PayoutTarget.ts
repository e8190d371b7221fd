/**
 * Payout targets: the accounts that money can be sent to.
 */
import * as Schema from "effect/Schema"
import { CustomerDetails } from "./Customer.ts"
import { CustomerId, PayoutTargetId } from "./Id.ts"
import { type AcceptedBank, acceptedBank, bankAccountOf } from "./internal/bankAccount.ts"
import { given } from "./internal/given.ts"
import { received, receivedId } from "./internal/received.ts"
import { Reference, Text } from "./internal/text.ts"
import * as OpenEnum from "./OpenEnum.ts"
import { PayoutBank, type PayoutBankSchema } from "./PayoutBank.ts"
import * as Sensitive from "./Sensitive.ts"
import { StatusMessage } from "./StatusMessage.ts"
import { Timestamp } from "./Timestamp.ts"

const statuses = {
  active: "It can be paid.",
  cancelled: "It ended in an error; the status message says why."
} as const

/**
 * The state of a payout target.
 *
 * **Gotchas**
 *
 * Palomma documents a verification step before `active` but no status for it (`pending` stood there until 2024): an unrecognised
 * status means "not yet".
 */
export type PayoutTargetStatus = typeof PayoutTargetStatus.Type
/** The schema of {@link PayoutTargetStatus}. */
export interface PayoutTargetStatusSchema extends OpenEnum.OpenStatus<keyof typeof statuses, "active" | "cancelled"> {}
/** The state of a payout target. */
export const PayoutTargetStatus: PayoutTargetStatusSchema = OpenEnum.makeStatus("PayoutTargetStatus", statuses, [
  "active",
  "cancelled"
])

/** The kind of a payout target. */
export type PayoutTargetType = typeof PayoutTargetType.Type
/** The schema of {@link PayoutTargetType}. */
export interface PayoutTargetTypeSchema extends OpenEnum.OpenEnum<"bankAccount"> {}
/** The kind of a payout target. */
export const PayoutTargetType: PayoutTargetTypeSchema = OpenEnum.make("PayoutTargetType", {
  bankAccount: "Cuenta bancaria"
})

/**
 * An account that money can be sent to.
 *
 * Palomma never echoes the bank account itself.
 */
export class PayoutTarget extends Schema.Class<PayoutTarget>("PayoutTarget")({
  id: PayoutTargetId,
  status: PayoutTargetStatus,
  reference: received(Schema.String),
  description: received(Schema.String),
  customerId: receivedId(CustomerId),
  customerDetails: received(CustomerDetails),
  statusMessage: received(StatusMessage),
  /** The page where the customer verifies the account. Never fetched by this library. */
  authUrl: received(Schema.String),
  redirectUrl: received(Schema.String),
  type: received(PayoutTargetType),
  createdAt: received(Timestamp),
  updatedAt: received(Timestamp)
}) {
  static {
    Sensitive.maskIn(this)
  }
}

/** The copy of a payout target's data that payout requests carry. It has no id. */
export class PayoutTargetDetails extends Schema.Class<PayoutTargetDetails>("PayoutTargetDetails")({
  reference: received(Schema.String),
  description: received(Schema.String),
  type: received(PayoutTargetType)
}) {}

/**
 * The banks a merchant can pay out to: the 55 that Palomma documents, and those it opened for that merchant.
 *
 * Every other string is refused, and the nearest bank is suggested.
 */
export const acceptedPayoutBank = (extra: ReadonlyArray<string> = []): AcceptedBank<PayoutBankSchema> =>
  acceptedBank(PayoutBank, "PayoutBank", "that Palomma pays out to", extra)

const createOf = <B extends Schema.Top>(bank: B) =>
  Schema.Struct({
    customerId: Schema.toType(CustomerId),
    /** Where Palomma sends the customer after the verification. */
    redirectUrl: Text,
    type: Schema.Literal("bankAccount"),
    bankAccount: bankAccountOf(bank).annotate({ identifier: "PayoutBankAccount" }),
    /** Your own name for the account. */
    reference: given(Reference),
    description: given(Text)
  }).annotate({ identifier: "CreatePayoutTargetBankAccount" })

/** The bank account of a new payout target. */
export interface PayoutBankAccount extends Schema.Schema.Type<
  ReturnType<typeof bankAccountOf<Schema.Codec<PayoutBank>>>
> {}

/** What it takes to register an account that money can be sent to. */
export class CreatePayoutTarget extends Schema.Opaque<CreatePayoutTarget>()(createOf(acceptedPayoutBank())) {
  /** The same for a merchant for whom Palomma opened further banks. */
  static forMerchant(options: { readonly extraPayoutBanks: ReadonlyArray<string> }): Schema.Codec<CreatePayoutTarget> {
    return createOf(acceptedPayoutBank(options.extraPayoutBanks))
  }
  /** What the contract says whoever the merchant is: any bank may be open to somebody. */
  static readonly wire: Schema.Codec<CreatePayoutTarget> = createOf(Schema.toType(PayoutBank))
}
