/** Arbitraries of every valid body of a create. */
import {
  type Card,
  type CreateCustomer,
  type CreatePayinLink,
  type CreatePayinRequest,
  type CreatePayinSource,
  type CreatePayoutRequest,
  type CreatePayoutTarget,
  CustomerId,
  DirectDebitBank,
  DocumentType,
  LocalDateTime,
  MerchantAccountId,
  PayinLinkMethod,
  PayinSourceId,
  PayoutBank,
  PayoutTargetId,
  PseBank
} from "@palomma-effect/schema"
import * as Redacted from "effect/Redacted"
import * as fc from "fast-check"
import { nonEmpty, id, digits, model, pesos } from "./values.ts"

/** References that stay unchanged. */
export const reference = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
  .map((value) =>
    value
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "")
      .trim()
      .normalize("NFC")
  )
  .filter((value) => value !== "" && Array.from(value).length <= 200 && value.trim() === value)
const localDateTime = fc
  .date({ min: new Date("2000-01-01"), max: new Date("2999-12-31"), noInvalidDate: true })
  .map((date) => LocalDateTime.make(date.toISOString().slice(0, 19)))
const account = <B>(bank: fc.Arbitrary<B>) =>
  fc.record({
    bank,
    accountType: fc.constantFrom("savings" as const, "checking" as const),
    accountNumber: digits(1, 20)
  })

export const createCustomer: fc.Arbitrary<CreateCustomer> = model(
  {
    name: nonEmpty,
    documentType: fc.constantFrom(...DocumentType.values),
    documentNumber: nonEmpty,
    email: nonEmpty,
    phoneNumber: nonEmpty
  },
  { reference },
  (body) => body
)

export const card: fc.Arbitrary<Card> = fc.record({
  cardNumber: digits(13, 19).map((value) => Redacted.make(value)),
  expirationMonth: fc.integer({ min: 1, max: 12 }).map((month) => String(month).padStart(2, "0")),
  expirationYear: digits(4, 4),
  cvv: digits(3, 4).map((value) => Redacted.make(value))
})

const link = <T extends string, X extends object>(
  type: T,
  above: number,
  extra: { [K in keyof X]: fc.Arbitrary<X[K]> }
) =>
  fc
    .tuple(
      fc.record({
        customerId: id(CustomerId),
        redirectUrl: nonEmpty,
        amount: pesos(above, 2_000_000),
        type: fc.constant(type)
      }),
      fc.record<X>(extra),
      fc.record(
        { reference, description: nonEmpty, expiration: localDateTime, targetMerchantAccountId: id(MerchantAccountId) },
        { requiredKeys: [] }
      )
    )
    .map(([required, own, optional]) => ({ ...required, ...own, ...optional }))

export const createPayinLink: fc.Arbitrary<CreatePayinLink> = fc.oneof(
  link("general", 1_500, {
    availableTypes: fc.uniqueArray(fc.constantFrom(...PayinLinkMethod.values), { minLength: 1 })
  }),
  link("pse", 1_000, { bank: fc.constantFrom(...PseBank.values) }),
  link("bancolombiaButton", 1_500, {}),
  link("nequiButton", 1_500, { phoneNumber: nonEmpty }),
  link("card", 1_500, { card }),
  link("bancolombiaCollect", 1_500, {})
)

const sourceOf = <T extends string, X extends object>(type: T, extra: { [K in keyof X]: fc.Arbitrary<X[K]> }) =>
  fc
    .tuple(
      fc.record({ customerId: id(CustomerId), redirectUrl: nonEmpty, type: fc.constant(type) }),
      fc.record<X>(extra),
      fc.record({ reference, description: nonEmpty }, { requiredKeys: [] })
    )
    .map(([required, own, optional]) => ({ ...required, ...own, ...optional }))

export const createPayinSource: fc.Arbitrary<CreatePayinSource> = fc.oneof(
  sourceOf("bankAccount", { bankAccount: account(fc.constantFrom(...DirectDebitBank.values)) }),
  sourceOf("bankAccount", {
    bankAccount: account(fc.constantFrom(...DirectDebitBank.values)),
    partialPayinsEnabled: fc.boolean()
  }),
  sourceOf("bancolombiaToken", {}),
  sourceOf("nequiToken", { phoneNumber: nonEmpty })
)

export const createPayinRequest: fc.Arbitrary<CreatePayinRequest> = model(
  { payinSourceId: id(PayinSourceId), amount: pesos(1_000, 2_000_000) },
  { reference, targetMerchantAccountId: id(MerchantAccountId) },
  (body) => body
)

export const createPayoutTarget: fc.Arbitrary<CreatePayoutTarget> = model(
  {
    customerId: id(CustomerId),
    redirectUrl: nonEmpty,
    type: fc.constant("bankAccount" as const),
    bankAccount: account(fc.constantFrom(...PayoutBank.values))
  },
  { reference, description: nonEmpty },
  (body) => body
)

export const createPayoutRequest: fc.Arbitrary<CreatePayoutRequest> = model(
  { payoutTargetId: id(PayoutTargetId), amount: pesos(1_000, 5_000_000) },
  { reference, sourceMerchantAccountId: id(MerchantAccountId) },
  (body) => body
)
