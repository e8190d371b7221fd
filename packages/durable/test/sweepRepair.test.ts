// What the sweep finds in a queue that lost jobs, that came from another journal, or whose clock was wrong.
import { assert, describe, it } from "@effect/vitest"
import { type Transfer, TransferAlarm, TransferClaim } from "@palomma-effect/client/Transfer"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as SqlJournal from "../src/internal/sqlJournal.ts"
import { Job } from "../src/internal/worker/job.ts"
import * as Queue from "../src/internal/worker/queue.ts"
import * as D from "./support/durable.ts"
import { aRow } from "./support/rows.ts"

const kinds = ["payout", "payin"] as const

const silent = Effect.provide(Logger.layer([]))

/** Writes a row without a job, as in a journal that was restored without its queue. */
const written = Effect.fnUntraced(function* (
  { prefix, sql }: D.Opened,
  kind: "payout" | "payin",
  reference: string,
  fields: Partial<Transfer>
) {
  const journal = yield* SqlJournal.make({ prefix })
  yield* journal.insert(aRow(reference, { namespace: D.namespace, kind, ...fields }))
  const [row] = yield* sql<{ key: string }>`
    SELECT job_key AS key FROM ${sql(`${prefix}transfers`)} WHERE kind = ${kind} AND reference = ${reference}`
  return row?.key ?? ""
})

/** Moves times of all jobs, as if the clock of the database had been wrong, or time had passed. */
const moved = ({ prefix, sql }: D.Opened, by: string, columns: ReadonlyArray<string>) =>
  Effect.forEach(
    columns,
    (column) => {
      const of = sql(column)
      const then = sql.onDialectOrElse({
        pg: () => sql`${of} + ${by}::interval`,
        orElse: () => sql`datetime(${of}, ${by})`
      })
      return sql`UPDATE ${sql(`${prefix}transfer_jobs`)} SET ${of} = ${then}`
    },
    { discard: true }
  )

const told = new TransferAlarm({ kind: "differs", records: ["01HB"], at: 0 })

/** Whether each pending job tells. */
const chains = (all: D.Opened) =>
  Effect.map(D.jobsIn(all), (jobs) =>
    jobs
      .filter(({ state }) => state === "pending")
      .map(({ element }) => ("tells" in (JSON.parse(element) as object) ? "tells" : "carries"))
      .sort()
  )

