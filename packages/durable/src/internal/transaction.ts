/**
 * Transactions whose failure is an error, also if the connection is cut.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import { hasProperty } from "effect/Predicate"
import { BeginTransaction, type SqlClient } from "effect/sql/SqlClient"
import { isSqlError, SqlError, UnknownError } from "effect/sql/SqlError"

const sqlErrorOf = (error: unknown): SqlError | undefined => {
  if (isSqlError(error)) return error
  if (!hasProperty(error, "cause")) return undefined
  // The errors of the queue contain the whole cause.
  if (Cause.isCause(error.cause)) return sqlErrorIn(error.cause)
  return isSqlError(error.cause) ? error.cause : undefined
}

/**
 * Returns the error of the database in a cause. If the connection is cut, the rollback fails too, and Effect's
 * transactions report that as a defect. It is not a defect of this program, and the transaction has ended with the
 * connection.
 */
export const sqlErrorIn = (cause: Cause.Cause<unknown>): SqlError | undefined => {
  for (const reason of cause.reasons) {
    const error = Cause.isFailReason(reason) ? reason.error : Cause.isDieReason(reason) ? reason.defect : undefined
    const sqlError = sqlErrorOf(error)
    if (sqlError !== undefined) return sqlError
  }
  return undefined
}

/** Runs an effect in a transaction of the client, or in a savepoint of the transaction that it is in. */
export const inTransaction = <A, E, R>(
  sql: SqlClient,
  self: Effect.Effect<A, E, R>
): Effect.Effect<A, E | SqlError, R> =>
  Effect.catchCause(sql.withTransaction(self), (cause): Effect.Effect<never, E | SqlError> => {
    const hasDefect = cause.reasons.some(Cause.isDieReason)
    const error = hasDefect ? sqlErrorIn(cause) : undefined
    return error === undefined ? Effect.failCause(cause) : Effect.fail(error)
  })

/**
 * Runs an effect in a transaction of this package.
 *
 * Each change of a row is one conditional statement, so a stricter isolation of the database would only make such
 * transactions fail.
 */
export const inOwnTransaction = <A, E, R>(
  sql: SqlClient,
  self: Effect.Effect<A, E, R>
): Effect.Effect<A, E | SqlError, R> =>
  sql.onDialectOrElse({
    pg: () => Effect.provideService(inTransaction(sql, self), BeginTransaction, "BEGIN ISOLATION LEVEL READ COMMITTED"),
    orElse: () => inTransaction(sql, self)
  })

const rolledBackText =
  "SQLite rolled the transaction back, for example because the disk is full: " +
  "nothing of it was written, so run all of it again"

/** The error of each statement in a transaction that SQLite has rolled back by itself. */
export const rolledBack = (): SqlError => {
  // With SQLite's own code for it (SQLITE_ABORT_ROLLBACK), so that the text is reported too.
  const cause = Object.assign(new Error(rolledBackText), { errcode: 516, errstr: rolledBackText })
  return new SqlError({ reason: new UnknownError({ message: rolledBackText, operation: "execute", cause }) })
}

/**
 * Runs an effect in a transaction, and fails if SQLite rolled the transaction back meanwhile. What follows would not be
 * in the transaction, and a client that the program made may not notice. PostgreSQL refuses all that follows.
 */
export const notRolledBack = <A, E, R>(
  sql: SqlClient,
  self: Effect.Effect<A, E, R>
): Effect.Effect<A, E | SqlError, R> =>
  sql.onDialectOrElse({
    sqlite: () =>
      Effect.andThen(
        sql.unsafe("SAVEPOINT palomma_check"),
        // A rollback of the transaction removes the savepoint.
        Effect.tap(self, () => Effect.mapError(sql.unsafe("RELEASE SAVEPOINT palomma_check"), rolledBack))
      ),
    orElse: () => self
  })

const transactionKey = "effect/sql/SqlClient/TransactionConnection"

/** Whether the effect runs in a transaction of another client. */
export const isInOtherTransaction = (sql: SqlClient): Effect.Effect<boolean> =>
  Effect.withFiber(({ context }) =>
    Effect.succeed(
      [...context.mapUnsafe.keys()].some((key) => key.startsWith(transactionKey) && key !== sql.transactionService.key)
    )
  )
