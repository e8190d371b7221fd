/**
 * Between times without a zone, as Palomma writes the expiry of payin links, and instants.
 *
 * It is a module of its own, since knowing time zones costs a program more than all banks do.
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import { asUtc } from "./internal/time/localTime.ts"
import { LocalDateTime } from "./LocalDateTime.ts"

/**
 * The instant that is meant if clocks of this zone are meant, or none if the text or the zone cannot be read.
 *
 * **Example** (When a link lapses in Bogotá)
 *
 * ```ts
 * import { LocalDateTime, TimeZone } from "@palomma-effect/schema"
 * import * as DateTime from "effect/DateTime"
 * import * as Option from "effect/Option"
 *
 * const lapses = LocalDateTime.make("2026-01-31T23:59:59")
 * TimeZone.toZoned(lapses, "America/Bogota").pipe(Option.map(DateTime.formatIso)) // => Option.some("2026-02-01T04:59:59.000Z")
 * ```
 *
 * @category conversions
 * @since 0.1.0
 */
export const toZoned = (local: LocalDateTime, timeZone: string): Option.Option<DateTime.Zoned> =>
  asUtc(local).pipe(Option.flatMap((utc) => DateTime.makeZoned(utc, { timeZone, adjustForTimeZone: true })))

/**
 * What clocks show in the zone of a `DateTime`, down to the second.
 *
 * @category conversions
 * @since 0.1.0
 */
export const fromZoned = (zoned: DateTime.Zoned): LocalDateTime =>
  LocalDateTime.make(DateTime.toDate(zoned).toISOString().slice(0, 19))
