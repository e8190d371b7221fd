/**
 * A transfer journal in a SQLite file of its own, for a single process.
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
import { reasonOf } from "./internal/sqlReason.ts"
import * as SqlTransferJournal from "./SqlTransferJournal.ts"

/**
 * The file of the journal is in use: a second process must not pay from it.
 *
 * Nothing was sent.
 *
 * @category errors
 * @since 0.1.0
 */
export class SqliteFileInUse extends Schema.TaggedError<SqliteFileInUse>()("SqliteFileInUse", {
  filename: Schema.String
}) {
  override get message(): string {
    return (
      `The transfer journal ${this.filename} is in use, by another process or another part of this one. A SQLite journal belongs to ` +
      "one process at a time: stop the other one, or keep the journal of both in PostgreSQL (SqlTransferJournal)."
    )
  }
}

/**
 * Which file, and what else there is to say.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options extends SqlTransferJournal.Options {
  /** The file. It is made if there is none; its directory is not. */
  readonly filename: string
  /** How long to wait for a process that still uses the file: 5 seconds by default. */
  readonly wait?: Duration.Input | undefined
}

const failed = (reason: string) => new TransferJournalError({ operation: "open", sent: "no", reason })

// An exclusive lock lasts as long as the connection, and the operating system ends it with the process, however that ends. It is on
// a file of its own: reading a file, as a backup does, and closing it again drops every lock that the process has on it.
const takeLock = (filename: string, wait: Duration.Duration) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    // Waiting is done here and not by SQLite, which would hold up the whole process.
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
        "it is not a file, so that nothing would outlive the process. Use TransferJournal.layerMemory for that"
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
    // A commit is on the disk when it returns; `fullfsync` is what that takes on macOS.
    yield* pragma("synchronous = FULL")
    yield* pragma("fullfsync = ON")
  })

/**
 * Keeps the journal in a SQLite file, with write-ahead log and `synchronous = FULL`.
 *
 * The file belongs to one process at a time: a second one is refused with {@link SqliteFileInUse}. The lock is on a file beside it, whose
 * name ends in `.lock`; it ends with the process, also where that is killed.
 *
 * **Gotchas**
 *
 * - The file has to be on a disk of the machine, on a persistent volume in a container: network file systems do not keep locks.
 * - Other programs may read it meanwhile, `sqlite3` and backups included, and must not write to it.
 * - The program itself must not read the `.lock` file, as copying the whole directory does: on Linux and macOS a process that closes any
 *   handle of a file gives up all its locks on it, and a second process could then open the journal. Make copies by `sqlite3` or by
 *   `VACUUM INTO`, or leave the `.lock` file out.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: Options): Layer.Layer<TransferJournal, TransferJournalError | SqliteFileInUse> =>
  SqlTransferJournal.layer(options).pipe(
    Layer.provide(Layer.effectDiscard(open(options))),
    Layer.provide(SqliteClient.layer({ filename: options.filename })),
    Layer.catchTag("SqlError", (error) => Layer.effect(TransferJournal, Effect.fail(failed(reasonOf(error)))))
  )
