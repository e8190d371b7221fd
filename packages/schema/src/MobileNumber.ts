/**
 * Colombian mobile numbers, which are also the account numbers of Nequi and Daviplata.
 *
 * @since 0.1.0
 */
import type * as Brand from "effect/Brand"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { rule } from "./internal/rule.ts"

/**
 * Ten digits that begin with 3: a mobile number, and the account number of a Nequi or Daviplata account.
 *
 * @category models
 * @since 0.1.0
 */
export type MobileNumber = Brand.Branded<string, "MobileNumber">

/**
 * The schema of {@link MobileNumber}, and how to read one that a person typed.
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
   * Nothing in this library calls it on its own: a request is sent as the caller wrote it.
   */
  readonly normalize: (text: string) => Option.Option<MobileNumber>
}

const said = rule("mobile-number", "must be a Colombian mobile number: ten digits that begin with 3")

const schema = Schema.String.annotate(said)
  .check(Schema.isPattern(/^3\d{9}$/u, said))
  .pipe(Schema.brand("MobileNumber"))

const isMobileNumber = Schema.is(schema)

/**
 * The schema of ten digits that begin with 3: a mobile number, and the account number of a Nequi or Daviplata account.
 *
 * **Example** (Making a Nequi account number of what a person typed)
 *
 * ```ts
 * import { MobileNumber } from "@palomma-effect/schema"
 * import * as Option from "effect/Option"
 *
 * MobileNumber.normalize("+57 (301) 311-1111") // => Option.some("3013111111")
 * MobileNumber.normalize("601 311 1111") // => Option.none()
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const MobileNumber: MobileNumberSchema = Schema.make<MobileNumberSchema>(schema.ast, {
  normalize: (text: string) =>
    Option.some(text.replace(/[\s().-]/g, "").replace(/^(?:\+|00)?57(?=3\d{9}$)/, "")).pipe(
      Option.filter(isMobileNumber)
    )
})
