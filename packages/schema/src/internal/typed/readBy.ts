/**
 * Schemas from the text of a form field to its value.
 */
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"

/** Makes the field of a text that `read` must be able to read. Otherwise the problem is `broken`. */
export const readBy = <A, E>(
  schema: Schema.Codec<A, E>,
  read: (text: string) => Option.Option<E>,
  write: (value: E) => string,
  broken: Schema.Annotations.Annotations = schema.ast.annotations ?? {}
): Schema.Codec<A, string> =>
  Schema.String.annotate(broken).pipe(
    Schema.decodeTo(schema, {
      decode: SchemaGetter.transformEffect((text: string) =>
        Option.match(read(text), {
          onNone: () => Effect.fail(new SchemaIssue.InvalidValue(broken)),
          onSome: Effect.succeed
        })
      ),
      encode: SchemaGetter.transform(write)
    })
  )

/** Makes the field of a text that is converted, and then checked by `schema`. */
export const convertBy = <T>(
  schema: Schema.Codec<T, string>,
  convert: (text: string) => string
): Schema.Codec<T, string> => readBy(schema, (text) => Option.some(convert(text)), identity)
