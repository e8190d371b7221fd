import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

/**
 * Reads a time without a time zone as UTC, or returns none if it is not a time of the calendar.
 *
 * `DateTime` reads such a text as UTC on every machine. It also reads 30 February as 2 March, so the result is compared
 * with the text.
 */
export const asUtc = (text: string): Option.Option<DateTime.Utc> =>
  DateTime.make(text).pipe(Option.filter((utc) => DateTime.formatIso(utc) === `${text}.000Z`))
