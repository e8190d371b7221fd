import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"

type Row = Readonly<Record<string, unknown>>

const first = (statement: string) =>
  SqlClient.use((sql) => Effect.map(sql.unsafe<Row>(statement).withoutTransform, (rows) => rows[0] ?? {}))

/**
 * Returns the reason why a journal in this database could lose commits, read old rows or write none, or `undefined` if
 * there is none.
 *
 * The settings are those of the session, so a setting of its role, of the database or of its connection counts. The
 * value `local` of `synchronous_commit` is safe without a failover: the commit is on the disk of the primary.
 */
export const durabilityProblem: Effect.Effect<string | undefined, SqlError, SqlClient> = Effect.gen(function* () {
  const sql = yield* SqlClient
  return yield* sql.onDialectOrElse({
    pg: () =>
      Effect.map(
        first(
          `SELECT current_setting('synchronous_commit') AS synchronous_commit, pg_is_in_recovery() AS is_copy,
            current_setting('default_transaction_read_only') AS always_read_only,
            current_setting('transaction_read_only') AS read_only`
        ),
        ({ always_read_only, is_copy, read_only, synchronous_commit }) => {
          if (is_copy === true) return "this database is a standby, whose rows may be old: use the primary"
          if (synchronous_commit === "off") {
            return "synchronous_commit is off in this database, so it can lose commits: turn it on"
          }
          if (always_read_only === "on") {
            return "default_transaction_read_only is on in this session, so it can write no row: turn it off"
          }
          return read_only === "on"
            ? "transaction_read_only is on in this session, so it can write no row: turn it off"
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

// The names of UTC in the time zone database, and how PostgreSQL shows an offset of zero. London and `right/UTC` are
// not in the list: the one has a summer time, the other counts leap seconds.
const isUtc = /^((posix\/)?(etc\/)?(utc|uct|gmt|gmt[+-]?0|zulu|universal|greenwich)|<\+00>[+-]00)$/i

/**
 * Returns the reason why the times that this session writes would be wrong for another session, or `undefined` if its
 * time zone is UTC.
 *
 * The tables of the queue hold times without a time zone, in that of the session. A session in another time zone would
 * see a new lock as expired, and take the job a second time.
 */
export const timeZoneProblem: Effect.Effect<string | undefined, SqlError, SqlClient> = Effect.gen(function* () {
  const sql = yield* SqlClient
  return yield* sql.onDialectOrElse({
    pg: () =>
      Effect.map(first("SELECT current_setting('TimeZone') AS zone"), ({ zone }) =>
        typeof zone === "string" && isUtc.test(zone)
          ? undefined
          : "the setting TimeZone of this session is not UTC, so sessions would disagree about the age of a lock: set " +
            `startupParameters: { TimeZone: "UTC" } in PgClient.layer, or ALTER ROLE ... SET TimeZone = 'UTC'`
      ),
    // CURRENT_TIMESTAMP of SQLite is always in UTC.
    orElse: () => Effect.undefined
  })
})
