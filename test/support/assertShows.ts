import * as effect from "effect"
import { format, inspect, isDeepStrictEqual } from "node:util"

const normal = (text: string): string => text.replace(/['`]/g, '"').replace(/\s+/g, " ").trim()

/** Whether the text is code, with Effect's modules in scope, whose value equals the given value. */
const isValueOf = (text: string, value: unknown): boolean => {
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- the text is a comment of this repository
    const expected: unknown = new Function(...Object.keys(effect), `return (${text})`)(...Object.values(effect))
    return effect.Equal.equals(value, expected) || isDeepStrictEqual(value, expected)
  } catch {
    return false
  }
}

/**
 * Returns the value, and throws if the text does not show it. `expression // => text` in a snippet becomes a call of
 * this function.
 *
 * A text shows a value if it is code for an equal value, such as `Option.some(1)`, or if the value prints as the text:
 * with `console.log`, with `inspect` or as JSON.
 */
export const assertShows = <A>(text: string, value: A, ...rest: ReadonlyArray<unknown>): A => {
  const values = [value, ...rest]
  const inspected = values.map((one) => inspect(one, { breakLength: Infinity, depth: null })).join(" ")
  const printed = [format(...values), inspected, values.map((one) => JSON.stringify(one)).join(" ")]
  if (isValueOf(text, value) || printed.some((one) => normal(one) === normal(text))) return value
  throw new Error(`shows ${inspected}, not ${text}`)
}
