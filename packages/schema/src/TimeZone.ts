/**
 * Conversions between instants and times without a time zone, as Palomma writes the expiry of payin links.
 *
 * It is a separate module, since time zones add more to the size of a program than all banks.
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import { asUtc } from "./internal/time/localTime.ts"
import { LocalDateTime } from "./LocalDateTime.ts"

/**
 * Converts a time without a time zone to an instant in a time zone, or returns none if the text or the time zone is
 * invalid.
 *
 * **Example** (When a link expires in Bogotá)
 *
 * ```ts
 * import { LocalDateTime, TimeZone } from "@palomma-effect/schema"
 * import * as DateTime from "effect/DateTime"
 * import * as Option from "effect/Option"
 *
 * const expiry = LocalDateTime.make("2026-01-31T23:59:59")
 * TimeZone.toZoned(expiry, "America/Bogota").pipe(Option.map(DateTime.formatIso)) // => Option.some("2026-02-01T04:59:59.000Z")
 * ```
 *
 * @category conversions
 * @since 0.1.0
 */
export const toZoned = (local: LocalDateTime, timeZone: string): Option.Option<DateTime.Zoned> =>
  asUtc(local).pipe(Option.flatMap((utc) => DateTime.makeZoned(utc, { timeZone, adjustForTimeZone: true })))

/**
 * Converts an instant to the date and time in its time zone, without the time zone and without fractions of a second.
 *
 * @category conversions
 * @since 0.1.0
 */
export const fromZoned = (zoned: DateTime.Zoned): LocalDateTime =>
  LocalDateTime.make(DateTime.toDate(zoned).toISOString().slice(0, 19))
