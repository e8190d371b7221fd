/**
 * A SQLite database of a test, as its client and as another connection see it.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as SqliteClient from "../../src/internal/sqliteClient.ts"
import * as Stores from "./stores.ts"

/**
 * Counts the commits in the write-ahead log of a database, which must not run checkpoints.
 *
 * The last frame of each commit has the size of the database. Frames of a transaction that was rolled back have none.
 */
const commitsIn = (filename: string): number => {
  const wal = readFileSync(`${filename}-wal`)
  const pageSize = wal.length === 0 ? 0 : wal.readUInt32BE(8)
  let commits = 0
  for (let at = 32; at < wal.length; at += 24 + pageSize) if (wal.readUInt32BE(at + 4) > 0) commits++
  return commits
}

/** A client with the tables of the tests, and what another connection sees of its database. */
export const opened = Effect.gen(function* () {
  const filename = join(yield* Stores.directory, "rows.db")
  const sql = Context.get(yield* Layer.build(Layer.fresh(SqliteClient.layer({ filename }))), SqlClient)
  yield* sql`PRAGMA journal_mode = WAL`
  yield* sql`PRAGMA wal_autocheckpoint = 0`
  yield* sql`PRAGMA foreign_keys = ON`
  yield* sql`CREATE TABLE rows (id INTEGER PRIMARY KEY, times INTEGER NOT NULL DEFAULT 1)`
  yield* sql`CREATE TABLE children (parent INTEGER NOT NULL REFERENCES rows DEFERRABLE INITIALLY DEFERRED)`
  const other = yield* Effect.acquireRelease(
    Effect.sync(() => new DatabaseSync(filename)),
    (database) => Effect.sync(() => database.close())
  )
  const committed = other.prepare("SELECT id, times FROM rows ORDER BY id")
  const before = commitsIn(filename)
  return {
    filename,
    sql,
    other,
    /** The rows that are committed: their ids, and those that a statement changed more or less than once. */
    ids: () => committed.all().map(({ id, times }) => (times === 1 ? id : `${String(id)} changed`)),
    commits: () => commitsIn(filename) - before,
    insert: (id: number) => sql`INSERT INTO rows (id) VALUES (${id})`,
    /** A row that shows how often this ran. */
    count: (id: number) => sql`INSERT INTO rows (id) VALUES (${id}) ON CONFLICT DO UPDATE SET times = times + 1`
  }
})

/** Runs effects at the same time. */
export const together = <A, E, R>(effects: Iterable<Effect.Effect<A, E, R>>) =>
  Effect.all(Array.from(effects, Effect.exit), { concurrency: "unbounded" })

/** Whether each succeeded. */
export const isOk = (exits: ReadonlyArray<Exit.Exit<unknown, unknown>>) => exits.map(Exit.isSuccess)

/** The numbers from 1. */
export const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1)
