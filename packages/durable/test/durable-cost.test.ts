// Each statement is a round trip, and each commit waits for the disk. A machine does not change their number.
import { assert, describe, it } from "@effect/vitest"
import { Palomma } from "@palomma-effect/client"
import { Durable } from "@palomma-effect/durable"
import { PalommaSimulator } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import { PayoutTargetId } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { SqlClient } from "effect/sql/SqlClient"
import { commitsIn, keepLog, layerOf, type MakeStore, stores } from "./support/commits.ts"
import { Recorder } from "./support/purposes.ts"

// With the fetch of the client, which reads the row again only when it hands over the body.
/** How many transfers have their turn at the same time. */
const atOnce = 8

const palomma = Layer.unwrap(
  PalommaSimulator.use(({ apiKey, url }) =>
    Effect.succeed(Palomma.layerFetch({ apiKey: Redacted.make(apiKey), baseUrl: url }))
  )
).pipe(Layer.provideMerge(layerServer()))

/** Runs a program while a worker works. It starts after the statements that the worker runs before its first job. */
const whileWorking = <E, R>(
  recorder: Recorder,
  program: Effect.Effect<void, E, R>,
  onEnd?: () => Effect.Effect<void>
) =>
  Effect.gen(function* () {
    const durable = yield* Durable
    const worker = yield* Effect.forkChild(durable.work({ concurrency: atOnce, onEnd }))
    yield* recorder.until(() => recorder.hasStarted)
    yield* program
    yield* Fiber.interrupt(worker)
  })

const payments = 20

const intend = Effect.fnUntraced(function* (payoutTargetId: string, n: number) {
  const durable = yield* Durable
  yield* durable.intend({
    kind: "payout",
    reference: `refund-${n}`,
    payoutTargetId: PayoutTargetId.make(payoutTargetId),
    amount: 50_000
  })
})

const numbers = Array.from({ length: payments }, (_, i) => i)

/** Counts what the payments of a program need beside the start of a worker. */
const counted = <E>(
  make: MakeStore,
  program: (recorder: Recorder, payoutTargetId: string) => Effect.Effect<void, E, Durable>
) =>
  Effect.gen(function* () {
    const store = yield* make
    const simulator = yield* PalommaSimulator
    yield* simulator.setBalance("default", 100_000_000)
    const { id } = yield* simulator.addPayoutTarget()
    // Only new jobs start a poll, so that the time that a machine needs is not counted.
    const opened = layerOf(store, { pollInterval: "1 hour" })
    return yield* Effect.gen(function* () {
      const recorder = new Recorder()
      if (store.name === "SQLite") yield* keepLog
      const before = store.name === "SQLite" ? commitsIn(store) : 0
      yield* recorder.record(program(recorder, id))
      const commits = store.name === "SQLite" ? commitsIn(store) - before : recorder.transactions
      return { commits, recorder }
    }).pipe(Effect.provide(opened))
  }).pipe(Effect.scoped, Effect.provide(palomma))

const alone = (recorder: Recorder, id: string) =>
  whileWorking(
    recorder,
    Effect.forEach(
      numbers,
      (n) =>
        Effect.andThen(
          intend(id, n),
          recorder.until(() => recorder.of("complete") > n)
        ),
      { discard: true }
    )
  )

const waiting = (recorder: Recorder, id: string) =>
  Effect.andThen(
    Effect.forEach(numbers, (n) => intend(id, n), { discard: true }),
    whileWorking(
      recorder,
      recorder.until(() => recorder.of("complete") >= payments)
    )
  )

/** Adds accepted transfers with a job that is due later, like those of the transfer that is there. */
const addOpen = (prefix: string, count: number) =>
  SqlClient.use((sql) =>
    Effect.gen(function* () {
      const isPostgres = sql.onDialectOrElse({ pg: () => true, orElse: () => false })
      const later = isPostgres ? "now() + interval '1 hour'" : "datetime('now', '+1 hour')"
      yield* sql.unsafe(
        `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
        INSERT INTO ${prefix}transfers (namespace, kind, reference, account_id, amount, state, version, claims, record_id,
          evidence, not_ours, look_ups, carried_by, created_at, updated_at)
        SELECT one.namespace, one.kind, 'open-' || i, one.account_id, one.amount, one.state, one.version, 1, 'id' || i,
          '[]', '[]', 0, one.carried_by, 1, 1 FROM n, (SELECT * FROM ${prefix}transfers) AS one`
      )
      yield* sql.unsafe(
        `INSERT INTO ${prefix}transfer_jobs (id, queue_name, element, state, attempts, visible_at, created_at, updated_at)
        SELECT job_key || '0000000003' || '000000000000000000', one.queue_name, '{}', 'pending', 0, ${later},
          one.created_at, one.updated_at
        FROM ${prefix}transfers, (SELECT * FROM ${prefix}transfer_jobs ORDER BY sequence DESC LIMIT 1) AS one
        WHERE reference LIKE 'open-%'`
      )
    })
  )

