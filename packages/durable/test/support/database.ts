/**
 * The PostgreSQL of the tests: `DATABASE_URL`, or the database `test` of the server on this machine.
 */
import * as PgClient from "@effect/sql-pg/PgClient"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { SqlClient } from "effect/sql/SqlClient"

const configured = process.env["DATABASE_URL"] ?? ""

export const isConfigured: boolean = configured !== ""

export const url = configured === "" ? "postgres://postgres@127.0.0.1:5432/test" : configured

export const layer = (options: PgClient.PgPoolConfig = {}): Layer.Layer<SqlClient, unknown> =>
  PgClient.layer({ url: Redacted.make(url), connectTimeout: "3 seconds", ...options })
