import * as fc from "fast-check"
import { AccountType } from "@palomma-effect/schema/AccountType"
import { Customer } from "@palomma-effect/schema/Customer"
import { DirectDebitBank } from "@palomma-effect/schema/DirectDebitBank"
import { DocumentType } from "@palomma-effect/schema/DocumentType"
import { MerchantAccount } from "@palomma-effect/schema/MerchantAccount"
import { type AmountLimits, defaultMerchantRules } from "@palomma-effect/schema/MerchantRules"
import { PayinLink } from "@palomma-effect/schema/PayinLink"
import { PayinRequest } from "@palomma-effect/schema/PayinRequest"
import { PayinSettlement } from "@palomma-effect/schema/PayinSettlement"
import { PayinSource } from "@palomma-effect/schema/PayinSource"
import { PayoutBank } from "@palomma-effect/schema/PayoutBank"
import { PayoutRequest } from "@palomma-effect/schema/PayoutRequest"
import { PayoutTarget } from "@palomma-effect/schema/PayoutTarget"
import { PseBank } from "@palomma-effect/schema/PseBank"
import { WebhookEvent } from "@palomma-effect/schema/WebhookEvent"
import * as Schema from "effect/Schema"
import * as Body from "./bodies.ts"
import * as Model from "./models.ts"
import * as Enum from "./enums.ts"
import * as Ids from "./ids.ts"
import * as Value from "./values.ts"

/**
 * Something that must be refused, and where it is wrong.
 *
 * @category models
 * @since 0.1.0
 */
export interface InvalidValue {
  /** What must be refused. */
  readonly value: unknown
  /** The field that is wrong, such as `bankAccount.bank`. */
  readonly field: string
}

const absent = Symbol("absent")

const withField = (record: object, path: ReadonlyArray<string>, wrong: unknown): unknown => {
  const [key = "", ...rest] = path
  const { [key]: before, ...others } = record as Record<string, unknown>
  if (rest.length > 0) return { ...others, [key]: withField(before as object, rest, wrong) }
  return wrong === absent ? others : { ...others, [key]: wrong }
}

// Puts something bad into one field of something good.
const spoil = <A extends object>(
  good: fc.Arbitrary<A>,
  bad: Readonly<Record<string, fc.Arbitrary<unknown>>>
): fc.Arbitrary<InvalidValue> => {
  const choices = Object.entries(bad).map(([field, values]) =>
    fc.tuple(good, values).map(([value, wrong]) => ({ field, value: withField(value, field.split("."), wrong) }))
  )
  return fc.oneof(...choices)
}

const missing = fc.constant<unknown>(absent)
const notText = fc.constantFrom<unknown>("", null, 1, true, [], {})
const text = fc.oneof(missing, notText)
const id = fc.oneof(missing, Ids.invalidId)
const enumOf = (of: { readonly values: ReadonlyArray<string> }) => fc.oneof(missing, notText, Enum.unknown(of))
const amount = (values: fc.Arbitrary<unknown>) => fc.oneof(missing, values)
const named = { reference: Value.invalidReference, description: notText }

