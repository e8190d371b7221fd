/**
 * Tables and their rows as SQL text, read from the catalog of the database, so that it has every column and index.
 */
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { clockNames } from "../../src/internal/columns.ts"

/** A text that recreates the tables of the current schema, with their rows. */
export type Dump = Effect.Effect<string, SqlError, SqlClient>

/** The time of every row, in milliseconds. */
export const fixedTime = Date.UTC(2026, 0, 1)

interface Column {
  readonly name: string
  readonly type: string
  readonly default: string | null
}

type Row = Readonly<Record<string, string>>

const query = <A extends object>(statement: string) => SqlClient.use((sql) => sql.unsafe<A>(statement).withoutTransform)

/** Whether the database computes the default of a column, such as a random text. Sequences give the same each time. */
const isComputed = (column: Column): boolean =>
  /\(|CURRENT_/i.test(column.default ?? "") && !column.default?.startsWith("nextval(")

/** Replaces a value that differs each time by one that does not. `at` is the number of the row. */
const fixed = (table: string, column: Column, literal: string, at: number): string => {
  if (literal === "NULL") return literal
  if (/timestamp|datetime/i.test(column.type)) return "'2026-01-01 00:00:00'"
  if (table.endsWith("transfers") && clockNames.includes(column.name)) return String(fixedTime)
  return isComputed(column) ? `'${column.name} ${at + 1}'` : literal
}

const isNumber = /^(bigint|integer|double precision)$/

/** A statement that inserts the rows, or none if there are none. */
const insert = (table: string, columns: ReadonlyArray<Column>, rows: ReadonlyArray<Row>): ReadonlyArray<string> => {
  const literal = (row: Row, column: Column) => {
    const value = row[column.name] ?? "NULL"
    return isNumber.test(column.type) ? value.replace(/^'(-?[\d.]+)'$/, "$1") : value
  }
  const values = (row: Row, at: number) =>
    `  (${columns.map((column) => fixed(table, column, literal(row, column), at)).join(", ")})`
  // The order does not depend on values that differ each time.
  const sorted = rows.toSorted((a, b) => (values(a, 0) < values(b, 0) ? -1 : 1))
  const names = columns.map(({ name }) => name).join(", ")
  return rows.length === 0 ? [] : [`INSERT INTO ${table} (${names}) VALUES\n${sorted.map(values).join(",\n")}`]
}

const text = (statements: ReadonlyArray<string>): string => `${statements.join(";\n")};\n`

const sqlite: Dump = Effect.gen(function* () {
  const made = yield* query<{ type: string; name: string; sql: string }>(
    "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name"
  )
  const statements: Array<string> = []
  for (const { name, sql, type } of made) {
    statements.push(sql.trim())
    if (type !== "table") continue
    const columns = yield* query<Column>(
      `SELECT name, type, dflt_value AS "default" FROM pragma_table_xinfo('${name}') ORDER BY cid`
    )
    const literals = columns.map((column) => `quote("${column.name}") AS "${column.name}"`).join(", ")
    statements.push(...insert(name, columns, yield* query<Row>(`SELECT ${literals} FROM ${name}`)))
  }
  return text(statements)
})

const columnsOfPostgres = `
  SELECT c.relname AS "table", a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
    pg_get_expr(d.adbin, d.adrelid) AS "default", a.attnotnull AS required, a.attidentity <> '' AS identity,
    (SELECT collname FROM pg_collation WHERE oid = a.attcollation AND collname <> 'default') AS collation
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY c.relname, a.attnum`

const constraintsOfPostgres = `
  SELECT conrelid::regclass::text AS "table", conname AS name, pg_get_constraintdef(oid, true) AS definition
  FROM pg_constraint
  WHERE connamespace = current_schema()::regnamespace AND conrelid <> 0 AND contype IN ('p', 'u', 'c', 'f')
  ORDER BY conname`

const indexesOfPostgres = `
  SELECT pg_get_indexdef(i.indexrelid, 0, true) AS definition
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE c.relnamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)
  ORDER BY c.relname`

interface PostgresColumn extends Column {
  readonly table: string
  readonly required: boolean
  readonly identity: boolean
  readonly collation: string | null
}

const definitionOf = ({ collation, default: fallback, identity, name, required, type }: PostgresColumn): string =>
  [
    `  ${name} ${type}`,
    collation === null ? "" : ` COLLATE "${collation}"`,
    required ? " NOT NULL" : "",
    fallback === null ? "" : ` DEFAULT ${fallback}`,
    identity ? " GENERATED BY DEFAULT AS IDENTITY" : ""
  ].join("")

const postgres: Dump = Effect.gen(function* () {
  const columns = Map.groupBy(yield* query<PostgresColumn>(columnsOfPostgres), ({ table }) => table)
  const sequences = yield* query<{ name: string; type: string; last: string | null }>(
    `SELECT sequencename AS name, data_type::text AS type, last_value::text AS last
    FROM pg_sequences WHERE schemaname = current_schema() ORDER BY 1`
  )
  const constraints = yield* query<{ table: string; name: string; definition: string }>(constraintsOfPostgres)
  const statements = sequences.map(({ name, type }) => `CREATE SEQUENCE IF NOT EXISTS ${name} AS ${type}`)
  for (const [table, its] of columns) {
    const parts = [
      ...its.map(definitionOf),
      ...constraints
        .filter((constraint) => constraint.table === table)
        .map(({ definition, name }) => `  CONSTRAINT ${name} ${definition}`)
    ]
    statements.push(`CREATE TABLE ${table} (\n${parts.join(",\n")}\n)`)
    const literals = its.map(({ name }) => `quote_nullable(${name}::text) AS ${name}`).join(", ")
    statements.push(...insert(table, its, yield* query<Row>(`SELECT ${literals} FROM ${table}`)))
  }
  const indexes = yield* query<{ definition: string }>(indexesOfPostgres)
  const [schema] = yield* query<{ name: string }>("SELECT current_schema() AS name")
  statements.push(...indexes.map(({ definition }) => definition.replaceAll(`${schema?.name}.`, "")))
  for (const { last, name } of sequences) {
    if (last !== null) statements.push(`SELECT setval('${name}', ${last})`)
  }
  return text(statements)
})

/** Writes the tables of the current schema as text. */
export const dump: Dump = SqlClient.use((sql) => sql.onDialectOrElse({ pg: () => postgres, orElse: () => sqlite }))

const statementsOf = (written: string): ReadonlyArray<string> => written.split(/;\n/).filter(Boolean)

/** The statements of such a text that create tables and indexes. */
export const tablesOf = (written: string): ReadonlyArray<string> =>
  statementsOf(written).filter((statement) => statement.startsWith("CREATE"))

/** Runs the statements of such a text in an empty schema. */
export const load = (written: string): Effect.Effect<void, SqlError, SqlClient> =>
  Effect.forEach(statementsOf(written), (statement) => query(statement), { discard: true })
