// The tables of the queue hold nothing that the journal does not know: they can be lost at any time.
import { assert, describe, it } from "@effect/vitest"
import { TransferJournalError } from "@palomma-effect/client/TransferError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { SqlClient } from "effect/sql/SqlClient"
import * as PostgresClient from "../src/internal/postgresClient.ts"
import { ensureTables, type Times } from "../src/internal/worker/queue.ts"
import * as Duration from "effect/Duration"
import * as PgDatabase from "./support/database.ts"
import * as D from "./support/durable.ts"
import * as Postgres from "./support/postgres.ts"
import { proxy } from "./support/proxy.ts"
import { recording } from "./support/recorder.ts"
import * as Stores from "./support/stores.ts"

const silent = Effect.provide(Logger.layer([]))

const times: Times = { lockExpiration: Duration.seconds(30), pollInterval: Duration.millis(20) }

const tables = ["transfer_jobs", "transfer_jobs_migrations"] as const

const kinds = ["payout", "payin"] as const

const dropped: ReadonlyArray<readonly [what: string, names: ReadonlyArray<string>]> = [
  ["its jobs", ["transfer_jobs"]],
  ["its migrations", ["transfer_jobs_migrations"]],
  ["both", tables]
]

const drop = ({ prefix, sql }: Pick<D.Opened, "prefix" | "sql">, names: ReadonlyArray<string>) =>
  Effect.forEach(names, (name) => sql`DROP TABLE ${sql(prefix + name)}`, { discard: true })

const made = (prefix: string) =>
  SqlClient.use((sql) =>
    Effect.map(
      sql.onDialectOrElse({
        pg: () =>
          sql<{ name: string }>`SELECT tablename AS name FROM pg_tables WHERE starts_with(tablename, ${prefix})`,
        orElse: () =>
          sql<{ name: string }>`SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE ${`${prefix}%`}`
      }),
      (rows) => rows.map(({ name }) => name.slice(prefix.length)).sort()
    )
  )

// A job is done after the transaction that wrote the next one. The first sweep may add a job of a transfer that it
// finds while it is sent.
const isFollowed = (jobs: ReadonlyArray<string>): boolean => jobs.includes("one@3") && !jobs.includes("one@1")

