/**
 * Colombian tax numbers (NIT) and their check digit.
 *
 * @since 0.1.0
 */
import type * as Brand from "effect/Brand"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { rule } from "./internal/rule.ts"
import { plainHyphens, ungrouped, withoutBlanks } from "./internal/typed/text.ts"

/**
 * A NIT with its check digit after a hyphen: `890903938-8`.
 *
 * @category models
 * @since 0.1.0
 */
export type Nit = Brand.Branded<string, "Nit">

/**
 * How a NIT is written in a request: `890903938`, `8909039388` or `890903938-8`.
 *
 * **Gotchas**
 *
 * Palomma does not document which one it expects as `documentNumber`. Ask Palomma, and always use the same one.
 *
 * @category options
 * @since 0.1.0
 */
export type NitForm = "without-check-digit" | "with-check-digit" | "hyphenated"

/**
 * Type of the schema {@link Nit}, with functions that read, check and write a NIT.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface NitSchema extends Schema.Codec<Nit, string> {
  readonly "~type.make": string
  readonly "~type.make.in": string
  /**
   * Reads a NIT as people write it, with or without dots, spaces and the check digit. A wrong check digit is refused.
   *
   * Without a hyphen, three texts have one meaning: nine digits that begin with 8 or 9, as companies have, are a number
   * without its check digit, ten such digits end in the check digit, and ten digits that begin with 1, a person's
   * number, have no check digit. Any other number needs the hyphen. So does one in eleven numbers of nine digits: it
   * can also be a person's number of eight digits with its check digit.
   */
  readonly normalize: (text: string) => Option.Option<Nit>
  /** Returns the check digit of 1 to 15 digits, or none for any other text. */
  readonly checkDigit: (digits: string) => Option.Option<number>
  /** Writes a NIT in the form that the request needs. */
  readonly write: (nit: Nit, form: NitForm) => string
}

// The weights of DIAN, from the last digit to the first.
const weights = [3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71]

const checkDigitOf = (digits: string): number => {
  const sum = digits
    .split("")
    .toReversed()
    .reduce((sum, digit, i) => sum + Number(digit) * (weights[i] ?? 0), 0)
  const rest = sum % 11
  return rest < 2 ? rest : 11 - rest
}

const form = rule("nit", "must be a NIT with its check digit, such as 890.903.938-8; check each digit")

const schema = Schema.String.annotate(form)
  .check(
    Schema.makeFilter(
      // Numbers of ten digits begin with 1, and those of nine digits do not.
      (nit) =>
        /^(?:[1-9]\d{5,7}|[2-9]\d{8}|1\d{9})-\d$/.test(nit) && checkDigitOf(nit.slice(0, -2)) === Number(nit.slice(-1)),
      form
    )
  )
  .pipe(Schema.brand("Nit"))

const isNit = Schema.is(schema)

const read = (text: string): string => {
  const [number = "", ...rest] = plainHyphens(withoutBlanks(text)).split("-")
  const digits = ungrouped(number)
  if (rest.length > 0) return [digits, ...rest].join("-")
  const withDigit = `${digits.slice(0, -1)}-${digits.slice(-1)}`
  // A cédula of eight digits may begin with 8 or 9 too.
  if (/^[89]\d{8}$/.test(digits) && isNit(withDigit)) return digits
  if (/^(?:[89]\d{8}|1\d{9})$/.test(digits)) return `${digits}-${checkDigitOf(digits)}`
  return /^[89]\d{9}$/.test(digits) ? withDigit : digits
}

/**
 * Schema of a NIT with its check digit, which is compared with the one that its digits give.
 *
 * **Gotchas**
 *
 * A check digit finds most typing errors and not all: with the check digit 1, one in ten remains.
 *
 * **Example** (Reading the NIT that a person typed)
 *
 * ```ts
 * import { Nit } from "@palomma-effect/schema"
 * import * as Option from "effect/Option"
 *
 * const nit = Nit.normalize("890.903.938-8")
 * nit // => Option.some("890903938-8")
 * Option.map(nit, (nit) => Nit.write(nit, "without-check-digit")) // => Option.some("890903938")
 * Nit.normalize("890.903.983-8") // => Option.none()
 * Nit.checkDigit("890903938") // => Option.some(8)
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const Nit: NitSchema = Schema.make<NitSchema>(schema.ast, {
  normalize: (text: string) => Option.some(read(text)).pipe(Option.filter(isNit)),
  checkDigit: (digits: string) =>
    /^\d{1,15}$/.test(digits) ? Option.some(checkDigitOf(digits)) : Option.none<number>(),
  write: (nit: Nit, form: NitForm) =>
    form === "hyphenated" ? nit : form === "with-check-digit" ? nit.replace("-", "") : nit.slice(0, -2)
})
