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
import { acceptedBank, acceptedValue, addedTo, literalOf } from "./internal/create/acceptedValue.ts"
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
  pending: "It waits for the payer, who has to be sent to its payment page.",
  processing: "The payer is done, and the bank is working on it.",
  approved: "It was paid.",
  cancelled: "It ended in an error or lapsed, and nothing was paid; the status message says why."
} as const

/**
 * The state of a payin link.
 *
 * @category models
 * @since 0.1.0
 */
export type PayinLinkStatus = typeof PayinLinkStatus.Type

/**
 * The schema of {@link PayinLinkStatus}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface PayinLinkStatusSchema extends OpenEnum.OpenStatus<keyof typeof statuses, "approved" | "cancelled"> {}

/**
 * The schema of the state of a payin link.
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
 * A way to pay that the payer can choose on the page of a general link.
 *
 * @category models
 * @since 0.1.0
 */
export type PayinLinkMethod = typeof PayinLinkMethod.Type

/**
 * The schema of {@link PayinLinkMethod}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface PayinLinkMethodSchema extends OpenEnum.OpenEnum<keyof typeof methods> {}

/**
 * The schema of a way to pay that the payer can choose on the page of a general link.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayinLinkMethod: PayinLinkMethodSchema = OpenEnum.make("PayinLinkMethod", methods)

const types = { general: "A elección del pagador", ...methods } as const

/**
 * The kind of a payin link: `general` lets the payer choose, each other is one way to pay.
 *
 * @category models
 * @since 0.1.0
 */
export type PayinLinkType = typeof PayinLinkType.Type

/**
 * The schema of {@link PayinLinkType}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface PayinLinkTypeSchema extends OpenEnum.OpenEnum<keyof typeof types> {}

/**
 * The schema of the kind of a payin link: `general` lets the payer choose, each other is one way to pay.
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
  /** The page where the payer pays. Never fetched by this library. */
  paymentUrl: Schema.optionalKey(Schema.String),
  redirectUrl: Schema.optionalKey(Schema.String),
  /** What was asked for. */
  amount: Schema.optionalKey(Figure),
  /** What was paid. */
  amountCollected: Schema.optionalKey(Figure),
  /** What Palomma charges. */
  fee: Schema.optionalKey(Figure),
  type: Schema.optionalKey(PayinLinkType),
  /** When it lapses, by a clock whose zone Palomma does not name. */
  expiration: Schema.optionalKey(LocalDateTime.lenient),
  /** The merchant account that is credited. */
  targetMerchantAccountId: Schema.optionalKey(MerchantAccountId),
  createdAt: Schema.optionalKey(Timestamp),
  updatedAt: Schema.optionalKey(Timestamp)
}

/**
 * One payment through a hosted page.
 *
 * Amounts are pesos, never cents.
 *
 * Palomma echoes neither the bank nor the card nor the phone it was made with.
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
 * What a webhook event holds of a payin link: its id, and what else could be read.
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

/** What differs between merchants in the body of a payin link. */
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
    /** Where Palomma sends the payer afterwards. */
    redirectUrl: Text,
    /** Whole pesos, above 1,500; of type `pse`, above 1,000. */
    amount,
    type,
    ...fields,
    /** Your own name for the link, by which it can be found again. Palomma does not require it to be unique. */
    reference: optional(Reference),
    description: optional(Text),
    /** When it lapses: today at the earliest, the end of the seventh day at the latest. The default is the end of tomorrow. */
    expiration: optional(Schema.toType(LocalDateTime)),
    /** The merchant account to credit. The default is the merchant account `default`. */
    targetMerchantAccountId: optional(Schema.toType(MerchantAccountId))
  }).annotate({ identifier })

const noMethods = rule("payin-link-methods", "must be a list of at least one way to pay")

const variantsOf = ({ amount, bank, method }: Accepted) => ({
  general: createOf("CreatePayinLinkGeneral", Schema.Literal("general"), amount("general"), {
    /** The ways to pay among which the payer chooses. */
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
  bank: acceptedBank(PseBank, "PseBank", "that PSE reaches", extra.pseBanks)
})

const acceptedByDefault = acceptedBy(defaultMerchantRules)
const documented = variantsOf(acceptedByDefault)

/**
 * A link whose payer chooses the way to pay.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinLinkGeneral extends Schema.Opaque<CreatePayinLinkGeneral>()(documented.general) {}

/**
 * A link paid from a bank account through PSE.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinLinkPse extends Schema.Opaque<CreatePayinLinkPse>()(documented.pse) {}

/**
 * A link paid in Bancolombia's own application.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinLinkBancolombiaButton extends Schema.Opaque<CreatePayinLinkBancolombiaButton>()(
  documented.bancolombiaButton
) {}

/**
 * A link paid in Nequi's own application.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinLinkNequiButton extends Schema.Opaque<CreatePayinLinkNequiButton>()(documented.nequiButton) {}

/**
 * A link paid by a card that you already hold.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinLinkCard extends Schema.Opaque<CreatePayinLinkCard>()(documented.card) {}

/**
 * A link paid in cash or by transfer through Bancolombia's collection; its money takes two business days to settle.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinLinkBancolombiaCollect extends Schema.Opaque<CreatePayinLinkBancolombiaCollect>()(
  documented.bancolombiaCollect
) {}

/**
 * A link paid in a way that this version does not know: its `type` is `unrecognized("…")`, and the merchant's rules
 * list it.
 *
 * @category models
 * @since 0.1.0
 */
export class CreatePayinLinkOther extends Schema.Opaque<CreatePayinLinkOther>()(
  otherOf(Schema.toType(PayinLinkType.unrecognized), acceptedByDefault.amount("other"))
) {}

/**
 * What it takes to ask for one payment: six kinds, told apart by `type`, and those to come.
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
 * A {@link CreatePayinLink} as it is sent: its card, if it has one, is plain.
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
 * The schema of {@link CreatePayinLink}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface CreatePayinLinkSchema extends Schema.Codec<CreatePayinLink, CreatePayinLinkEncoded> {
  /** The same within a merchant's rules: with that merchant's limits, banks and ways to pay. */
  readonly forMerchant: (rules: MerchantRules) => Schema.Codec<CreatePayinLink, CreatePayinLinkEncoded>
  /** What the contract says for all merchants: any bank and any way to pay may be open to one of them. */
  readonly wire: Schema.Codec<CreatePayinLink, CreatePayinLinkEncoded>
}

const anyOf = (
  accepted: Accepted,
  others: ReadonlyArray<ReturnType<typeof otherOf>>,
  types: ReadonlyArray<string>
): Schema.Codec<CreatePayinLink, CreatePayinLinkEncoded> =>
  Schema.Union([...Object.values(variantsOf(accepted)), ...others]).annotate(
    rule("type", `must have a type that is one of: ${types.join(", ")}`)
  )

const forMerchant = perMerchant((rules) => {
  const accepted = acceptedBy(rules)
  const extra = addedTo(PayinLinkType, rules.extra.payinLinkMethods)
  return anyOf(
    accepted,
    extra.map((method) => otherOf(literalOf(method), accepted.amount(method))),
    [...PayinLinkType.values, ...extra]
  )
})

/**
 * The schema of what it takes to ask for one payment: six kinds, told apart by `type`, and those to come.
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
