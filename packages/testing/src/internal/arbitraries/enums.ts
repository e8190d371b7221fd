/**
 * Arbitraries of the values of enums.
 */
import * as fc from "fast-check"
import { type Arbitrary, from } from "./arbitrary.ts"
import { AccountType } from "@palomma-effect/schema/AccountType"
import { DirectDebitBank } from "@palomma-effect/schema/DirectDebitBank"
import { DocumentType } from "@palomma-effect/schema/DocumentType"
import { type OpenEnum, type Unrecognized, unrecognized as brand } from "@palomma-effect/schema/OpenEnum"
import { PayinLinkStatus } from "@palomma-effect/schema/PayinLink"
import { PayinStatus } from "@palomma-effect/schema/PayinRequest"
import { PayinSourceStatus } from "@palomma-effect/schema/PayinSource"
import { PayoutBank } from "@palomma-effect/schema/PayoutBank"
import { PayoutStatus } from "@palomma-effect/schema/PayoutRequest"
import { PayoutTargetStatus } from "@palomma-effect/schema/PayoutTarget"
import { PseBank } from "@palomma-effect/schema/PseBank"
import { StatusMessage } from "@palomma-effect/schema/StatusMessage"

/**
 * Documented values of an enum.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const known = <Known extends string>(of: OpenEnum<Known>): Arbitrary<Known> =>
  from(fc.constantFrom(...of.values))

// Removes, doubles or swaps letters, or changes case, spaces and accents.
const misspelled = (values: ReadonlyArray<string>): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom(...values), fc.nat(20), fc.nat(6)).map(([value, place, how]) => {
    const at = place % value.length
    switch (how) {
      case 0:
        return value.toUpperCase()
      case 1:
        return ` ${value}`
      case 2:
        return `${value} `
      case 3:
        return value.slice(0, at) + value.slice(at + 1)
      case 4:
        return value.slice(0, at) + value.charAt(at) + value.slice(at)
      case 5:
        return value.slice(0, at) + value.charAt(at + 1) + value.charAt(at) + value.slice(at + 2)
      default:
        return value.replace(/[aeiou]/, (letter) => `${letter}\u0301`)
    }
  })

/**
 * Texts that are not a value of an enum, mostly misspelled values.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const unknown = (of: { readonly values: ReadonlyArray<string> }): Arbitrary<string> =>
  from(
    fc
      .oneof(
        misspelled(of.values),
        fc.constantFrom("", "pending", "held", "nuevobanco", "constructor", "toString", "__proto__"),
        fc.string()
      )
      .filter((value) => !of.values.includes(value))
  )

/**
 * Values that Palomma may add to an enum: any non-empty text that is not a known value.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const unrecognized = (of: { readonly values: ReadonlyArray<string> }): Arbitrary<Unrecognized> =>
  from(
    unknown(of)
      .filter((value) => value !== "")
      .map(brand)
  )

/**
 * Values of an enum in a response: mostly known values, sometimes undocumented ones.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const open = <Known extends string>(of: OpenEnum<Known>): Arbitrary<Known | Unrecognized> =>
  from(
    fc.oneof({ withCrossShrink: true }, { arbitrary: known(of), weight: 4 }, { arbitrary: unrecognized(of), weight: 1 })
  )

/**
 * The 55 banks of payout targets.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payoutBank = known(PayoutBank)

/**
 * Texts that are not a bank of payout targets, mostly misspelled banks.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidPayoutBank = unknown(PayoutBank)

/**
 * The 41 banks of PSE.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const pseBank = known(PseBank)

/**
 * Texts that are not a bank of PSE.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidPseBank = unknown(PseBank)

/**
 * The 28 banks whose accounts can be debited.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const directDebitBank = known(DirectDebitBank)

/**
 * Texts that are not a bank whose accounts can be debited.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidDirectDebitBank = unknown(DirectDebitBank)

/**
 * Types of bank accounts.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const accountType = known(AccountType)

/**
 * Types of identity documents.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const documentType = known(DocumentType)

/**
 * Statuses of payouts, as a response may contain them.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payoutStatus = open(PayoutStatus)

/**
 * Statuses of payout targets, as a response may contain them.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payoutTargetStatus = open(PayoutTargetStatus)

/**
 * Statuses of payin links, as a response may contain them.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payinLinkStatus = open(PayinLinkStatus)

/**
 * Statuses of payin sources, as a response may contain them.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payinSourceStatus = open(PayinSourceStatus)

/**
 * Statuses of payin requests, as a response may contain them.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payinStatus = open(PayinStatus)

/**
 * Status messages, as a response may contain them.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const statusMessage = open(StatusMessage)
