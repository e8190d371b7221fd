/**
 * Payin sources: accounts whose owners allow you to debit them repeatedly.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { AccountType } from "./AccountType.ts"
import { CustomerDetails } from "./Customer.ts"
import { DirectDebitBank } from "./DirectDebitBank.ts"
import { CustomerId, PayinSourceId } from "./Id.ts"
import { acceptedValue, extraValues, unrecognizedLiteral } from "./internal/create/acceptedValue.ts"
import { acceptedDirectDebitBank } from "./internal/create/acceptedBanks.ts"
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
  pending: "It waits for the customer: send the customer to its authorization page.",
  processing: "The bank is verifying the account.",
  active: "It can be debited.",
  cancelled: "It failed. The status message has the reason."
} as const

/**
 * The status of a payin source.
 *
 * @category models
 * @since 0.1.0
 */
export type PayinSourceStatus = typeof PayinSourceStatus.Type

/**
 * Type of the schema {@link PayinSourceStatus}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface PayinSourceStatusSchema extends OpenEnum.OpenStatus<keyof typeof statuses, "active" | "cancelled"> {}

/**
 * Schema of the status of a payin source: its known values and what each means.
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
 * Type of the schema {@link PayinSourceType}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface PayinSourceTypeSchema extends OpenEnum.OpenEnum<keyof typeof types> {}

/**
 * Schema of the kind of a payin source: its known values and their Spanish names.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayinSourceType: PayinSourceTypeSchema = OpenEnum.make("PayinSourceType", types)

const details = {
  reference: Schema.optionalKey(Schema.String),
  description: Schema.optionalKey(Schema.String),
  /** Whether a debit may take a part if the account does not hold the full amount. Bancolombia accounts only. */
  partialPayinsEnabled: Schema.optionalKey(Schema.Boolean),
  type: Schema.optionalKey(PayinSourceType)
}

const others = {
  ...details,
  customerId: Schema.optionalKey(CustomerId),
  customerDetails: Schema.optionalKey(CustomerDetails),
  statusMessage: Schema.optionalKey(StatusMessage),
  /** The page where the customer authorizes the debits. This library never requests it. */
  authUrl: Schema.optionalKey(Schema.String),
  redirectUrl: Schema.optionalKey(Schema.String),
  createdAt: Schema.optionalKey(Timestamp),
  updatedAt: Schema.optionalKey(Timestamp)
}

/**
 * An account that can be debited.
 *
 * Palomma never returns the bank account or the phone number.
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
 * A payin source in a webhook event: its id, and the other fields that are readable.
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
 * The copy of a payin source's data in payin requests.
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
    /** The page that Palomma opens for the customer afterwards. */
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
    /**
     * Whether a debit may take a part if the account does not hold the full amount. Bancolombia accounts only. The
     * default is `false`.
     */
    partialPayinsEnabled: optional(Schema.Boolean.annotate(rule("boolean", "must be true or false")))
  }),
  bancolombiaToken: createOf("CreatePayinSourceBancolombiaToken", Schema.Literal("bancolombiaToken"), {}),
  nequiToken: createOf("CreatePayinSourceNequiToken", Schema.Literal("nequiToken"), {
    /** The customer's Nequi number. */
    phoneNumber: Sensitive.mark(Text)
  })
})

const otherOf = (type: Schema.Codec<OpenEnum.Unrecognized>) => createOf("CreatePayinSourceOther", type, {})

const documented = variantsOf(acceptedDirectDebitBank(), acceptedValue(AccountType))

/**
 * The body of a request that registers a bank account as payin source.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinSourceBankAccount extends Schema.Opaque<CreatePayinSourceBankAccount>()(
  documented.bankAccount
) {}

/**
 * The body of a request for a payin source that the customer selects in Bancolombia's application.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinSourceBancolombiaToken extends Schema.Opaque<CreatePayinSourceBancolombiaToken>()(
  documented.bancolombiaToken
) {}

/**
 * The body of a request that registers a Nequi account as payin source.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinSourceNequiToken extends Schema.Opaque<CreatePayinSourceNequiToken>()(documented.nequiToken) {}

/**
 * The body of a request for a payin source of a type that this version does not know.
 *
 * Its `type` is `unrecognized("…")`. It is valid only if the merchant's rules list that type.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinSourceOther extends Schema.Opaque<CreatePayinSourceOther>()(
  otherOf(Schema.toType(PayinSourceType.unrecognized))
) {}

/**
 * The body of a request that registers an account to debit: one of three types, or a type that Palomma adds later.
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
 * Type of the schema {@link CreatePayinSource}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface CreatePayinSourceSchema extends Schema.Codec<CreatePayinSource> {
  /**
   * Returns this schema for a merchant's rules: with the banks, kinds of account and types that Palomma enabled for
   * that merchant.
   */
  readonly forMerchant: (rules: MerchantRules) => Schema.Codec<CreatePayinSource>
  /**
   * The schema of the contract, for all merchants: any bank and any type, since Palomma may enable them for a merchant.
   */
  readonly wire: Schema.Codec<CreatePayinSource>
}

const anyOf = (
  variants: ReturnType<typeof variantsOf>,
  others: ReadonlyArray<ReturnType<typeof otherOf>>,
  types: ReadonlyArray<string>
): Schema.Codec<CreatePayinSource> =>
  Schema.Union([...Object.values(variants), ...others]).annotate(
    rule("type", `must have one of these types: ${types.join(", ")}`, { values: types })
  )

const forMerchant = perMerchant(({ extra }) => {
  const types = extraValues(PayinSourceType, extra.payinSourceTypes)
  return anyOf(
    variantsOf(acceptedDirectDebitBank(extra.directDebitBanks), acceptedValue(AccountType, extra.accountTypes)),
    types.map((type) => otherOf(unrecognizedLiteral(type))),
    [...PayinSourceType.values, ...types]
  )
})

/**
 * Schema of the body of a request that registers an account to debit, with one variant for each `type`.
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