/**
 * What does not register a customer.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidCreateCustomer: fc.Arbitrary<InvalidValue> = spoil(Body.createCustomer, {
  name: text,
  documentType: enumOf(DocumentType),
  documentNumber: text,
  email: text,
  phoneNumber: text,
  reference: Value.invalidReference
})

/**
 * What does not register an account that money can be sent to.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidCreatePayoutTarget: fc.Arbitrary<InvalidValue> = spoil(Body.createPayoutTarget(), {
  customerId: id,
  redirectUrl: text,
  type: fc.oneof(text, fc.constant("transfiya")),
  bankAccount: fc.oneof(missing, fc.constantFrom(null, "nequi", 1)),
  "bankAccount.bank": enumOf(PayoutBank),
  "bankAccount.accountType": enumOf(AccountType),
  "bankAccount.accountNumber": text,
  ...named
})

/**
 * What does not send money.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidCreatePayoutRequest = (
  limits: Pick<AmountLimits, "payout"> = defaultMerchantRules.limits
): fc.Arbitrary<InvalidValue> =>
  spoil(Body.createPayoutRequest(limits), {
    payoutTargetId: id,
    amount: amount(Value.invalidPayoutAmount(limits)),
    reference: Value.invalidReference,
    sourceMerchantAccountId: Ids.invalidId
  })

/**
 * What does not debit a payin source.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidCreatePayinRequest = (
  limits: Pick<AmountLimits, "payin"> = defaultMerchantRules.limits
): fc.Arbitrary<InvalidValue> =>
  spoil(Body.createPayinRequest(limits), {
    payinSourceId: id,
    amount: amount(Value.invalidPayinAmount(limits)),
    reference: Value.invalidReference,
    targetMerchantAccountId: Ids.invalidId
  })

/**
 * What does not register an account that can be debited.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidCreatePayinSource: fc.Arbitrary<InvalidValue> = fc.oneof(
  spoil(Body.createPayinSource, { customerId: id, redirectUrl: text, type: text, ...named }),
  spoil(
    Body.createPayinSource.filter((body) => body.type === "bankAccount"),
    {
      "bankAccount.bank": enumOf(DirectDebitBank),
      "bankAccount.accountType": enumOf(AccountType),
      "bankAccount.accountNumber": text,
      partialPayinsEnabled: fc.constantFrom<unknown>(null, 0, "true")
    }
  ),
  spoil(
    Body.createPayinSource.filter((body) => body.type === "nequiToken"),
    { phoneNumber: text }
  )
)

/**
 * What does not ask for a payment.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidCreatePayinLink = (
  limits: Pick<AmountLimits, "payinLink" | "payinLinkPse"> = defaultMerchantRules.limits
): fc.Arbitrary<InvalidValue> => {
  const links = Body.createPayinLink(limits)
  return fc.oneof(
    spoil(links, {
      customerId: id,
      redirectUrl: text,
      type: text,
      // What is wrong for `pse`, the least strict of all types, is wrong for all.
      amount: amount(Value.invalidPayinLinkAmount("pse", limits)),
      expiration: fc.constantFrom<unknown>("", "2026-02-30T00:00:00", "2026-01-31", "2026-01-31T23:59:59Z", 0, null),
      targetMerchantAccountId: Ids.invalidId,
      ...named
    }),
    spoil(
      links.filter((body) => body.type === "pse"),
      { bank: enumOf(PseBank) }
    ),
    spoil(
      links.filter((body) => body.type === "general"),
      { availableTypes: fc.constantFrom<unknown>([], ["cash"], "pse", null, absent) }
    ),
    spoil(
      links.filter((body) => body.type === "card"),
      { card: fc.constantFrom<unknown>(null, "4111111111111111", {}, absent) }
    )
  )
}

// What a record cannot be read without. A number is read as an id, and what is optional counts as absent if it cannot be read.
const required = (wrong: fc.Arbitrary<unknown>) => fc.oneof(missing, fc.constant(null), wrong)
const notNumber = required(fc.constantFrom<unknown>("1", "50000", true, [], {}))
const notId = required(fc.constantFrom<unknown>("", 1.5, true, [], {}))
const notStatus = required(fc.constantFrom<unknown>(1, true, [], {}))

const answersOf = <A, E extends object>(schema: Schema.Codec<A, E>, arbitrary: fc.Arbitrary<A>): fc.Arbitrary<E> =>
  arbitrary.map(Schema.encodeSync(schema))

/**
 * An answer that is no customer.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidCustomer: fc.Arbitrary<InvalidValue> = spoil(answersOf(Customer, Model.customer), { id: notId })

/**
 * An answer that is no payout target.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidPayoutTarget: fc.Arbitrary<InvalidValue> = spoil(answersOf(PayoutTarget, Model.payoutTarget), {
  id: notId,
  status: notStatus
})

/**
 * An answer that is no payout request.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidPayoutRequest: fc.Arbitrary<InvalidValue> = spoil(answersOf(PayoutRequest, Model.payoutRequest), {
  id: notId,
  status: notStatus,
  payoutTargetId: notId,
  amount: notNumber
})

/**
 * An answer that is no payin link.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidPayinLink: fc.Arbitrary<InvalidValue> = spoil(answersOf(PayinLink, Model.payinLink), {
  id: notId,
  status: notStatus
})

/**
 * An answer that is no payin source.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidPayinSource: fc.Arbitrary<InvalidValue> = spoil(answersOf(PayinSource, Model.payinSource), {
  id: notId,
  status: notStatus
})

/**
 * An answer that is no payin request.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidPayinRequest: fc.Arbitrary<InvalidValue> = spoil(answersOf(PayinRequest, Model.payinRequest), {
  id: notId,
  status: notStatus
})

/**
 * An answer that is no merchant account.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidMerchantAccount: fc.Arbitrary<InvalidValue> = spoil(
  answersOf(MerchantAccount, Model.merchantAccount),
  {
    id: notId
  }
)

/**
 * An answer that is no payin settlement.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidPayinSettlement: fc.Arbitrary<InvalidValue> = spoil(
  answersOf(PayinSettlement, Model.payinSettlement),
  {
    id: notId
  }
)

/**
 * What is no webhook event: its head is wrong.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidWebhookEvent: fc.Arbitrary<InvalidValue> = spoil(answersOf(WebhookEvent, Model.webhookEvent), {
  webhookId: notId,
  timestamp: fc.constantFrom<unknown>("1", "today", "2026-02-30T00:00:00Z"),
  eventType: notStatus
})
