/**
 * A store with transfers in every state, which the tests keep for each released version.
 */
import {
  type Transfer,
  TransferAlarm,
  TransferClaim,
  TransferDifference,
  TransferResolution,
  type TransferState,
  transferStates
} from "@palomma-effect/client/Transfer"
import { TransferJournal, type TransferJournalService } from "@palomma-effect/client/TransferJournal"
import * as SqlTransferJournal from "@palomma-effect/durable/SqlTransferJournal"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { SqlClient } from "effect/sql/SqlClient"
import { join } from "node:path"
import * as SqliteClient from "../../src/internal/sqliteClient.ts"
import * as Database from "./database.ts"
import { dump, fixedTime } from "./dump.ts"
import { aRow, next } from "./rows.ts"

/** The folder of the fixtures, with one folder for each version. */
export const folder = join(import.meta.dirname, "../fixtures")

/** The databases of a fixture. The text of each is in the file of its name, such as `sqlite.sql`. */
export const databases = ["sqlite", "postgres"] as const

/** The name of a database of a fixture. */
export type DatabaseName = (typeof databases)[number]

let made = 0

const schema = Effect.acquireRelease(
  Effect.gen(function* () {
    const name = `fixture_${process.pid}_${made++}`
    yield* SqlClient.use((sql) => sql`CREATE SCHEMA ${sql(name)}`)
    return name
  }).pipe(Effect.provide(Database.layer())),
  (name) =>
    SqlClient.use((sql) => sql`DROP SCHEMA ${sql(name)} CASCADE`).pipe(Effect.provide(Database.layer()), Effect.orDie)
)

/** An empty database, which is removed afterwards. */
export const empty: Record<DatabaseName, Layer.Layer<SqlClient, unknown>> = {
  sqlite: SqliteClient.layer({ filename: ":memory:" }),
  postgres: Layer.unwrap(
    Effect.map(schema, (name) => Database.layer({ maxConnections: 2, startupParameters: { search_path: name } }))
  )
}

const claim = new TransferClaim({ id: "0d3d4a5e-claim", length: 120_000, at: 1_767_000_000_000 })

const sent = { claims: 1, recordId: "01JFRECORD" }

const decision = new TransferResolution({
  as: "withdrawn",
  by: "Ana Peña",
  note: "Not needed: 'paid' in cash.",
  at: 1_767_000_003_000
})

const details: Record<TransferState, Partial<Transfer>> = {
  intended: {},
  sending: { claims: 1, claim },
  unknown: { claims: 1, claim, lookUps: 2, lastError: "no answer within 10s" },
  needsReview: { claims: 1, lookUps: 9, evidence: ["01JFRECORD", `"quoted"`], lastError: "two records" },
  rejected: { claims: 1, lastError: "Palomma rejected it: insufficient funds 💸" },
  accepted: sent,
  approved: sent,
  partial: { ...sent, amountCollected: 20_000 },
  cancelled: sent,
  withdrawn: { resolution: decision }
}

const isUnsent = (state: TransferState): boolean => state === "intended" || state === "withdrawn"

const isEnded = (state: TransferState): boolean => ["approved", "partial", "cancelled", "withdrawn"].includes(state)

const rows: ReadonlyArray<Transfer> = (["payout", "payin"] as const).flatMap((kind) => [
  ...transferStates.flatMap((state) => [
    aRow(state, { kind, state, ...details[state] }),
    aRow(`${state}, carried`, {
      kind,
      state,
      ...details[state],
      carriedBy: "worker",
      ...(isEnded(state) ? { toldAt: 1_767_000_004_000 } : {})
    })
  ]),
  ...(["duplicate", "changed-final", "differs"] as const).map((alarm) =>
    aRow(`alarm ${alarm}, ñ 💸 '"\\%`, {
      namespace: "http://127.0.0.1:4010/v0",
      kind,
      amount: Number.MAX_SAFE_INTEGER,
      merchantAccountId: "01JFMERCHANT",
      state: "approved",
      claims: 2,
      recordId: "01JFRECORD",
      evidence: ["01JFRECORD", "01JFOTHER"],
      notOurs: ["01JFNOT"],
      differs: new TransferDifference({
        recordId: "01JFOTHER",
        accountId: "01JFACCOUNT",
        amount: 1,
        merchantAccountId: "01JFMERCHANT"
      }),
      alarm: new TransferAlarm({ kind: alarm, records: ["01JFRECORD", "01JFOTHER"], at: 1_767_000_001_000 }),
      resolution: new TransferResolution({ as: "paid", by: "Ana", note: "", incomplete: true, at: 1_767_000_002_000 })
    })
  )
])

/** Writes a row as a program does: it is inserted before it is sent, and changed afterwards. */
const write = Effect.fnUntraced(function* (journal: TransferJournalService, row: Transfer) {
  const isWritten = isUnsent(row.state)
    ? yield* journal.insert(row)
    : yield* Effect.andThen(
        journal.insert(aRow(row.reference, { namespace: row.namespace, kind: row.kind, state: "sending" })),
        journal.replace(next(row))
      )
  if (Option.isNone(isWritten)) return yield* Effect.die(`the row of ${row.reference} was not written`)
})

/** A transfer as plain data, with fixed times instead of those of the database. */
export const plain = (row: Transfer): object => ({
  ...JSON.parse(JSON.stringify(row)),
  ...(row.leftSendingAt === undefined ? {} : { leftSendingAt: fixedTime }),
  createdAt: fixedTime,
  updatedAt: fixedTime
})

/** Reads every transfer of a journal, in the order of namespace, kind and reference. */
export const readAll = (journal: TransferJournalService) =>
  Effect.forEach(
    ["http://127.0.0.1:4010/v0", "sandbox"].flatMap((namespace) =>
      (["payin", "payout"] as const).map((kind) => ({ namespace, kind, limit: 1000 }))
    ),
    (query) => Effect.map(journal.list(query), (page) => page.toSorted((a, b) => (a.reference < b.reference ? -1 : 1)))
  ).pipe(Effect.map((pages) => pages.flat()))

/** Writes the store in an empty database, and returns the texts of its files. */
export const make = Effect.gen(function* () {
  const journal = yield* TransferJournal
  yield* Effect.forEach(rows, (row) => write(journal, row))
  const transfers = yield* readAll(journal)
  return { sql: yield* dump, rows: `${JSON.stringify(transfers.map(plain), undefined, 2)}\n` }
}).pipe(Effect.provide(SqlTransferJournal.layer()))
