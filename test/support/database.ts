/**
 * Which PostgreSQL the tests use, if any. Every suite that needs one asks this module, so it imports nothing.
 */

const given = process.env["DATABASE_URL"] ?? ""

/**
 * Whether tests use PostgreSQL: only if `DATABASE_URL` names a database, or in CI. Then it has to be there: a test fails if it is not.
 * On a developer's machine nothing is connected to that was not named.
 */
export const isRequired: boolean = given !== "" || (process.env["CI"] ?? "") !== ""

/** The database: the one of `DATABASE_URL`, or the database `test` of the server on this machine. */
export const url: string = given === "" ? "postgres://postgres@127.0.0.1:5432/test" : given

/** Why the tests of PostgreSQL do not run. */
export const skipped = "DATABASE_URL is not set: the tests that need PostgreSQL are skipped."
