import * as Schema from "effect/Schema"
import * as Reader from "./reader.ts"

/** A number in an answer. A number in a text is none: an amount is never read out of one. */
export const Figure: Schema.Finite = Schema.Finite.annotate(Reader.annotation(Reader.finite))
