import * as Predicate from "effect/Predicate"
import type { NumberTransformation, TextTransformation, Transformation } from "../../Transformation.ts"

/** A text as a server may make it; `undefined` if nothing is left of it. */
export const transformText = (text: string, how: TextTransformation): string | undefined => {
  switch (how) {
    case "trim":
      return text.trim()
    case "lower-case":
      return text.toLowerCase()
    case "upper-case":
      return text.toUpperCase()
    case "NFC":
    case "NFD":
    case "NFKC":
    case "NFKD":
      return text.normalize(how)
    case "remove":
      return undefined
    default:
      return "cut" in how ? Array.from(text).slice(0, how.cut).join("") : how.replace
  }
}

/** A number as a server may make it. */
export const transformNumber = (value: number, how: NumberTransformation): number =>
  "add" in how ? value + how.add : value * how.multiply

const named: ReadonlyArray<unknown> = ["trim", "lower-case", "upper-case", "NFC", "NFD", "NFKC", "NFKD", "remove"]

const fieldOf = (value: unknown, name: string): unknown =>
  Predicate.isObject(value) && Object.keys(value).length === 1 ? (value as Record<string, unknown>)[name] : undefined

/** Whether a value is one that a text can be transformed by. */
export const isTextTransformation = (value: unknown): value is TextTransformation => {
  const cut = fieldOf(value, "cut")
  return (
    named.includes(value) ||
    (Number.isInteger(cut) && Number(cut) >= 0) ||
    typeof fieldOf(value, "replace") === "string"
  )
}

/** Whether a value is one that a number can be transformed by. */
export const isNumberTransformation = (value: unknown): value is NumberTransformation =>
  Number.isFinite(fieldOf(value, "add")) || Number.isFinite(fieldOf(value, "multiply"))

/** Any value as a server may make it: a text or a number is transformed by what is for its kind. */
export const transform = (value: unknown, how: Transformation): unknown => {
  if (isNumberTransformation(how)) return typeof value === "number" ? transformNumber(value, how) : value
  return typeof value === "string" ? transformText(value, how) : value
}
