/**
 * Databases for measurements of `Durable`, and how many commits they have written.
 */
import * as PgClient from "@effect/sql-pg/PgClient"
import { Durable, type DurableOptions } from "@palomma-effect/durable"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { SqlClient } from "effect/sql/SqlClient"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { isRequired, url } from "../../../../test/support/database.ts"

/** The names of the databases. */
export type Name = "SQLite" | "PostgreSQL"

/** A database without tables. */
export interface Store {
  readonly name: Name
  /** A file or a URL. */
  readonly place: string
  readonly prefix: string
}

/** Makes such a database. Its tables are removed with the scope. */
export type MakeStore = Effect.Effect<Store, never, Scope.Scope>

/** `Durable` over a database. */
export const layerOf = ({ name, place, prefix }: Store, options: DurableOptions = {}) =>
  name === "SQLite"
    ? Durable.layerSqlite({ ...options, prefix, filename: place })
    : Durable.layerPostgres({ ...options, prefix, url: place, maxConnections: 12 })

const sqlite: MakeStore = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "palomma-commits-"))),
    (path) => Effect.sync(() => rmSync(path, { recursive: true }))
  ),
  (directory) => ({ name: "SQLite", place: join(directory, "transfers.db"), prefix: "palomma_" })
)

let made = 0

const drop = (prefix: string) =>
  SqlClient.use((sql) =>
    Effect.forEach(["transfers", "transfers_migrations", "transfer_jobs", "transfer_jobs_migrations"], (table) =>
      sql.unsafe(`DROP TABLE IF EXISTS ${prefix}${table}`)
    )
  ).pipe(Effect.provide(PgClient.layer({ url: Redacted.make(url), maxConnections: 1 })), Effect.orDie)

const postgres: MakeStore = Effect.acquireRelease(
  Effect.sync(() => ({ name: "PostgreSQL", place: url, prefix: `costs_${process.pid}_${made++}_` })),
  ({ prefix }) => drop(prefix)
)

/** The databases that are available. */
export const stores: ReadonlyArray<readonly [Name, MakeStore]> = [
  ["SQLite", sqlite],
  ...(isRequired ? ([["PostgreSQL", postgres]] as const) : [])
]

/** Keeps the whole write-ahead log of SQLite, so that its commits can be counted. */
export const keepLog = SqlClient.use((sql) => sql`PRAGMA wal_autocheckpoint = 0`)

/** Returns how many commits a SQLite file has in its write-ahead log: how often it waited for the disk. */
export const commitsIn = ({ place }: Store): number => {
  const log = readFileSync(`${place}-wal`)
  if (log.length < 32) return 0
  const frameSize = 24 + log.readUInt32BE(8)
  let commits = 0
  for (let at = 32; at + frameSize <= log.length; at += frameSize) {
    // A frame that ends a commit has the size of the database in its header.
    if (log.readUInt32BE(at + 4) !== 0) commits++
  }
  return commits
}
