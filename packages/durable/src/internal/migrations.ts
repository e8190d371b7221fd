/**
 * Brings tables to their present form, however many processes start at once.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import { hasProperty } from "effect/Predicate"
import * as Schedule from "effect/Schedule"
import * as Migrator from "effect/sql/Migrator"
import { SqlClient } from "effect/sql/SqlClient"
import { isSqlError, type SqlError } from "effect/sql/SqlError"
import { reasonOf } from "./sqlReason.ts"

/** What brings tables from one form to the next: `1_name`, `2_name`. */
export type Migrations = Readonly<Record<string, Effect.Effect<void, SqlError, SqlClient>>>

// Another process may be at it, or a database may have given the transaction up. Nothing was written in either case.
const again = Schedule.exponential("20 millis").pipe(Schedule.jittered, Schedule.upTo({ times: 8 }))

const isInTheWay = (error: unknown): boolean =>
  isSqlError(error) && ["SerializationError", "DeadlockError", "LockTimeoutError"].includes(error.reason._tag)

const sqlErrorOf = (error: unknown): SqlError | undefined => {
  if (isSqlError(error)) return error
  return hasProperty(error, "cause") && isSqlError(error.cause) ? error.cause : undefined
}

/**
 * The error of a migration that was not finished. A connection that is cut cannot roll back either, which Effect's transactions report as
 * a defect. It is none of this program's, and the transaction has ended with the connection.
 */
const failureOf = (cause: Cause.Cause<Migrator.MigrationError | SqlError>): Effect.Effect<never, SqlError | string> => {
  for (const reason of cause.reasons) {
    const error = Cause.isFailReason(reason) ? reason.error : Cause.isDieReason(reason) ? reason.defect : undefined
    const sqlError = sqlErrorOf(error)
    if (sqlError !== undefined) return Effect.fail(sqlError)
    if (Cause.isFailReason(reason)) return Effect.fail("its tables could not be brought up to date")
  }
  return Effect.failCause(Cause.fromReasons(cause.reasons.filter((reason) => !Cause.isFailReason(reason))))
}

/**
 * Runs the migrations that the table `table` does not list yet. Fails with a reason that is fit for a log.
 *
 * Whether there is anything to do is read first, since the migrator locks its table against every reader, and would wait for a backup.
 */
export const migrate = Effect.fnUntraced(
  function* (table: string, migrations: Migrations) {
    const sql = yield* SqlClient
    const known = new Set(Object.keys(migrations).map((name) => Number.parseInt(name, 10)))
    const read = sql<{ readonly migration_id: unknown }>`SELECT migration_id FROM ${sql(table)}`.withoutTransform.pipe(
      Effect.map((rows) => new Set(rows.map((row) => Number(row.migration_id))))
    )
    const run = Migrator.make({})({ loader: Migrator.fromRecord(migrations), table }).pipe(
      Effect.provideService(SqlClient, sql.withoutTransforms()),
      Effect.catchCause(failureOf),
      Effect.retry({ while: isInTheWay, schedule: again })
    )
    const isNewer = (ids: ReadonlySet<number>) => [...ids].some((id) => !known.has(id))
    const tooNew = "its tables are of a later version of @palomma-effect/durable: use that version, or a later one"
    const isPresent = (ids: ReadonlySet<number>) => [...known].every((id) => ids.has(id))

    // On an empty database there is no such table: what is wrong, if anything is, the migrator says.
    const before = yield* Effect.orElseSucceed(read, () => new Set<number>())
    if (isNewer(before)) return yield* Effect.fail(tooNew)
    if (isPresent(before)) return
    yield* run
    const after = yield* read
    if (isNewer(after)) return yield* Effect.fail(tooNew)
    if (!isPresent(after)) return yield* Effect.fail("its tables could not be brought up to date")
  },
  Effect.mapError((error) => (typeof error === "string" ? error : reasonOf(error)))
)
