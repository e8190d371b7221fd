/** Drops the tables of the queue while programs use them. */
import type { UnknownError } from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { DatabaseSync } from "node:sqlite"
import * as Postgres from "./postgres.ts"
import type { Store } from "./services.ts"

const both = ["palomma_transfer_jobs", "palomma_transfer_jobs_migrations"] as const

const inSqlite = (filename: string, statements: ReadonlyArray<string>) =>
  Effect.try(() => {
    const database = new DatabaseSync(filename)
    try {
      database.exec(["PRAGMA busy_timeout = 500", ...statements].join("; "))
    } finally {
      database.close()
    }
  })

const inPostgres = (url: string, statements: ReadonlyArray<string>) =>
  SqlClient.use((sql) =>
    sql.withTransaction(
      Effect.forEach(["SET LOCAL lock_timeout = 500", ...statements], (text) => sql.unsafe(text), { discard: true })
    )
  ).pipe(Effect.provide(Postgres.client(url)))

const dropTables = (store: Store, tables: ReadonlyArray<string>): Effect.Effect<void, SqlError | UnknownError> => {
  const statements = tables.map((table) => `DROP TABLE IF EXISTS ${table}`)
  return store._tag === "SQLite" ? inSqlite(store.filename, statements) : inPostgres(store.url, statements)
}

/** Drops both tables. */
export const dropAll = (store: Store) => dropTables(store, both)

/** Drops one of the two tables or both, and returns whether it did. A stopped process may hold a lock on them. */
export const drop = Effect.fnUntraced(function* (store: Store) {
  const drawn = yield* Random.nextIntBetween(0, 3)
  const tables = both.filter((_, i) => drawn !== i)
  return yield* Effect.isSuccess(dropTables(store, tables))
})
