/**
 * The PostgreSQL of the tests, as a layer.
 */
import * as PgClient from "@effect/sql-pg/PgClient"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { SqlClient } from "effect/sql/SqlClient"
import { url } from "../../../../test/support/database.ts"

export { isRequired, skipped, url } from "../../../../test/support/database.ts"

export const layer = (options: PgClient.PgPoolConfig = {}): Layer.Layer<SqlClient, unknown> =>
  PgClient.layer({ url: Redacted.make(url), connectTimeout: "3 seconds", ...options })
