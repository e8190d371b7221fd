/**
 * Transformations of texts and numbers, as a server may make them.
 */
import * as Predicate from "effect/Predicate"
import type { NumberTransformation, TextTransformation, Transformation } from "../../Transformation.ts"

/** Transforms a text. Returns `undefined` if the text is removed. */
export const transformText = (text: string, by: TextTransformation): string | undefined => {
  switch (by) {
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
      return text.normalize(by)
    case "remove":
      return undefined
    default:
      return "cut" in by ? Array.from(text).slice(0, by.cut).join("") : by.replace
  }
}

/** Transforms a number. */
export const transformNumber = (value: number, by: NumberTransformation): number =>
  "add" in by ? value + by.add : value * by.multiply

const named: ReadonlyArray<unknown> = ["trim", "lower-case", "upper-case", "NFC", "NFD", "NFKC", "NFKD", "remove"]

const fieldOf = (value: unknown, name: string): unknown =>
  Predicate.isObject(value) && Object.keys(value).length === 1 ? (value as Record<string, unknown>)[name] : undefined

/** Whether a value is a transformation of a text. */
export const isTextTransformation = (value: unknown): value is TextTransformation => {
  const cut = fieldOf(value, "cut")
  return (
    named.includes(value) ||
    (Number.isInteger(cut) && Number(cut) >= 0) ||
    typeof fieldOf(value, "replace") === "string"
  )
}

/** Whether a value is a transformation of a number. */
export const isNumberTransformation = (value: unknown): value is NumberTransformation =>
  Number.isFinite(fieldOf(value, "add")) || Number.isFinite(fieldOf(value, "multiply"))

/** Transforms a text or a number if the transformation is for its type. Returns any other value unchanged. */
export const transform = (value: unknown, by: Transformation): unknown => {
  if (isNumberTransformation(by)) return typeof value === "number" ? transformNumber(value, by) : value
  return typeof value === "string" ? transformText(value, by) : value
}
