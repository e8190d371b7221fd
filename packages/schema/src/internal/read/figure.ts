import * as Schema from "effect/Schema"
import * as Reader from "./reader.ts"
import { rule } from "../rule.ts"

const number = rule("number", "must be a number")

/** A number in an answer. A number in a text is none: an amount is never read out of one. */
export const Figure: Schema.Number = Schema.Number.annotate(number).check(
  Schema.isFinite({ ...number, ...Reader.annotation(Reader.finite) })
)
