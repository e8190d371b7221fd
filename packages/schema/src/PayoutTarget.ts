/**
 * Payout targets: the accounts that money can be sent to.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { AccountType } from "./AccountType.ts"
import { CustomerDetails } from "./Customer.ts"
import { CustomerId, PayoutTargetId } from "./Id.ts"
import { acceptedBank, acceptedValue, addedTo, literalOf } from "./internal/create/acceptedValue.ts"
import { bankAccountOf } from "./internal/create/bankAccount.ts"
import { optional } from "./internal/check/optional.ts"
import { perMerchant } from "./internal/create/perMerchant.ts"
import { Record } from "./internal/read/record.ts"
import { rule } from "./internal/rule.ts"
import { Reference, Text } from "./internal/check/text.ts"
import { defaultMerchantRules, type MerchantRules } from "./MerchantRules.ts"
import * as OpenEnum from "./OpenEnum.ts"
import { PayoutBank } from "./PayoutBank.ts"
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
 *
 * @category models
 * @since 0.1.0
 */
export type PayoutTargetStatus = typeof PayoutTargetStatus.Type

/**
 * The schema of {@link PayoutTargetStatus}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface PayoutTargetStatusSchema extends OpenEnum.OpenStatus<keyof typeof statuses, "active" | "cancelled"> {}

/**
 * The schema of the state of a payout target.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayoutTargetStatus: PayoutTargetStatusSchema = OpenEnum.makeStatus("PayoutTargetStatus", statuses, [
  "active",
  "cancelled"
])

/**
 * The kind of a payout target.
 *
 * @category models
 * @since 0.1.0
 */
export type PayoutTargetType = typeof PayoutTargetType.Type

/**
 * The schema of {@link PayoutTargetType}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface PayoutTargetTypeSchema extends OpenEnum.OpenEnum<"bankAccount"> {}

/**
 * The schema of the kind of a payout target.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayoutTargetType: PayoutTargetTypeSchema = OpenEnum.make("PayoutTargetType", {
  bankAccount: "Cuenta bancaria"
})

const details = {
  reference: Schema.optionalKey(Schema.String),
  description: Schema.optionalKey(Schema.String),
  type: Schema.optionalKey(PayoutTargetType)
}

const others = {
  ...details,
  customerId: Schema.optionalKey(CustomerId),
  customerDetails: Schema.optionalKey(CustomerDetails),
  statusMessage: Schema.optionalKey(StatusMessage),
  /** The page where the customer verifies the account. Never fetched by this library. */
  authUrl: Schema.optionalKey(Schema.String),
  redirectUrl: Schema.optionalKey(Schema.String),
  createdAt: Schema.optionalKey(Timestamp),
  updatedAt: Schema.optionalKey(Timestamp)
}

/**
 * An account that money can be sent to.
 *
 * Palomma never echoes the bank account itself.
 *
 * @category models
 * @since 0.1.0
 */
export class PayoutTarget extends Record<PayoutTarget>("PayoutTarget")({
  id: PayoutTargetId,
  status: PayoutTargetStatus,
  ...others
}) {
  static {
    Sensitive.maskIn(this)
  }
}

/**
 * What a webhook event holds of a payout target: its id, and what else could be read.
 *
 * @category models
 * @since 0.1.0
 */
export class PayoutTargetNotice extends Record<PayoutTargetNotice>("PayoutTargetNotice")({
  id: PayoutTargetId,
  status: Schema.optionalKey(PayoutTargetStatus),
  ...others
}) {
  static {
    Sensitive.maskIn(this)
  }
}

/**
 * The copy of a payout target's data that payout requests carry.
 *
 * It has no id.
 *
 * @category models
 * @since 0.1.0
 */
export class PayoutTargetDetails extends Record<PayoutTargetDetails>("PayoutTargetDetails")(details) {}

/**
 * The banks a merchant can pay out to: those that Palomma documents, and those of the merchant.
 *
 * Every other string is refused, and the nearest bank is suggested.
 *
 * @category schemas
 * @since 0.1.0
 */
export const acceptedPayoutBank = (extra: ReadonlyArray<string> = []): Schema.Codec<PayoutBank> =>
  acceptedBank(PayoutBank, "PayoutBank", "that Palomma pays out to", extra)

