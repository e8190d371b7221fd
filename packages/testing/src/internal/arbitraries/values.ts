import * as DateTime from "effect/DateTime"
import * as fc from "fast-check"
import { payinLinkBounds } from "@palomma-effect/schema/Amount"
import type { LocalDateTime } from "@palomma-effect/schema/LocalDateTime"
import { type AmountBounds, type AmountLimits, defaultMerchantRules } from "@palomma-effect/schema/MerchantRules"
import type { MobileNumber } from "@palomma-effect/schema/MobileNumber"
import type { Timestamp } from "@palomma-effect/schema/Timestamp"

/**
 * Whole pesos above one bound and up to another: often at the edges, shrinking towards the least.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const amountBetween = ({ above, atMost }: AmountBounds): fc.Arbitrary<number> =>
  fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.integer({ min: above + 1, max: atMost }), weight: 3 },
    {
      arbitrary: fc.constantFrom(above + 1, Math.min(above + 2, atMost), Math.max(atMost - 1, above + 1), atMost),
      weight: 2
    }
  )

/**
 * Everything that is not such an amount: just outside, fractions, `-0`, `NaN`, infinities, texts, nothing at all.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const notAmountBetween = ({ above, atMost }: AmountBounds): fc.Arbitrary<unknown> =>
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

/**
 * What one payout request may send.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payoutAmount = (
  limits: Pick<AmountLimits, "payout"> = defaultMerchantRules.limits
): fc.Arbitrary<number> => amountBetween(limits.payout)

/**
 * What one payout request may not send.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidPayoutAmount = (
  limits: Pick<AmountLimits, "payout"> = defaultMerchantRules.limits
): fc.Arbitrary<unknown> => notAmountBetween(limits.payout)

/**
 * What one payin request may debit.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payinAmount = (limits: Pick<AmountLimits, "payin"> = defaultMerchantRules.limits): fc.Arbitrary<number> =>
  amountBetween(limits.payin)

/**
 * What one payin request may not debit.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidPayinAmount = (
  limits: Pick<AmountLimits, "payin"> = defaultMerchantRules.limits
): fc.Arbitrary<unknown> => notAmountBetween(limits.payin)

/**
 * What a payin link of some type may collect; by default, what any may.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payinLinkAmount = (
  type = "general",
  limits: Pick<AmountLimits, "payinLink" | "payinLinkPse"> = defaultMerchantRules.limits
): fc.Arbitrary<number> => amountBetween(payinLinkBounds(type, limits))

/**
 * What a payin link of some type may not collect.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidPayinLinkAmount = (
  type = "general",
  limits: Pick<AmountLimits, "payinLink" | "payinLinkPse"> = defaultMerchantRules.limits
): fc.Arbitrary<unknown> => notAmountBetween(payinLinkBounds(type, limits))

/**
 * Any amount that an answer may hold: Palomma promises no bounds there.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const pesos: fc.Arbitrary<number> = fc.oneof(
  { withCrossShrink: true },
  { arbitrary: fc.integer({ min: 0, max: 10_000_000 }), weight: 5 },
  { arbitrary: fc.constantFrom(0, 1, 500, 100_000, Number.MAX_SAFE_INTEGER), weight: 2 },
  // A number that JSON writes and reads back: no -0.
  { arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0), weight: 1 }
)

/**
 * Non-empty texts: readable ones, and ones with accents, emoji, quotes, and other things that go wrong.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const text: fc.Arbitrary<string> = fc.oneof(
  { withCrossShrink: true },
  {
    arbitrary: fc.constantFrom("Nómina de enero", "a", "José Ñandú", "{}", '"', "<b>", "%2e%2e", "👩‍🚀", "0", "null"),
    weight: 2
  },
  { arbitrary: fc.string({ minLength: 1, maxLength: 20 }), weight: 2 },
  { arbitrary: fc.string({ minLength: 1, maxLength: 20, unit: "binary" }), weight: 1 }
)

const isReference = (value: string): boolean =>
  value.isWellFormed() &&
  !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value) &&
  value.trim() === value &&
  value.normalize("NFC") === value

/**
 * References as a merchant makes them, and as they survive a server that normalizes texts and cuts blanks off.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const reference: fc.Arbitrary<string> = fc.oneof(
  { withCrossShrink: true },
  { arbitrary: fc.integer({ min: 1, max: 999 }).map((number) => `invoice-${number}`), weight: 3 },
  { arbitrary: fc.constantFrom("a", "factura ñ°1", "a&b=c", "a+b", "100%", "../..", "👩", "'; --"), weight: 1 },
  { arbitrary: text.filter(isReference), weight: 1 }
)

/**
 * What is no reference.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const invalidReference: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
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

/**
 * A Colombian mobile number, which is also the number of a Nequi or Daviplata account.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const mobileNumber: fc.Arbitrary<MobileNumber> = fc.oneof(
  { withCrossShrink: true },
  fc.constant("3013111111"),
  fc.integer({ min: 0, max: 999_999_999 }).map((rest) => `3${String(rest).padStart(9, "0")}`)
) as fc.Arbitrary<MobileNumber>

/**
 * The number of a bank account: digits, leading zeros included.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const accountNumber: fc.Arbitrary<string> = fc.oneof(
  { withCrossShrink: true },
  { arbitrary: mobileNumber, weight: 2 },
  { arbitrary: fc.stringMatching(/^[0-9]{6,17}$/), weight: 2 },
  { arbitrary: fc.constant("00012345678"), weight: 1 }
)

/**
 * The number of an identity document.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const documentNumber: fc.Arbitrary<string> = fc.oneof(
  { withCrossShrink: true },
  fc.constant("1037551022"),
  fc.stringMatching(/^[1-9][0-9]{5,9}$/)
)

/**
 * An e-mail address.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const email: fc.Arbitrary<string> = fc.oneof(
  { withCrossShrink: true },
  fc.constant("pepito@gmail.com"),
  fc.emailAddress()
)

/**
 * Where a customer is sent back to.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const url: fc.Arbitrary<string> = fc.oneof(
  { withCrossShrink: true },
  fc.constant("https://example.com/back"),
  fc.webUrl()
)

// From 2024 to 2030.
const millis = fc.integer({ min: 1_704_067_200_000, max: 1_924_991_999_999 })

/**
 * An instant as Palomma writes it.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const timestamp: fc.Arbitrary<Timestamp> = millis.map(
  (at) => DateTime.formatIso(DateTime.makeUnsafe(at)) as Timestamp
)

/**
 * A time of day without a zone.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const localDateTime: fc.Arbitrary<LocalDateTime> = timestamp.map(
  (instant) => instant.slice(0, 19) as LocalDateTime
)
