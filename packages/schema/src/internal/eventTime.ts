import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Timestamp } from "../Timestamp.ts"
import { isIsoTime } from "./time/isoTime.ts"
import * as Reader from "./read/reader.ts"
import { rule } from "./rule.ts"
import { note } from "./read/watch.ts"

// `DateTime` reads 30 February as 2 March.
const isOfCalendar = (day: string): boolean =>
  Option.exists(DateTime.make(`${day}T00:00:00Z`), (utc) => DateTime.formatIso(utc).startsWith(day))

const isTime = (text: string): boolean =>
  isIsoTime(text) && isOfCalendar(text.slice(0, 10)) && Option.isSome(DateTime.make(text))

// What counts seconds since 1970 reaches this number in the year 5138; what counts milliseconds passed it in March 1973.
const firstMillis = 100_000_000_000

const fromEpoch = (value: number): Option.Option<string> =>
  DateTime.make(Math.abs(value) < firstMillis ? value * 1_000 : value).pipe(Option.map(DateTime.formatIso))

const read: Reader.Reader = (value, field) => {
  // An empty text says as little as none, and refusing it would have the event delivered again for ever.
  if (typeof value === "string" && value !== "") return isTime(value) ? value : Reader.refused
  if (typeof value !== "number") return Reader.lost(field)
  const text = fromEpoch(value)
  if (Option.isNone(text)) return Reader.lost(field)
  note("unreadable", field)
  return text.value
}

/**
 * The time of a webhook event: an ISO 8601 text as it came, or one that was made of a number of seconds or milliseconds since 1970.
 *
 * The age of an event is checked by it, so a text of another form is refused instead of being guessed at.
 */
export const EventTime: Schema.Codec<Timestamp, string> = Timestamp.check(
  Schema.makeFilter(isTime, { ...rule("iso-8601", "must be an ISO 8601 time"), ...Reader.annotation(read) })
)