// The most commits of a payment: alone, and if eight of many that wait are carried at a time.
const most = { SQLite: { alone: 5, waiting: 4 }, PostgreSQL: { alone: 8, waiting: 7 } }

// The polls of a worker that starts.
const ofStart = 2

for (const [name, make] of stores) {
  describe(`A payment that a worker carries on ${name}`, () => {
    it.live("runs at most 10 statements and few commits, from intend to the job that is done", () =>
      Effect.gen(function* () {
        const { commits, recorder } = yield* counted(make, alone)
        // Written, found by the worker, claimed, checked before the request, and recorded as accepted.
        assert.strictEqual(recorder.of("journal"), 5 * payments)
        assert.strictEqual(recorder.of("offer"), 2 * payments)
        assert.strictEqual(recorder.of("complete"), payments)
        // One finds the job, one finds no other.
        assert.isAtMost(recorder.of("poll"), 2 * payments + ofStart)
        assert.isAtMost(commits, most[name].alone * payments + ofStart)
      })
    )

    it.live("needs fewer commits if others wait too", () =>
      Effect.gen(function* () {
        const { commits, recorder } = yield* counted(make, waiting)
        assert.isAtLeast(recorder.of("journal"), 5 * payments)
        // The first sweep may find transfers that are being sent, and has their rows read once more.
        assert.isAtMost(recorder.of("journal"), 5 * payments + 2 * atOnce)
        assert.isAtMost(recorder.of("poll"), payments + ofStart)
        assert.isAtMost(commits, most[name].waiting * payments + ofStart)
      })
    )

    it.live("has turns of few statements, also among 500 that are open", () =>
      Effect.gen(function* () {
        const store = yield* make
        const simulator = yield* PalommaSimulator
        const { id } = yield* simulator.addPayoutTarget()
        yield* Effect.gen(function* () {
          const sql = yield* SqlClient
          const recorder = new Recorder()
          const seen = () => [recorder.of("journal"), recorder.of("offer"), recorder.of("complete")] as const
          // The statements of turns, without the search for their jobs.
          const inTurns = Effect.fnUntraced(function* <E>(turns: number, self: Effect.Effect<unknown, E, Durable>) {
            const [journal, offer, complete] = seen()
            yield* self
            yield* recorder.until(() => recorder.of("complete") >= complete + turns)
            const now = seen()
            return [now[0] - journal, now[1] - offer, now[2] - complete]
          })
          const makeDue = sql`UPDATE ${sql(`${store.prefix}transfer_jobs`)} SET visible_at = created_at
              WHERE state = 'pending' AND element LIKE '%"refund-0"%'`
          let told = 0
          const turns = Effect.gen(function* () {
            // Found by the worker, claimed, checked before the request, recorded as accepted with the next job.
            assert.deepStrictEqual(yield* inTurns(1, intend(id, 0)), [5, 2, 1])
            yield* addOpen(store.prefix, 500)
            assert.deepStrictEqual(yield* inTurns(1, intend(id, 1)), [5, 2, 1])
            // Still in progress: found by the worker, with the next job.
            assert.deepStrictEqual(yield* inTurns(1, makeDue), [1, 1, 1])
            const [record] = yield* simulator.ledger.payoutsByReference("refund-0")
            yield* simulator.setPayoutStatus(record?.id ?? "", { status: "approved" })
            // The end is recorded with a job, whose turn finds it again, tells the program, and records that.
            assert.deepStrictEqual(yield* inTurns(2, makeDue), [5, 1, 2])
            assert.strictEqual(told, 1)
          })
          const onEnd = () =>
            Effect.sync(() => {
              told++
            })
          yield* recorder.record(whileWorking(recorder, turns, onEnd))
        }).pipe(Effect.provide(Layer.provide(layerOf(store), palomma)))
      }).pipe(Effect.scoped, Effect.provide(palomma))
    )
  })
}
