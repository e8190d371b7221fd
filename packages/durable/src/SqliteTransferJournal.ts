/**
 * A transfer journal in a separate SQLite file, for a single process.
 *
 * @since 0.1.0
 */
import type { TransferJournalError } from "@palomma-effect/client/TransferError"
import type { TransferJournal } from "@palomma-effect/client/TransferJournal"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqliteFile from "./internal/sqliteFile.ts"
import * as SqlJournal from "./internal/sqlJournal.ts"
import type { SqliteFileInUse } from "./SqliteFileInUse.ts"
import * as SqlTransferJournal from "./SqlTransferJournal.ts"

/**
 * Options of the journal: its file, its tables and its timeouts.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options extends SqlTransferJournal.Options {
  /** The path of the file. The journal creates the file, but not its directory. */
  readonly filename: string
  /** The time to wait for another process that still uses the file. The default is 5 seconds. */
  readonly wait?: Duration.Input | undefined
}

/**
 * Keeps the journal in a SQLite file, with write-ahead log and `synchronous = FULL`.
 *
 * Only one process at a time can open the file. For a second one the layer fails with {@link SqliteFileInUse}. The lock
 * is on a second file, whose name ends in `.lock`. It ends with the process, also if the process is killed.
 *
 * **Gotchas**
 *
 * - The file must be on a disk of the machine, in a container on a persistent volume: locks on network file systems are
 *   not reliable.
 * - Other programs, such as `sqlite3` and backups, may read the file, but must not write to it.
 * - The program itself must not read the `.lock` file, for example by copying the whole directory. On Linux and macOS a
 *   process that closes any handle of a file loses all its locks on it, and a second process could then open the
 *   journal. Make copies with `sqlite3` or `VACUUM INTO`, or do not copy the `.lock` file.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: Options): Layer.Layer<TransferJournal, TransferJournalError | SqliteFileInUse> =>
  Layer.unwrap(
    Effect.map(SqlJournal.checkNames(options, [...SqliteFile.names, ...SqlJournal.names]), () => {
      const { filename, wait, ...rest } = options
      return SqlTransferJournal.layer(rest).pipe(Layer.provide(SqliteFile.layer({ filename, wait })))
    })
  )
