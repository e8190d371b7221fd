/**
 * Colombian pesos as people read them.
 *
 * @since 0.1.0
 */

/**
 * Groups the digits of a number the Colombian way: `1234567` is `1.234.567`.
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
 * Writes an amount of pesos for a person.
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
