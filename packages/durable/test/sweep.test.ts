// The sweep gives a job to each transfer that should have one and has none.
import { assert, describe, it } from "@effect/vitest"
import { transferStates } from "@palomma-effect/client/Transfer"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import { SqlClient } from "effect/sql/SqlClient"
import * as SqlJournal from "../src/internal/sqlJournal.ts"
import { idOf, Job } from "../src/internal/worker/job.ts"
import * as PgDatabase from "./support/database.ts"
import * as D from "./support/durable.ts"
import * as Postgres from "./support/postgres.ts"
import { type Recorded, recording } from "./support/recorder.ts"
import { aRow } from "./support/rows.ts"

const kinds = ["payout", "payin"] as const

const rows = transferStates.flatMap((state) =>
  kinds.flatMap((kind) =>
    [undefined, "worker" as const].flatMap((carriedBy) =>
      [undefined, 1].map((toldAt) =>
        aRow(`${kind} ${state} ${carriedBy ?? "plain"} ${toldAt === undefined ? "untold" : "told"}`, {
          namespace: D.namespace,
          kind,
          state,
          version: 1,
          ...(carriedBy && { carriedBy }),
          ...(toldAt && { toldAt })
        })
      )
    )
  )
)

const always = ["sending", "unknown", "accepted"]

const namesOf = (tells: boolean) =>
  rows
    .filter(
      ({ carriedBy, state, toldAt }) =>
        always.includes(state) ||
        (state === "intended" && carriedBy === "worker") ||
        (tells && carriedBy === "worker" && toldAt === undefined && state !== "intended")
    )
    .map(({ reference }) => `${reference}@1`)
    .sort()

/** Opens a place with these rows, and without any job. */
const filled = Effect.fnUntraced(function* (prefix: string) {
  const opened = yield* D.open(prefix)
  const journal = yield* SqlJournal.make({ prefix })
  for (const row of rows) yield* journal.insert(row)
  assert.deepStrictEqual(yield* D.jobsIn(opened), [])
  return opened
})

