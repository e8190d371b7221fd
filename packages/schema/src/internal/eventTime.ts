/**
 * Reads the time of a webhook event.
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Timestamp } from "../Timestamp.ts"
import { isIsoTime } from "./time/isoTime.ts"
import * as Reader from "./read/reader.ts"
import { rule } from "./rule.ts"
import { reportDrift } from "./read/collectDrift.ts"

// `DateTime` accepts 30 February and reads it as 2 March.
const isOfCalendar = (day: string): boolean =>
  Option.exists(DateTime.make(`${day}T00:00:00Z`), (utc) => DateTime.formatIso(utc).startsWith(day))

const isTime = (text: string): boolean =>
  isIsoTime(text) && isOfCalendar(text.slice(0, 10)) && Option.isSome(DateTime.make(text))

// A smaller number is seconds since 1970, a greater one milliseconds: seconds reach it in the year 5138, milliseconds
// did in March 1973.
const firstMillis = 100_000_000_000

const fromEpoch = (value: number): Option.Option<string> =>
  DateTime.make(Math.abs(value) < firstMillis ? value * 1_000 : value).pipe(Option.map(DateTime.formatIso))

const read: Reader.Reader = (value, field) => {
  // An empty text counts as absent. If it were invalid, Palomma would deliver the event again and again.
  if (typeof value === "string" && value !== "") return isTime(value) ? value : Reader.invalid
  if (typeof value !== "number") return Reader.reportUnreadable(field)
  const text = fromEpoch(value)
  if (Option.isNone(text)) return Reader.reportUnreadable(field)
  reportDrift("unreadable", field)
  return text.value
}

/**
 * The schema of the time of a webhook event: an ISO 8601 text, or a number of seconds or milliseconds since 1970 that
 * becomes one.
 *
 * The check of the age of an event depends on it, so a text of another form is invalid.
 */
export const EventTime: Schema.Codec<Timestamp, string> = Timestamp.check(
  Schema.makeFilter(isTime, { ...rule("iso-8601", "must be an ISO 8601 date or time"), ...Reader.annotation(read) })
)
