/**
 * A transfer journal in an SQL database: PostgreSQL for many processes, or SQLite for one.
 *
 * @since 0.1.0
 */
import type { TransferJournalError } from "@palomma-effect/client/TransferError"
import { TransferJournal } from "@palomma-effect/client/TransferJournal"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SqlClient } from "effect/sql/SqlClient"
import * as SqlJournal from "./internal/sqlJournal.ts"

/**
 * Options of the journal: its tables and its timeout.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options {
  /**
   * The beginning of the names of its two tables. The default is `palomma_`, for `palomma_transfers` and
   * `palomma_transfers_migrations`. At most 40 lower-case letters, digits and underscores.
   */
  readonly prefix?: string | undefined
  /** The time limit of one statement. The default is 10 seconds. */
  readonly timeout?: Duration.Input | undefined
}

/**
 * Keeps the journal in the database of an `SqlClient`: PostgreSQL (`PgClient.layer` of `@effect/sql-pg`) or SQLite.
 *
 * The layer creates the tables. It fails with a `TransferJournalError` if the tables are of a later version, if the
 * database is configured to lose commits, or if it is a standby. Every change is one conditional statement, committed
 * when it returns. All times are from the clock of the database. The journal stores only ids, the reference, the
 * amount, the state and the last error, and nothing about the person who is paid or debited.
 *
 * **Gotchas**
 *
 * Never send inside `sql.withTransaction`: if a claim is rolled back later, the transfer could be paid twice. The
 * journal fails there with a `TransferJournalError`, and nothing is sent. With SQLite only one process may use the
 * file, which `SqliteTransferJournal` ensures.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: Options = {}): Layer.Layer<TransferJournal, TransferJournalError, SqlClient> =>
  Layer.effect(
    TransferJournal,
    Effect.andThen(SqlJournal.checkNames(options, SqlJournal.names), SqlJournal.make(options))
  )
