/**
 * Payin links: single payments through a page that Palomma hosts.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { amount, anyAmount, payinLinkBounds } from "./Amount.ts"
import { Card } from "./Card.ts"
import { CustomerDetails } from "./Customer.ts"
import { CustomerId, MerchantAccountId, PayinLinkId } from "./Id.ts"
import { acceptedPseBank } from "./internal/create/acceptedBanks.ts"
import { acceptedValue, extraValues, unrecognizedLiteral } from "./internal/create/acceptedValue.ts"
import { optional } from "./internal/check/optional.ts"
import { perMerchant } from "./internal/create/perMerchant.ts"
import { Figure } from "./internal/read/figure.ts"
import { Record } from "./internal/read/record.ts"
import { rule } from "./internal/rule.ts"
import { Reference, Text } from "./internal/check/text.ts"
import { LocalDateTime } from "./LocalDateTime.ts"
import { defaultMerchantRules, type MerchantRules } from "./MerchantRules.ts"
import * as OpenEnum from "./OpenEnum.ts"
import { PseBank } from "./PseBank.ts"
import * as Sensitive from "./Sensitive.ts"
import { StatusMessage } from "./StatusMessage.ts"
import { Timestamp } from "./Timestamp.ts"

const statuses = {
  pending: "It waits for the payer: send the payer to its payment page.",
  processing: "The payer finished, and the bank is processing it.",
  approved: "It was paid.",
  cancelled: "It failed or expired, and nothing was paid. The status message has the reason."
} as const

/**
 * The status of a payin link.
 *
 * @category models
 * @since 0.1.0
 */
export type PayinLinkStatus = typeof PayinLinkStatus.Type

/**
 * Type of the schema {@link PayinLinkStatus}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface PayinLinkStatusSchema extends OpenEnum.OpenStatus<keyof typeof statuses, "approved" | "cancelled"> {}

/**
 * Schema of the status of a payin link: its known values and what each means.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayinLinkStatus: PayinLinkStatusSchema = OpenEnum.makeStatus("PayinLinkStatus", statuses, [
  "approved",
  "cancelled"
])

const methods = {
  pse: "PSE",
  bancolombiaButton: "Botón Bancolombia",
  nequiButton: "Nequi",
  card: "Tarjeta",
  bancolombiaCollect: "Recaudo Bancolombia"
} as const

/**
 * A payment method that the payer can choose on the page of a general link.
 *
 * @category models
 * @since 0.1.0
 */
export type PayinLinkMethod = typeof PayinLinkMethod.Type

/**
 * Type of the schema {@link PayinLinkMethod}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface PayinLinkMethodSchema extends OpenEnum.OpenEnum<keyof typeof methods> {}

/**
 * Schema of a payment method of a general link: its known values and their Spanish names.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayinLinkMethod: PayinLinkMethodSchema = OpenEnum.make("PayinLinkMethod", methods)

const types = { general: "A elección del pagador", ...methods } as const

/**
 * The kind of a payin link: `general` lets the payer choose, each other kind is one payment method.
 *
 * @category models
 * @since 0.1.0
 */
export type PayinLinkType = typeof PayinLinkType.Type

/**
 * Type of the schema {@link PayinLinkType}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface PayinLinkTypeSchema extends OpenEnum.OpenEnum<keyof typeof types> {}

/**
 * Schema of the kind of a payin link: its known values and their Spanish names.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayinLinkType: PayinLinkTypeSchema = OpenEnum.make("PayinLinkType", types)

const others = {
  reference: Schema.optionalKey(Schema.String),
  description: Schema.optionalKey(Schema.String),
  customerId: Schema.optionalKey(CustomerId),
  customerDetails: Schema.optionalKey(CustomerDetails),
  statusMessage: Schema.optionalKey(StatusMessage),
  /** The page where the payer pays. This library never requests it. */
  paymentUrl: Schema.optionalKey(Schema.String),
  redirectUrl: Schema.optionalKey(Schema.String),
  /** The amount to collect. */
  amount: Schema.optionalKey(Figure),
  /** The amount that was paid. */
  amountCollected: Schema.optionalKey(Figure),
  /** Palomma's fee. */
  fee: Schema.optionalKey(Figure),
  type: Schema.optionalKey(PayinLinkType),
  /** When it expires, in a time zone that Palomma does not document. */
  expiration: Schema.optionalKey(LocalDateTime.lenient),
  /** The merchant account that is credited. */
  targetMerchantAccountId: Schema.optionalKey(MerchantAccountId),
  createdAt: Schema.optionalKey(Timestamp),
  updatedAt: Schema.optionalKey(Timestamp)
}