/** Adds many transfers without jobs. */
const fill = (prefix: string, count: number, state = "accepted", more = "") =>
  SqlClient.use((sql) =>
    sql.unsafe(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
      INSERT INTO ${prefix}transfers (namespace, kind, reference, account_id, amount, state, version, claims, evidence,
        not_ours, look_ups, carried_by, created_at, updated_at)
      SELECT '${D.namespace}', 'payout', 'many' || i, 'account', 50000, ${state === "mixed" ? "CASE WHEN i % 20 = 0 THEN 'unknown' WHEN i % 20 = 1 THEN 'accepted' ELSE 'approved' END" : `'${state}'`}, 3, 1,
        '[]', '[]', 0, 'worker', 1, 1 FROM n${more}`
    )
  )

/** How the jobs of a place look before a sweep. */
const jobsBefore = (prefix: string, version: number) =>
  SqlClient.use((sql) =>
    Effect.forEach(rows, ({ kind, reference }) =>
      Effect.flatMap(
        sql<{
          key: string
        }>`SELECT job_key AS key FROM ${sql(`${prefix}transfers`)} WHERE kind = ${kind} AND reference = ${reference}`,
        ([row]) => {
          const job = { key: row?.key ?? "", kind, reference, version, turn: 2, nth: 2 }
          return Effect.succeed([new Job(job), new Job({ ...job, tells: true })])
        }
      )
    )
  )

for (const [store, make] of D.places) {
  describe(`The sweep over ${store}`, () => {
    it.live.each([true, false])("gives jobs to exactly the transfers that need one, with onEnd: %s", (tells) =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* filled(prefix)
          yield* all.backend.sweep(tells)
          assert.deepStrictEqual(yield* D.pending(all), namesOf(tells))
          yield* all.backend.sweep(tells)
          assert.deepStrictEqual(yield* D.pending(all), namesOf(tells))
        })
      )
    )

    it.live.each([
      ["is pending", { state: "pending" }, 1, false],
      ["is done", { state: "completed" }, 1, true],
      ["failed for good", { state: "failed" }, 1, true],
      ["is of another queue", { queue_name: "palomma:other" }, 1, true],
      ["is of an older version", { state: "pending" }, 0, true]
    ] as const)("counts the job of a transfer only if it can still run: it %s", ([, change, version, isAdded]) =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* filled(prefix)
          for (const job of (yield* jobsBefore(prefix, version)).flat()) {
            yield* all.backend.queue.offer(job, { id: idOf(job), delay: "1 day" })
          }
          yield* all.sql`UPDATE ${all.sql(`${prefix}transfer_jobs`)} SET ${all.sql.update(change)}`
          const before = yield* D.jobsIn(all)
          yield* all.backend.sweep(true)
          const added = (yield* D.jobsIn(all)).slice(before.length)
          assert.lengthOf(added, isAdded ? namesOf(true).length : 0)
        })
      )
    )

    it.live("reads pages of 250, and two sweeps of a period give no job twice", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* D.open(prefix)
          const other = yield* D.open(prefix)
          yield* fill(prefix, 2_600)
          const statements = yield* recording((seen) =>
            Effect.as(all.backend.sweep(true), seen).pipe(
              Effect.map((seen) => seen.filter(({ text }) => text.includes("AS MATERIALIZED")).length)
            )
          )
          // 11 conditions and 2 kinds, and 10 more pages.
          assert.strictEqual(statements, 32)
          yield* other.backend.sweep(true)
          const jobs = yield* D.jobsIn(all)
          assert.lengthOf(jobs, 2_600)
          assert.strictEqual(new Set(jobs.map(({ element }) => element)).size, 2_600)
        })
      )
    )

    it.live("gives a job again in a later period if the one before did not help", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* D.open(prefix)
          yield* fill(prefix, 3)
          const jobs = all.sql(`${prefix}transfer_jobs`)
          yield* all.backend.sweep(true)
          // As if they were given in the first period after 1970, and done.
          yield* all.sql`UPDATE ${jobs} SET state = 'completed', id = substr(id, 1, 51) || '0000000001'`
          yield* all.backend.sweep(true)
          assert.lengthOf(yield* D.pending(all), 3)
          assert.lengthOf(yield* D.jobsIn(all), 6)
        })
      )
    )

    it.live.each([false, true])("uses indexes in a large table, with statistics: %s", (isAnalyzed) =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* D.open(prefix)
          const { sql } = all
          for (const table of [`${prefix}transfers`, `${prefix}transfer_jobs`]) {
            yield* sql.onDialectOrElse({
              pg: () => sql.unsafe(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`),
              orElse: () => Effect.void
            })
          }
          yield* fill(prefix, 1_500, "mixed")
          yield* all.backend.sweep(true)
          if (isAnalyzed) yield* sql.unsafe("ANALYZE")
          const seen = yield* recording((seen) => Effect.as(all.backend.sweep(true), seen))
          const pages = seen.filter(({ text }) => text.includes("AS MATERIALIZED"))
          assert.isAbove(pages.length, 19)
          for (const page of pages) {
            for (const step of yield* planOf(page)) {
              assert.notMatch(step, new RegExp(`Seq Scan on ${prefix}|SCAN (job|${prefix}\\w+)(?! USING INDEX)`))
              if (!isAnalyzed) assert.notMatch(step, /Sort Key.*reference|B-TREE FOR ORDER/)
            }
          }
        })
      )
    )

    it.live("goes on after a transfer that it cannot read, and names the first one", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* D.open(prefix)
          yield* fill(prefix, 5)
          yield* all.sql`UPDATE ${all.sql(`${prefix}transfers`)} SET evidence = 'SENTINEL' WHERE reference IN ('many2', 'many4')`
          const logged: Array<unknown> = []
          const logger = Logger.make(({ message }) => void logged.push(message))
          yield* Effect.provide(all.backend.sweep(true), Logger.layer([logger]))
          assert.deepStrictEqual(yield* D.pending(all), ["many1@3", "many3@3", "many5@3"])
          assert.deepStrictEqual(logged, [
            [
              '2 transfers cannot be read by this version of the library, so no worker carries them. The first: "many2".'
            ]
          ])
        })
      )
    )

    it.live("reports how many transfers of its namespace are open, and the age of the oldest", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* D.open(prefix)
          const other = yield* D.open(prefix, { namespace: "other" })
          yield* fill(prefix, 7, "unknown")
          yield* all.backend.sweep(true)
          yield* other.backend.sweep(true)
          const metrics = yield* Metric.snapshot
          const value = (name: string, namespace = D.namespace) =>
            metrics.find(
              ({ attributes, id }) =>
                id === name &&
                attributes?.["namespace"] === namespace &&
                attributes["kind"] === "payout" &&
                attributes["state"] === "unknown"
            )?.state
          assert.deepStrictEqual(value("palomma_transfers_open"), { value: 7 })
          assert.deepStrictEqual(value("palomma_transfers_open", "other"), { value: 0 })
          const oldest = value("palomma_transfers_oldest_seconds")
          // The rows are from the beginning of 1970.
          assert.isTrue(oldest !== undefined && "value" in oldest && oldest.value > 1_700_000_000)
        })
      )
    )
  })
}

