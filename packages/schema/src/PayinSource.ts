/**
 * Payin sources: accounts whose owners allowed them to be debited, again and again.
 */
import * as Schema from "effect/Schema"
import { CustomerDetails } from "./Customer.ts"
import { DirectDebitBank } from "./DirectDebitBank.ts"
import { CustomerId, PayinSourceId } from "./Id.ts"
import { acceptedBank, bankAccountOf } from "./internal/bankAccount.ts"
import { given } from "./internal/given.ts"
import { received, receivedId } from "./internal/received.ts"
import { Reference, Text } from "./internal/text.ts"
import * as OpenEnum from "./OpenEnum.ts"
import * as Sensitive from "./Sensitive.ts"
import { StatusMessage } from "./StatusMessage.ts"
import { Timestamp } from "./Timestamp.ts"

const statuses = {
  pending: "It waits for the customer, who has to be sent to its authorization page.",
  processing: "The bank is verifying the account.",
  active: "It can be debited.",
  cancelled: "It ended in an error; the status message says why."
} as const

/** The state of a payin source. */
export type PayinSourceStatus = typeof PayinSourceStatus.Type
/** The schema of {@link PayinSourceStatus}. */
export interface PayinSourceStatusSchema extends OpenEnum.OpenStatus<keyof typeof statuses, "active" | "cancelled"> {}
/** The state of a payin source. */
export const PayinSourceStatus: PayinSourceStatusSchema = OpenEnum.makeStatus("PayinSourceStatus", statuses, [
  "active",
  "cancelled"
])

const types = {
  bankAccount: "Cuenta bancaria",
  bancolombiaToken: "Bancolombia",
  nequiToken: "Nequi"
} as const

/** The kind of a payin source. */
export type PayinSourceType = typeof PayinSourceType.Type
/** The schema of {@link PayinSourceType}. */
export interface PayinSourceTypeSchema extends OpenEnum.OpenEnum<keyof typeof types> {}
/** The kind of a payin source. */
export const PayinSourceType: PayinSourceTypeSchema = OpenEnum.make("PayinSourceType", types)

const details = {
  reference: received(Schema.String),
  description: received(Schema.String),
  /** Whether a debit may take what there is where funds fall short. Bancolombia accounts only. */
  partialPayinsEnabled: received(Schema.Boolean),
  type: received(PayinSourceType)
}

/**
 * An account that can be debited.
 *
 * Palomma never echoes the bank account or the phone itself.
 */
export class PayinSource extends Schema.Class<PayinSource>("PayinSource")({
  id: PayinSourceId,
  status: PayinSourceStatus,
  ...details,
  customerId: receivedId(CustomerId),
  customerDetails: received(CustomerDetails),
  statusMessage: received(StatusMessage),
  /** The page where the customer allows the debits. Never fetched by this library. */
  authUrl: received(Schema.String),
  redirectUrl: received(Schema.String),
  createdAt: received(Timestamp),
  updatedAt: received(Timestamp)
}) {
  static {
    Sensitive.maskIn(this)
  }
}

/** The copy of a payin source's data that payin requests carry. It has no id. */
export class PayinSourceDetails extends Schema.Class<PayinSourceDetails>("PayinSourceDetails")(details) {}

const createOf = <const T extends string, F extends Schema.Struct.Fields>(identifier: string, type: T, fields: F) =>
  Schema.Struct({
    customerId: Schema.toType(CustomerId),
    /** Where Palomma sends the customer afterwards. */
    redirectUrl: Text,
    type: Schema.Literal(type),
    ...fields,
    /** Your own name for the source. */
    reference: given(Reference),
    description: given(Text)
  }).annotate({ identifier })

const bankAccount = bankAccountOf(
  acceptedBank(DirectDebitBank, "DirectDebitBank", "whose accounts Palomma can debit")
).annotate({
  identifier: "DirectDebitBankAccount"
})

/** A source that is a bank account. */
export class CreatePayinSourceBankAccount extends Schema.Opaque<CreatePayinSourceBankAccount>()(
  createOf("CreatePayinSourceBankAccount", "bankAccount", {
    bankAccount,
    /** Lets a debit take what there is where funds fall short. Bancolombia accounts only; off unless said. */
    partialPayinsEnabled: given(Schema.Boolean.annotate({ message: "must be true or false" }))
  })
) {}
/** A source that the customer picks in Bancolombia's own application. */
export class CreatePayinSourceBancolombiaToken extends Schema.Opaque<CreatePayinSourceBancolombiaToken>()(
  createOf("CreatePayinSourceBancolombiaToken", "bancolombiaToken", {})
) {}
/** A source that is a Nequi account. */
export class CreatePayinSourceNequiToken extends Schema.Opaque<CreatePayinSourceNequiToken>()(
  createOf("CreatePayinSourceNequiToken", "nequiToken", {
    /** The customer's Nequi number. */
    phoneNumber: Sensitive.mark(Text)
  })
) {}

/** What it takes to register an account that can be debited: three kinds, told apart by `type`. */
export type CreatePayinSource =
  | CreatePayinSourceBankAccount
  | CreatePayinSourceBancolombiaToken
  | CreatePayinSourceNequiToken

/** The schema of {@link CreatePayinSource}. */
export interface CreatePayinSourceSchema extends Schema.Codec<CreatePayinSource> {}

/** What it takes to register an account that can be debited: three kinds, told apart by `type`. */
export const CreatePayinSource: CreatePayinSourceSchema = Schema.Union([
  CreatePayinSourceBankAccount,
  CreatePayinSourceBancolombiaToken,
  CreatePayinSourceNequiToken
]).annotate({ message: `must have a type that is one of: ${PayinSourceType.values.join(", ")}` })
