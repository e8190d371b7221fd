import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import { dataKey } from "../rule.ts"

/** An optional field of a request. An absent field and `undefined` are the same: neither is sent. */
export interface Optional<T, E> extends Schema.decodeTo<
  Schema.optional<Schema.Codec<T>>,
  Schema.optionalKey<Schema.Codec<T, E>>
> {}

const orUndefined = <T>(type: Schema.Codec<T>): Schema.optional<Schema.Codec<T>> => {
  // Without it, the problem of a value of the wrong type would be "Expected string | undefined" instead of the rule of
  // the field.
  const { [dataKey]: data, message } = type.ast.annotations ?? {}
  return Schema.optionalKey(
    Schema.UndefinedOr(type).annotate(typeof message === "string" ? { message, [dataKey]: data } : {})
  )
}

/** Makes an optional field of a request. `null` is invalid, since Palomma documents no field that accepts it. */
export const optional = <T, E>(schema: Schema.Codec<T, E>): Optional<T, E> =>
  Schema.optionalKey(schema).pipe(
    Schema.decodeTo(orUndefined(Schema.toType(schema)), {
      decode: SchemaGetter.passthroughSupertype(),
      encode: SchemaGetter.transformOptional(Option.filter((value): value is T & {} => value !== undefined))
    })
  )
