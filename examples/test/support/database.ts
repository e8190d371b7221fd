/**
 * The databases of a test: a SQLite file, and a schema of PostgreSQL if there is one for tests.
 */
import * as PgClient from "@effect/sql-pg/PgClient"
import { Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { isRequired, skipped, url } from "../../../test/support/database.ts"

if (!isRequired) console.log(skipped)

const file = (variable: string) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "palomma-example-"))),
      (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
    ),
    (directory) => ({ [variable]: join(directory, "transfers.db") })
  )

const schema = Effect.gen(function* () {
  const name = `example_${crypto.randomUUID().replaceAll("-", "")}`
  const run = (statement: string) =>
    SqlClient.SqlClient.use((sql) => sql.unsafe(statement)).pipe(
      Effect.provide(PgClient.layer({ url: Redacted.make(url) })),
      Effect.orDie
    )
  yield* Effect.acquireRelease(run(`CREATE SCHEMA ${name}`), () => run(`DROP SCHEMA ${name} CASCADE`))
  const address = new URL(url)
  address.searchParams.set("options", `-c search_path=${name}`)
  return { DATABASE_URL: address.href }
})

/** The environment variables of each database that the tests use. `variable` names the SQLite file. */
export const databases = (variable: string) => [
  ["SQLite", file(variable)] as const,
  ...(isRequired ? [["PostgreSQL", schema] as const] : [])
]
