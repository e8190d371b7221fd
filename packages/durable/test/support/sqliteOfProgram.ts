/**
 * A SQLite client that a program made itself. As others do, it goes on if SQLite has rolled its transaction back.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Semaphore from "effect/Semaphore"
import * as SqlClient from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import { classifySqliteError, SqlError } from "effect/sql/SqlError"
import * as Statement from "effect/sql/Statement"
import * as Stream from "effect/Stream"
import { DatabaseSync, type SQLInputValue } from "node:sqlite"

export const layer = (filename: string): Layer.Layer<SqlClient.SqlClient> =>
  Layer.effect(
    SqlClient.SqlClient,
    Effect.gen(function* () {
      const database = yield* Effect.acquireRelease(
        Effect.sync(() => new DatabaseSync(filename)),
        (database) => Effect.sync(() => database.close())
      )
      const run = (sql: string, params: ReadonlyArray<unknown>) =>
        Effect.try({
          try: () => {
            const values = params as ReadonlyArray<SQLInputValue>
            const named = /\?\d/.test(sql) ? values.map((value, i) => [`?${i + 1}`, value] as const) : []
            return database.prepare(sql).all(Object.fromEntries(named), ...(named.length > 0 ? [] : values))
          },
          catch: (cause) => new SqlError({ reason: classifySqliteError(cause, { operation: "execute" }) })
        })
      const execute: Connection["execute"] = (sql, params, transformRows) =>
        Effect.map(run(sql, params), (rows) => transformRows?.(rows) ?? rows)
      const executeValues: Connection["executeValues"] = (sql, params) =>
        Effect.map(run(sql, params), (rows) => rows.map((row) => Object.values(row)))
      const connection: Connection = {
        execute,
        executeUnprepared: execute,
        executeValues,
        executeValuesUnprepared: executeValues,
        executeRaw: run,
        executeStream: (sql, params, transformRows) => Stream.fromIterableEffect(execute(sql, params, transformRows))
      }
      return yield* SqlClient.make({
        ...SqlClient.makeSqliteAcquirers({
          connection: Effect.succeed(connection),
          semaphore: yield* Semaphore.make(1),
          isTransaction: () => database.isTransaction
        }),
        compiler: Statement.makeCompilerSqlite(),
        driver: "program",
        spanAttributes: []
      })
    })
  ).pipe(Layer.provide(Reactivity.layer))
