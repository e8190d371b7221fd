/**
 * Whether a PostgreSQL for tests is available.
 */
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import { isConfigured, layer } from "./database.ts"

export { layer, url } from "./database.ts"

const answers = SqlClient.use((sql) => sql`SELECT 1`).pipe(Effect.provide(layer()), Effect.isSuccess)

/** Whether it is available. If tests must not be skipped, as in CI, a test fails without it. */
export const isThere: boolean = await Effect.runPromise(answers)
export const isRequired = isConfigured || (process.env["CI"] ?? "") !== ""

if (!isThere && !isRequired) {
  console.log(
    "No PostgreSQL on 127.0.0.1:5432 (database test, user postgres): its tests are skipped. DATABASE_URL names another."
  )
}
