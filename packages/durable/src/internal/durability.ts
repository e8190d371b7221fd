import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"

type Row = Readonly<Record<string, unknown>>

/**
 * Returns the reason why a journal in this database could lose commits or read old rows, or `undefined` if there is
 * none.
 */
export const durabilityProblem: Effect.Effect<string | undefined, SqlError, SqlClient> = Effect.gen(function* () {
  const sql = yield* SqlClient
  const first = (statement: string) => Effect.map(sql.unsafe<Row>(statement).withoutTransform, (rows) => rows[0] ?? {})
  return yield* sql.onDialectOrElse({
    pg: () =>
      Effect.map(
        first("SELECT current_setting('synchronous_commit') AS synchronous_commit, pg_is_in_recovery() AS is_copy"),
        ({ is_copy, synchronous_commit }) => {
          if (is_copy === true) return "this database is a standby, whose rows may be old: use the primary"
          return synchronous_commit === "off"
            ? "synchronous_commit is off in this database, so it can lose commits: turn it on"
            : undefined
        }
      ),
    sqlite: () =>
      Effect.map(
        // Some variants of SQLite do not support it.
        Effect.orElseSucceed(first("PRAGMA synchronous"), (): Row => ({})),
        ({ synchronous }) =>
          synchronous !== undefined && Number(synchronous) < 2
            ? "PRAGMA synchronous is below FULL, so the database can lose commits: set it to FULL"
            : undefined
      ),
    orElse: () => Effect.succeed("the database is neither PostgreSQL nor SQLite")
  })
})
