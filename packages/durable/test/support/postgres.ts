/**
 * The PostgreSQL that tests use: `DATABASE_URL`, or the database `test` of the server on this machine.
 */
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { SqlClient } from "effect/sql/SqlClient"

const given = process.env["DATABASE_URL"] ?? ""

export const url = given === "" ? "postgres://postgres@127.0.0.1:5432/test" : given

export const layer = (options: PgClient.PgPoolConfig = {}): Layer.Layer<SqlClient, unknown> =>
  PgClient.layer({ url: Redacted.make(url), connectTimeout: "3 seconds", ...options })

const answers = SqlClient.use((sql) => sql`SELECT 1`).pipe(Effect.provide(layer()), Effect.isSuccess)

/** Whether there is one. Where tests must not be skipped, as in CI, its absence is a failing test. */
export const isThere: boolean = await Effect.runPromise(answers)
export const isRequired = given !== "" || (process.env["CI"] ?? "") !== ""

if (!isThere && !isRequired) {
  console.log(
    "No PostgreSQL on 127.0.0.1:5432 (database test, user postgres): its tests are skipped. DATABASE_URL names another."
  )
}
