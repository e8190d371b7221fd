/**
 * Payin links: single payments through a page that Palomma hosts.
 */
import * as Schema from "effect/Schema"
import { amount, type AmountLimits, defaultAmountLimits, payinLinkAbove } from "./Amount.ts"
import { Card } from "./Card.ts"
import { CustomerDetails } from "./Customer.ts"
import { CustomerId, MerchantAccountId, PayinLinkId } from "./Id.ts"
import { acceptedBank } from "./internal/bankAccount.ts"
import { given } from "./internal/given.ts"
import { received, receivedId } from "./internal/received.ts"
import { Reference, Text } from "./internal/text.ts"
import { LocalDateTime } from "./LocalDateTime.ts"
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

/** The state of a payin link. */
export type PayinLinkStatus = typeof PayinLinkStatus.Type
/** The schema of {@link PayinLinkStatus}. */
export interface PayinLinkStatusSchema extends OpenEnum.OpenStatus<keyof typeof statuses, "approved" | "cancelled"> {}
/** The state of a payin link. */
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

/** A way to pay that the payer can choose on the page of a general link. */
export type PayinLinkMethod = typeof PayinLinkMethod.Type
/** The schema of {@link PayinLinkMethod}. */
export interface PayinLinkMethodSchema extends OpenEnum.OpenEnum<keyof typeof methods> {}
/** A way to pay that the payer can choose on the page of a general link. */
export const PayinLinkMethod: PayinLinkMethodSchema = OpenEnum.make("PayinLinkMethod", methods)

const types = { general: "A elección del pagador", ...methods } as const

/** The kind of a payin link: `general` lets the payer choose, each other is one way to pay. */
export type PayinLinkType = typeof PayinLinkType.Type
/** The schema of {@link PayinLinkType}. */
export interface PayinLinkTypeSchema extends OpenEnum.OpenEnum<keyof typeof types> {}
/** The kind of a payin link: `general` lets the payer choose, each other is one way to pay. */
export const PayinLinkType: PayinLinkTypeSchema = OpenEnum.make("PayinLinkType", types)

/**
 * One payment through a hosted page. Amounts are pesos, never cents.
 *
 * Palomma echoes neither the bank nor the card nor the phone it was made with.
 */
export class PayinLink extends Schema.Class<PayinLink>("PayinLink")({
  id: PayinLinkId,
  status: PayinLinkStatus,
  reference: received(Schema.String),
  description: received(Schema.String),
  customerId: receivedId(CustomerId),
  customerDetails: received(CustomerDetails),
  statusMessage: received(StatusMessage),
  /** The page where the payer pays. Never fetched by this library. */
  paymentUrl: received(Schema.String),
  redirectUrl: received(Schema.String),
  /** What was asked for. */
  amount: received(Schema.Finite),
  /** What was paid. */
  amountCollected: received(Schema.Finite),
  /** What Palomma charges. */
  fee: received(Schema.Finite),
  type: received(PayinLinkType),
  /** When it lapses, by a clock whose zone Palomma does not name. */
  expiration: received(LocalDateTime.lenient),
  /** The merchant account that is credited. */
  targetMerchantAccountId: receivedId(MerchantAccountId),
  createdAt: received(Timestamp),
  updatedAt: received(Timestamp)
}) {
  static {
    Sensitive.maskIn(this)
  }
}

const createOf = <const T extends string, F extends Schema.Struct.Fields>(
  identifier: string,
  type: T,
  limits: { readonly payinLink?: number | undefined },
  fields: F
) =>
  Schema.Struct({
    customerId: Schema.toType(CustomerId),
    /** Where Palomma sends the payer afterwards. */
    redirectUrl: Text,
    /** Whole pesos, above 1,500; of type `pse`, above 1,000. */
    amount: amount({ above: payinLinkAbove(type), atMost: limits.payinLink }),
    type: Schema.Literal(type),
    ...fields,
    /** Your own name for the link, by which it can be found again. Palomma does not require it to be unique. */
    reference: given(Reference),
    description: given(Text),
    /** When it lapses: today at the earliest, the end of the seventh day at the latest, the end of tomorrow unless said. */
    expiration: given(Schema.toType(LocalDateTime)),
    /** The merchant account to credit; the default one unless said otherwise. */
    targetMerchantAccountId: given(Schema.toType(MerchantAccountId))
  }).annotate({ identifier })

const noMethods = "must be a list of at least one way to pay"

