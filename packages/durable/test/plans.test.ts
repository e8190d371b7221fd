// The time of a statement depends on the machine. The part of the table that it reads does not: the plan shows it.
import { assert, describe, it } from "@effect/vitest"
import type { TransferJournalError } from "@palomma-effect/client/TransferError"
import type { TransferJournalService } from "@palomma-effect/client/TransferJournal"
import { SqlTransferJournal } from "@palomma-effect/durable"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import { join } from "node:path"
import * as SqliteClient from "../src/internal/sqliteClient.ts"
import { all, journalOf } from "./support/open.ts"
import * as Postgres from "./support/postgres.ts"
import { type Recorded, statementOf } from "./support/recorder.ts"
import { aRow, namespace, next } from "./support/rows.ts"
import * as Stores from "./support/stores.ts"

type Use = (journal: TransferJournalService) => Effect.Effect<unknown, TransferJournalError>

const page = { ...all, after: "r3" }

/** The queries, the indexes that they use, and the column by which each index is searched. */
const asked: ReadonlyArray<readonly [what: string, Use, ReadonlyArray<readonly [index: string, column: string]>]> = [
  ["find", (journal) => journal.find(aRow("r500")), [["key", "reference"]]],
  ["replace", (journal) => journal.replace(next(aRow("r502"))), [["key", "reference"]]],
  [
    "replace of a row that leaves sending",
    (journal) => journal.replace(next(aRow("r504"), { state: "accepted" })),
    [["key", "reference"]]
  ],
  ["findByRecordId", (journal) => journal.findByRecordId(namespace, "payout", "id6"), [["records", "record_id"]]],
  ["a list of all", (journal) => journal.list(page), [["key", "reference"]]],
  [
    "a list of one state",
    (journal) => journal.list({ ...page, states: ["needsReview"] }),
    [["unfinished", "reference"]]
  ],
  [
    "a list of three states and an age",
    (journal) =>
      journal.list({ ...page, states: ["needsReview", "unknown", "accepted"], olderThan: Duration.minutes(1) }),
    [
      ["unfinished", "reference"],
      ["unfinished", "reference"],
      ["unfinished", "reference"]
    ]
  ],
  [
    "a list of a state without alarms",
    (journal) => journal.list({ ...page, states: ["unknown"], alarmed: false }),
    [["unfinished", "reference"]]
  ],
  ["a list of ends", (journal) => journal.list({ ...page, states: ["approved", "partial"] }), [["key", "reference"]]],
  [
    "a list of an end and another state",
    (journal) => journal.list({ ...page, states: ["approved", "unknown"] }),
    [
      ["key", "reference"],
      ["unfinished", "reference"]
    ]
  ],
  ["a list of alarms", (journal) => journal.list({ ...page, alarmed: true }), [["alarms", "reference"]]],
  [
    "a list of alarms of some states",
    (journal) => journal.list({ ...page, alarmed: true, states: ["accepted", "approved"] }),
    [["alarms", "reference"]]
  ]
]

/** Fills a table with typical rows: most transfers are final, few are in doubt, and fewer have an alarm. */
const fill = (table: string, from: number, to: number) =>
  SqlClient.use((sql) =>
    sql.unsafe(
      `WITH RECURSIVE n (i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${to})
      INSERT INTO ${table} (namespace, kind, reference, account_id, amount, state, version, claims, record_id, evidence, not_ours,
        alarm_kind, alarm_records, alarm_at, look_ups, created_at, updated_at)
      SELECT '${namespace}', CASE WHEN i % 20 = 0 THEN 'payin' ELSE 'payout' END, 'r' || i, 'account', 50000,
        CASE WHEN i % 300 = 1 THEN 'needsReview' WHEN i % 150 = 1 THEN 'unknown' WHEN i % 30 = 1 THEN 'accepted' ELSE 'approved' END,
        1, 1, 'id' || i, '[]', '[]', CASE WHEN i % 500 = 1 THEN 'differs' END, CASE WHEN i % 500 = 1 THEN '[]' END,
        CASE WHEN i % 500 = 1 THEN 1 END, 0, 1, 1 FROM n`
    )
  )

