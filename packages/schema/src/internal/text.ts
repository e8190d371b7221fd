import * as Schema from "effect/Schema"

const nonEmpty = "must be a non-empty string"

// A message that is annotated after a check belongs to the check: before it, it is what a value of another type is told.
/** A text that a request must hold: any string but the empty one. */
export const Text: Schema.String = Schema.String.annotate({ message: nonEmpty }).check(
  Schema.isNonEmpty({ message: nonEmpty })
)

/**
 * A merchant's own reference in a request.
 *
 * It comes back as a query parameter when a record is looked up, so it must survive a URL: no control characters and no broken
 * surrogates.
 */
export const Reference: Schema.String = Text.check(
  Schema.makeFilter((value) => value.isWellFormed() && !/\p{Cc}/u.test(value), {
    message: "must be text without control characters"
  })
)