const variantsOf = (limits: { readonly payinLink?: number | undefined }) => ({
  general: createOf("CreatePayinLinkGeneral", "general", limits, {
    /** The ways to pay among which the payer chooses. */
    availableTypes: Schema.Array(Schema.toType(PayinLinkMethod.closed))
      .annotate({ message: noMethods })
      .check(Schema.isMinLength(1, { message: noMethods }))
  }),
  pse: createOf("CreatePayinLinkPse", "pse", limits, { bank: acceptedBank(PseBank, "PseBank", "that PSE reaches") }),
  bancolombiaButton: createOf("CreatePayinLinkBancolombiaButton", "bancolombiaButton", limits, {}),
  nequiButton: createOf("CreatePayinLinkNequiButton", "nequiButton", limits, {
    /** The payer's Nequi number. */
    phoneNumber: Sensitive.mark(Text)
  }),
  card: createOf("CreatePayinLinkCard", "card", limits, { card: Card }),
  bancolombiaCollect: createOf("CreatePayinLinkBancolombiaCollect", "bancolombiaCollect", limits, {})
})

const documented = variantsOf(defaultAmountLimits)

/** A link whose payer chooses the way to pay. */
export class CreatePayinLinkGeneral extends Schema.Opaque<CreatePayinLinkGeneral>()(documented.general) {}
/** A link paid from a bank account through PSE. */
export class CreatePayinLinkPse extends Schema.Opaque<CreatePayinLinkPse>()(documented.pse) {}
/** A link paid in Bancolombia's own application. */
export class CreatePayinLinkBancolombiaButton extends Schema.Opaque<CreatePayinLinkBancolombiaButton>()(
  documented.bancolombiaButton
) {}
/** A link paid in Nequi's own application. */
export class CreatePayinLinkNequiButton extends Schema.Opaque<CreatePayinLinkNequiButton>()(documented.nequiButton) {}
/** A link paid by a card that you already hold. */
export class CreatePayinLinkCard extends Schema.Opaque<CreatePayinLinkCard>()(documented.card) {}
/** A link paid in cash or by transfer through Bancolombia's collection; its money takes two business days to settle. */
export class CreatePayinLinkBancolombiaCollect extends Schema.Opaque<CreatePayinLinkBancolombiaCollect>()(
  documented.bancolombiaCollect
) {}

/** What it takes to ask for one payment: six kinds, told apart by `type`. */
export type CreatePayinLink =
  | CreatePayinLinkGeneral
  | CreatePayinLinkPse
  | CreatePayinLinkBancolombiaButton
  | CreatePayinLinkNequiButton
  | CreatePayinLinkCard
  | CreatePayinLinkBancolombiaCollect

/** A {@link CreatePayinLink} as it is sent: its card, if it has one, is plain. */
export type CreatePayinLinkEncoded =
  | typeof CreatePayinLinkGeneral.Encoded
  | typeof CreatePayinLinkPse.Encoded
  | typeof CreatePayinLinkBancolombiaButton.Encoded
  | typeof CreatePayinLinkNequiButton.Encoded
  | typeof CreatePayinLinkCard.Encoded
  | typeof CreatePayinLinkBancolombiaCollect.Encoded

/** The schema of {@link CreatePayinLink}. */
export interface CreatePayinLinkSchema extends Schema.Codec<CreatePayinLink, CreatePayinLinkEncoded> {
  /** The same for a merchant with limits of their own. */
  readonly forMerchant: (options: {
    readonly limits: AmountLimits
  }) => Schema.Codec<CreatePayinLink, CreatePayinLinkEncoded>
  /** What the contract says whoever the merchant is: the lower bounds alone. */
  readonly wire: Schema.Codec<CreatePayinLink, CreatePayinLinkEncoded>
}

const anyOf = (variants: ReturnType<typeof variantsOf>): Schema.Codec<CreatePayinLink, CreatePayinLinkEncoded> =>
  Schema.Union(Object.values(variants)).annotate({
    message: `must have a type that is one of: ${PayinLinkType.values.join(", ")}`
  })

/** What it takes to ask for one payment: six kinds, told apart by `type`. */
export const CreatePayinLink: CreatePayinLinkSchema = Schema.make<CreatePayinLinkSchema>(anyOf(documented).ast, {
  forMerchant: (options: { readonly limits: AmountLimits }) => anyOf(variantsOf(options.limits)),
  wire: anyOf(variantsOf({}))
})
