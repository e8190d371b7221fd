/**
 * Times of records, as Palomma writes them.
 *
 * @since 0.1.0
 */
import type * as Brand from "effect/Brand"
import * as DateTime from "effect/DateTime"
import type * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { isIsoTime } from "./internal/time/isoTime.ts"
import * as Reader from "./internal/read/reader.ts"
import { rule } from "./internal/rule.ts"
import { reportDrift } from "./internal/read/collectDrift.ts"

/**
 * A time as Palomma wrote it: an ISO 8601 string.
 *
 * It stays text, so that a program can store and forward it unchanged. An unusual text never makes a record unreadable.
 *
 * @category models
 * @since 0.1.0
 */
export type Timestamp = Brand.Branded<string, "Timestamp">

/**
 * Type of the schema {@link Timestamp}, with a function that reads its instant.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface TimestampSchema extends Schema.Codec<Timestamp, string> {
  readonly "~type.make": string
  readonly "~type.make.in": string
  /** Returns the instant of a timestamp, or none if the text is not a time. */
  readonly toDateTime: (timestamp: Timestamp) => Option.Option<DateTime.Utc>
}

const read: Reader.Reader = (value, field) => {
  if (typeof value !== "string") return Reader.reportUnreadable(field)
  if (!isIsoTime(value)) reportDrift("unreadable", field)
  return value
}

/**
 * Schema of a time as Palomma wrote it, which accepts any string.
 *
 * **Example** (Reading a timestamp)
 *
 * ```ts
 * import { Timestamp } from "@palomma-effect/schema"
 * import * as DateTime from "effect/DateTime"
 * import * as Option from "effect/Option"
 * import * as Schema from "effect/Schema"
 *
 * const createdAt = Schema.decodeSync(Timestamp)("2023-11-07T05:31:56Z")
 * Option.map(Timestamp.toDateTime(createdAt), DateTime.toEpochMillis) // => Option.some(1699335116000)
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const Timestamp: TimestampSchema = Schema.make<TimestampSchema>(
  Schema.String.annotate({ format: "date-time", ...rule("text", "must be a string"), ...Reader.annotation(read) }).ast,
  { toDateTime: (timestamp: Timestamp) => DateTime.make(timestamp) }
)
