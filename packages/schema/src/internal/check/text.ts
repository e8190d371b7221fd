import * as Schema from "effect/Schema"
import { rule } from "../rule.ts"

const nonEmpty = rule("non-empty", "must be a non-empty string")

// A message that is annotated after a check belongs to the check: before it, it is what a value of another type is told.
/** A text that a request must hold: any string but the empty one. */
export const Text: Schema.String = Schema.String.annotate(nonEmpty).check(Schema.isNonEmpty(nonEmpty))

/** A text by which records are looked up. It stands in a URL, so it has no broken surrogates. */
export const Filter: Schema.String = Text.check(
  Schema.makeFilter((value) => value.isWellFormed(), rule("well-formed", "must be text without broken surrogates"))
)

const longest = 200

/**
 * A merchant's own reference in a create.
 *
 * A record is found again by its reference, so the reference must come back as it was sent: what servers, databases and URLs trim,
 * cut, normalise or drop is refused before it is sent.
 */
export const Reference: Schema.String = Text.check(
  Schema.makeFilter(
    (value) => value.isWellFormed() && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value),
    rule("reference-characters", "must be text without control characters, format characters or line separators")
  ),
  Schema.makeFilter(
    (value) => value.trim() === value,
    rule("reference-blank", "must neither begin nor end with a blank")
  ),
  Schema.makeFilter(
    (value) => value.normalize("NFC") === value,
    rule("reference-normalization", "must be in Unicode normalization form C: String.normalize() makes it so")
  ),
  Schema.makeFilter(
    (value) => Array.from(value).length <= longest,
    rule("reference-length", `must be at most ${longest} characters long`)
  )
)