for (const [store, make] of D.places) {
  describe(`The queue over ${store}`, () => {
    it.live.each(dropped)("is made again without %s, and no transfer is lost", ([, names]) =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* D.open(prefix)
          yield* all.durable.intend(yield* D.intentOf("payout", "before"))
          yield* drop(all, names)
          // The journal does not need the queue.
          yield* all.durable.intend(yield* D.intentOf("payout", "without"))
          const withdrawn = yield* all.durable.withdraw(
            { kind: "payout", reference: "without" },
            { by: "Ana", note: "x" }
          )
          assert.strictEqual(withdrawn.state, "withdrawn")
          yield* all.backend.sweep(true)
          assert.deepStrictEqual(yield* made(prefix), [
            "transfer_jobs",
            "transfer_jobs_migrations",
            "transfers",
            "transfers_migrations"
          ])
          assert.deepStrictEqual(yield* D.pending(all), ["before@1", "without@2"])
          yield* D.worker(all)
          yield* D.until(D.stateOf(all, "payout", "before"), (state) => state === "accepted")
          assert.strictEqual(yield* D.sentTimes("payout", "before"), 1)
        }).pipe(silent)
      )
    )

    it.live.each(kinds)("loses no %s if its tables are dropped while it is sent", (kind) =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* D.open(prefix)
          yield* D.worker(all)
          const references = Array.from({ length: 8 }, (_, i) => `r${i}`)
          for (const reference of references) yield* all.durable.intend(yield* D.intentOf(kind, reference))
          yield* drop(all, tables)
          yield* all.backend.sweep(true)
          for (const reference of references) {
            yield* D.until(D.stateOf(all, kind, reference), (state) => state === "accepted")
            assert.strictEqual(yield* D.sentTimes(kind, reference), 1)
          }
        }).pipe(silent)
      )
    )

    it.live("looks at its tables with two statements, and keeps its jobs", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* D.open(prefix)
          yield* all.durable.intend(yield* D.intentOf("payout", "one"))
          const statements = yield* recording((seen) => Effect.as(ensureTables(prefix, times), seen))
          assert.lengthOf(statements, 2)
          assert.deepStrictEqual(yield* D.pending(all), ["one@1"])
        })
      )
    )

    it.live("has ids and names of at most 255 characters for the longest references and namespaces", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const long = "ñ".repeat(200)
          const all = yield* D.open(prefix, { namespace: "n".repeat(10_000) })
          yield* D.worker(all)
          yield* all.durable.intend(yield* D.intentOf("payout", long))
          yield* D.until(D.stateOf(all, "payout", long), (state) => state === "accepted")
          for (const { id, queue_name } of yield* D.jobsIn(all)) {
            assert.strictEqual(id.length, 61)
            assert.isAtMost(queue_name.length, 255)
          }
        })
      )
    )

    it.live("does not mix two namespaces, or two prefixes", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const one = yield* D.open(prefix)
          const two = yield* D.open(prefix, { namespace: "other" })
          const three = yield* D.open(`${prefix}b_`)
          yield* Effect.addFinalizer(() =>
            Effect.orDie(drop({ ...three, prefix: `${prefix}b_` }, [...tables, "transfers", "transfers_migrations"]))
          )
          for (const all of [one, two, three]) yield* all.durable.intend(yield* D.intentOf("payout", "one"))
          for (const all of [one, two, three]) yield* all.backend.sweep(true)
          assert.deepStrictEqual((yield* D.jobsIn(one)).map(({ queue_name }) => queue_name).sort(), [
            `palomma:${D.namespace}`,
            "palomma:other"
          ])
          assert.lengthOf(yield* D.jobsIn(three), 1)
          yield* D.worker(one)
          yield* D.until(D.stateOf(one, "payout", "one"), (state) => state === "accepted")
          assert.strictEqual(yield* D.stateOf(two, "payout", "one"), "intended")
          assert.strictEqual(yield* D.stateOf(three, "payout", "one"), "intended")
        })
      )
    )

    it.live("removes only jobs that are done, and a transfer is carried on afterwards", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* D.open(prefix)
          yield* Effect.scoped(
            Effect.gen(function* () {
              yield* D.worker(all)
              yield* all.durable.intend(yield* D.intentOf("payout", "one"))
              yield* D.until(D.pending(all), isFollowed)
            })
          )
          const jobs = all.sql(`${prefix}transfer_jobs`)
          yield* all.sql`UPDATE ${jobs} SET updated_at = '2020-01-01 00:00:00'`
          const [{ state } = { state: "" }] = yield* D.jobsIn(all)
          assert.strictEqual(state, "completed")
          yield* all.backend.cleanup
          for (const job of yield* D.jobsIn(all)) assert.strictEqual(job.state, "pending")
          assert.include(yield* D.pending(all), "one@3")
        })
      )
    )

    it.live("stores nothing of a transfer but its name", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* D.open(prefix)
          const intent = yield* D.intentOf("payout", "one", 61_234)
          if (intent.kind !== "payout") return assert.fail()
          yield* all.durable.intend(intent)
          yield* all.durable.intend({ ...intent, reference: "two" })
          yield* all.durable.withdraw({ kind: "payout", reference: "two" }, { by: "SENTINEL", note: "SENTINEL" })
          yield* D.worker(all, { onEnd: () => Effect.die(new Error("SENTINEL")) })
          yield* D.until(D.stateOf(all, "payout", "one"), (state) => state === "accepted")
          yield* D.until(D.jobsIn(all), (jobs) => jobs.some(({ element }) => element.includes('"turn":1')))
          const stored = JSON.stringify(yield* D.jobsIn(all))
          for (const secret of ["61234", intent.payoutTargetId, "SENTINEL", "sim-key"])
            assert.notInclude(stored, secret)
        }).pipe(silent)
      )
    )

    it.live("refuses tables of a later version of effect, and writes nothing", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const { sql } = yield* Effect.scoped(D.open(prefix))
          yield* sql`INSERT INTO ${sql(`${prefix}transfer_jobs_migrations`)} (migration_id, name) VALUES (3, 'later')`
          yield* drop({ prefix, sql }, ["transfers", "transfers_migrations"])
          const error = yield* Effect.flip(Effect.scoped(D.open(prefix)))
          assert.instanceOf(error, TransferJournalError)
          assert.include(error.message, `${prefix}transfer_jobs, are from a later version of effect`)
          assert.deepStrictEqual(yield* made(prefix), ["transfer_jobs", "transfer_jobs_migrations"])
        })
      )
    )
  })
}

