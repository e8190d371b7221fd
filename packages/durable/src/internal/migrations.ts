/**
 * Migrates tables to their current form, also if many processes start at the same time.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import { hasProperty } from "effect/Predicate"
import * as Schedule from "effect/Schedule"
import * as Migrator from "effect/sql/Migrator"
import { SqlClient } from "effect/sql/SqlClient"
import { isSqlError, type SqlError } from "effect/sql/SqlError"
import { reasonOf } from "./sqlReason.ts"
import { sqlErrorIn } from "./transaction.ts"

/** Migrations by name: `1_name`, `2_name`. */
export type Migrations = Readonly<Record<string, Effect.Effect<void, SqlError, SqlClient>>>

// Another process may be migrating, or the database may have aborted the transaction. In both cases nothing was
// written.
const backoff = Schedule.exponential("20 millis").pipe(Schedule.jittered, Schedule.upTo({ times: 8 }))

const isTransient = (error: unknown): boolean =>
  isSqlError(error) && ["SerializationError", "DeadlockError", "LockTimeoutError"].includes(error.reason._tag)

// Fails with the error of a migration that did not finish.
const failureOf = (cause: Cause.Cause<Migrator.MigrationError | SqlError>): Effect.Effect<never, SqlError | string> => {
  const sqlError = sqlErrorIn(cause)
  if (sqlError !== undefined) return Effect.fail(sqlError)
  return cause.reasons.some(Cause.isFailReason)
    ? Effect.fail("its tables could not be migrated")
    : Effect.failCause(Cause.fromReasons(cause.reasons.filter((reason) => !Cause.isFailReason(reason))))
}

// The table exists already. SQLite has no code of its own for it.
const isDuplicate = (error: unknown): boolean => {
  const cause: unknown = isSqlError(error) ? error.reason.cause : undefined
  if (!hasProperty(cause, "code")) return false
  return cause.code === "42P07" || (hasProperty(cause, "errcode") && cause.errcode === 1)
}

const restoreToo = (table: string): string =>
  `the tables exist, but ${table} does not list them: if a backup was restored, restore that table too, and drop none`

/**
 * Runs the migrations that the table `table` does not list yet. Fails with a reason that may be logged.
 *
 * It first reads whether any migration is missing. The migrator locks its table against every reader, and would wait
 * for a backup.
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
      Effect.retry({ while: isTransient, schedule: backoff })
    )
    const isNewer = (ids: ReadonlySet<number>) => [...ids].some((id) => !known.has(id))
    const tooNew = "its tables are from a later version of @palomma-effect/durable: use that version or a later one"
    const isPresent = (ids: ReadonlySet<number>) => [...known].every((id) => ids.has(id))

    // Each migration is committed together with its entry, so a table without one was restored, or made by a program.
    const isThere = sql`SELECT 1 FROM ${sql(table.replace(/_migrations$/, ""))} LIMIT 1`
    const isNotListed = Effect.map(
      Effect.all([Effect.isSuccess(isThere), Effect.orElseSucceed(read, () => new Set<number>())]),
      ([isThere, ids]) => isThere && ids.size === 0
    )

    // An empty database has no such table. If the read fails for another reason, the migrator reports it.
    const before = yield* Effect.orElseSucceed(read, () => new Set<number>())
    if (isNewer(before)) return yield* Effect.fail(tooNew)
    if (isPresent(before)) return
    yield* Effect.catch(run, (error) =>
      Effect.flatMap(isDuplicate(error) ? isNotListed : Effect.succeed(false), (notListed) =>
        Effect.fail(notListed ? restoreToo(table) : error)
      )
    )
    const after = yield* read
    if (isNewer(after)) return yield* Effect.fail(tooNew)
    if (!isPresent(after)) return yield* Effect.fail("its tables could not be migrated")
  },
  Effect.mapError((error) => (typeof error === "string" ? error : reasonOf(error)))
)
