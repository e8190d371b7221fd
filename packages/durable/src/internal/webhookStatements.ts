/**
 * The statements of an inbox, for PostgreSQL and SQLite.
 */
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { clocks } from "./statements.ts"
import { lastUse, tableOf } from "./webhooksTable.ts"

type Columns = Readonly<Record<string, unknown>>

/** What the row of a webhook says: it was handled, a process has a lease, or neither. */
export type State = "handled" | "leased" | "free"

const at = "(SELECT at FROM clock)"

/** Makes the statements for the table with a prefix. Durations are whole milliseconds. */
export const make = (sql: SqlClient, prefix: string) => {
  const plain = sql.withoutTransforms()
  const dialect = sql.onDialectOrElse({ pg: () => "pg" as const, orElse: () => "sqlite" as const })
  const table = tableOf(prefix)
  const withClock = `WITH clock AS (${clocks[dialect]})`
  const place = (position: number): string => (dialect === "pg" ? `$${position}` : `?${position}`)
  const run = (text: string, values: ReadonlyArray<string | number>): Effect.Effect<ReadonlyArray<Columns>, SqlError> =>
    plain.unsafe<Columns>(text, values.slice()).unprepared
  const wrote = (text: string, values: ReadonlyArray<string | number>): Effect.Effect<boolean, SqlError> =>
    Effect.map(run(text, values), (rows) => rows.length > 0)

  const isFree = `${table}.handled_at IS NULL AND ${table}.lease_ends_at <= ${at}`
  const isMine = `id = ${place(1)} AND lease_id = ${place(2)} AND handled_at IS NULL`
  const insertHandled =
    `${withClock} INSERT INTO ${table} (id, handled_at) VALUES (${place(1)}, ${at}) ` +
    `ON CONFLICT (id) DO UPDATE SET lease_id = NULL, lease_ends_at = NULL, handled_at = `

  const lease =
    `${withClock} INSERT INTO ${table} (id, lease_id, lease_ends_at) ` +
    `VALUES (${place(1)}, ${place(2)}, ${at} + ${place(3)}) ` +
    "ON CONFLICT (id) DO UPDATE SET lease_id = excluded.lease_id, lease_ends_at = excluded.lease_ends_at " +
    `WHERE ${isFree} RETURNING id`
  const renew = `${withClock} UPDATE ${table} SET lease_ends_at = ${at} + ${place(3)} WHERE ${isMine} RETURNING id`
  const release = `DELETE FROM ${table} WHERE ${isMine} RETURNING id`
  // Also if another process has the lease now: the handler did succeed.
  const record = `${insertHandled} COALESCE(${table}.handled_at, excluded.handled_at) RETURNING id`
  const recordIfFree = `${insertHandled} excluded.handled_at WHERE ${isFree} RETURNING id`
  const state =
    `${withClock} SELECT CASE WHEN handled_at IS NOT NULL THEN 'handled' ` +
    `WHEN lease_ends_at > ${at} THEN 'leased' ELSE 'free' END AS state FROM ${table} WHERE id = ${place(1)}`
  // Another process may delete rows at the same time. It must not wait, and both must not wait for each other.
  const old = `SELECT id FROM ${table} WHERE ${lastUse} <= ${at} - ${place(1)} LIMIT ${place(2)}`
  const deleteOld =
    `${withClock} DELETE FROM ${table} WHERE id IN ` +
    `(${old}${dialect === "pg" ? " FOR UPDATE SKIP LOCKED" : ""}) RETURNING id`

  return {
    /** Takes the lease of a webhook that was not handled and has no other lease. */
    lease: (key: string, leaseId: string, length: number) => wrote(lease, [key, leaseId, length]),
    /** Extends the lease, except if another process has it now or recorded the webhook. */
    renew: (key: string, leaseId: string, length: number) => wrote(renew, [key, leaseId, length]),
    /** Removes the row of a webhook that was not handled. */
    release: (key: string, leaseId: string) => wrote(release, [key, leaseId]),
    /** Records that the webhook was handled. */
    record: (key: string) => wrote(record, [key]),
    /** Records that the webhook was handled, except if it was already, or if a process has its lease. */
    recordIfFree: (key: string) => wrote(recordIfFree, [key]),
    state: (key: string): Effect.Effect<State, SqlError> =>
      Effect.map(run(state, [key]), ([row]): State => {
        const found = row?.["state"]
        return found === "handled" || found === "leased" ? found : "free"
      }),
    /** Deletes at most `limit` rows that were last used so long ago. Returns how many. */
    deleteOld: (age: number, limit: number): Effect.Effect<number, SqlError> =>
      Effect.map(run(deleteOld, [age, limit]), (rows) => rows.length)
  }
}
