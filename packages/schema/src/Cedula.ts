/**
 * Numbers of cédulas, the identity cards of Colombian citizens (`cc`) and foreign residents (`ce`).
 *
 * @since 0.1.0
 */
import type * as Brand from "effect/Brand"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { rule } from "./internal/rule.ts"
import { ungrouped, withoutBlanks } from "./internal/typed/text.ts"

/**
 * The number of a cédula: 3 to 10 digits without leading zeros.
 *
 * @category models
 * @since 0.1.0
 */
export type Cedula = Brand.Branded<string, "Cedula">

/**
 * Type of the schema {@link Cedula}, with a function that reads a number as a person types it.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface CedulaSchema extends Schema.Codec<Cedula, string> {
  readonly "~type.make": string
  readonly "~type.make.in": string
  /**
   * Reads the number of a cédula as people write it, with or without spaces, and with or without dots, commas or
   * apostrophes between groups of three digits.
   *
   * A number with a dot in another place is not read, since a digit is missing or is one too many.
   */
  readonly normalize: (text: string) => Option.Option<Cedula>
}

const form = rule("cedula", "must be the number of a cédula: 3 to 10 digits, such as 1020304050 or 1.020.304.050")

const schema = Schema.String.annotate(form)
  .check(Schema.isPattern(/^[1-9]\d{2,9}$/u, form))
  .pipe(Schema.brand("Cedula"))

const isCedula = Schema.is(schema)

const read = (text: string): string => ungrouped(withoutBlanks(text))

/**
 * Schema of the number of a cédula, which has no check digit.
 *
 * **Example** (Reading a number that a person typed)
 *
 * ```ts
 * import { Cedula } from "@palomma-effect/schema"
 * import * as Option from "effect/Option"
 *
 * Cedula.normalize("1.020.304.050") // => Option.some("1020304050")
 * Cedula.normalize("1.02.304.050") // => Option.none()
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const Cedula: CedulaSchema = Schema.make<CedulaSchema>(schema.ast, {
  normalize: (text: string) => Option.some(read(text)).pipe(Option.filter(isCedula))
})
