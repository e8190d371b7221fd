import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"

type Row = Readonly<Record<string, unknown>>

/** Why a journal in this database could forget what it wrote, or answer with what is old. Nothing if it could not. */
export const doubts: Effect.Effect<string | undefined, SqlError, SqlClient> = Effect.gen(function* () {
  const sql = yield* SqlClient
  const first = (statement: string) => Effect.map(sql.unsafe<Row>(statement).withoutTransform, (rows) => rows[0] ?? {})
  return yield* sql.onDialectOrElse({
    pg: () =>
      Effect.map(
        first("SELECT current_setting('synchronous_commit') AS synchronous_commit, pg_is_in_recovery() AS is_copy"),
        ({ is_copy, synchronous_commit }) => {
          if (is_copy === true) return "this database is a standby, which may lag behind: use the primary"
          return synchronous_commit === "off"
            ? "synchronous_commit is off in this database, so that a commit can be lost: switch it on"
            : undefined
        }
      ),
    sqlite: () =>
      Effect.map(
        // Not every kind of SQLite answers it.
        Effect.orElseSucceed(first("PRAGMA synchronous"), (): Row => ({})),
        ({ synchronous }) =>
          synchronous !== undefined && Number(synchronous) < 2
            ? "PRAGMA synchronous is below FULL, so that a commit can be lost: set it to FULL"
            : undefined
      ),
    orElse: () => Effect.succeed("a journal needs PostgreSQL or SQLite")
  })
})
