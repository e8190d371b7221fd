/**
 * A small `SqlClient` over `node:sqlite`, with one connection and group commit.
 *
 * Statements outside a transaction run in groups: see `sqliteGroup.ts`. Those of `sql.withTransaction` and of
 * `sql.reserve` run directly. A stream reads all its rows at once, so that a slow reader does not block the connection.
 *
 * It replaces `@effect/sql-sqlite-node`, which has no published version for Effect 4.1. Its `layer` has the same form,
 * but a program that uses the official client has no group commit.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Result from "effect/Result"
import * as Semaphore from "effect/Semaphore"
import * as SqlClient from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import { classifySqliteError, SqlError } from "effect/sql/SqlError"
import * as Statement from "effect/sql/Statement"
import * as Stream from "effect/Stream"
import * as Group from "./sqliteGroup.ts"
import { rolledBack } from "./transaction.ts"

const withSafeIntegers = <A>(use: (isSafe: boolean) => Effect.Effect<A, SqlError>): Effect.Effect<A, SqlError> =>
  Effect.withFiber((fiber) => use(fiber.getRef(SqlClient.SafeIntegers)))

const attempt = <A>(operation: string, evaluate: () => A): Result.Result<A, SqlError> =>
  Result.try({
    try: evaluate,
    catch: (cause) => {
      // Node names `errcode` what other SQLite drivers name `errno`.
      const known =
        cause instanceof Error && "errcode" in cause ? Object.assign(cause, { errno: cause.errcode }) : cause
      return new SqlError({ reason: classifySqliteError(known, { operation }) })
    }
  })

const trySql = <A>(operation: string, evaluate: () => A): Effect.Effect<A, SqlError> =>
  Effect.suspend(() => Effect.fromResult(attempt(operation, evaluate)))

// An integer above 2^53 becomes a bigint; with its defaults Node would throw. Any other integer becomes a number,
// except if the program asked for bigints.
const read = (value: unknown, isSafe: boolean): unknown => {
  if (isSafe || typeof value !== "bigint") return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

// Node 22.19 takes `?1` for a name, and later versions take it for a position. As a name it works on all of them.
const bound = (
  sql: string,
  params: ReadonlyArray<unknown>
): readonly [named: Record<string, SQLInputValue>, ...byPosition: ReadonlyArray<SQLInputValue>] => {
  const values = params as ReadonlyArray<SQLInputValue>
  return /\?\d/.test(sql) ? [Object.fromEntries(values.map((value, i) => [`?${i + 1}`, value]))] : [{}, ...values]
}

// A program that makes the text of its statements, for example with `sql.in`, must not fill the memory with them.
const preparedStatements = 500

const preparer = (database: DatabaseSync) => {
  const prepared = new Map<string, StatementSync>()
  return (sql: string): StatementSync => {
    const known = prepared.get(sql)
    if (known !== undefined) return known
    const statement = database.prepare(sql)
    statement.setReadBigInts(true)
    if (prepared.size === preparedStatements) prepared.clear()
    prepared.set(sql, statement)
    return statement
  }
}

const connectionOf = (prepare: (sql: string) => StatementSync, run: Group.Run): Connection => {
  const all = (sql: string, params: ReadonlyArray<unknown>, asArrays: boolean): ReadonlyArray<unknown> => {
    const statement = prepare(sql)
    statement.setReturnArrays(asArrays)
    return statement.all(...bound(sql, params))
  }
  const runWith = <A>(sql: string, evaluate: (isSafe: boolean) => A) =>
    withSafeIntegers((isSafe) => run(sql, () => attempt("execute", () => evaluate(isSafe))))
  const execute: Connection["execute"] = (sql, params, transformRows) =>
    runWith(sql, (isSafe) => {
      const rows = all(sql, params, false) as ReadonlyArray<Record<string, unknown>>
      for (const row of rows) for (const name of Object.keys(row)) row[name] = read(row[name], isSafe)
      return transformRows === undefined ? rows : transformRows(rows)
    })
  // Node's types declare only rows that are objects, but with `setReturnArrays(true)` Node returns arrays.
  const executeValues: Connection["executeValues"] = (sql, params) =>
    runWith(sql, (isSafe) =>
      (all(sql, params, true) as ReadonlyArray<ReadonlyArray<unknown>>).map((row) =>
        row.map((value) => read(value, isSafe))
      )
    )
  return {
    execute,
    executeUnprepared: execute,
    executeValues,
    executeValuesUnprepared: executeValues,
    executeRaw: (sql, params) =>
      runWith(sql, (isSafe) => {
        const { changes, lastInsertRowid } = prepare(sql).run(...bound(sql, params))
        return { changes: read(changes, isSafe), lastInsertRowid: read(lastInsertRowid, isSafe) }
      }),
    executeStream: (sql, params, transformRows) => Stream.fromIterableEffect(execute(sql, params, transformRows))
  }
}

const isRollback = (sql: string): boolean => /^\s*ROLLBACK(\s+TRANSACTION)?\s*;?\s*$/i.test(sql)

/**
 * Runs the statements of one lease of the connection, which are those of one transaction of the program.
 *
 * At some errors, for example without space on the disk, SQLite itself rolls back the whole transaction. The next
 * statement would be committed by itself, and a savepoint would begin a transaction whose COMMIT succeeds. So nothing
 * else runs in this lease, as PostgreSQL does it. Each lease has its own state, so that a fiber that outlives its
 * transaction cannot write into the next one.
 */
const leased = (database: DatabaseSync): Group.Run => {
  let wasOpen = false
  let isLost = false
  return (sql, evaluate) =>
    Effect.suspend(() => {
      if (isLost) {
        if (!isRollback(sql)) return Effect.fail(rolledBack())
        // A program that cleans up after an error must not fail because there is nothing to clean up.
        const begun = attempt("rollback", () => database.exec("BEGIN"))
        if (Result.isFailure(begun)) return Effect.fail(begun.failure)
      }
      const result = evaluate()
      if (Result.isSuccess(result)) wasOpen = database.isTransaction
      else if (wasOpen && !database.isTransaction) isLost = true
      return Effect.fromResult(result)
    })
}

/** Provides a `SqlClient` over one SQLite file. */
export const layer = ({ filename }: { readonly filename: string }): Layer.Layer<SqlClient.SqlClient, SqlError> =>
  Layer.effect(
    SqlClient.SqlClient,
    Effect.gen(function* () {
      const database = yield* Effect.acquireRelease(
        trySql("open", () => new DatabaseSync(filename)),
        (database) => Effect.sync(() => database.close())
      )
      const prepare = preparer(database)
      const isTransaction = () => database.isTransaction
      const acquirers = SqlClient.makeSqliteAcquirers({
        // A fiber that ended a lease with an open transaction must not leave it to the next one.
        connection: trySql("rollback", () => {
          if (database.isTransaction) database.exec("ROLLBACK")
          return connectionOf(prepare, leased(database))
        }),
        semaphore: yield* Semaphore.make(1),
        isTransaction
      })
      const exec = (sql: string) => attempt("execute", () => database.exec(sql))
      const grouped = connectionOf(prepare, Group.make({ exec, isTransaction }, acquirers.borrower))
      return yield* SqlClient.make({
        ...acquirers,
        acquirer: Effect.succeed(grouped),
        borrower: (use) => use(grouped),
        compiler: Statement.makeCompilerSqlite(),
        driver: "node-sqlite",
        spanAttributes: [["db.system.name", "sqlite"]]
      })
    })
  ).pipe(Layer.provide(Reactivity.layer))
