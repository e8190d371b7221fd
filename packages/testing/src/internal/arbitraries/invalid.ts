/**
 * Arbitraries of invalid bodies, with the field that is invalid.
 */
import * as fc from "fast-check"
import { type Arbitrary, from } from "./arbitrary.ts"
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
 * A value that must be refused, and the field that is invalid.
 *
 * @category models
 * @since 0.1.0
 */
export interface InvalidValue {
  /** The value that must be refused. */
  readonly value: unknown
  /** The invalid field, such as `bankAccount.bank`. */
  readonly field: string
}

const absent = Symbol("absent")

const withField = (record: object, path: ReadonlyArray<string>, value: unknown): unknown => {
  const [key = "", ...rest] = path
  const { [key]: before, ...others } = record as Record<string, unknown>
  if (rest.length > 0) return { ...others, [key]: withField(before as object, rest, value) }
  return value === absent ? others : { ...others, [key]: value }
}

// Replaces one field of a valid value by an invalid one.
const withInvalidField = <A extends object>(
  valid: fc.Arbitrary<A>,
  invalid: Readonly<Record<string, fc.Arbitrary<unknown>>>
): fc.Arbitrary<InvalidValue> => {
  const choices = Object.entries(invalid).map(([field, values]) =>
    fc.tuple(valid, values).map(([value, wrong]) => ({ field, value: withField(value, field.split("."), wrong) }))
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
 * Invalid bodies for a new customer.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidCreateCustomer: Arbitrary<InvalidValue> = from(
  withInvalidField(Body.createCustomer, {
    name: text,
    documentType: enumOf(DocumentType),
    documentNumber: text,
    email: text,
    phoneNumber: text,
    reference: Value.invalidReference
  })
)

/**
 * Invalid bodies for a new payout target.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidCreatePayoutTarget: Arbitrary<InvalidValue> = from(
  withInvalidField(Body.createPayoutTarget(), {
    customerId: id,
    redirectUrl: text,
    type: fc.oneof(text, fc.constant("transfiya")),
    bankAccount: fc.oneof(missing, fc.constantFrom(null, "nequi", 1)),
    "bankAccount.bank": enumOf(PayoutBank),
    "bankAccount.accountType": enumOf(AccountType),
    "bankAccount.accountNumber": text,
    ...named
  })
)

/**
 * Invalid bodies for a new payout request.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidCreatePayoutRequest = (
  limits: Pick<AmountLimits, "payout"> = defaultMerchantRules.limits
): Arbitrary<InvalidValue> =>
  from(
    withInvalidField(Body.createPayoutRequest(limits), {
      payoutTargetId: id,
      amount: amount(Value.invalidPayoutAmount(limits)),
      reference: Value.invalidReference,
      sourceMerchantAccountId: Ids.invalidId
    })
  )

/**
 * Invalid bodies for a new payin request.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidCreatePayinRequest = (
  limits: Pick<AmountLimits, "payin"> = defaultMerchantRules.limits
): Arbitrary<InvalidValue> =>
  from(
    withInvalidField(Body.createPayinRequest(limits), {
      payinSourceId: id,
      amount: amount(Value.invalidPayinAmount(limits)),
      reference: Value.invalidReference,
      targetMerchantAccountId: Ids.invalidId
    })
  )

/**
 * Invalid bodies for a new payin source.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidCreatePayinSource: Arbitrary<InvalidValue> = from(
  fc.oneof(
    withInvalidField(Body.createPayinSource, { customerId: id, redirectUrl: text, type: text, ...named }),
    withInvalidField(
      Body.createPayinSource.filter((body) => body.type === "bankAccount"),
      {
        "bankAccount.bank": enumOf(DirectDebitBank),
        "bankAccount.accountType": enumOf(AccountType),
        "bankAccount.accountNumber": text,
        partialPayinsEnabled: fc.constantFrom<unknown>(null, 0, "true")
      }
    ),
    withInvalidField(
      Body.createPayinSource.filter((body) => body.type === "nequiToken"),
      { phoneNumber: text }
    )
  )
)

/**
 * Invalid bodies for a new payin link.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidCreatePayinLink = (
  limits: Pick<AmountLimits, "payinLink" | "payinLinkPse"> = defaultMerchantRules.limits
): Arbitrary<InvalidValue> => {
  const links = Body.createPayinLink(limits)
  const invalid = fc.oneof(
    withInvalidField(links, {
      customerId: id,
      redirectUrl: text,
      type: text,
      // The bounds of `pse` are the widest, so an amount outside them is invalid for every type.
      amount: amount(Value.invalidPayinLinkAmount("pse", limits)),
      expiration: fc.constantFrom<unknown>("", "2026-02-30T00:00:00", "2026-01-31", "2026-01-31T23:59:59Z", 0, null),
      targetMerchantAccountId: Ids.invalidId,
      ...named
    }),
    withInvalidField(
      links.filter((body) => body.type === "pse"),
      { bank: enumOf(PseBank) }
    ),
    withInvalidField(
      links.filter((body) => body.type === "general"),
      { availableTypes: fc.constantFrom<unknown>([], ["cash"], "pse", null, absent) }
    ),
    withInvalidField(
      links.filter((body) => body.type === "card"),
      { card: fc.constantFrom<unknown>(null, "4111111111111111", {}, absent) }
    )
  )
  return from(invalid)
}

// Only required fields make a response unreadable: an optional field that cannot be read counts as absent. A number is
// read as an id.
const required = (wrong: fc.Arbitrary<unknown>) => fc.oneof(missing, fc.constant(null), wrong)
const notNumber = required(fc.constantFrom<unknown>("1", "50000", true, [], {}))
const notId = required(fc.constantFrom<unknown>("", 1.5, true, [], {}))
const notStatus = required(fc.constantFrom<unknown>(1, true, [], {}))

const answersOf = <A, E extends object>(schema: Schema.Codec<A, E>, arbitrary: fc.Arbitrary<A>): fc.Arbitrary<E> =>
  arbitrary.map(Schema.encodeSync(schema))

/**
 * Responses that are not a customer.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidCustomer: Arbitrary<InvalidValue> = from(
  withInvalidField(answersOf(Customer, Model.customer), {
    id: notId
  })
)

/**
 * Responses that are not a payout target.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidPayoutTarget: Arbitrary<InvalidValue> = from(
  withInvalidField(answersOf(PayoutTarget, Model.payoutTarget), {
    id: notId,
    status: notStatus
  })
)

/**
 * Responses that are not a payout request.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidPayoutRequest: Arbitrary<InvalidValue> = from(
  withInvalidField(answersOf(PayoutRequest, Model.payoutRequest), {
    id: notId,
    status: notStatus,
    payoutTargetId: notId,
    amount: notNumber
  })
)

/**
 * Responses that are not a payin link.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidPayinLink: Arbitrary<InvalidValue> = from(
  withInvalidField(answersOf(PayinLink, Model.payinLink), {
    id: notId,
    status: notStatus
  })
)

/**
 * Responses that are not a payin source.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidPayinSource: Arbitrary<InvalidValue> = from(
  withInvalidField(answersOf(PayinSource, Model.payinSource), {
    id: notId,
    status: notStatus
  })
)

/**
 * Responses that are not a payin request.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidPayinRequest: Arbitrary<InvalidValue> = from(
  withInvalidField(answersOf(PayinRequest, Model.payinRequest), {
    id: notId,
    status: notStatus
  })
)

/**
 * Responses that are not a merchant account.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidMerchantAccount: Arbitrary<InvalidValue> = from(
  withInvalidField(answersOf(MerchantAccount, Model.merchantAccount), {
    id: notId
  })
)

/**
 * Responses that are not a payin settlement.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidPayinSettlement: Arbitrary<InvalidValue> = from(
  withInvalidField(answersOf(PayinSettlement, Model.payinSettlement), {
    id: notId
  })
)

/**
 * Values that are not a webhook event, because `webhookId`, `timestamp` or `eventType` is invalid.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidWebhookEvent: Arbitrary<InvalidValue> = from(
  withInvalidField(answersOf(WebhookEvent, Model.webhookEvent), {
    webhookId: notId,
    timestamp: fc.constantFrom<unknown>("1", "today", "2026-02-30T00:00:00Z"),
    eventType: notStatus
  })
)
