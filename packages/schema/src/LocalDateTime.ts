/**
 * Times of day without a time zone, as Palomma writes the expiry of payin links.
 *
 * @since 0.1.0
 */
import type * as Brand from "effect/Brand"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { asUtc } from "./internal/time/localTime.ts"
import { rule } from "./internal/rule.ts"

/**
 * What a clock on a wall shows: `2026-01-31T23:59:59`, without a zone.
 *
 * **Gotchas**
 *
 * It is not an instant. Palomma does not say which zone it means; Bogotá's is likely, but not written down. It becomes an instant
 * only through `TimeZone.toZoned`, with a zone that the caller names.
 *
 * @category models
 * @since 0.1.0
 */
export type LocalDateTime = Brand.Branded<string, "LocalDateTime">

/**
 * The schema of {@link LocalDateTime}, and the ways in and out of one.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface LocalDateTimeSchema extends Schema.Codec<LocalDateTime, string> {
  readonly "~type.make": string
  readonly "~type.make.in": string
  /** Brands a text of the form `YYYY-MM-DDTHH:mm:ss`. Throws if it is of another form, or no date of the calendar. */
  readonly make: (text: string) => LocalDateTime
  /** Takes any string, for answers: until 2024 Palomma wrote a date alone, and an odd text must not turn a link into an error. */
  readonly lenient: Schema.Codec<LocalDateTime, string>
}

const said = rule("local-date-time", "must be a local time without a zone, YYYY-MM-DDTHH:mm:ss")

const schema = Schema.String.annotate(said)
  .check(
    Schema.isPattern(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/u, said),
    Schema.makeFilter((text) => Option.isSome(asUtc(text)), said)
  )
  .pipe(Schema.brand("LocalDateTime"))

/**
 * The schema of what a clock on a wall shows: `2026-01-31T23:59:59`, without a zone.
 *
 * **Example** (Saying when a link lapses)
 *
 * ```ts
 * import { LocalDateTime } from "@palomma-effect/schema"
 *
 * LocalDateTime.make("2026-01-31T23:59:59") // => "2026-01-31T23:59:59"
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const LocalDateTime: LocalDateTimeSchema = Schema.make<LocalDateTimeSchema>(schema.ast, {
  lenient: Schema.String.annotate(rule("text", "must be a string")).pipe(Schema.brand("LocalDateTime"))
})
