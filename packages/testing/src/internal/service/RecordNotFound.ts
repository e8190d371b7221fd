import * as Schema from "effect/Schema"

/**
 * The simulator has no such record.
 *
 * @category errors
 * @since 0.1.0
 */
export class RecordNotFound extends Schema.TaggedError<RecordNotFound>()("RecordNotFound", {
  kind: Schema.String,
  id: Schema.String
}) {
  override get message(): string {
    return `The simulator has no ${this.kind} ${this.id}. Use an id or a URL that this simulator returned.`
  }
}
