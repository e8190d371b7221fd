/** Whether PostgreSQL is available, and a temporary schema in it. */
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import { client, isRequired, skipped, url } from "./database.ts"

export { client, isRequired } from "./database.ts"

/** Whether PostgreSQL is available. If it is required, its absence is a failing test. */
export const isThere: boolean =
  isRequired &&
  (await Effect.runPromise(SqlClient.use((sql) => sql`SELECT 1`).pipe(Effect.provide(client()), Effect.isSuccess)))

if (!isRequired) console.log(skipped)

let made = 0

/** The URL of a separate schema, which is dropped afterwards. */
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