const createOf = <T, F extends Schema.Struct.Fields>(identifier: string, type: Schema.Codec<T>, fields: F) =>
  Schema.Struct({
    customerId: Schema.toType(CustomerId),
    /** Where Palomma sends the customer after the verification. */
    redirectUrl: Text,
    type,
    ...fields,
    /** Your own name for the account. */
    reference: optional(Reference),
    description: optional(Text)
  }).annotate({ identifier })

const onlyBankAccount = rule("one-of", "must be one of: bankAccount")

const bankAccountBody = (bank: Schema.Codec<PayoutBank>, accountType: Schema.Codec<AccountType>) =>
  createOf("CreatePayoutTargetBankAccount", Schema.Literal("bankAccount").annotate(onlyBankAccount), {
    bankAccount: bankAccountOf(bank, accountType).annotate({ identifier: "PayoutBankAccount" })
  })

const otherOf = (type: Schema.Codec<OpenEnum.Unrecognized>) => createOf("CreatePayoutTargetOther", type, {})

/**
 * The bank account of a new payout target.
 *
 * @category models
 * @since 0.1.0
 */
export interface PayoutBankAccount extends Schema.Schema.Type<ReturnType<typeof bankAccountOf<PayoutBank>>> {}

/**
 * A target that is a bank account.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayoutTargetBankAccount extends Schema.Opaque<CreatePayoutTargetBankAccount>()(
  bankAccountBody(acceptedPayoutBank(), acceptedValue(AccountType))
) {}

/**
 * A target of a type that this version does not know: its `type` is `unrecognized("…")`, and the merchant's rules list
 * it.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayoutTargetOther extends Schema.Opaque<CreatePayoutTargetOther>()(
  otherOf(Schema.toType(PayoutTargetType.unrecognized))
) {}

/**
 * What it takes to register an account that money can be sent to: a bank account, and the types to come, told apart by
 * `type`.
 *
 * @category models
 * @since 0.1.0
 */
export type CreatePayoutTarget = CreatePayoutTargetBankAccount | CreatePayoutTargetOther

/**
 * The schema of {@link CreatePayoutTarget}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface CreatePayoutTargetSchema extends Schema.Codec<CreatePayoutTarget> {
  /** The same within a merchant's rules: with the banks, the kinds of account and the types that Palomma opened for that merchant. */
  readonly forMerchant: (rules: MerchantRules) => Schema.Codec<CreatePayoutTarget>
  /** What the contract says for all merchants: any bank and any type may be open to one of them. */
  readonly wire: Schema.Codec<CreatePayoutTarget>
}

const anyOf = (
  bankAccount: ReturnType<typeof bankAccountBody>,
  others: ReadonlyArray<ReturnType<typeof otherOf>>,
  types: ReadonlyArray<string>
): Schema.Codec<CreatePayoutTarget> =>
  others.length === 0
    ? // Of a union, a body of a wrong type would be told its type alone; what the only type needs can be told beside it.
      bankAccount
    : Schema.Union([bankAccount, ...others]).annotate(
        rule("type", `must have a type that is one of: ${types.join(", ")}`)
      )

const forMerchant = perMerchant(({ extra }) => {
  const types = addedTo(PayoutTargetType, extra.payoutTargetTypes)
  return anyOf(
    bankAccountBody(acceptedPayoutBank(extra.payoutBanks), acceptedValue(AccountType, extra.accountTypes)),
    types.map((type) => otherOf(literalOf(type))),
    [...PayoutTargetType.values, ...types]
  )
})

/**
 * The schema of what it takes to register an account that money can be sent to: a bank account, and the types to come,
 * told apart by `type`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CreatePayoutTarget: CreatePayoutTargetSchema = Schema.make<CreatePayoutTargetSchema>(
  forMerchant(defaultMerchantRules).ast,
  {
    forMerchant,
    wire: anyOf(
      bankAccountBody(Schema.toType(PayoutBank), Schema.toType(AccountType)),
      [otherOf(Schema.toType(PayoutTargetType.unrecognized))],
      PayoutTargetType.values
    )
  }
)
