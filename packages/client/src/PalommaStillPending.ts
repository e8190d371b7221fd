/**
 * The error of an `awaitFinal` or `awaitActive` whose timeout ended.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import * as SafeText from "./SafeText.ts"

/**
 * The record did not reach a final status within the timeout.
 *
 * Nothing has failed. Read the record again later, or wait for its webhook.
 *
 * @category errors
 * @since 0.1.0
 */
export class PalommaStillPending extends Schema.TaggedError<PalommaStillPending>()("PalommaStillPending", {
  /** The operation that waited, such as `PayoutRequests.awaitFinal`. */
  operation: Schema.String,
  /** The id of the record, if the record was read. */
  recordId: Schema.optionalKey(SafeText.schema),
  /** The status of the last read, made safe to print. */
  status: Schema.optionalKey(SafeText.schema),
  /** The timeout that ended. */
  waited: Schema.DurationFromMillis
}) {
  override get message(): string {
    const record = this.recordId === undefined ? "the record" : this.recordId
    const status = this.status === undefined ? "was not read" : `is still "${this.status}"`
    return (
      `${this.operation}: after ${Duration.format(this.waited)}, ${record} ${status}. ` +
      "Nothing has failed. Read the record again later, or wait for its webhook."
    )
  }
}
