/**
 * The PostgreSQL that journals are kept in: `DATABASE_URL`, or the database `test` of the server on this machine.
 */
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Redacted from "effect/Redacted"

const given = process.env["DATABASE_URL"] ?? ""

/** Whether a database was named. */
export const isGiven: boolean = given !== ""

/** Where it is. */
export const url = isGiven ? given : "postgres://postgres@127.0.0.1:5432/test"

/** A client of the database at a URL. */
export const client = (at = url) => PgClient.layer({ url: Redacted.make(at), connectTimeout: "3 seconds" })
