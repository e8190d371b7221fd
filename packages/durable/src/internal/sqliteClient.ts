/**
 * The smallest `SqlClient` over `node:sqlite` that a journal needs: one connection, no streams.
 *
 * It replaces `@effect/sql-sqlite-node`, which has no published version for Effect 4.1. Its `layer` has the same form,
 * so one changed line in `SqliteTransferJournal` will switch to the official client.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Semaphore from "effect/Semaphore"
import * as SqlClient from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import { classifySqliteError, SqlError } from "effect/sql/SqlError"
import * as Statement from "effect/sql/Statement"
import * as Stream from "effect/Stream"

const withSafeIntegers = <A>(use: (isSafe: boolean) => Effect.Effect<A, SqlError>): Effect.Effect<A, SqlError> =>
  Effect.withFiber((fiber) => use(fiber.getRef(SqlClient.SafeIntegers)))

const trySql = <A>(operation: string, evaluate: () => A): Effect.Effect<A, SqlError> =>
  Effect.try({
    try: evaluate,
    catch: (cause) => {
      // Node names `errcode` what other SQLite drivers name `errno`.
      const known =
        cause instanceof Error && "errcode" in cause ? Object.assign(cause, { errno: cause.errcode }) : cause
      return new SqlError({ reason: classifySqliteError(known, { operation }) })
    }
  })

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

const connect = (filename: string) =>
  Effect.gen(function* () {
    const database = yield* Effect.acquireRelease(
      trySql("open", () => new DatabaseSync(filename)),
      (database) => Effect.sync(() => database.close())
    )
    const prepared = new Map<string, StatementSync>()
    const prepare = (sql: string): StatementSync => {
      const known = prepared.get(sql)
      if (known !== undefined) return known
      const statement = database.prepare(sql)
      statement.setReadBigInts(true)
      prepared.set(sql, statement)
      return statement
    }
    const all = (sql: string, params: ReadonlyArray<unknown>, asArrays: boolean): ReadonlyArray<unknown> => {
      const statement = prepare(sql)
      statement.setReturnArrays(asArrays)
      return statement.all(...bound(sql, params))
    }
    const execute: Connection["execute"] = (sql, params, transformRows) =>
      withSafeIntegers((isSafe) =>
        trySql("execute", () => {
          const rows = all(sql, params, false) as ReadonlyArray<Record<string, unknown>>
          for (const row of rows) for (const name of Object.keys(row)) row[name] = read(row[name], isSafe)
          return transformRows === undefined ? rows : transformRows(rows)
        })
      )
    // Node's types declare only rows that are objects, but with `setReturnArrays(true)` Node returns arrays.
    const executeValues: Connection["executeValues"] = (sql, params) =>
      withSafeIntegers((isSafe) =>
        trySql("execute", () =>
          (all(sql, params, true) as ReadonlyArray<ReadonlyArray<unknown>>).map((row) =>
            row.map((value) => read(value, isSafe))
          )
        )
      )
    const connection: Connection = {
      execute,
      executeUnprepared: execute,
      executeValues,
      executeValuesUnprepared: executeValues,
      executeRaw: (sql, params) => trySql("execute", () => prepare(sql).run(...bound(sql, params))),
      executeStream: () => Stream.die("The SQLite client of @palomma-effect/durable does not support streams.")
    }
    return { connection, isTransaction: () => database.isTransaction }
  })

/** Provides a `SqlClient` over one SQLite file. */
export const layer = ({ filename }: { readonly filename: string }): Layer.Layer<SqlClient.SqlClient, SqlError> =>
  Layer.effect(
    SqlClient.SqlClient,
    Effect.gen(function* () {
      const { connection, isTransaction } = yield* connect(filename)
      return yield* SqlClient.make({
        ...SqlClient.makeSqliteAcquirers({
          connection: Effect.succeed(connection),
          semaphore: yield* Semaphore.make(1),
          isTransaction
        }),
        compiler: Statement.makeCompilerSqlite(),
        driver: "node-sqlite",
        spanAttributes: [["db.system.name", "sqlite"]]
      })
    })
  ).pipe(Layer.provide(Reactivity.layer))
