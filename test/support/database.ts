/** The PostgreSQL for tests, if any. Every suite that needs one imports this module, so it imports nothing. */

const databaseUrl = process.env["DATABASE_URL"] ?? ""

/**
 * Whether PostgreSQL is required: only if `DATABASE_URL` names a database, or in CI. Then a test fails if it is not
 * available. On a developer's machine the tests connect only to a database that was named.
 */
export const isRequired: boolean = databaseUrl !== "" || (process.env["CI"] ?? "") !== ""

/** The database: the one of `DATABASE_URL`, or the database `test` of the server on this machine. */
export const url: string = databaseUrl === "" ? "postgres://postgres@127.0.0.1:5432/test" : databaseUrl

/** Why the tests of PostgreSQL are skipped. */
export const skipped = "DATABASE_URL is not set: the tests that need PostgreSQL are skipped."
