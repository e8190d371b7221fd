/**
 * Amounts of Colombian pesos as people read and write them.
 *
 * @since 0.1.0
 */
import * as Option from "effect/Option"
import { trimNumber } from "./internal/typed/text.ts"

/**
 * Groups the digits of a number as is usual in Colombia: `1234567` becomes `1.234.567`.
 *
 * @category conversions
 * @since 0.1.0
 */
export const group = (pesos: number): string => {
  const [whole = "", fraction] = Math.abs(pesos).toString().split(".")
  const grouped = /^\d+$/.test(whole) ? whole.replace(/\B(?=(\d{3})+$)/g, ".") : whole
  return `${pesos < 0 ? "-" : ""}${grouped}${fraction === undefined ? "" : `,${fraction}`}`
}

/**
 * Formats an amount of pesos for people.
 *
 * **Example** (Formatting an amount)
 *
 * ```ts
 * import { Pesos } from "@palomma-effect/schema"
 *
 * Pesos.format(50_000) // => "$ 50.000 COP"
 * ```
 *
 * @category conversions
 * @since 0.1.0
 */
export const format = (pesos: number): string => `$ ${group(pesos)} COP`

// Two zeros after a comma or a dot are no cents, but only if the whole part is complete: "50,00" may be a part of
// "50,000".
const written = [
  /^(?:0|[1-9]\d*)$/,
  /^[1-9]\d{3,}[.,]00$/,
  /^[1-9]\d{0,2}(?:\.\d{3})+(?:,00)?$/,
  /^[1-9]\d{0,2}(?:,\d{3})+(?:\.00)?$/,
  /^[1-9]\d{0,2}(?: \d{3})+(?:[.,]00)?$/,
  /^[1-9]\d{0,2}['\u2019]\d{3}\.\d{3}(?:,00)?$/
]

/**
 * Reads an amount of whole pesos as people write it, such as `50000`, `$ 50.000`, `50,000 COP` or `50.000,00`.
 *
 * **Gotchas**
 *
 * A text with two meanings is not read: `50.00` and `1.5` may be cents, or a thousand with a missing digit. Neither is
 * an amount with cents, a negative one, one with an exponent, or two amounts in two lines or cells.
 *
 * **Example** (Reading amounts that a person typed)
 *
 * ```ts
 * import { Pesos } from "@palomma-effect/schema"
 * import * as Option from "effect/Option"
 *
 * Pesos.normalize("$ 50.000") // => Option.some(50000)
 * Pesos.normalize("50.00") // => Option.none()
 * ```
 *
 * @category conversions
 * @since 0.1.0
 */
export const normalize = (text: string): Option.Option<number> => {
  const figure = trimNumber(text)
    .replace(/\p{Zs}/gu, " ")
    .replace(/^(?:COP ?\$?|\$(?: ?COP)?) ?/i, "")
    .replace(/ ?(?:COP|pesos)$/i, "")
  if (!written.some((form) => form.test(figure))) return Option.none()
  const pesos = Number(figure.replace(/[.,]00$/, "").replace(/\D/g, ""))
  return Number.isSafeInteger(pesos) ? Option.some(pesos) : Option.none()
}
