/**
 * Whether there is a PostgreSQL, and a place in it that is gone afterwards.
 */
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import { client, isGiven, url } from "./database.ts"

export { client } from "./database.ts"

/** Whether there is one, and whether there has to be. */
export const isThere: boolean = await Effect.runPromise(
  SqlClient.use((sql) => sql`SELECT 1`).pipe(Effect.provide(client()), Effect.isSuccess)
)
export const isRequired: boolean = isGiven || (process.env["CI"] ?? "") !== ""

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
