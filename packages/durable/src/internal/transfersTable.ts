/**
 * The table of the transfers and its migrations.
 */
import type { TransferState } from "@palomma-effect/client/Transfer"
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import type { Migrations } from "./migrations.ts"

/** The states that are not final. Lists of transfers in these states use an index. */
export const unfinishedStates: ReadonlyArray<TransferState> = [
  "intended",
  "sending",
  "unknown",
  "needsReview",
  "rejected",
  "accepted"
]

const quoted = (states: ReadonlyArray<TransferState>): string => states.map((state) => `'${state}'`).join(", ")

/**
 * The condition of the index of unfinished transfers. A query must contain exactly this text, or SQLite does not use
 * the index.
 */
export const isUnfinished = `state IN (${quoted(unfinishedStates)})`

/** The states in which no worker does anything more: the transfer ended, or was rejected. */
export const endStates: ReadonlyArray<TransferState> = ["rejected", "approved", "partial", "cancelled", "withdrawn"]

/** The states that a program is told of: the transfer ended, was rejected, or waits for a person. */
export const toldStates: ReadonlyArray<TransferState> = ["needsReview", ...endStates]

/** The condition of the index of transfers that the program was not told of. A query must contain exactly this text. */
export const isUntold = `carried_by IS NOT NULL AND told_at IS NULL AND state IN (${quoted(toldStates)})`

/** The column with the random key of a row that the ids of its jobs begin with. */
export const jobKey = "job_key"

/** Returns the name of the table. */
export const tableOf = (prefix: string): string => `${prefix}transfers`

// Texts are compared by their bytes. An update of the operating system can change the order of a language. An index in
// the old order would no longer find some rows, and a transfer whose row is not found is paid again.
const types = {
  pg: {
    text: `TEXT COLLATE "C"`,
    integer: "BIGINT",
    real: "DOUBLE PRECISION",
    table: "",
    byHash: "USING hash",
    random: "replace(gen_random_uuid()::text, '-', '')"
  },
  sqlite: {
    text: "TEXT",
    integer: "INTEGER",
    real: "REAL",
    table: "STRICT",
    byHash: "",
    random: "lower(hex(randomblob(16)))"
  }
}

// No secondary index begins with the namespace: without statistics a planner would prefer it to the primary key, and
// read every row. No index contains `updated_at`, so a change that changes neither the state nor who was told writes no
// index on PostgreSQL. The ids of records are from Palomma and may have any length, which on PostgreSQL only a hash
// index supports.
const statementsOf = (prefix: string, dialect: keyof typeof types): ReadonlyArray<string> => {
  const { byHash, integer, random, real, table: options, text } = types[dialect]
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
      ${jobKey} ${text} NOT NULL DEFAULT (${random}),
      PRIMARY KEY (namespace, kind, reference)
    ) ${options}`,
    `CREATE INDEX ${table}_unfinished ON ${table} (state, namespace, kind, reference) WHERE ${isUnfinished}`,
    `CREATE INDEX ${table}_untold ON ${table} (state, namespace, kind, reference) WHERE ${isUntold}`,
    `CREATE INDEX ${table}_alarms ON ${table} (namespace, kind, reference) WHERE alarm_kind IS NOT NULL`,
    `CREATE INDEX ${table}_records ON ${table} ${byHash} (record_id) WHERE record_id IS NOT NULL`
  ]
}

/** Makes the migrations of the table. A published migration never changes: a change of the table is a new migration. */
export const migrations = (prefix: string): Migrations => ({
  "1_transfers": Effect.gen(function* () {
    const sql = yield* SqlClient
    const dialect = sql.onDialectOrElse({ pg: () => "pg" as const, orElse: () => "sqlite" as const })
    for (const statement of statementsOf(prefix, dialect)) yield* sql.unsafe(statement).withoutTransform
  })
})
