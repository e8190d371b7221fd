/** The tables of a program that hands transfers over: its orders, and how often it was told of each. */
import type { Transfer, TransferKind } from "@palomma-effect/client"
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import { nameOf } from "./name.ts"
import type { Order } from "./workerJob.ts"

interface Row {
  readonly kind: TransferKind
  readonly reference: string
}

/** An order, with the state that the program was last told. */
export interface Ordered extends Row {
  readonly state: string | null
}

/** One time that the program was told of a transfer. */
export interface Telling extends Row {
  readonly version: number
}

/** Creates the tables. */
export const create = SqlClient.use((sql) =>
  Effect.andThen(
    sql`CREATE TABLE IF NOT EXISTS orders
      (kind TEXT NOT NULL, reference TEXT NOT NULL, state TEXT, PRIMARY KEY (kind, reference))`,
    sql`CREATE TABLE IF NOT EXISTS tellings (kind TEXT NOT NULL, reference TEXT NOT NULL, version INTEGER NOT NULL)`
  )
)

/** Adds an order. */
export const add = ({ kind, reference }: Order) =>
  SqlClient.use((sql) => sql`INSERT INTO orders (kind, reference) VALUES (${kind}, ${reference})`)

/** Marks the order of a transfer with its state, and counts it. */
export const mark = ({ kind, reference, state, version }: Transfer) =>
  SqlClient.use((sql) =>
    Effect.andThen(
      sql`UPDATE orders SET state = ${state} WHERE kind = ${kind} AND reference = ${reference}`,
      sql`INSERT INTO tellings (kind, reference, version) VALUES (${kind}, ${reference}, ${version})`
    )
  )

/** All orders. */
export const all = SqlClient.use((sql) => sql<Ordered>`SELECT kind, reference, state FROM orders`)

/** All times that the program was told. */
export const tellings = SqlClient.use((sql) =>
  Effect.map(sql<Row & { readonly version: unknown }>`SELECT kind, reference, version FROM tellings`, (rows) =>
    rows.map((row): Telling => ({ ...row, version: Number(row.version) }))
  )
)

const names = (rows: ReadonlyArray<Row>): ReadonlyArray<string> => rows.map(nameOf)

/** The orders without a transfer, and the transfers without an order, at one moment. */
export const halves = SqlClient.use((sql) =>
  Effect.map(
    sql<Row>`
      SELECT kind, reference FROM orders WHERE NOT EXISTS (
        SELECT 1 FROM palomma_transfers AS t WHERE t.kind = orders.kind AND t.reference = orders.reference
      )
      UNION ALL
      SELECT kind, reference FROM palomma_transfers AS t WHERE NOT EXISTS (
        SELECT 1 FROM orders WHERE orders.kind = t.kind AND orders.reference = t.reference
      )`,
    names
  )
)

/** The transfers that need a job, and whether they have one, at one moment. */
export const needs = SqlClient.use((sql) =>
  Effect.map(
    sql<Row & { readonly has_job: unknown }>`
      SELECT kind, reference, EXISTS (
        SELECT 1 FROM palomma_transfer_jobs AS job WHERE job.state = 'pending' AND substr(job.id, 1, 32) = t.job_key
      ) AS has_job
      FROM palomma_transfers AS t
      WHERE state IN ('intended', 'sending', 'unknown', 'accepted') OR told_at IS NULL`,
    (rows) => ({
      count: rows.length,
      // PostgreSQL answers with a boolean, SQLite with a number.
      jobless: names(rows.filter(({ has_job }) => has_job !== true && Number(has_job) !== 1))
    })
  )
)

/** The transfers whose program was told twice of one version. */
export const toldTwice = (tellings: ReadonlyArray<Telling>): ReadonlyArray<string> =>
  [...Map.groupBy(tellings, (telling) => `${nameOf(telling)} version ${telling.version}`)]
    .filter(([, times]) => times.length > 1)
    .map(([name]) => name)

/** The transfers whose order does not have the state of the journal. */
export const differing = (rows: ReadonlyArray<Transfer>, orders: ReadonlyArray<Ordered>): ReadonlyArray<string> => {
  const stateOf = new Map(orders.map((order) => [nameOf(order), order.state]))
  return rows.filter((row) => stateOf.get(nameOf(row)) !== row.state).map(nameOf)
}
