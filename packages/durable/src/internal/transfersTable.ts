/**
 * The table of the transfers, and how it comes about.
 */
import type { TransferState } from "@palomma-effect/client/Transfer"
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import type { Migrations } from "./migrations.ts"

/** The states that a transfer leaves again. Lists of these are served by an index. */
export const unfinishedStates: ReadonlyArray<TransferState> = [
  "intended",
  "sending",
  "unknown",
  "needsReview",
  "rejected",
  "accepted"
]

const quoted = (states: ReadonlyArray<TransferState>): string => states.map((state) => `'${state}'`).join(", ")

/** The condition of the index of unfinished transfers. A query repeats it to the letter, or SQLite does not use the index. */
export const isUnfinished = `state IN (${quoted(unfinishedStates)})`

/** The name of the table. */
export const tableOf = (prefix: string): string => `${prefix}transfers`

// Bytes decide about order and equality. An index in the order of the operating system's language finds rows no more once an update has
// changed that order, and a row that is not found is paid again.
const types = {
  pg: { text: `TEXT COLLATE "C"`, integer: "BIGINT", real: "DOUBLE PRECISION", table: "", byHash: "USING hash" },
  sqlite: { text: "TEXT", integer: "INTEGER", real: "REAL", table: "STRICT", byHash: "" }
}

// No secondary index begins with the namespace: a planner without statistics would take it for as good as the primary key, and read
// every row. None holds `updated_at`, so that a change that leaves the state as it is writes no index on PostgreSQL. Ids of records are
// Palomma's and may be of any length, which only a hash index takes there.
const statementsOf = (prefix: string, dialect: keyof typeof types): ReadonlyArray<string> => {
  const { byHash, integer, real, table: options, text } = types[dialect]
  const table = tableOf(prefix)
  return [
    `CREATE TABLE ${table} (
      namespace ${text} NOT NULL,
      kind ${text} NOT NULL,
      reference ${text} NOT NULL,
      account_id ${text} NOT NULL,
      amount ${integer} NOT NULL,
      merchant_account_id ${text},
      state ${text} NOT NULL,
      version ${integer} NOT NULL,
      claim_id ${text},
      claim_length ${real},
      claim_at ${integer},
      claims ${integer} NOT NULL,
      record_id ${text},
      amount_collected ${real},
      evidence ${text} NOT NULL,
      not_ours ${text} NOT NULL,
      differs_record_id ${text},
      differs_account_id ${text},
      differs_amount ${real},
      differs_merchant_account_id ${text},
      alarm_kind ${text},
      alarm_records ${text},
      alarm_at ${integer},
      resolution_as ${text},
      resolution_by ${text},
      resolution_note ${text},
      resolution_incomplete ${integer},
      resolution_at ${integer},
      last_error ${text},
      look_ups ${integer} NOT NULL,
      carried_by ${text},
      told_at ${integer},
      left_sending_at ${integer},
      created_at ${integer} NOT NULL,
      updated_at ${integer} NOT NULL,
      PRIMARY KEY (namespace, kind, reference)
    ) ${options}`,
    `CREATE INDEX ${table}_unfinished ON ${table} (state, namespace, kind, reference) WHERE ${isUnfinished}`,
    `CREATE INDEX ${table}_alarms ON ${table} (namespace, kind, reference) WHERE alarm_kind IS NOT NULL`,
    `CREATE INDEX ${table}_records ON ${table} ${byHash} (record_id) WHERE record_id IS NOT NULL`
  ]
}

/** How the table comes to its present form. A migration is never changed once it was published: what changes is a new one. */
export const migrations = (prefix: string): Migrations => ({
  "1_transfers": Effect.gen(function* () {
    const sql = yield* SqlClient
    const dialect = sql.onDialectOrElse({ pg: () => "pg" as const, orElse: () => "sqlite" as const })
    for (const statement of statementsOf(prefix, dialect)) yield* sql.unsafe(statement).withoutTransform
  })
})
