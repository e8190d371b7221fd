/**
 * Payin sources: accounts whose owners allowed them to be debited, again and again.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { AccountType } from "./AccountType.ts"
import { CustomerDetails } from "./Customer.ts"
import { DirectDebitBank } from "./DirectDebitBank.ts"
import { CustomerId, PayinSourceId } from "./Id.ts"
import { acceptedBank, acceptedValue, addedTo, literalOf } from "./internal/create/acceptedValue.ts"
import { bankAccountOf } from "./internal/create/bankAccount.ts"
import { optional } from "./internal/check/optional.ts"
import { perMerchant } from "./internal/create/perMerchant.ts"
import { Record } from "./internal/read/record.ts"
import { rule } from "./internal/rule.ts"
import { Reference, Text } from "./internal/check/text.ts"
import { defaultMerchantRules, type MerchantRules } from "./MerchantRules.ts"
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

/**
 * The state of a payin source.
 *
 * @category models
 * @since 0.1.0
 */
export type PayinSourceStatus = typeof PayinSourceStatus.Type

/**
 * The schema of {@link PayinSourceStatus}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface PayinSourceStatusSchema extends OpenEnum.OpenStatus<keyof typeof statuses, "active" | "cancelled"> {}

/**
 * The schema of the state of a payin source.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayinSourceStatus: PayinSourceStatusSchema = OpenEnum.makeStatus("PayinSourceStatus", statuses, [
  "active",
  "cancelled"
])

const types = {
  bankAccount: "Cuenta bancaria",
  bancolombiaToken: "Bancolombia",
  nequiToken: "Nequi"
} as const

/**
 * The kind of a payin source.
 *
 * @category models
 * @since 0.1.0
 */
export type PayinSourceType = typeof PayinSourceType.Type

/**
 * The schema of {@link PayinSourceType}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface PayinSourceTypeSchema extends OpenEnum.OpenEnum<keyof typeof types> {}

/**
 * The schema of the kind of a payin source.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayinSourceType: PayinSourceTypeSchema = OpenEnum.make("PayinSourceType", types)

const details = {
  reference: Schema.optionalKey(Schema.String),
  description: Schema.optionalKey(Schema.String),
  /** Whether a debit may take what there is if funds fall short. Bancolombia accounts only. */
  partialPayinsEnabled: Schema.optionalKey(Schema.Boolean),
  type: Schema.optionalKey(PayinSourceType)
}

const others = {
  ...details,
  customerId: Schema.optionalKey(CustomerId),
  customerDetails: Schema.optionalKey(CustomerDetails),
  statusMessage: Schema.optionalKey(StatusMessage),
  /** The page where the customer allows the debits. Never fetched by this library. */
  authUrl: Schema.optionalKey(Schema.String),
  redirectUrl: Schema.optionalKey(Schema.String),
  createdAt: Schema.optionalKey(Timestamp),
  updatedAt: Schema.optionalKey(Timestamp)
}

/**
 * An account that can be debited.
 *
 * Palomma never echoes the bank account or the phone itself.
 *
 * @category models
 * @since 0.1.0
 */
export class PayinSource extends Record<PayinSource>("PayinSource")({
  id: PayinSourceId,
  status: PayinSourceStatus,
  ...others
}) {
  static {
    Sensitive.maskIn(this)
  }
}

/**
 * What a webhook event holds of a payin source: its id, and what else could be read.
 *
 * @category models
 * @since 0.1.0
 */
export class PayinSourceNotice extends Record<PayinSourceNotice>("PayinSourceNotice")({
  id: PayinSourceId,
  status: Schema.optionalKey(PayinSourceStatus),
  ...others
}) {
  static {
    Sensitive.maskIn(this)
  }
}

/**
 * The copy of a payin source's data that payin requests carry.
 *
 * It has no id.
 *
 * @category models
 * @since 0.1.0
 */
export class PayinSourceDetails extends Record<PayinSourceDetails>("PayinSourceDetails")(details) {}

const createOf = <T, F extends Schema.Struct.Fields>(identifier: string, type: Schema.Codec<T>, fields: F) =>
  Schema.Struct({
    customerId: Schema.toType(CustomerId),
    /** Where Palomma sends the customer afterwards. */
    redirectUrl: Text,
    type,
    ...fields,
    /** Your own name for the source. */
    reference: optional(Reference),
    description: optional(Text)
  }).annotate({ identifier })

