/**
 * Whether a PostgreSQL for tests is available.
 */
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import { isRequired, layer, skipped } from "./database.ts"

export { isRequired, layer, url } from "./database.ts"

const answers = SqlClient.use((sql) => sql`SELECT 1`).pipe(Effect.provide(layer()), Effect.isSuccess)

/** Whether it is available. If it is required, a test fails without it. */
export const isThere: boolean = isRequired && (await Effect.runPromise(answers))

if (!isRequired) console.log(skipped)