/**
 * One payment through a hosted page.
 *
 * Amounts are pesos, never cents. Palomma never returns the bank, the card or the phone number of the link.
 *
 * @category models
 * @since 0.1.0
 */
export class PayinLink extends Record<PayinLink>("PayinLink")({
  id: PayinLinkId,
  status: PayinLinkStatus,
  ...others
}) {
  static {
    Sensitive.maskIn(this)
  }
}

/**
 * A payin link in a webhook event: its id, and the other fields that are readable.
 *
 * @category models
 * @since 0.1.0
 */
export class PayinLinkNotice extends Record<PayinLinkNotice>("PayinLinkNotice")({
  id: PayinLinkId,
  status: Schema.optionalKey(PayinLinkStatus),
  ...others
}) {
  static {
    Sensitive.maskIn(this)
  }
}

/** The schemas of the body of a payin link that differ between merchants. */
interface Accepted {
  readonly amount: (type: string) => Schema.Codec<number>
  readonly method: Schema.Codec<PayinLinkMethod>
  readonly bank: Schema.Codec<PseBank>
}

const createOf = <T, F extends Schema.Struct.Fields>(
  identifier: string,
  type: Schema.Codec<T>,
  amount: Schema.Codec<number>,
  fields: F
) =>
  Schema.Struct({
    customerId: Schema.toType(CustomerId),
    /** The page that Palomma opens for the payer afterwards. */
    redirectUrl: Text,
    /** Whole pesos, above 1,500; for the type `pse`, above 1,000. */
    amount,
    type,
    ...fields,
    /** Your own name for the link, to find it later. Palomma does not require it to be unique. */
    reference: optional(Reference),
    description: optional(Text),
    /**
     * When it expires: today at the earliest, the end of the seventh day at the latest. The default is the end of
     * tomorrow.
     */
    expiration: optional(Schema.toType(LocalDateTime)),
    /** The merchant account to credit. The default is the merchant account `default`. */
    targetMerchantAccountId: optional(Schema.toType(MerchantAccountId))
  }).annotate({ identifier })

const noMethods = rule("payin-link-methods", "must be a list with at least one payment method")

const variantsOf = ({ amount, bank, method }: Accepted) => ({
  general: createOf("CreatePayinLinkGeneral", Schema.Literal("general"), amount("general"), {
    /** The payment methods that the payer can choose. */
    availableTypes: Schema.Array(method).annotate(noMethods).check(Schema.isMinLength(1, noMethods))
  }),
  pse: createOf("CreatePayinLinkPse", Schema.Literal("pse"), amount("pse"), { bank }),
  bancolombiaButton: createOf(
    "CreatePayinLinkBancolombiaButton",
    Schema.Literal("bancolombiaButton"),
    amount("bancolombiaButton"),
    {}
  ),
  nequiButton: createOf("CreatePayinLinkNequiButton", Schema.Literal("nequiButton"), amount("nequiButton"), {
    /** The payer's Nequi number. */
    phoneNumber: Sensitive.mark(Text)
  }),
  card: createOf("CreatePayinLinkCard", Schema.Literal("card"), amount("card"), { card: Card }),
  bancolombiaCollect: createOf(
    "CreatePayinLinkBancolombiaCollect",
    Schema.Literal("bancolombiaCollect"),
    amount("bancolombiaCollect"),
    {}
  )
})

const otherOf = (type: Schema.Codec<OpenEnum.Unrecognized>, amount: Schema.Codec<number>) =>
  createOf("CreatePayinLinkOther", type, amount, {})

const acceptedBy = ({ extra, limits }: MerchantRules): Accepted => ({
  amount: (type) => amount(payinLinkBounds(type, limits)),
  method: acceptedValue(PayinLinkMethod, extra.payinLinkMethods),
  bank: acceptedPseBank(extra.pseBanks)
})

const acceptedByDefault = acceptedBy(defaultMerchantRules)
const documented = variantsOf(acceptedByDefault)