const variantsOf = (bank: Schema.Codec<DirectDebitBank>, accountType: Schema.Codec<AccountType>) => ({
  bankAccount: createOf("CreatePayinSourceBankAccount", Schema.Literal("bankAccount"), {
    bankAccount: bankAccountOf(bank, accountType).annotate({ identifier: "DirectDebitBankAccount" }),
    /** Lets a debit take what there is if funds fall short. Bancolombia accounts only; the default is `false`. */
    partialPayinsEnabled: optional(Schema.Boolean.annotate(rule("boolean", "must be true or false")))
  }),
  bancolombiaToken: createOf("CreatePayinSourceBancolombiaToken", Schema.Literal("bancolombiaToken"), {}),
  nequiToken: createOf("CreatePayinSourceNequiToken", Schema.Literal("nequiToken"), {
    /** The customer's Nequi number. */
    phoneNumber: Sensitive.mark(Text)
  })
})

const otherOf = (type: Schema.Codec<OpenEnum.Unrecognized>) => createOf("CreatePayinSourceOther", type, {})

const acceptedDirectDebitBank = (extra: ReadonlyArray<string> = []): Schema.Codec<DirectDebitBank> =>
  acceptedBank(DirectDebitBank, "DirectDebitBank", "whose accounts Palomma can debit", extra)

const documented = variantsOf(acceptedDirectDebitBank(), acceptedValue(AccountType))

/**
 * A source that is a bank account.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinSourceBankAccount extends Schema.Opaque<CreatePayinSourceBankAccount>()(
  documented.bankAccount
) {}

/**
 * A source that the customer picks in Bancolombia's own application.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinSourceBancolombiaToken extends Schema.Opaque<CreatePayinSourceBancolombiaToken>()(
  documented.bancolombiaToken
) {}

/**
 * A source that is a Nequi account.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinSourceNequiToken extends Schema.Opaque<CreatePayinSourceNequiToken>()(documented.nequiToken) {}

/**
 * A source of a type that this version does not know: its `type` is `unrecognized("…")`, and the merchant's rules list
 * it.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinSourceOther extends Schema.Opaque<CreatePayinSourceOther>()(
  otherOf(Schema.toType(PayinSourceType.unrecognized))
) {}

/**
 * What it takes to register an account that can be debited: three kinds, told apart by `type`, and those to come.
 *
 * @category models
 * @since 0.1.0
 */
export type CreatePayinSource =
  | CreatePayinSourceBankAccount
  | CreatePayinSourceBancolombiaToken
  | CreatePayinSourceNequiToken
  | CreatePayinSourceOther

/**
 * The schema of {@link CreatePayinSource}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface CreatePayinSourceSchema extends Schema.Codec<CreatePayinSource> {
  /** The same within a merchant's rules: with the banks, the kinds of account and the types that Palomma opened for that merchant. */
  readonly forMerchant: (rules: MerchantRules) => Schema.Codec<CreatePayinSource>
  /** What the contract says for all merchants: any bank and any type may be open to one of them. */
  readonly wire: Schema.Codec<CreatePayinSource>
}

const anyOf = (
  variants: ReturnType<typeof variantsOf>,
  others: ReadonlyArray<ReturnType<typeof otherOf>>,
  types: ReadonlyArray<string>
): Schema.Codec<CreatePayinSource> =>
  Schema.Union([...Object.values(variants), ...others]).annotate(
    rule("type", `must have a type that is one of: ${types.join(", ")}`)
  )

const forMerchant = perMerchant(({ extra }) => {
  const types = addedTo(PayinSourceType, extra.payinSourceTypes)
  return anyOf(
    variantsOf(acceptedDirectDebitBank(extra.directDebitBanks), acceptedValue(AccountType, extra.accountTypes)),
    types.map((type) => otherOf(literalOf(type))),
    [...PayinSourceType.values, ...types]
  )
})

/**
 * The schema of what it takes to register an account that can be debited: three kinds, told apart by `type`, and those
 * to come.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CreatePayinSource: CreatePayinSourceSchema = Schema.make<CreatePayinSourceSchema>(
  forMerchant(defaultMerchantRules).ast,
  {
    forMerchant,
    wire: anyOf(
      variantsOf(Schema.toType(DirectDebitBank), Schema.toType(AccountType)),
      [otherOf(Schema.toType(PayinSourceType.unrecognized))],
      PayinSourceType.values
    )
  }
)
