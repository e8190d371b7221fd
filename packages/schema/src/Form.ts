/**
 * Forms: schemas from the texts that a person types to the input of an operation.
 *
 * The fields of a form are those of the request, and each holds text. The schemas correct what has one meaning only, as
 * the `normalize` functions do: spaces, dots in document numbers, `$` in amounts. They refuse everything else, with the
 * same problems as the request and a few of their own. A field that was left empty is absent.
 *
 * A function of this module makes a new schema in each call: call it once, and keep the schema. To show problems beside
 * the fields, pass it to `standardSchema` or to `Schema.toStandardSchemaV1`.
 *
 * **Gotchas**
 *
 * Only these schemas rewrite text. `CreateCustomer` and the other schemas of requests check exactly what they get.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { payinAmount, payinLinkAmount, payoutAmount } from "./Amount.ts"
import { CreateCustomer } from "./Customer.ts"
import { DirectDebitBank } from "./DirectDebitBank.ts"
import { DocumentType } from "./DocumentType.ts"
import { Email } from "./Email.ts"
import * as FormField from "./FormField.ts"
import type {
  CustomerTexts,
  PayinLinkTexts,
  PayinSourceTexts,
  PayinTexts,
  PayoutTargetTexts,
  PayoutTexts
} from "./FormTexts.ts"
import { CustomerId, MerchantAccountId, PayinSourceId, PayoutTargetId } from "./Id.ts"
import { acceptedDirectDebitBank, acceptedPseBank } from "./internal/create/acceptedBanks.ts"
import { acceptedValue, extraValues } from "./internal/create/acceptedValue.ts"
import { rule } from "./internal/rule.ts"
import * as Field from "./internal/form/fields.ts"
import { defaultMerchantRules, type MerchantRules } from "./MerchantRules.ts"
import { MobileNumber } from "./MobileNumber.ts"
import type { NitForm } from "./Nit.ts"
import { unrecognized } from "./OpenEnum.ts"
import { PayinIntent } from "./PayinIntent.ts"
import { CreatePayinLink, PayinLinkMethod, PayinLinkType } from "./PayinLink.ts"
import { CreatePayinRequest } from "./PayinRequest.ts"
import { CreatePayinSource, PayinSourceType } from "./PayinSource.ts"
import { PayoutBank } from "./PayoutBank.ts"
import { PayoutIntent } from "./PayoutIntent.ts"
import { CreatePayoutRequest } from "./PayoutRequest.ts"
import { acceptedPayoutBank, CreatePayoutTarget, PayoutTargetType } from "./PayoutTarget.ts"
import { PseBank } from "./PseBank.ts"
import { RedirectUrl } from "./RedirectUrl.ts"

/**
 * The options of every form.
 *
 * @category options
 * @since 0.1.0
 */
export interface FormOptions {
  /** The rules of your merchant. The default is the documented ones. */
  readonly rules?: MerchantRules | undefined
}

/**
 * The options of the form of a customer.
 *
 * @category options
 * @since 0.1.0
 */
export interface CustomerFormOptions extends FormOptions {
  /** How the request writes a NIT. Palomma does not document it, so there is no default. */
  readonly nit: NitForm
}

const optional = Schema.optionalKey
const mobileNumber = FormField.of(MobileNumber)

