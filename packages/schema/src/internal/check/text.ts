/**
 * The texts of requests: any text, a filter of a list, and a reference.
 */
import * as Schema from "effect/Schema"
import { rule } from "../rule.ts"

const nonEmpty = rule("non-empty", "must be a non-empty string")

// An annotation after a check belongs to the check. Before it, it is the message for a value of another type.
/** The schema of a text of a request: any string except the empty one. */
export const Text: Schema.String = Schema.String.annotate(nonEmpty).check(Schema.isNonEmpty(nonEmpty))

/** The schema of a text to look up records by. It is part of a URL, which cannot contain unpaired surrogates. */
export const Filter: Schema.String = Text.check(
  Schema.makeFilter((value) => value.isWellFormed(), rule("well-formed", "must be text without broken surrogates"))
)

/** The longest reference, in characters. */
export const maxLength = 200

/**
 * The schema of the merchant's reference in a create.
 *
 * A record is looked up by its reference, so Palomma must return the reference unchanged. A text that servers,
 * databases or URLs may trim, cut, normalise or drop is invalid.
 */
export const Reference: Schema.String = Text.check(
  Schema.makeFilter(
    (value) => value.isWellFormed() && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value),
    rule(
      "reference-characters",
      "must not contain line breaks, control characters, invisible characters or invalid Unicode"
    )
  ),
  Schema.makeFilter((value) => value.trim() === value, rule("reference-blank", "must not begin or end with a space")),
  Schema.makeFilter(
    (value) => value.normalize("NFC") === value,
    rule("reference-normalization", "must be normalized Unicode text (NFC): String.normalize() converts it")
  ),
  Schema.makeFilter(
    (value) => Array.from(value).length <= maxLength,
    rule("reference-length", `must be at most ${maxLength} characters long`)
  )
)
