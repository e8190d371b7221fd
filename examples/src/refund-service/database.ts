/**
 * The table of refunds, in the database of `Durable`.
 */
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { durable } from "../support/durable.ts"
import type { Refund } from "./api.ts"

const table = Layer.effectDiscard(
  SqlClient.SqlClient.use(
    (sql) => sql`CREATE TABLE IF NOT EXISTS refunds (reference VARCHAR(200) PRIMARY KEY, status VARCHAR(20) NOT NULL)`
  )
)

/** `Durable` and the `SqlClient` that it uses, with the table of the service. */
export const database = Layer.provideMerge(table, durable("REFUND_DATABASE"))

/** Reads a refund. */
export const find = (reference: string) =>
  SqlClient.SqlClient.use(
    (sql) => sql<typeof Refund.Type>`SELECT reference, status FROM refunds WHERE reference = ${reference}`
  ).pipe(Effect.map(([refund]) => refund))
