/**
 * Dates with a time of day and without a time zone, as Palomma writes the expiry of payin links.
 *
 * @since 0.1.0
 */
import type * as Brand from "effect/Brand"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { asUtc } from "./internal/time/localTime.ts"
import { rule } from "./internal/rule.ts"

/**
 * A date and time without a time zone: `2026-01-31T23:59:59`.
 *
 * **Gotchas**
 *
 * It is not an instant. Palomma does not document its time zone; it is probably that of Bogotá. To convert it to an
 * instant, call `TimeZone.toZoned` with a time zone.
 *
 * @category models
 * @since 0.1.0
 */
export type LocalDateTime = Brand.Branded<string, "LocalDateTime">

/**
 * Type of the schema {@link LocalDateTime}, with a constructor and a lenient schema.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface LocalDateTimeSchema extends Schema.Codec<LocalDateTime, string> {
  readonly "~type.make": string
  readonly "~type.make.in": string
  /**
   * Brands a text of the form `YYYY-MM-DDTHH:mm:ss`. Throws if it has another form or is not a date of the calendar.
   */
  readonly make: (text: string) => LocalDateTime
  /**
   * The schema for answers, which accepts any string. Until 2024 Palomma wrote only a date, and an unusual text must
   * not make a link unreadable.
   */
  readonly lenient: Schema.Codec<LocalDateTime, string>
}

const form = rule("local-date-time", "must be a date and time without a time zone, in the form YYYY-MM-DDTHH:mm:ss")

const schema = Schema.String.annotate(form)
  .check(
    Schema.isPattern(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/u, form),
    Schema.makeFilter((text) => Option.isSome(asUtc(text)), form)
  )
  .pipe(Schema.brand("LocalDateTime"))

/**
 * Schema of a date and time without a time zone, in the form `YYYY-MM-DDTHH:mm:ss`.
 *
 * **Example** (The expiry of a link)
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
