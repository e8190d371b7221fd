/**
 * Arbitraries of the values of fields, such as amounts, references and times.
 */
import * as DateTime from "effect/DateTime"
import * as fc from "fast-check"
import { type Arbitrary, from } from "./arbitrary.ts"
import { payinLinkBounds } from "@palomma-effect/schema/Amount"
import type { LocalDateTime } from "@palomma-effect/schema/LocalDateTime"
import { type AmountBounds, type AmountLimits, defaultMerchantRules } from "@palomma-effect/schema/MerchantRules"
import type { MobileNumber } from "@palomma-effect/schema/MobileNumber"
import type { Timestamp } from "@palomma-effect/schema/Timestamp"

/**
 * Whole pesos within bounds.
 *
 * They are often close to a bound, and shrink to the smallest amount.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const amountBetween = ({ above, atMost }: AmountBounds): Arbitrary<number> =>
  from(
    fc.oneof(
      { withCrossShrink: true },
      { arbitrary: fc.integer({ min: above + 1, max: atMost }), weight: 3 },
      {
        arbitrary: fc.constantFrom(above + 1, Math.min(above + 2, atMost), Math.max(atMost - 1, above + 1), atMost),
        weight: 2
      }
    )
  )

/**
 * Values that are not such an amount: just outside the bounds, fractions, `-0`, `NaN`, infinities, texts, `null`.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const notAmountBetween = ({ above, atMost }: AmountBounds): Arbitrary<unknown> =>
  from(
    fc.oneof(
      fc.constantFrom<unknown>(
        above,
        above - 1,
        atMost + 1,
        above + 0.5,
        above + 1.5,
        atMost + 0.5,
        0,
        -0,
        -1,
        Number.NaN,
        Number.POSITIVE_INFINITY,
        Number.NEGATIVE_INFINITY,
        Number.MAX_SAFE_INTEGER + 1,
        null,
        true,
        [],
        {}
      ),
      fc.integer({ max: above }),
      fc.integer({ min: atMost + 1 }),
      fc.double({ min: above, max: atMost, noNaN: true }).filter((value) => !Number.isInteger(value)),
      amountBetween({ above, atMost }).map(String),
      amountBetween({ above, atMost }).map(BigInt)
    )
  )

/**
 * Amounts of a payout request, in pesos.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payoutAmount = (limits: Pick<AmountLimits, "payout"> = defaultMerchantRules.limits): Arbitrary<number> =>
  from(amountBetween(limits.payout))

/**
 * Values that are not an amount of a payout request.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidPayoutAmount = (
  limits: Pick<AmountLimits, "payout"> = defaultMerchantRules.limits
): Arbitrary<unknown> => from(notAmountBetween(limits.payout))

/**
 * Amounts of a payin request, in pesos.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payinAmount = (limits: Pick<AmountLimits, "payin"> = defaultMerchantRules.limits): Arbitrary<number> =>
  from(amountBetween(limits.payin))

/**
 * Values that are not an amount of a payin request.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidPayinAmount = (
  limits: Pick<AmountLimits, "payin"> = defaultMerchantRules.limits
): Arbitrary<unknown> => from(notAmountBetween(limits.payin))

/**
 * Amounts of a payin link of one type, in pesos.
 *
 * By default, amounts that are valid for every type.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payinLinkAmount = (
  type = "general",
  limits: Pick<AmountLimits, "payinLink" | "payinLinkPse"> = defaultMerchantRules.limits
): Arbitrary<number> => from(amountBetween(payinLinkBounds(type, limits)))

/**
 * Values that are not an amount of a payin link of one type.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidPayinLinkAmount = (
  type = "general",
  limits: Pick<AmountLimits, "payinLink" | "payinLinkPse"> = defaultMerchantRules.limits
): Arbitrary<unknown> => from(notAmountBetween(payinLinkBounds(type, limits)))

/**
 * Amounts of a response, in pesos.
 *
 * Palomma documents no bounds for them.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const pesos: Arbitrary<number> = from(
  fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.integer({ min: 0, max: 10_000_000 }), weight: 5 },
    { arbitrary: fc.constantFrom(0, 1, 500, 100_000, Number.MAX_SAFE_INTEGER), weight: 2 },
    // JSON has no -0, and adding 0 removes it.
    { arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0), weight: 1 }
  )
)

/**
 * Non-empty texts: readable ones, and ones with accents, emoji, quotes and other characters that often cause errors.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const text: Arbitrary<string> = from(
  fc.oneof(
    { withCrossShrink: true },
    {
      arbitrary: fc.constantFrom("Nómina de enero", "a", "José Ñandú", "{}", '"', "<b>", "%2e%2e", "👩‍🚀", "0", "null"),
      weight: 2
    },
    { arbitrary: fc.string({ minLength: 1, maxLength: 20 }), weight: 2 },
    { arbitrary: fc.string({ minLength: 1, maxLength: 20, unit: "binary" }), weight: 1 }
  )
)

const isReference = (value: string): boolean =>
  value.isWellFormed() &&
  !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value) &&
  value.trim() === value &&
  value.normalize("NFC") === value

/**
 * References that a merchant may use.
 *
 * They do not change if a server normalizes and trims them.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const reference: Arbitrary<string> = from(
  fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.integer({ min: 1, max: 999 }).map((number) => `invoice-${number}`), weight: 3 },
    { arbitrary: fc.constantFrom("a", "factura ñ°1", "a&b=c", "a+b", "100%", "../..", "👩", "'; --"), weight: 1 },
    { arbitrary: text.filter(isReference), weight: 1 }
  )
)

/**
 * Values that are not a reference.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidReference: Arbitrary<unknown> = from(
  fc.constantFrom<unknown>(
    "",
    "a\nb",
    "\u0000",
    "\u007f",
    "\ud800",
    " a",
    "a\u00a0",
    "e\u0301",
    "a\u200bb",
    "a".repeat(201),
    null,
    1
  )
)

/**
 * Colombian mobile numbers, which are also the numbers of Nequi and Daviplata accounts.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const mobileNumber: Arbitrary<MobileNumber> = from(
  fc.oneof(
    { withCrossShrink: true },
    fc.constant("3013111111"),
    fc.integer({ min: 0, max: 999_999_999 }).map((rest) => `3${String(rest).padStart(9, "0")}`)
  ) as fc.Arbitrary<MobileNumber>
)

/**
 * Numbers of bank accounts: digits, possibly with leading zeros.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const accountNumber: Arbitrary<string> = from(
  fc.oneof(
    { withCrossShrink: true },
    { arbitrary: mobileNumber, weight: 2 },
    { arbitrary: fc.stringMatching(/^[0-9]{6,17}$/), weight: 2 },
    { arbitrary: fc.constant("00012345678"), weight: 1 }
  )
)

/**
 * Numbers of identity documents.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const documentNumber: Arbitrary<string> = from(
  fc.oneof({ withCrossShrink: true }, fc.constant("1037551022"), fc.stringMatching(/^[1-9][0-9]{5,9}$/))
)

/**
 * E-mail addresses.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const email: Arbitrary<string> = from(
  fc.oneof({ withCrossShrink: true }, fc.constant("pepito@gmail.com"), fc.emailAddress())
)

/**
 * URLs that a customer is redirected to.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const url: Arbitrary<string> = from(
  fc.oneof({ withCrossShrink: true }, fc.constant("https://example.com/back"), fc.webUrl())
)

// From 2024 to 2030.
const millis = fc.integer({ min: 1_704_067_200_000, max: 1_924_991_999_999 })

/**
 * Instants in the format of Palomma.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const timestamp: Arbitrary<Timestamp> = from(
  millis.map((at) => DateTime.formatIso(DateTime.makeUnsafe(at)) as Timestamp)
)

/**
 * Dates with a time of day and without a time zone.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const localDateTime: Arbitrary<LocalDateTime> = from(
  timestamp.map((instant) => instant.slice(0, 19) as LocalDateTime)
)
