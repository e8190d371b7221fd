/**
 * Formats of Colombian pesos for people.
 *
 * @since 0.1.0
 */

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