for (const [store, make] of D.places) {
  describe(`The sweep over ${store}, of a queue that is damaged,`, () => {
    for (const lost of ["tells", "carries"] as const) {
      for (const state of ["accepted", "unknown", "intended"] as const) {
        it.live(`gives the job that ${lost} again, and leaves the other, if the transfer is ${state}`, () =>
          D.inPlace(make, ({ prefix }) =>
            Effect.gen(function* () {
              const all = yield* D.open(prefix)
              const recordId = state === "accepted" ? { recordId: "01HA" } : {}
              yield* written(all, "payout", "one", {
                state,
                version: 300,
                carriedBy: "worker",
                alarm: told,
                ...recordId
              })
              yield* all.backend.sweep(true)
              assert.deepStrictEqual(yield* chains(all), ["carries", "tells"])
              const jobs = yield* D.jobsIn(all)
              const dropped = jobs.find(({ element }) => element.includes('"tells"') === (lost === "tells"))
              const table = all.sql(`${prefix}transfer_jobs`)
              yield* all.sql`DELETE FROM ${table} WHERE id = ${dropped?.id ?? ""}`
              // Of the first period after 1970, since each period gives a job once.
              yield* all.sql`UPDATE ${table} SET id = substr(id, 1, 51) || '0000000001'`
              yield* all.backend.sweep(true)
              assert.deepStrictEqual(yield* chains(all), ["carries", "tells"])
              const firsts = (yield* D.jobsIn(all)).filter(({ id }) => id.endsWith("0000000001"))
              const other = jobs.find(({ id }) => id !== dropped?.id)
              assert.deepStrictEqual(
                firsts.map(({ element }) => element),
                [other?.element]
              )
            })
          )
        )
      }
    }

    it.live("gives no job that tells while a transfer is sent, or after the program was told", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* D.open(prefix)
          const claim = new TransferClaim({ id: "claim", length: 60_000, at: 0 })
          yield* written(all, "payout", "one", { state: "sending", carriedBy: "worker", alarm: told, claim })
          yield* written(all, "payout", "two", { state: "accepted", carriedBy: "worker", alarm: told, toldAt: 1 })
          yield* all.backend.sweep(true)
          assert.deepStrictEqual(yield* chains(all), ["carries", "carries"])
        })
      )
    )

    for (const [what, column] of [
      ["due", "visible_at"],
      ["taken", "acquired_at"]
    ] as const) {
      it.live(`gives a job although one is ${what} in ten years, when the clock of the database was ahead`, () =>
        D.inPlace(make, ({ prefix }) =>
          Effect.gen(function* () {
            const all = yield* D.open(prefix)
            yield* written(all, "payout", "one", { state: "accepted", recordId: "01HA", carriedBy: "worker" })
            yield* all.backend.sweep(true)
            const jobs = all.sql(`${prefix}transfer_jobs`)
            const later = all.sql.onDialectOrElse({
              pg: () => all.sql`NOW() + INTERVAL '10 years'`,
              orElse: () => all.sql`datetime('now', '+10 years')`
            })
            // Of the first period after 1970, since each period gives a job once.
            const first = all.sql`id = substr(id, 1, 51) || '0000000001'`
            yield* all.sql`UPDATE ${jobs} SET ${all.sql(column)} = ${later}, ${first}`
            yield* all.backend.sweep(true)
            assert.deepStrictEqual(yield* D.pending(all), ["one@1", "one@1"])
          })
        )
      )
    }

    for (const hours of [10, 24]) {
      it.live.each(kinds)(`sends a %s once that was handed over while the clock was ${hours} hours ahead`, (kind) =>
        D.inPlace(make, ({ prefix }) =>
          Effect.gen(function* () {
            const all = yield* D.open(prefix)
            yield* all.durable.intend(yield* D.intentOf(kind, "one"))
            yield* moved(all, `+${hours} hours`, ["created_at", "updated_at", "visible_at"])
            yield* all.backend.sweep(true)
            assert.deepStrictEqual(yield* D.pending(all), ["one@1", "one@1"])
            yield* D.worker(all)
            yield* D.until(D.stateOf(all, kind, "one"), (state) => state === "accepted")
            assert.strictEqual(yield* D.sentTimes(kind, "one"), 1)
          })
        )
      )

      it.live(`gives a job although one whose turn failed while the clock was ${hours} hours ahead is pending`, () =>
        D.inPlace(make, ({ prefix }) =>
          Effect.gen(function* () {
            const all = yield* D.open(prefix)
            yield* all.durable.intend(yield* D.intentOf("payout", "one"))
            yield* moved(all, `+${hours} hours`, ["updated_at", "visible_at"])
            yield* all.backend.sweep(true)
            assert.deepStrictEqual(yield* D.pending(all), ["one@1", "one@1"])
          })
        )
      )
    }

    for (const delay of ["30 seconds", "30 minutes", "24 hours"]) {
      it.live(`gives no second job while one that is three hours old is due in ${delay}`, () =>
        D.inPlace(make, ({ prefix }) =>
          Effect.gen(function* () {
            const all = yield* D.open(prefix)
            yield* all.durable.intend(yield* D.intentOf("payout", "one"))
            yield* moved(all, "-3 hours", ["created_at"])
            yield* moved(all, `+${delay}`, ["visible_at"])
            yield* all.backend.sweep(true)
            yield* all.backend.sweep(true)
            assert.deepStrictEqual(yield* D.pending(all), ["one@1"])
          })
        )
      )
    }

    it.live("gives no second job while a worker has the first one", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* D.open(prefix)
          yield* written(all, "payout", "one", { state: "accepted", recordId: "01HA", carriedBy: "worker" })
          yield* all.backend.sweep(true)
          const now = all.sql.onDialectOrElse({ pg: () => all.sql`NOW()`, orElse: () => all.sql`datetime('now')` })
          yield* all.sql`
            UPDATE ${all.sql(`${prefix}transfer_jobs`)}
            SET acquired_at = ${now}, id = substr(id, 1, 51) || '0000000001'`
          yield* all.backend.sweep(true)
          assert.deepStrictEqual(yield* D.pending(all), ["one@1"])
        })
      )
    )

    for (const period of [undefined, 1]) {
      const of = period === undefined ? "the journal" : "an earlier period"
      it.live.each(kinds)(`ends the claim of a %s whose jobs, of ${of}, were done before`, (kind) =>
        D.inPlace(make, ({ prefix }) =>
          Effect.gen(function* () {
            const all = yield* D.open(prefix)
            const claim = new TransferClaim({ id: "claim", length: 100, at: 0 })
            const key = yield* written(all, kind, "one", { state: "sending", claims: 1, claim, carriedBy: "worker" })
            for (const nth of [0, 1, 2]) {
              const job = { key, kind, reference: "one", version: 1, turn: nth, nth }
              yield* Queue.offer(all.backend.queue, {
                job: new Job({ ...job, ...(period !== undefined && { period }) }),
                delay: Duration.zero
              })
            }
            yield* all.sql`UPDATE ${all.sql(`${prefix}transfer_jobs`)} SET state = 'completed'`
            yield* D.worker(all)
            yield* D.until(D.stateOf(all, kind, "one"), (state) => state === "unknown")
            assert.strictEqual(yield* D.sentTimes(kind, "one"), 0)
          }).pipe(silent)
        )
      )
    }
  })
}
