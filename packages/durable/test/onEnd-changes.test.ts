// `onEnd` that changes the transfer that it is told of: its transaction is rolled back, so the program is never told
// something that is not so.
import { assert, describe, it } from "@effect/vitest"
import type { Transfer } from "@palomma-effect/client/Transfer"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import { CurrentPace } from "../src/internal/worker/times.ts"
import * as SqlJournal from "../src/internal/sqlJournal.ts"
import * as D from "./support/durable.ts"
import { aRow } from "./support/rows.ts"
import { metricsOf, recordLog, kinds } from "./support/worker.ts"

// No call comes by itself before the test has looked.
const slowly = { scale: 1_000, sweepEvery: Duration.seconds(30) }

for (const [store, make] of D.places) {
  describe(`onEnd over ${store} that hands the transfer over again`, () => {
    it.live.each(kinds)("is rolled back, logged, counted and repeated later, for a $name", (kind) =>
      D.inPlace(make, ({ prefix }) => {
        const { lines, logged } = recordLog()
        return Effect.gen(function* () {
          const all = yield* D.open(prefix)
          const told = all.sql(`${prefix}told`)
          yield* Effect.acquireRelease(all.sql`CREATE TABLE ${told} (state TEXT NOT NULL)`, () =>
            Effect.orDie(all.sql`DROP TABLE ${told}`)
          )
          const intent = yield* D.intentOf(kind.name, "one")
          const accountId = intent.kind === "payout" ? intent.payoutTargetId : intent.payinSourceId
          const journal = yield* SqlJournal.make({ prefix })
          const fields = { namespace: D.namespace, kind: kind.name, state: "rejected", carriedBy: "worker" } as const
          yield* journal.insert(aRow("one", { ...fields, accountId, lastError: "no" }))
          const row = Effect.map(all.durable.poll({ kind: kind.name, reference: "one" }), Option.getOrThrow)
          const before = yield* row
          let calls = 0
          const onEnd = ({ state }: Transfer) =>
            Effect.gen(function* () {
              calls += 1
              yield* all.sql`INSERT INTO ${told} (state) VALUES (${state})`
              yield* all.durable.intend(intent)
            })
          yield* D.worker(all, { onEnd })
          const later = (turn: number) =>
            D.until(D.jobsIn(all), (jobs) =>
              jobs.some(({ element, state }) => state === "pending" && element.includes(`"turn":${turn}`))
            )
          for (const turn of [1, 2]) {
            yield* later(turn)
            assert.strictEqual(calls, turn)
            assert.deepStrictEqual(yield* row, before)
            assert.deepStrictEqual(yield* all.sql`SELECT state FROM ${told}`, [])
            assert.strictEqual((yield* metricsOf(kind))["untold"], turn)
            assert.lengthOf(lines, turn)
            assert.match(lines[turn - 1] ?? "", /^Error/)
            assert.include(lines[turn - 1], `"one": onEnd changed the transfer that it was told of`)
            // The next call would be hours later.
            yield* all.sql`UPDATE ${all.sql(`${prefix}transfer_jobs`)} SET visible_at = created_at`
          }
          assert.strictEqual(yield* D.sentTimes(kind.name, "one"), 0)
        }).pipe(
          logged,
          Effect.provideService(Metric.MetricRegistry, new Map()),
          Effect.provideService(CurrentPace, slowly)
        )
      })
    )
  })
}
