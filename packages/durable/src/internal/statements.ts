/**
 * The statements of a journal, for PostgreSQL and SQLite.
 */
import { type Transfer, type TransferKey, type TransferKind, transferStates } from "@palomma-effect/client/Transfer"
import type { TransferJournalQuery } from "@palomma-effect/client/TransferJournal"
import * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { clockNames, type Columns, names, storedId, type Value, valuesOf } from "./columns.ts"
import { isUnfinished, jobKey, unfinishedStates, tableOf } from "./transfersTable.ts"

/** One statement, as an effect that runs it. */
export type Run = Effect.Effect<ReadonlyArray<Columns>, SqlError>

/** The column that shows that a standby answered, whose rows may be old. */
export const isCopy = "is_copy"

/**
 * Reads the time at which the statement is evaluated, in milliseconds since 1970, so it does not depend on a time zone.
 */
export const clocks = {
  pg: "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS at",
  sqlite: "SELECT CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) AS at"
}

const at = "(SELECT at FROM clock)"

/** Makes the statements for the table with a prefix. */
export const make = (sql: SqlClient, prefix: string) => {
  const plain = sql.withoutTransforms()
  const dialect = sql.onDialectOrElse({ pg: () => "pg" as const, orElse: () => "sqlite" as const })
  const table = tableOf(prefix)
  const clock = clocks[dialect]
  // PostgreSQL keeps the plan of a prepared statement until it analyzes the table again. A plan that was made while the
  // table was small reads every row.
  const run = (text: string, values: ReadonlyArray<Value>): Run =>
    plain.unsafe<Columns>(text, values.slice()).unprepared

  const place = (position: number): string => (dialect === "pg" ? `$${position}` : `?${position}`)

  const all = [...names, ...clockNames].join(", ")
  const written = `${all}, ${jobKey}`
  const key = names.slice(0, 3)
  const isKey = key.map((name, i) => `${name} = ${place(i + 1)}`).join(" AND ")

  const insert =
    `WITH clock AS (${clock}) INSERT INTO ${table} (${all}) ` +
    `VALUES (${names.map((_, i) => place(i + 1)).join(", ")}, NULL, ${at}, ${at}) ` +
    `ON CONFLICT (${key.join(", ")}) DO NOTHING RETURNING ${written}`

  const changes = names.slice(3).map((name, i) => `${name} = ${place(i + 4)}`)
  const replaceBy = (leftSendingAt: string): string =>
    `WITH clock AS (${clock}) UPDATE ${table} SET ${changes.join(", ")}, ` +
    `left_sending_at = ${leftSendingAt}, updated_at = ${at} ` +
    `WHERE ${isKey} AND version = ${place(names.length + 1)} RETURNING ${written}`
  const replace = replaceBy("left_sending_at")
  const replaceAndLeave = replaceBy(`CASE WHEN state = 'sending' THEN ${at} ELSE left_sending_at END`)

  // The result shows whether a primary answered, also if there is no row.
  const selectWhere = (condition: string): string =>
    dialect === "pg"
      ? `SELECT ${isCopy}, ${all} FROM (SELECT pg_is_in_recovery() AS ${isCopy}) AS server LEFT JOIN ${table} ON ${condition}`
      : `SELECT ${all} FROM ${table} WHERE ${condition}`
  const find = selectWhere(isKey)
  // Without statistics PostgreSQL estimates that the first columns of the primary key are as selective as the id, and
  // reads every row of the namespace. `|| ''` prevents that, since only a plain column can use the index.
  const findByRecordId = selectWhere(
    `record_id = ${place(1)} AND namespace || '' = ${place(2)} AND kind || '' = ${place(3)}`
  )

  /** Returns conditions that each use an index in the order of the references. */
  const conditionsOf = ({ alarmed, states }: TransferJournalQuery): ReadonlyArray<string> => {
    // States are part of the text of the statement, so only existing states are used.
    const wanted = transferStates.filter((state) => states === undefined || states.includes(state))
    const among = (some: ReadonlyArray<string>): string => `state IN (${some.map((state) => `'${state}'`).join(", ")})`
    const isWanted = states === undefined ? "" : ` AND ${among(wanted)}`
    if (wanted.length === 0) return []
    if (alarmed === true) return [`alarm_kind IS NOT NULL${isWanted}`]
    const withoutAlarm = alarmed === false ? " AND alarm_kind IS NULL" : ""
    if (states === undefined) return [`TRUE${withoutAlarm}`]
    const ended = wanted.filter((state) => !unfinishedStates.includes(state))
    return [
      ...wanted
        .filter((state) => unfinishedStates.includes(state))
        .map((state) => `${isUnfinished} AND state = '${state}'${withoutAlarm}`),
      ...(ended.length === 0 ? [] : [`${among(ended)}${withoutAlarm}`])
    ]
  }

  const list = (query: TransferJournalQuery): Run | undefined => {
    const { after, kind, namespace, olderThan } = query
    const conditions = conditionsOf(query)
    const age = olderThan === undefined ? undefined : Duration.toMillis(olderThan)
    if (conditions.length === 0 || age === Infinity) return undefined
    const values: Array<Value> = [namespace, kind]
    const add = (value: Value): string => place(values.push(value))
    const isNext = after === undefined ? "" : ` AND reference > ${add(after)}`
    const isOld = age === undefined ? "" : ` AND updated_at <= ${at} - ${add(Math.ceil(age))}`
    const page = `ORDER BY reference LIMIT ${Math.min(Math.max(0, Math.trunc(query.limit)), Number.MAX_SAFE_INTEGER)}`
    const parts = conditions.map(
      (condition, i) =>
        `SELECT * FROM (SELECT ${all} FROM ${table} WHERE namespace = ${place(1)} AND kind = ${place(2)} ` +
        `AND ${condition}${isNext}${isOld} ${page}) AS part_${i}`
    )
    return run(`WITH clock AS (${clock}) ${parts.join(" UNION ALL ")} ${page}`, values)
  }

  return {
    now: run(clock, []),
    find: ({ kind, namespace, reference }: TransferKey): Run => run(find, [namespace, kind, reference]),
    findByRecordId: (namespace: string, kind: TransferKind, recordId: string): Run =>
      run(findByRecordId, [storedId(recordId), namespace, kind]),
    insert: (row: Transfer): Run => run(insert, valuesOf(row)),
    replace: (row: Transfer): Run =>
      run(row.state === "sending" ? replace : replaceAndLeave, [...valuesOf(row), row.version - 1]),
    list
  }
}