const planOf = ({ text, values }: Recorded) =>
  SqlClient.use((sql) =>
    sql.onDialectOrElse({
      pg: () =>
        Effect.map(
          sql.unsafe<{ readonly "QUERY PLAN": string }>(`EXPLAIN ${text}`, values.slice()).unprepared,
          (rows) => rows.map((row) => row["QUERY PLAN"])
        ),
      orElse: () =>
        Effect.map(sql.unsafe<{ readonly detail: string }>(`EXPLAIN QUERY PLAN ${text}`, values.slice()), (rows) =>
          rows.map(({ detail }) => detail)
        )
    })
  )

const onPostgres = () =>
  describe("The ids of jobs", () => {
    it.live("are in the same order in every collation of the server", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient
        const keys = [
          "0".repeat(32),
          "a".repeat(32),
          "f".repeat(32),
          "9".repeat(31) + "f",
          "aAbc".toLowerCase().repeat(8)
        ]
        const jobs = keys.flatMap((key) =>
          [1, 15, 2 ** 31].flatMap((version) =>
            [0, 7, 170].flatMap((nth) =>
              [0, 59_999_999, 0xaaaaaaaa].map((period) => ({
                first: key + version.toString(16).padStart(10, "0") + "0".repeat(19),
                id: idOf(new Job({ key, kind: "payout", reference: "r", version, turn: 0, nth, period })),
                last: key + version.toString(16).padStart(10, "0") + "0" + "f".repeat(18)
              }))
            )
          )
        )
        const collations = yield* sql<{
          name: string
        }>`SELECT DISTINCT collname AS name FROM pg_collation WHERE collencoding IN (-1, pg_char_to_encoding('UTF8'))`
        assert.isAbove(collations.length, 1)
        for (const { name } of collations) {
          const [wrong] = yield* sql.unsafe<{ count: number }>(
            `SELECT count(*)::int AS count FROM jsonb_to_recordset($1::jsonb) AS t (first text, id text, last text)
            WHERE id COLLATE "${name}" < first COLLATE "${name}" OR id COLLATE "${name}" > last COLLATE "${name}"`,
            [JSON.stringify(jobs)]
          )
          assert.strictEqual(wrong?.count, 0, name)
        }
      }).pipe(Effect.provide(PgDatabase.layer()))
    )
  })

if (Postgres.isThere) onPostgres()
