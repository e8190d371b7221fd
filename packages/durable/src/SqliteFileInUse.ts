/**
 * The error of a SQLite file that another process has opened.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * The error of a journal whose file is in use: two processes must not pay from one file.
 *
 * @category errors
 * @since 0.1.0
 */
export class SqliteFileInUse extends Schema.TaggedError<SqliteFileInUse>()("SqliteFileInUse", {
  filename: Schema.String
}) {
  override get message(): string {
    return (
      `The transfer journal ${this.filename} is in use by another process, or by another part of this process. ` +
      "Stop the other one, or use PostgreSQL for both (Durable.layerPostgres, SqlTransferJournal)."
    )
  }
}
