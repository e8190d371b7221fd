import type { NumberTransformation, TextTransformation, Transformation } from "../Transformation.ts"

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
      return "cut" in how ? [...text].slice(0, how.cut).join("") : how.replace
  }
}

/** A number as a server may make it. */
export const transformNumber = (value: number, how: NumberTransformation): number =>
  "add" in how ? value + how.add : value * how.multiply

const isOfNumbers = (how: Transformation): how is NumberTransformation =>
  typeof how === "object" && ("add" in how || "multiply" in how)

/** Any value as a server may make it: a text or a number is transformed by what is for its kind. */
export const transform = (value: unknown, how: Transformation): unknown => {
  if (isOfNumbers(how)) return typeof value === "number" ? transformNumber(value, how) : value
  return typeof value === "string" ? transformText(value, how) : value
}