/** A step of a plan that reads the table, with its index and the condition on it. */
interface Read {
  readonly index: string
  readonly condition: string
}

interface Node {
  readonly "Node Type": string
  readonly "Relation Name"?: string
  readonly "Index Name"?: string
  readonly "Index Cond"?: string
  readonly Plans?: ReadonlyArray<Node>
}

const readsOf = (node: Node): ReadonlyArray<Read> => [
  ...(node["Index Name"] === undefined && node["Relation Name"] === undefined
    ? []
    : [{ index: node["Index Name"] ?? node["Node Type"], condition: node["Index Cond"] ?? "" }]),
  // A step that writes a table, or fetches the rows that an index found, has the index below it.
  ...(node.Plans ?? []).flatMap(readsOf)
]

const isAbove = new Set(["ModifyTable", "Bitmap Heap Scan"])

const explainedByPostgres = ({ text, values }: Recorded) =>
  SqlClient.use((sql) =>
    Effect.map(
      sql.unsafe<{ readonly "QUERY PLAN": ReadonlyArray<{ readonly Plan: Node }> }>(
        `EXPLAIN (FORMAT JSON) ${text}`,
        values.slice()
      ).unprepared,
      (rows) =>
        rows
          .flatMap((row) => row["QUERY PLAN"].flatMap(({ Plan }) => readsOf(Plan)))
          .filter(({ index }) => !isAbove.has(index))
    )
  )

const explainedBySqlite = (table: string, { text, values }: Recorded) =>
  SqlClient.use((sql) =>
    Effect.map(
      sql.unsafe<{ readonly detail: string }>(`EXPLAIN QUERY PLAN ${text}`, values.slice()),
      (rows): ReadonlyArray<Read> =>
        rows.flatMap(({ detail }) => {
          if (!new RegExp(`^(SCAN|SEARCH) ${table}\\b`).test(detail)) return []
          const [, index = detail, condition = ""] = /USING INDEX (\S+) \((.*)\)/.exec(detail) ?? []
          return [{ index, condition }]
        })
    )
  )

const check = (what: string, reads: ReadonlyArray<Read>, indexes: ReadonlyArray<readonly [string, string]>) => {
  const named = reads.map(({ condition, index }) => {
    const name = /_(pkey|\d|records|unfinished|alarms)$/.exec(index)?.[1] ?? index
    return [/^(pkey|\d)$/.test(name) ? "key" : name, condition] as const
  })
  assert.deepStrictEqual(named.map(([name]) => name).sort(), indexes.map(([name]) => name).sort(), what)
  for (const [name, condition] of named) {
    for (const [index, column] of indexes) if (name === index) assert.include(condition, column, what)
  }
}

const histories: ReadonlyArray<readonly [string, (table: string) => Effect.Effect<void, unknown, SqlClient>]> = [
  ["was never analyzed", (table) => Effect.asVoid(fill(table, 1, 6_000))],
  [
    "was analyzed",
    (table) =>
      Effect.gen(function* () {
        yield* fill(table, 1, 6_000)
        yield* SqlClient.use((sql) => sql.unsafe(`ANALYZE ${table}`))
      })
  ],
  [
    "was analyzed when it was small",
    (table) =>
      Effect.gen(function* () {
        yield* fill(table, 1, 20)
        yield* SqlClient.use((sql) => sql.unsafe(`ANALYZE ${table}`))
        yield* fill(table, 21, 6_000)
      })
  ]
]

