/**
 * The SQLite file of a journal: opened by one process at a time, and configured so that a commit is on the disk when it
 * returns.
 */
import { TransferJournalError } from "@palomma-effect/client/TransferError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import { BeginTransaction, SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { SqliteFileInUse } from "../SqliteFileInUse.ts"
import * as SqliteClient from "./sqliteClient.ts"
import { openReasonOf } from "./sqlReason.ts"

/** Options of the file. */
export interface Options {
  readonly filename: string
  readonly wait?: Duration.Input | undefined
}

// The type asks for each option that is added.
const known: Record<keyof Options, true> = { filename: true, wait: true }

/** The names of the options. */
export const names: ReadonlyArray<string> = Object.keys(known)

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

// A program without types can pass any value.
const checkFilename = ({ filename }: { readonly filename: unknown }) =>
  typeof filename === "string" ? Effect.void : failed("the option filename must be the path of a file")

/** Provides the `SqlClient` of the file. */
export const layer = (options: Options): Layer.Layer<SqlClient, TransferJournalError | SqliteFileInUse> =>
  Layer.effectDiscard(open(options)).pipe(
    Layer.provideMerge(
      Layer.unwrap(Effect.as(checkFilename(options), SqliteClient.layer({ filename: options.filename })))
    ),
    Layer.catchTag("SqlError", (error) =>
      Layer.effect(SqlClient, Effect.fail(failed(openReasonOf(options.filename, error))))
    )
  )
