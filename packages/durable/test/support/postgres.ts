/**
 * Whether there is a PostgreSQL to test with.
 */
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import { isRequired, layer, skipped } from "./database.ts"

export { isRequired, layer, url } from "./database.ts"

const answers = SqlClient.use((sql) => sql`SELECT 1`).pipe(Effect.provide(layer()), Effect.isSuccess)

/** Whether there is one. If there has to be one, its absence is a failing test. */
export const isThere: boolean = isRequired && (await Effect.runPromise(answers))

if (!isRequired) console.log(skipped)
