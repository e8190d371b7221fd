/**
 * A process that writes rows from many fibers and reports each, and is killed at once after a number of reports.
 */
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import { writeSync } from "node:fs"
import * as SqliteClient from "../../src/internal/sqliteClient.ts"

const [filename = "", last] = process.argv.slice(2)

let reported = 0

const writing = Effect.gen(function* () {
  const sql = yield* SqlClient
  yield* sql`PRAGMA journal_mode = WAL`
  yield* sql`CREATE TABLE written (id TEXT PRIMARY KEY, version INTEGER NOT NULL)`
  const report = (id: string, version: number) => {
    writeSync(1, `${id} ${version}\n`)
    if (++reported === Number(last)) process.kill(process.pid, "SIGKILL")
  }
  const write = (fiber: number) =>
    Effect.gen(function* () {
      for (let i = 0; true; i++) {
        const id = `${fiber}-${i}`
        yield* sql`INSERT INTO written VALUES (${id}, 1)`
        report(id, 1)
        yield* sql`UPDATE written SET version = 2 WHERE id = ${id}`
        report(id, 2)
      }
    })
  yield* Effect.forEach(Array.from({ length: 8 }).keys(), write, { concurrency: "unbounded", discard: true })
})

await Effect.runPromise(writing.pipe(Effect.provide(SqliteClient.layer({ filename }))))