const onPostgres = () =>
  describe("The queue in PostgreSQL", () => {
    it.live("is made once by three processes that open an empty database at once", () =>
      D.inPlace(D.postgres, ({ prefix }) =>
        Effect.gen(function* () {
          const opening = Effect.scoped(D.open(prefix))
          const alone = Effect.provide(
            opening,
            Layer.fresh(PgDatabase.layer({ startupParameters: { TimeZone: "UTC" } }))
          )
          yield* Effect.all([alone, alone, alone], { concurrency: "unbounded", discard: true })
          const all = yield* D.open(prefix)
          assert.deepStrictEqual(yield* made(prefix), [
            "transfer_jobs",
            "transfer_jobs_migrations",
            "transfers",
            "transfers_migrations"
          ])
          yield* all.durable.intend(yield* D.intentOf("payout", "one"))
          assert.deepStrictEqual(yield* D.pending(all), ["one@1"])
        })
      )
    )

    it.live.each([
      ["TimeZone", { TimeZone: "Asia/Tokyo" }, "TimeZone of this session is not UTC"],
      ["synchronous_commit", { TimeZone: "UTC", synchronous_commit: "off" }, "synchronous_commit is off"],
      [
        "default_transaction_read_only",
        { TimeZone: "UTC", default_transaction_read_only: "on" },
        "default_transaction_read_only is on"
      ]
    ] as const)("is not made in a session with another %s", ([, startupParameters, text]) =>
      Effect.gen(function* () {
        const prefix = yield* Stores.prefix
        const client: Layer.Layer<SqlClient, unknown> = PgDatabase.layer({ startupParameters })
        yield* D.inPlace(Effect.succeed({ prefix, client }), () =>
          Effect.gen(function* () {
            const error = yield* Effect.flip(D.open(prefix))
            assert.instanceOf(error, TransferJournalError)
            assert.deepInclude(error, { operation: "open", sent: "no" })
            assert.include(error.message, text)
            assert.deepStrictEqual(yield* made(prefix), [])
          })
        )
      }).pipe(Effect.scoped)
    )

    it.live("gives the jobs of a worker without a connection to another after the time of the lock", () =>
      D.inPlace(D.postgres, ({ prefix }) =>
        Effect.gen(function* () {
          const short = { lockExpiration: "3 seconds" } as const
          const all = yield* D.open(prefix, short)
          const { end, quiet, url } = yield* proxy
          const cutOff = yield* D.open(prefix, short).pipe(
            Effect.provide(yield* Layer.build(Layer.fresh(PostgresClient.layer({ url }))))
          )
          // It takes the job, and its connection is silent from then on.
          let isTaken = false
          const taking = cutOff.backend.queue.take(() =>
            Effect.andThen(
              Effect.sync(() => {
                isTaken = true
                quiet()
              }),
              Effect.never
            )
          )
          yield* Effect.forkScoped(taking)
          // The clean-up of the silent worker would wait for an answer.
          yield* Effect.addFinalizer(() => Effect.sync(end))
          yield* all.durable.intend(yield* D.intentOf("payout", "one"))
          yield* D.until(
            Effect.sync(() => isTaken),
            (taken) => taken
          )
          yield* D.worker(all)
          yield* D.until(D.pending(all), isFollowed)
          assert.strictEqual(yield* D.stateOf(all, "payout", "one"), "accepted")
          assert.strictEqual(yield* D.sentTimes("payout", "one"), 1)
        }).pipe(silent)
      )
    )
  })

if (Postgres.isThere) onPostgres()
