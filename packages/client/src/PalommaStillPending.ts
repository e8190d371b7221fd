/**
 * The end of waiting for a record that is not at its end yet.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import * as SafeText from "./SafeText.ts"

/**
 * The record has not come to its end in the time it was waited for.
 *
 * Nothing is lost and nothing has failed: look again later, or let the webhook tell.
 *
 * @category errors
 * @since 0.1.0
 */
export class PalommaStillPending extends Schema.TaggedError<PalommaStillPending>()("PalommaStillPending", {
  /** The operation that waited, such as `PayoutRequests.awaitFinal`. */
  operation: Schema.String,
  /** The record's id, if it was seen at all. */
  recordId: Schema.optionalKey(SafeText.schema),
  /** The status last seen, made safe to print. */
  status: Schema.optionalKey(SafeText.schema),
  /** How long was waited. */
  waited: Schema.DurationFromMillis
}) {
  override get message(): string {
    const record = this.recordId === undefined ? "the record" : this.recordId
    const status = this.status === undefined ? "was not seen" : `is still "${this.status}"`
    return (
      `${this.operation}: after ${Duration.format(this.waited)}, ${record} ${status}. ` +
      "Nothing has failed: look again later, or let the webhook tell."
    )
  }
}