/**
 * Makes the schema of a form for a new customer: the input of `Customers.create`.
 *
 * The phone number is a Colombian mobile number. The number of a document is read by the type of the document.
 *
 * **Example** (What a person typed)
 *
 * ```ts
 * import { Form } from "@palomma-effect/schema"
 * import * as Schema from "effect/Schema"
 *
 * const decode = Schema.decodeSync(Form.customer({ nit: "without-check-digit" }))
 * const customer = decode({
 *   name: "Comercial Rojas S.A.S. ",
 *   documentType: "nit",
 *   documentNumber: "890.903.938-8",
 *   email: "pagos@rojas.example",
 *   phoneNumber: "+57 301 311 1111"
 * })
 * customer.documentNumber // => "890903938"
 * customer.phoneNumber // => "3013111111"
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const customer = ({
  nit,
  rules = defaultMerchantRules
}: CustomerFormOptions): Schema.Codec<CreateCustomer, CustomerTexts> => {
  const withNumber = (documentNumber: Schema.Codec<string, string>) =>
    Schema.Struct({
      name: Field.name,
      documentType: Field.choice(DocumentType, acceptedValue(DocumentType, rules.extra.documentTypes)),
      documentNumber,
      email: FormField.of(Email),
      phoneNumber: mobileNumber,
      reference: optional(Field.reference)
    })
  const cedula = withNumber(FormField.documentNumber({ documentType: "cc" }))
  const company = withNumber(FormField.documentNumber({ documentType: "nit", nit }))
  const other = withNumber(FormField.documentNumber({ documentType: unrecognized("other"), nit }))
  // Without a valid type, a number cannot be checked.
  const unchecked = withNumber(Field.anyText)
  return Field.form(CreateCustomer.forMerchant(rules), ({ documentType }) => {
    const type = Field.textOf(documentType)
    if (type === "cc" || type === "ce") return cedula
    if (type === "nit") return company
    return rules.extra.documentTypes.includes(type) ? other : unchecked
  })
}

/**
 * Makes the schema of a form for a new payout target: the input of `PayoutTargets.create`.
 *
 * The account number of a Nequi or Daviplata account is a Colombian mobile number.
 *
 * **Example** (A Nequi account)
 *
 * ```ts
 * import { Form } from "@palomma-effect/schema"
 * import * as Schema from "effect/Schema"
 *
 * const decode = Schema.decodeSync(Form.payoutTarget())
 * const target = decode({
 *   customerId: "01HPR57X6QR5ZRKEEKBSDBW4RA",
 *   redirectUrl: "https://merchant.example/back",
 *   type: "bankAccount",
 *   bankAccount: { bank: "nequi", accountType: "savings", accountNumber: "301 311 1111" }
 * })
 * target.type === "bankAccount" ? target.bankAccount.accountNumber : "" // => "3013111111"
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const payoutTarget = ({ rules = defaultMerchantRules }: FormOptions = {}): Schema.Codec<
  CreatePayoutTarget,
  PayoutTargetTexts
> => {
  const { accountTypes, payoutBanks, payoutTargetTypes } = rules.extra
  const values = [...PayoutTargetType.values, ...extraValues(PayoutTargetType, payoutTargetTypes)]
  const common = {
    customerId: FormField.trimmed(CustomerId),
    redirectUrl: FormField.of(RedirectUrl),
    reference: optional(Field.reference),
    description: optional(Field.anyText)
  }
  const account = Schema.Struct({
    ...common,
    type: FormField.trimmed(
      Schema.Literal("bankAccount").annotate(rule("one-of", `must be one of: ${values.join(", ")}`, { values }))
    ),
    bankAccount: Field.bankAccount(PayoutBank, acceptedPayoutBank(payoutBanks), accountTypes)
  })
  const other = Schema.Struct({ ...common, type: Field.otherType(PayoutTargetType, payoutTargetTypes) })
  return Field.form(CreatePayoutTarget.forMerchant(rules), ({ type }) =>
    payoutTargetTypes.includes(Field.textOf(type)) && Field.textOf(type) !== "bankAccount" ? other : account
  )
}

/**
 * Makes the schema of a form for a new payin source: the input of `PayinSources.create`.
 *
 * **Example** (A problem of a Nequi number)
 *
 * ```ts
 * import { Form } from "@palomma-effect/schema"
 * import * as Schema from "effect/Schema"
 *
 * const check = Schema.toStandardSchemaV1(Form.payinSource())["~standard"].validate
 * const result = await check({
 *   customerId: "01HPR57X6QR5ZRKEEKBSDBW4RA",
 *   redirectUrl: "https://merchant.example/back",
 *   type: "nequiToken",
 *   phoneNumber: "601 311 1111"
 * })
 * result.issues?.[0]?.path // => ["phoneNumber"]
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const payinSource = ({ rules = defaultMerchantRules }: FormOptions = {}): Schema.Codec<
  CreatePayinSource,
  PayinSourceTexts
> => {
  const { accountTypes, directDebitBanks, payinSourceTypes } = rules.extra
  const common = {
    customerId: FormField.trimmed(CustomerId),
    redirectUrl: FormField.of(RedirectUrl),
    reference: optional(Field.reference),
    description: optional(Field.anyText)
  }
  const variants = {
    bankAccount: Schema.Struct({
      ...common,
      type: FormField.trimmed(Schema.Literal("bankAccount")),
      bankAccount: Field.bankAccount(DirectDebitBank, acceptedDirectDebitBank(directDebitBanks), accountTypes),
      partialPayinsEnabled: optional(Field.flag)
    }),
    bancolombiaToken: Schema.Struct({ ...common, type: FormField.trimmed(Schema.Literal("bancolombiaToken")) }),
    nequiToken: Schema.Struct({
      ...common,
      type: FormField.trimmed(Schema.Literal("nequiToken")),
      phoneNumber: mobileNumber
    })
  }
  const other = Schema.Struct({ ...common, type: Field.otherType(PayinSourceType, payinSourceTypes) })
  return Field.form(CreatePayinSource.forMerchant(rules), ({ type }) => Field.variant(variants, type) ?? other)
}

/**
 * Makes the schema of a form for a new payin link: the input of `PayinLinks.create`.
 *
 * **Gotchas**
 *
 * If you handle card numbers, PCI DSS applies to you. With the type `general`, Palomma's page asks for the card.
 *
 * **Example** (A payment through PSE)
 *
 * ```ts
 * import { Form } from "@palomma-effect/schema"
 * import * as Schema from "effect/Schema"
 *
 * const decode = Schema.decodeSync(Form.payinLink())
 * const link = decode({
 *   customerId: "01HPR57X6QR5ZRKEEKBSDBW4RA",
 *   redirectUrl: "https://merchant.example/back",
 *   amount: "$ 50.000",
 *   type: "pse",
 *   bank: "bancolombia",
 *   expiration: "2026-01-31T23:59"
 * })
 * link.amount // => 50000
 * link.expiration // => "2026-01-31T23:59:00"
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const payinLink = ({ rules = defaultMerchantRules }: FormOptions = {}): Schema.Codec<
  CreatePayinLink,
  PayinLinkTexts
> => {
  const { payinLinkMethods, pseBanks } = rules.extra
  const common = (type: string) => ({
    customerId: FormField.trimmed(CustomerId),
    redirectUrl: FormField.of(RedirectUrl),
    amount: FormField.amount(payinLinkAmount(type, rules.limits)),
    reference: optional(Field.reference),
    description: optional(Field.anyText),
    expiration: optional(Field.localDateTime),
    targetMerchantAccountId: optional(FormField.trimmed(MerchantAccountId))
  })
  const typed = <const T extends string, F extends Schema.Struct.Fields>(type: T, fields: F) =>
    Schema.Struct({ ...common(type), type: FormField.trimmed(Schema.Literal(type)), ...fields })
  const method = Field.choice(PayinLinkMethod, acceptedValue(PayinLinkMethod, payinLinkMethods))
  const variants = {
    general: typed("general", { availableTypes: Field.atLeastOne(method) }),
    pse: typed("pse", { bank: Field.choice(PseBank, acceptedPseBank(pseBanks)) }),
    bancolombiaButton: typed("bancolombiaButton", {}),
    nequiButton: typed("nequiButton", { phoneNumber: mobileNumber }),
    card: typed("card", { card: Field.card }),
    bancolombiaCollect: typed("bancolombiaCollect", {})
  }
  const other = Schema.Struct({ ...common("other"), type: Field.otherType(PayinLinkType, payinLinkMethods) })
  return Field.form(CreatePayinLink.forMerchant(rules), ({ type }) => Field.variant(variants, type) ?? other)
}

const payoutOf = <R extends Schema.Struct.Fields>(rules: MerchantRules, reference: R) =>
  Schema.Struct({
    payoutTargetId: FormField.trimmed(PayoutTargetId),
    amount: FormField.amount(payoutAmount(rules.limits)),
    sourceMerchantAccountId: optional(FormField.trimmed(MerchantAccountId)),
    ...reference
  })

/**
 * Makes the schema of a form for one payout request: the input of `PayoutRequests.create`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const payoutRequest = ({ rules = defaultMerchantRules }: FormOptions = {}): Schema.Codec<
  CreatePayoutRequest,
  PayoutTexts
> => {
  const texts = payoutOf(rules, { reference: optional(Field.reference) })
  return Field.form(CreatePayoutRequest.forMerchant(rules), () => texts)
}

/**
 * Makes the schema of a form for a payout that is made at most once: the input of `Payouts.send`.
 *
 * It requires the reference. Derive the reference from what is owed, rather than let a person type it: a debt that is
 * typed under two references is paid twice.
 *
 * **Example** (A line of a CSV file, in which every value is text)
 *
 * ```ts
 * import { Form } from "@palomma-effect/schema"
 * import * as Schema from "effect/Schema"
 *
 * const decode = Schema.decodeSync(Form.payoutIntent())
 * decode({ reference: "salary-2026-11-ana", payoutTargetId: "01HPR8S7YF43PV3QV16TZDC80P", amount: "$ 50.000" }).amount // => 50000
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const payoutIntent = ({ rules = defaultMerchantRules }: FormOptions = {}): Schema.Codec<
  PayoutIntent,
  PayoutTexts
> => {
  const texts = payoutOf(rules, { reference: Field.reference })
  return Field.form(PayoutIntent.forMerchant(rules), () => texts)
}

const payinOf = <R extends Schema.Struct.Fields>(rules: MerchantRules, reference: R) =>
  Schema.Struct({
    payinSourceId: FormField.trimmed(PayinSourceId),
    amount: FormField.amount(payinAmount(rules.limits)),
    targetMerchantAccountId: optional(FormField.trimmed(MerchantAccountId)),
    ...reference
  })

/**
 * Makes the schema of a form for one payin request: the input of `PayinRequests.create`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const payinRequest = ({ rules = defaultMerchantRules }: FormOptions = {}): Schema.Codec<
  CreatePayinRequest,
  PayinTexts
> => {
  const texts = payinOf(rules, { reference: optional(Field.reference) })
  return Field.form(CreatePayinRequest.forMerchant(rules), () => texts)
}

/**
 * Makes the schema of a form for a debit that is made at most once: the input of `Payins.charge`.
 *
 * It requires the reference, which should come from what is owed.
 *
 * @category schemas
 * @since 0.1.0
 */
export const payinIntent = ({ rules = defaultMerchantRules }: FormOptions = {}): Schema.Codec<
  PayinIntent,
  PayinTexts
> => {
  const texts = payinOf(rules, { reference: Field.reference })
  return Field.form(PayinIntent.forMerchant(rules), () => texts)
}
