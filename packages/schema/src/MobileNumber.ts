/**
 * Colombian mobile numbers, which are also the account numbers of Nequi and Daviplata.
 *
 * @since 0.1.0
 */
import type * as Brand from "effect/Brand"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { rule } from "./internal/rule.ts"
import { plainHyphens, ungrouped, withoutBlanks } from "./internal/typed/text.ts"

/**
 * A Colombian mobile number: ten digits that begin with 3.
 *
 * @category models
 * @since 0.1.0
 */
export type MobileNumber = Brand.Branded<string, "MobileNumber">

/**
 * Type of the schema {@link MobileNumber}, with a function that reads a number as a person types it.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface MobileNumberSchema extends Schema.Codec<MobileNumber, string> {
  readonly "~type.make": string
  readonly "~type.make.in": string
  /**
   * Reads a mobile number as people write it, with or without `+57`, spaces, hyphens, dots and brackets.
   *
   * The client never calls it: requests contain exactly what the caller wrote.
   */
  readonly normalize: (text: string) => Option.Option<MobileNumber>
}

const form = rule("mobile-number", "must be a Colombian mobile number: ten digits that begin with 3")

const schema = Schema.String.annotate(form)
  .check(Schema.isPattern(/^3\d{9}$/u, form))
  .pipe(Schema.brand("MobileNumber"))

const isMobileNumber = Schema.is(schema)

// A dot between other groups may be a decimal point: `301311111.0` is a number with a missing digit from a spreadsheet.
const withoutDots = (digits: string): string =>
  /^(?:\d{3}(?:\.\d{2,})+|\d{6}\.\d{4})$/.test(digits) ? digits.replaceAll(".", "") : ungrouped(digits)

const read = (text: string): string =>
  withoutDots(
    plainHyphens(withoutBlanks(text))
      .replace(/[()-]/g, "")
      .replace(/^(?:\+|00)?57\.?(?=3[\d.]{9,}$)/, "")
  )

/**
 * Schema of a Colombian mobile number, which is also the account number of a Nequi or Daviplata account.
 *
 * **Example** (Reading a Nequi account number that a person typed)
 *
 * ```ts
 * import { MobileNumber } from "@palomma-effect/schema"
 * import * as Option from "effect/Option"
 *
 * MobileNumber.normalize("+57 (301) 311-1111") // => Option.some("3013111111")
 * MobileNumber.normalize("601 311 1111") // => Option.none()
 * MobileNumber.normalize("301311111.0") // => Option.none()
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const MobileNumber: MobileNumberSchema = Schema.make<MobileNumberSchema>(schema.ast, {
  normalize: (text: string) => Option.some(read(text)).pipe(Option.filter(isMobileNumber))
})
