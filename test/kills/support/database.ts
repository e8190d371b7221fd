/** The PostgreSQL client for journals. */
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Redacted from "effect/Redacted"
import { url } from "../../support/database.ts"

export { isRequired, skipped, url } from "../../support/database.ts"

/** A client of the database at a URL. */
export const client = (at = url) => PgClient.layer({ url: Redacted.make(at), connectTimeout: "3 seconds" })
