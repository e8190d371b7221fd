import * as fc from "fast-check"
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
 * The values of an enum that Palomma documents.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const known = <Known extends string>(of: OpenEnum<Known>): fc.Arbitrary<Known> => fc.constantFrom(...of.values)

// Takes out a letter, doubles one, swaps two, or changes case, spaces and accents.
const misspelt = (values: ReadonlyArray<string>): fc.Arbitrary<string> =>
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
 * Texts that are no value of an enum: misspelt ones above all.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const unknown = (of: { readonly values: ReadonlyArray<string> }): fc.Arbitrary<string> =>
  fc
    .oneof(
      misspelt(of.values),
      fc.constantFrom("", "pending", "held", "nuevobanco", "constructor", "toString", "__proto__"),
      fc.string()
    )
    .filter((value) => !of.values.includes(value))

/**
 * Values that Palomma may have added to an enum since: any text but the known ones and the empty one.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const unrecognized = (of: { readonly values: ReadonlyArray<string> }): fc.Arbitrary<Unrecognized> =>
  unknown(of)
    .filter((value) => value !== "")
    .map(brand)

/**
 * What an answer may hold where an enum is: mostly a known value, sometimes one that is not documented.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const open = <Known extends string>(of: OpenEnum<Known>): fc.Arbitrary<Known | Unrecognized> =>
  fc.oneof({ withCrossShrink: true }, { arbitrary: known(of), weight: 4 }, { arbitrary: unrecognized(of), weight: 1 })

/**
 * One of the 55 banks that money can be sent to.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payoutBank = known(PayoutBank)

/**
 * What is no such bank: misspelt ones above all.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidPayoutBank = unknown(PayoutBank)

/**
 * One of the 41 banks that PSE reaches.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const pseBank = known(PseBank)

/**
 * What is no such bank.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidPseBank = unknown(PseBank)

/**
 * One of the 28 banks whose accounts can be debited.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const directDebitBank = known(DirectDebitBank)

/**
 * What is no such bank.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidDirectDebitBank = unknown(DirectDebitBank)

/**
 * A kind of bank account.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const accountType = known(AccountType)

/**
 * A kind of identity document.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const documentType = known(DocumentType)

/**
 * A payout's status as an answer may hold it.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payoutStatus = open(PayoutStatus)

/**
 * A payout target's status as an answer may hold it.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payoutTargetStatus = open(PayoutTargetStatus)

/**
 * A payin link's status as an answer may hold it.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payinLinkStatus = open(PayinLinkStatus)

/**
 * A payin source's status as an answer may hold it.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payinSourceStatus = open(PayinSourceStatus)

/**
 * A payin request's status as an answer may hold it.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payinStatus = open(PayinStatus)

/**
 * Why something was cancelled, as an answer may hold it.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const statusMessage = open(StatusMessage)
