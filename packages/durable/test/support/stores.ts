/**
 * The journals under test, each in a separate file or table that is removed afterwards.
 */
import { TransferJournal } from "@palomma-effect/client/TransferJournal"
import { SqliteTransferJournal, SqlTransferJournal } from "@palomma-effect/durable"
import type * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { SqlClient } from "effect/sql/SqlClient"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Postgres from "./postgres.ts"

/** One journal. `open` can be called repeatedly; a durable journal then has its earlier rows. */
export interface Store {
  readonly open: Layer.Layer<TransferJournal, unknown>
  /** The arguments with which another process opens it. */
  readonly arguments: ReadonlyArray<string>
}

/** An empty journal. */
export type MakeStore = Effect.Effect<Store, never, Scope.Scope>

export const memory: MakeStore = Effect.sync(() => ({ open: TransferJournal.layerMemory, arguments: [] }))

export const directory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "palomma-journal-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

export const sqlite: MakeStore = Effect.map(directory, (path) => {
  const filename = join(path, "transfers.db")
  return { open: SqliteTransferJournal.layer({ filename }), arguments: ["sqlite", filename] }
})

let made = 0

const tables = ["transfers", "transfers_migrations", "transfer_jobs", "transfer_jobs_migrations"]

const drop = (prefix: string) =>
  SqlClient.use((sql) =>
    Effect.forEach(tables, (table) => sql`DROP TABLE IF EXISTS ${sql(`${prefix}${table}`)}`, { discard: true })
  ).pipe(Effect.provide(Postgres.layer()), Effect.orDie)

/** A prefix that no other test uses. Its tables in PostgreSQL are dropped afterwards. */
export const prefix = Effect.acquireRelease(
  Effect.sync(() => `laws_${process.pid}_${made++}_`),
  (prefix) => (Postgres.isThere ? drop(prefix) : Effect.void)
)

const postgresWith = (options: PgClient.PgPoolConfig): MakeStore =>
  Effect.map(prefix, (prefix) => ({
    open: SqlTransferJournal.layer({ prefix }).pipe(Layer.provide(Postgres.layer(options))),
    arguments: ["postgres", prefix]
  }))

export const postgres: MakeStore = postgresWith({})

/** PostgreSQL with the strictest isolation of transactions, so that it aborts some of them. */
export const strictPostgres: MakeStore = postgresWith({
  startupParameters: { default_transaction_isolation: "serializable" }
})

/** PostgreSQL as in a program that transforms the names of columns. */
export const postgresElsewhere: MakeStore = postgresWith({
  startupParameters: { timezone: "Asia/Tokyo" },
  transformQueryNames: (name) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  transformResultNames: (name) => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
})
