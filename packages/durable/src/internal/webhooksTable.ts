/**
 * The table of the handled webhooks and its migrations.
 */
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import type { Migrations } from "./migrations.ts"

/** Returns the name of the table. */
export const tableOf = (prefix: string): string => `${prefix}webhooks`

/**
 * The time from which the age of a row is counted. A query must contain exactly this text, or the index is not used. A
 * row has one of the two times: `handled_at` if it was handled, and otherwise the end of its lease.
 */
export const lastUse = "COALESCE(handled_at, lease_ends_at)"

// Keys are compared by their bytes, as in the table of the transfers.
const types = {
  pg: { text: `TEXT COLLATE "C"`, integer: "BIGINT", table: "" },
  sqlite: { text: "TEXT", integer: "INTEGER", table: "STRICT" }
}

const statementsOf = (prefix: string, dialect: keyof typeof types): ReadonlyArray<string> => {
  const { integer, table: options, text } = types[dialect]
  const table = tableOf(prefix)
  return [
    `CREATE TABLE ${table} (
      id ${text} NOT NULL PRIMARY KEY,
      lease_id ${text},
      lease_ends_at ${integer},
      handled_at ${integer}
    ) ${options}`,
    `CREATE INDEX ${table}_last_use ON ${table} (${lastUse})`
  ]
}

/** Makes the migrations of the table. A published migration never changes: a change of the table is a new migration. */
export const migrations = (prefix: string): Migrations => ({
  "1_webhooks": Effect.gen(function* () {
    const sql = yield* SqlClient
    const dialect = sql.onDialectOrElse({ pg: () => "pg" as const, orElse: () => "sqlite" as const })
    for (const statement of statementsOf(prefix, dialect)) yield* sql.unsafe(statement).withoutTransform
  })
})