const onPostgres = () =>
  describe("SqlTransferJournal on PostgreSQL reads only the rows that it needs", () => {
    for (const [how, history] of histories) {
      it.live(`in a table that ${how}`, () =>
        Effect.gen(function* () {
          const sql = yield* SqlClient
          const prefix = yield* Stores.prefix
          const table = `${prefix}transfers`
          const journal = yield* journalOf(SqlTransferJournal.layer({ prefix }))
          yield* sql.unsafe(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`)
          yield* history(table)
          for (const [what, use, indexes] of asked) {
            check(what, yield* explainedByPostgres(yield* statementOf(use(journal))), indexes)
          }
        }).pipe(Effect.scoped, Effect.provide(Postgres.layer()))
      )
    }

    it.live("also if a plan was made while the table was small", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient
        const prefix = yield* Stores.prefix
        const journal = yield* journalOf(SqlTransferJournal.layer({ prefix }))
        for (let i = 0; i < 3; i++) {
          yield* journal.insert(aRow(`r${i}`))
          yield* journal.replace(next(aRow(`r${i}`)))
          for (const [, use] of asked) yield* use(journal)
        }
        // The plan of a prepared statement does not change until the table is analyzed again.
        const kept =
          yield* sql`SELECT statement FROM pg_prepared_statements WHERE statement LIKE ${`%${prefix}transfers %`} AND statement NOT LIKE 'CREATE %'`
        assert.deepStrictEqual(kept, [])
      }).pipe(Effect.scoped, Effect.provide(Postgres.layer({ maxConnections: 1 })))
    )

    it.live("and writes no index for a change of a final row", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient
        const prefix = yield* Stores.prefix
        const journal = yield* journalOf(SqlTransferJournal.layer({ prefix }))
        const ended = aRow("r", { state: "approved", recordId: "id" })
        yield* journal.insert(ended)
        const changes = [{ lookUps: 1 }, { lookUps: 1, lastError: "why" }, { lookUps: 2, evidence: ["one"] }]
        for (const [i, change] of changes.entries()) {
          const changed = next(ended, { version: i + 2, ...change })
          const { text, values } = yield* statementOf(journal.replace(changed))
          // The same change once more in a transaction that is rolled back, in which PostgreSQL counts it.
          const counted = sql.withTransaction(
            Effect.gen(function* () {
              yield* sql.unsafe(
                `UPDATE ${prefix}transfers SET version = version - 1, look_ups = 0, last_error = NULL, updated_at = 1,
                evidence = '["none"]'`
              )
              const before = yield* hot(`${prefix}transfers`)
              assert.lengthOf(yield* sql.unsafe(text, values.slice()), 1)
              return yield* Effect.fail(after(before, yield* hot(`${prefix}transfers`)))
            })
          )
          assert.strictEqual(yield* Effect.flip(counted), 1)
        }
      }).pipe(Effect.scoped, Effect.provide(Postgres.layer()))
    )
  })

const after = (before: number, now: number): number => now - before

/** Returns the number of updates of this transaction that wrote no index. */
const hot = (table: string) =>
  SqlClient.use((sql) =>
    Effect.map(
      sql<{ n: number }>`SELECT n_tup_hot_upd::int AS n FROM pg_stat_xact_user_tables WHERE relname = ${table}`,
      (rows) => rows[0]?.n ?? -1
    )
  )

if (Postgres.isThere) onPostgres()

describe("SqlTransferJournal on SQLite reads only the rows that it needs", () => {
  for (const [how, history] of histories) {
    it.live(`in a table that ${how}`, () =>
      Effect.gen(function* () {
        const filename = join(yield* Stores.directory, "transfers.db")
        yield* Effect.gen(function* () {
          const journal = yield* journalOf(SqlTransferJournal.layer())
          yield* history("palomma_transfers")
          for (const [what, use, indexes] of asked) {
            check(what, yield* explainedBySqlite("palomma_transfers", yield* statementOf(use(journal))), indexes)
          }
        }).pipe(Effect.provide(SqliteClient.layer({ filename })))
      }).pipe(Effect.scoped)
    )
  }
})
