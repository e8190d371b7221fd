/**
 * Payout targets: accounts that can receive money.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { AccountType } from "./AccountType.ts"
import { CustomerDetails } from "./Customer.ts"
import { CustomerId, PayoutTargetId } from "./Id.ts"
import { acceptedBank, acceptedValue, extraValues, unrecognizedLiteral } from "./internal/create/acceptedValue.ts"
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
  active: "It can receive money.",
  cancelled: "It failed. The status message has the reason."
} as const

/**
 * The status of a payout target.
 *
 * **Gotchas**
 *
 * Palomma documents a verification before `active`, but no status for it. Until 2024 it documented `pending`. Treat an
 * unrecognised status as "not active yet".
 *
 * @category models
 * @since 0.1.0
 */
export type PayoutTargetStatus = typeof PayoutTargetStatus.Type

/**
 * Type of the schema {@link PayoutTargetStatus}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface PayoutTargetStatusSchema extends OpenEnum.OpenStatus<keyof typeof statuses, "active" | "cancelled"> {}

/**
 * Schema of the status of a payout target: its known values and what each means.
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
 * Type of the schema {@link PayoutTargetType}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface PayoutTargetTypeSchema extends OpenEnum.OpenEnum<"bankAccount"> {}

/**
 * Schema of the kind of a payout target: its known values and their Spanish names.
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
  /** The page where the customer verifies the account. This library never requests it. */
  authUrl: Schema.optionalKey(Schema.String),
  redirectUrl: Schema.optionalKey(Schema.String),
  createdAt: Schema.optionalKey(Timestamp),
  updatedAt: Schema.optionalKey(Timestamp)
}

/**
 * An account that can receive money.
 *
 * Palomma never returns the bank account.
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
 * A payout target in a webhook event: its id, and the other fields that are readable.
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
 * The copy of a payout target's data in payout requests.
 *
 * It has no id.
 *
 * @category models
 * @since 0.1.0
 */
export class PayoutTargetDetails extends Record<PayoutTargetDetails>("PayoutTargetDetails")(details) {}

/**
 * Makes the schema of the banks that a merchant can pay out to: the documented ones and the additional ones of the
 * merchant.
 *
 * Any other string is invalid. The problem suggests the bank with the most similar name.
 *
 * @category schemas
 * @since 0.1.0
 */
export const acceptedPayoutBank = (extra: ReadonlyArray<string> = []): Schema.Codec<PayoutBank> =>
  acceptedBank(PayoutBank, "PayoutBank", "that Palomma pays out to", extra)

const createOf = <T, F extends Schema.Struct.Fields>(identifier: string, type: Schema.Codec<T>, fields: F) =>
  Schema.Struct({
    customerId: Schema.toType(CustomerId),
    /** The page that Palomma opens for the customer after the verification. */
    redirectUrl: Text,
    type,
    ...fields,
    /** Your own name for the account. */
    reference: optional(Reference),
    description: optional(Text)
  }).annotate({ identifier })

const onlyBankAccount = rule("one-of", "must be one of: bankAccount", { values: ["bankAccount"] })

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
 * The body of a request that registers a bank account as payout target.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayoutTargetBankAccount extends Schema.Opaque<CreatePayoutTargetBankAccount>()(
  bankAccountBody(acceptedPayoutBank(), acceptedValue(AccountType))
) {}

/**
 * The body of a request for a payout target of a type that this version does not know.
 *
 * Its `type` is `unrecognized("…")`. It is valid only if the merchant's rules list that type.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayoutTargetOther extends Schema.Opaque<CreatePayoutTargetOther>()(
  otherOf(Schema.toType(PayoutTargetType.unrecognized))
) {}

/**
 * The body of a request that registers an account to pay: a bank account, or a type that Palomma adds later.
 *
 * @category models
 * @since 0.1.0
 */
export type CreatePayoutTarget = CreatePayoutTargetBankAccount | CreatePayoutTargetOther

/**
 * Type of the schema {@link CreatePayoutTarget}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface CreatePayoutTargetSchema extends Schema.Codec<CreatePayoutTarget> {
  /**
   * Returns this schema for a merchant's rules: with the banks, kinds of account and types that Palomma enabled for
   * that merchant.
   */
  readonly forMerchant: (rules: MerchantRules) => Schema.Codec<CreatePayoutTarget>
  /**
   * The schema of the contract, for all merchants: any bank and any type, since Palomma may enable them for a merchant.
   */
  readonly wire: Schema.Codec<CreatePayoutTarget>
}

const anyOf = (
  bankAccount: ReturnType<typeof bankAccountBody>,
  others: ReadonlyArray<ReturnType<typeof otherOf>>,
  types: ReadonlyArray<string>
): Schema.Codec<CreatePayoutTarget> =>
  // A union would report only the wrong type of a body. With a single type, the problems of the other fields are
  // reported too.
  others.length === 0
    ? bankAccount
    : Schema.Union([bankAccount, ...others]).annotate(
        rule("type", `must have one of these types: ${types.join(", ")}`, { values: types })
      )

const forMerchant = perMerchant(({ extra }) => {
  const types = extraValues(PayoutTargetType, extra.payoutTargetTypes)
  return anyOf(
    bankAccountBody(acceptedPayoutBank(extra.payoutBanks), acceptedValue(AccountType, extra.accountTypes)),
    types.map((type) => otherOf(unrecognizedLiteral(type))),
    [...PayoutTargetType.values, ...types]
  )
})

/**
 * Schema of the body of a request that registers an account to pay, with one variant for each `type`.
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
