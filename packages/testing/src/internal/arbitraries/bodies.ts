/**
 * Arbitraries of the bodies of creates.
 */
import * as fc from "fast-check"
import { type Arbitrary, from } from "./arbitrary.ts"
import * as Redacted from "effect/Redacted"
import type { Card } from "@palomma-effect/schema/Card"
import type { CreateCustomer } from "@palomma-effect/schema/Customer"
import {
  type AmountLimits,
  defaultMerchantRules,
  type MerchantRulesOptions
} from "@palomma-effect/schema/MerchantRules"
import { unrecognized } from "@palomma-effect/schema/OpenEnum"
import { type CreatePayinLink, PayinLinkMethod } from "@palomma-effect/schema/PayinLink"
import type { CreatePayinRequest } from "@palomma-effect/schema/PayinRequest"
import type { CreatePayinSource } from "@palomma-effect/schema/PayinSource"
import type { CreatePayoutRequest } from "@palomma-effect/schema/PayoutRequest"
import type { CreatePayoutTargetBankAccount, PayoutBankAccount } from "@palomma-effect/schema/PayoutTarget"
import { fields } from "./models.ts"
import * as Enum from "./enums.ts"
import * as Ids from "./ids.ts"
import * as Value from "./values.ts"

/**
 * Bodies that create a customer.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const createCustomer: Arbitrary<CreateCustomer> = from(
  fields(
    {
      name: Value.text,
      documentType: Enum.documentType,
      documentNumber: Value.documentNumber,
      email: Value.email,
      phoneNumber: Value.mobileNumber
    },
    { reference: Value.reference }
  )
)

const named = { reference: Value.reference, description: Value.text }

/**
 * Bodies that create a payout target, including those with extra banks.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const createPayoutTarget = (
  options: Pick<MerchantRulesOptions, "extra"> = {}
): Arbitrary<CreatePayoutTargetBankAccount> => {
  const extra = (options.extra?.payoutBanks ?? []).map(unrecognized)
  const bankAccount: fc.Arbitrary<PayoutBankAccount> = fc.record({
    bank: extra.length === 0 ? Enum.payoutBank : fc.oneof(Enum.payoutBank, fc.constantFrom(...extra)),
    accountType: Enum.accountType,
    accountNumber: Value.accountNumber
  })
  return from(
    fields(
      { customerId: Ids.customerId, redirectUrl: Value.url, type: fc.constant("bankAccount" as const), bankAccount },
      named
    )
  )
}

/**
 * Bodies that create a payout request.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const createPayoutRequest = (
  limits: Pick<AmountLimits, "payout"> = defaultMerchantRules.limits
): Arbitrary<CreatePayoutRequest> =>
  from(
    fields(
      { payoutTargetId: Ids.payoutTargetId, amount: Value.payoutAmount(limits) },
      { reference: Value.reference, sourceMerchantAccountId: Ids.merchantAccountId }
    )
  )

/**
 * Payment cards.
 *
 * The number and the code are `Redacted`.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const card: Arbitrary<Card> = from(
  fc.record({
    cardNumber: fc
      .oneof(fc.constant("4111111111111111"), fc.stringMatching(/^[0-9]{13,19}$/))
      .map((value) => Redacted.make(value)),
    expirationMonth: fc.integer({ min: 1, max: 12 }).map((month) => String(month).padStart(2, "0")),
    expirationYear: fc.integer({ min: 2024, max: 2040 }).map(String),
    cvv: fc.stringMatching(/^[0-9]{3,4}$/).map((value) => Redacted.make(value))
  })
)

/**
 * Bodies that create a payin link, of any of the six types.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const createPayinLink = (
  limits: Pick<AmountLimits, "payinLink" | "payinLinkPse"> = defaultMerchantRules.limits
): Arbitrary<CreatePayinLink> => {
  const of = <const T extends string, A extends object>(type: T, more: fc.Arbitrary<A>) =>
    fc
      .tuple(
        fields(
          {
            customerId: Ids.customerId,
            redirectUrl: Value.url,
            amount: Value.payinLinkAmount(type, limits),
            type: fc.constant(type)
          },
          { ...named, expiration: Value.localDateTime, targetMerchantAccountId: Ids.merchantAccountId }
        ),
        more
      )
      .map(([common, special]) => ({ ...common, ...special }))
  const nothing = fc.constant({})
  const links = fc.oneof<Array<fc.Arbitrary<CreatePayinLink>>>(
    of("general", fc.record({ availableTypes: fc.uniqueArray(Enum.known(PayinLinkMethod), { minLength: 1 }) })),
    of("pse", fc.record({ bank: Enum.pseBank })),
    of("bancolombiaButton", nothing),
    of("nequiButton", fc.record({ phoneNumber: Value.mobileNumber })),
    of("card", fc.record({ card })),
    of("bancolombiaCollect", nothing)
  )
  return from(links)
}

/**
 * Bodies that create a payin source, of any of the three types.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const createPayinSource: Arbitrary<CreatePayinSource> = from(
  fc.oneof<Array<fc.Arbitrary<CreatePayinSource>>>(
    fields(
      {
        customerId: Ids.customerId,
        redirectUrl: Value.url,
        type: fc.constant("bankAccount" as const),
        bankAccount: fc.record({
          bank: Enum.directDebitBank,
          accountType: Enum.accountType,
          accountNumber: Value.accountNumber
        })
      },
      { ...named, partialPayinsEnabled: fc.boolean() }
    ),
    fields(
      { customerId: Ids.customerId, redirectUrl: Value.url, type: fc.constant("bancolombiaToken" as const) },
      named
    ),
    fields(
      {
        customerId: Ids.customerId,
        redirectUrl: Value.url,
        type: fc.constant("nequiToken" as const),
        phoneNumber: Value.mobileNumber
      },
      named
    )
  )
)

/**
 * Bodies that create a payin request.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const createPayinRequest = (
  limits: Pick<AmountLimits, "payin"> = defaultMerchantRules.limits
): Arbitrary<CreatePayinRequest> =>
  from(
    fields(
      { payinSourceId: Ids.payinSourceId, amount: Value.payinAmount(limits) },
      { reference: Value.reference, targetMerchantAccountId: Ids.merchantAccountId }
    )
  )
