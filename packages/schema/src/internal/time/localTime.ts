import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

/**
 * A time without a zone as if it were UTC, or none if no calendar has it.
 *
 * `DateTime` reads a text without a zone as UTC, whatever the zone of the machine, and 30 February as 2 March.
 */
export const asUtc = (text: string): Option.Option<DateTime.Utc> =>
  DateTime.make(text).pipe(Option.filter((utc) => DateTime.formatIso(utc) === `${text}.000Z`))
