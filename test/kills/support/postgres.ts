/**
 * The PostgreSQL that journals are kept in: `DATABASE_URL`, or the database `test` of the server on this machine.
 */
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { SqlClient } from "effect/sql/SqlClient"

const given = process.env["DATABASE_URL"] ?? ""
const url = given === "" ? "postgres://postgres@127.0.0.1:5432/test" : given

/** A client of the database at a URL. */
export const client = (at = url) => PgClient.layer({ url: Redacted.make(at), connectTimeout: "3 seconds" })

/** Whether there is one, and whether there has to be. */
export const isThere: boolean = await Effect.runPromise(
  SqlClient.use((sql) => sql`SELECT 1`).pipe(Effect.provide(client()), Effect.isSuccess)
)
export const isRequired: boolean = given !== "" || (process.env["CI"] ?? "") !== ""

if (!isThere && !isRequired) {
  console.log(
    "No PostgreSQL on 127.0.0.1:5432 (database test, user postgres): nothing is killed over it. DATABASE_URL names another."
  )
}

let made = 0

/** The URL of a schema of its own, which is gone afterwards. */
export const schema = Effect.gen(function* () {
  const name = `kills_${process.pid}_${made++}`
  yield* Effect.acquireRelease(
    SqlClient.use((sql) => sql`CREATE SCHEMA ${sql(name)}`).pipe(Effect.provide(client())),
    () => SqlClient.use((sql) => sql`DROP SCHEMA ${sql(name)} CASCADE`).pipe(Effect.provide(client()), Effect.orDie)
  )
  const at = new URL(url)
  at.searchParams.set("options", `-c search_path=${name}`)
  return at.href
})