/**
 * The body of a request for a link where the payer chooses the payment method.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinLinkGeneral extends Schema.Opaque<CreatePayinLinkGeneral>()(documented.general) {}

/**
 * The body of a request for a link that is paid from a bank account through PSE.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinLinkPse extends Schema.Opaque<CreatePayinLinkPse>()(documented.pse) {}

/**
 * The body of a request for a link that is paid in Bancolombia's application.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinLinkBancolombiaButton extends Schema.Opaque<CreatePayinLinkBancolombiaButton>()(
  documented.bancolombiaButton
) {}

/**
 * The body of a request for a link that is paid in Nequi's application.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinLinkNequiButton extends Schema.Opaque<CreatePayinLinkNequiButton>()(documented.nequiButton) {}

/**
 * The body of a request for a link that is paid by a card that you already have.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinLinkCard extends Schema.Opaque<CreatePayinLinkCard>()(documented.card) {}

/**
 * The body of a request for a link that is paid through Bancolombia's collection service, in cash or by transfer.
 *
 * Palomma settles its payins after two business days.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinLinkBancolombiaCollect extends Schema.Opaque<CreatePayinLinkBancolombiaCollect>()(
  documented.bancolombiaCollect
) {}

/**
 * The body of a request for a link of a type that this version does not know.
 *
 * Its `type` is `unrecognized("…")`. It is valid only if the merchant's rules list that type.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinLinkOther extends Schema.Opaque<CreatePayinLinkOther>()(
  otherOf(Schema.toType(PayinLinkType.unrecognized), acceptedByDefault.amount("other"))
) {}

/**
 * The body of a request for one payment: one of six types, or a type that Palomma adds later.
 *
 * @category models
 * @since 0.1.0
 */
export type CreatePayinLink =
  | CreatePayinLinkGeneral
  | CreatePayinLinkPse
  | CreatePayinLinkBancolombiaButton
  | CreatePayinLinkNequiButton
  | CreatePayinLinkCard
  | CreatePayinLinkBancolombiaCollect
  | CreatePayinLinkOther

/**
 * The encoded form of {@link CreatePayinLink}, in which the card is plain text.
 *
 * @category models
 * @since 0.1.0
 */
export type CreatePayinLinkEncoded =
  | typeof CreatePayinLinkGeneral.Encoded
  | typeof CreatePayinLinkPse.Encoded
  | typeof CreatePayinLinkBancolombiaButton.Encoded
  | typeof CreatePayinLinkNequiButton.Encoded
  | typeof CreatePayinLinkCard.Encoded
  | typeof CreatePayinLinkBancolombiaCollect.Encoded
  | typeof CreatePayinLinkOther.Encoded

/**
 * Type of the schema {@link CreatePayinLink}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface CreatePayinLinkSchema extends Schema.Codec<CreatePayinLink, CreatePayinLinkEncoded> {
  /** Returns this schema for a merchant's rules: with that merchant's limits, banks and payment methods. */
  readonly forMerchant: (rules: MerchantRules) => Schema.Codec<CreatePayinLink, CreatePayinLinkEncoded>
  /**
   * The schema of the contract, for all merchants: any bank and any payment method, since Palomma may enable them for a
   * merchant.
   */
  readonly wire: Schema.Codec<CreatePayinLink, CreatePayinLinkEncoded>
}

const anyOf = (
  accepted: Accepted,
  others: ReadonlyArray<ReturnType<typeof otherOf>>,
  types: ReadonlyArray<string>
): Schema.Codec<CreatePayinLink, CreatePayinLinkEncoded> =>
  Schema.Union([...Object.values(variantsOf(accepted)), ...others]).annotate(
    rule("type", `must have one of these types: ${types.join(", ")}`, { values: types })
  )

const forMerchant = perMerchant((rules) => {
  const accepted = acceptedBy(rules)
  const extra = extraValues(PayinLinkType, rules.extra.payinLinkMethods)
  return anyOf(
    accepted,
    extra.map((method) => otherOf(unrecognizedLiteral(method), accepted.amount(method))),
    [...PayinLinkType.values, ...extra]
  )
})

/**
 * Schema of the body of a request for one payment, with one variant for each `type`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CreatePayinLink: CreatePayinLinkSchema = Schema.make<CreatePayinLinkSchema>(
  forMerchant(defaultMerchantRules).ast,
  {
    forMerchant,
    wire: anyOf(
      {
        amount: (type) => anyAmount(payinLinkBounds(type)),
        method: Schema.toType(PayinLinkMethod),
        bank: Schema.toType(PseBank)
      },
      [otherOf(Schema.toType(PayinLinkType.unrecognized), anyAmount(payinLinkBounds("other")))],
      PayinLinkType.values
    )
  }
)
