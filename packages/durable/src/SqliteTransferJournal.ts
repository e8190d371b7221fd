/**
 * A transfer journal in a separate SQLite file, for a single process.
 *
 * @since 0.1.0
 */
import { TransferJournalError } from "@palomma-effect/client/TransferError"
import { TransferJournal } from "@palomma-effect/client/TransferJournal"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { BeginTransaction, SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as SqliteClient from "./internal/sqliteClient.ts"
import { openReasonOf } from "./internal/sqlReason.ts"
import * as SqlTransferJournal from "./SqlTransferJournal.ts"

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
      "Stop the other one, or use one journal in PostgreSQL for both (SqlTransferJournal)."
    )
  }
}

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

const failed = (reason: string) => new TransferJournalError({ operation: "open", sent: "no", reason })

// An exclusive lock lasts as long as the connection. The operating system releases it with the process, also if the
// process is killed. The lock is on a separate file: when a process closes a file, for example after copying it for a
// backup, it loses all its locks on it.
const takeLock = (filename: string, wait: Duration.Duration) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    // The retry below waits, since SQLite would block the whole process while it waits.
    yield* sql.unsafe("PRAGMA busy_timeout = 0")
    yield* sql.unsafe("PRAGMA locking_mode = EXCLUSIVE")
    yield* sql.withTransaction(Effect.void).pipe(
      Effect.provideService(BeginTransaction, "BEGIN EXCLUSIVE"),
      Effect.retry({
        while: ({ reason }: SqlError) => reason._tag === "LockTimeoutError",
        schedule: Schedule.spaced("50 millis").pipe(Schedule.upTo({ duration: wait }))
      }),
      Effect.mapError((error) => (error.reason._tag === "LockTimeoutError" ? new SqliteFileInUse({ filename }) : error))
    )
  })

const open = (options: Options) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    const pragma = (text: string) => sql.unsafe<Record<string, unknown>>(`PRAGMA ${text}`)
    const [main] = yield* pragma("database_list")
    if (typeof main?.["file"] !== "string" || main["file"] === "") {
      return yield* failed(
        "it is not a file, so its rows would end with the process: set filename to a path, or use TransferJournal.layerMemory"
      )
    }
    const wait = Option.getOrUndefined(Duration.fromInput(options.wait ?? "5 seconds"))
    if (wait === undefined) return yield* failed("the option wait must be a duration, such as 5 seconds")
    const lock = Layer.effectDiscard(takeLock(options.filename, wait)).pipe(
      Layer.provide(SqliteClient.layer({ filename: `${options.filename}.lock` }))
    )
    yield* Layer.build(lock)
    yield* pragma("busy_timeout = 5000")
    yield* pragma("journal_mode = WAL")
    // A commit is on the disk when it returns. macOS needs `fullfsync` for it.
    yield* pragma("synchronous = FULL")
    yield* pragma("fullfsync = ON")
  })

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
  SqlTransferJournal.layer(options).pipe(
    Layer.provide(Layer.effectDiscard(open(options))),
    Layer.provide(SqliteClient.layer({ filename: options.filename })),
    Layer.catchTag("SqlError", (error) =>
      Layer.effect(TransferJournal, Effect.fail(failed(openReasonOf(options.filename, error))))
    )
  )
