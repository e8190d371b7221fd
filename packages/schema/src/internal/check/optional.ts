import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import { codeKey } from "../rule.ts"

/** A field that a request may leave out, by not writing it or by giving `undefined`: neither is sent. */
export interface Optional<T, E> extends Schema.decodeTo<
  Schema.optional<Schema.Codec<T>>,
  Schema.optionalKey<Schema.Codec<T, E>>
> {}

const orUndefined = <T>(type: Schema.Codec<T>): Schema.optional<Schema.Codec<T>> => {
  // Without it, a value of the wrong type would be told "Expected string | undefined" instead of the field's rule.
  const { [codeKey]: code, message } = type.ast.annotations ?? {}
  return Schema.optionalKey(
    Schema.UndefinedOr(type).annotate(typeof message === "string" ? { message, [codeKey]: code } : {})
  )
}

/** A field that a request may leave out. `null` is refused, since Palomma documents no field that takes it. */
export const optional = <T, E>(schema: Schema.Codec<T, E>): Optional<T, E> =>
  Schema.optionalKey(schema).pipe(
    Schema.decodeTo(orUndefined(Schema.toType(schema)), {
      decode: SchemaGetter.passthroughSupertype(),
      encode: SchemaGetter.transformOptional(Option.filter((value): value is T & {} => value !== undefined))
    })
  )
