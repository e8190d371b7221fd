/**
 * The table of a journal, and how it comes about.
 */
import * as Effect from "effect/Effect"
import * as Migrator from "effect/sql/Migrator"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"

/** The name of the table. */
export const tableOf = (prefix: string): string => `${prefix}payouts`

// Bytes decide. An index in the order of the operating system's language finds rows no more once an update has changed that order, and a
// row that is not found is paid again.
const payouts = (prefix: string) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    const [text, integer, options] = sql.onDialectOrElse({
      pg: () => [`TEXT COLLATE "C"`, "BIGINT", ""].map((word) => sql.literal(word)),
      orElse: () => ["TEXT", "INTEGER", "STRICT"].map((word) => sql.literal(word))
    })
    const table = sql(tableOf(prefix))
    yield* sql`CREATE TABLE ${table} (
      environment ${text} NOT NULL,
      reference ${text} NOT NULL,
      payout_target_id ${text} NOT NULL,
      amount ${integer} NOT NULL,
      source_merchant_account_id ${text},
      state ${text} NOT NULL,
      version ${integer} NOT NULL,
      claims ${integer} NOT NULL,
      claimed_at ${integer},
      deadline_at ${integer},
      payout_request_id ${text},
      last_error ${text},
      resolved_as ${text},
      resolved_by ${text},
      resolution_note ${text},
      resolved_at ${integer},
      updated_at ${integer} NOT NULL,
      PRIMARY KEY (environment, reference)
    ) ${options}`
    yield* sql`CREATE INDEX ${sql(`${prefix}payouts_by_state`)} ON ${table} (environment, state)`
    yield* sql`CREATE INDEX ${sql(`${prefix}payouts_by_request`)} ON ${table} (environment, payout_request_id)`
  })

/** Brings the table to its present form. */
export const migrate = (prefix: string): Effect.Effect<void, Migrator.MigrationError | SqlError, SqlClient> =>
  Effect.asVoid(
    Migrator.make({})({
      loader: Migrator.fromRecord({ "1_payouts": payouts(prefix) }),
      table: `${prefix}migrations`
    })
  )
