// What a worker logs while its database, or only its queue, cannot be used.
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import type { SqlClient } from "effect/sql/SqlClient"
import * as PostgresClient from "../src/internal/postgresClient.ts"
import { CurrentPace } from "../src/internal/worker/times.ts"
import * as PgDatabase from "./support/database.ts"
import * as D from "./support/durable.ts"
import * as Postgres from "./support/postgres.ts"
import { proxy } from "./support/proxy.ts"
import { type Recorded, recording } from "./support/recorder.ts"
import * as Stores from "./support/stores.ts"

const fast = { scale: 1, sweepEvery: Duration.millis(100) }

/** Runs a test with the lines of its log, in which every cause is printed in full. */
const withLines = <A, E, R>(use: (lines: ReadonlyArray<string>) => Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const lines: Array<string> = []
    const logger = Logger.make(({ cause, logLevel, message }) => {
      if (logLevel === "Debug" || logLevel === "Info") return
      lines.push([logLevel, message, cause.reasons.length > 0 ? Cause.pretty(cause) : ""].flat().join(" "))
    })
    return Effect.provide(use(lines), Logger.layer([logger]))
  })

/** Waits until the queue has looked for jobs some more times. */
const polls = (seen: ReadonlyArray<Recorded>, more: number) =>
  Effect.suspend(() => {
    const count = () => seen.filter(({ text }) => text.includes("attempts = attempts + 1")).length
    const last = count() + more
    return D.until(Effect.sync(count), (count) => count >= last)
  })

const isOf = (what: string) => (line: string) => line.startsWith(`Warn ${what} failed (`)

const onPostgres = () =>
  describe("A worker whose PostgreSQL cannot be reached", () => {
    const clients: ReadonlyArray<readonly [string, (url: string) => Layer.Layer<SqlClient, unknown>]> = [
      ["the client of this package", (url) => PostgresClient.layer({ url })],
      [
        "a client of the program",
        (url) => PgDatabase.layer({ url: Redacted.make(url), startupParameters: { TimeZone: "UTC" } })
      ]
    ]
    it.live.each(clients)("logs a few lines without its address, and goes on when it is back, with %s", ([, client]) =>
      Effect.gen(function* () {
        const front = yield* proxy
        const place = Effect.map(Stores.prefix, (prefix) => ({ prefix, client: client(front.url) }))
        yield* recording((seen) =>
          withLines((lines) =>
            D.inPlace(place, ({ prefix }) =>
              Effect.gen(function* () {
                const all = yield* D.open(prefix)
                yield* D.worker(all)
                yield* polls(seen, 2)
                assert.deepStrictEqual(lines, [])
                front.end()
                yield* polls(seen, 5)
                assert.lengthOf(lines.filter(isOf("A sweep")), 1)
                assert.lengthOf(lines.filter(isOf("The queue of jobs")), 1)
                assert.lengthOf(lines, 2)
                for (const line of lines) {
                  assert.match(line, /\(the database cannot be reached: .*\)\. The worker tries again\.\s*$/)
                  assert.notMatch(line, /127\.0\.0\.1|localhost|\n|\bat /)
                  assert.notInclude(line, new URL(front.url).port)
                }
                front.begin()
                const intent = yield* D.intentOf("payout", "one")
                yield* Effect.retry(all.durable.intend(intent), {
                  while: ({ _tag }) => _tag === "TransferJournalError",
                  schedule: Schedule.spaced("20 millis")
                })
                yield* D.until(D.stateOf(all, "payout", "one"), (state) => state === "accepted")
                assert.strictEqual(yield* D.sentTimes("payout", "one"), 1)
              })
            )
          )
        )
      }).pipe(Effect.scoped, Effect.provideService(CurrentPace, fast))
    )
  })

if (Postgres.isThere) onPostgres()

for (const [store, make] of D.places) {
  describe(`A worker whose queue over ${store} fails while the journal works`, () => {
    it.live("says so once, and takes jobs again when the queue works", () =>
      recording((seen) =>
        withLines((lines) =>
          D.inPlace(make, ({ prefix }) =>
            Effect.gen(function* () {
              const all = yield* D.open(prefix)
              const jobs = all.sql(`${prefix}transfer_jobs`)
              yield* all.sql`ALTER TABLE ${jobs} RENAME COLUMN attempts TO tries`
              yield* D.worker(all)
              yield* polls(seen, 3)
              assert.lengthOf(lines, 1)
              assert.match(lines[0] ?? "", /^Warn The queue of jobs failed \([^\n]*\)\. The worker tries again\.\s*$/)
              assert.notMatch(lines[0] ?? "", /attempts|UPDATE/)
              yield* all.sql`ALTER TABLE ${jobs} RENAME COLUMN tries TO attempts`
              yield* all.durable.intend(yield* D.intentOf("payout", "one"))
              yield* D.until(D.stateOf(all, "payout", "one"), (state) => state === "accepted")
              assert.lengthOf(lines, 1)
            })
          )
        )
      )
    )
  })
}
