/**
 * The fields of forms: schemas from what a person types into one field to the value of a request.
 *
 * The schemas of `Form` consist of these fields. With them you can also make a form of your own.
 *
 * @since 0.1.0
 */
import { identity } from "effect/Function"
import type * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Cedula } from "./Cedula.ts"
import { DocumentType } from "./DocumentType.ts"
import * as DocumentNumber from "./DocumentNumber.ts"
import { rule } from "./internal/rule.ts"
import { convertBy, readBy } from "./internal/typed/readBy.ts"
import { trim } from "./internal/typed/text.ts"
import { Nit } from "./Nit.ts"
import * as Pesos from "./Pesos.ts"

/**
 * A schema with a function that reads the value as people write it, such as `MobileNumber`, `Nit` or `Email`.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface Readable<T extends string> extends Schema.Codec<T, string> {
  /** Reads a value as people write it, or returns none. */
  readonly normalize: (text: string) => Option.Option<T>
}

/**
 * Makes a field from a schema that has `normalize`.
 *
 * A text that cannot be read is a problem with the rule of the schema.
 *
 * **Example** (A form of your own)
 *
 * ```ts
 * import { Email, FormField, MobileNumber } from "@palomma-effect/schema"
 * import * as Schema from "effect/Schema"
 *
 * const Contact = Schema.Struct({ email: FormField.of(Email), mobile: FormField.of(MobileNumber) })
 * Schema.decodeSync(Contact)({ email: "ana@example.com", mobile: "301 311 1111" }).mobile // => "3013111111"
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const of = <T extends string>(schema: Readable<T>): Schema.Codec<T, string> =>
  readBy(schema, schema.normalize, identity)

/**
 * Makes a field in which white space around the text does not count, such as an id.
 *
 * @category schemas
 * @since 0.1.0
 */
export const trimmed = <T>(schema: Schema.Codec<T, string>): Schema.Codec<T, string> => convertBy(schema, trim)

const amountText = rule("amount-text", "must be an amount in whole pesos, without cents, such as 50000 or 50.000")

/**
 * Makes a field for an amount that `schema` accepts, from a text that `Pesos.normalize` reads.
 *
 * **Example** (The amount of a payout)
 *
 * ```ts
 * import { FormField, PayoutAmount } from "@palomma-effect/schema"
 * import * as Schema from "effect/Schema"
 *
 * Schema.decodeSync(FormField.amount(PayoutAmount))("$ 50.000") // => 50000
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const amount = <A>(schema: Schema.Codec<A, number>): Schema.Codec<A, string> =>
  readBy(schema, Pesos.normalize, String, amountText)

const otherDocument = rule("document-number", "must be the number of an identity document: 4 to 20 letters and digits")

/**
 * Makes a field for the number of a document, from a text that `DocumentNumber.normalize` reads.
 *
 * @category schemas
 * @since 0.1.0
 */
export const documentNumber = (options: DocumentNumber.DocumentNumberOptions): Schema.Codec<string> =>
  readBy(
    Schema.String,
    (text) => DocumentNumber.normalize(text, options),
    identity,
    DocumentType.match(options.documentType, {
      cc: () => Cedula.ast.annotations,
      ce: () => Cedula.ast.annotations,
      nit: () => Nit.ast.annotations,
      Unrecognized: () => otherDocument
    })
  )
