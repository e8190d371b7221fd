import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import type { IdSchema } from "../Id.ts"

/** A field that an answer may leave out, by not writing it or by writing `null`. */
export interface Received<T, E> extends Schema.decodeTo<
  Schema.optionalKey<Schema.Codec<T, E>>,
  Schema.optionalKey<Schema.Codec<E | null>>
> {}

const leavingOut = <T, E>(
  schema: Schema.Codec<T, E>,
  encoded: Schema.Codec<E | null>,
  isThere: (value: E | null) => value is E & {}
): Received<T, E> =>
  Schema.optionalKey(encoded).pipe(
    Schema.decodeTo(Schema.optionalKey(schema), {
      decode: SchemaGetter.transformOptional(Option.filter(isThere)),
      encode: SchemaGetter.passthroughSupertype()
    })
  )

/**
 * A documented field that an answer may leave out.
 *
 * Palomma's response schemas require no field and do not say how an absent one is written, so a missing key and `null` both mean
 * "not there": neither may turn a payout that was made into an error.
 */
export const received = <T, E>(schema: Schema.Codec<T, E>): Received<T, E> =>
  leavingOut(schema, Schema.NullOr(Schema.toEncoded(schema)), (value): value is E & {} => value !== null)

/** The same for an id, of which an empty string says that there is none. */
export const receivedId = <Id extends string>(schema: IdSchema<Id>): Received<Id, string> =>
  leavingOut(schema, Schema.NullOr(Schema.String), (value): value is string => value !== null && value !== "")
