import * as Schema from "effect/Schema"
import * as Reader from "./reader.ts"
import { rule } from "../rule.ts"

const number = rule("number", "must be a number")

/** The schema of a number in an answer. It does not parse text: an amount in text is unreadable. */
export const Figure: Schema.Number = Schema.Number.annotate(number).check(
  Schema.isFinite({ ...number, ...Reader.annotation(Reader.finite) })
)
