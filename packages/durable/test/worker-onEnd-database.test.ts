// A database that fails while the program is told of a transfer: only what `onEnd` did itself counts as its failure.
import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { ConnectionError, SqlError } from "effect/sql/SqlError"
import { TestClock } from "effect/testing"
import * as PostgresClient from "../src/internal/postgresClient.ts"
import type { Backend } from "../src/internal/worker/backend.ts"
import { makeLimitedLog } from "../src/internal/worker/limitedLog.ts"
import { work } from "../src/internal/worker/work.ts"
import * as D from "./support/durable.ts"
import * as Postgres from "./support/postgres.ts"
import { proxy } from "./support/proxy.ts"
import * as Stores from "./support/stores.ts"
import { both, kinds, makeScene, metricsOf, pass, recordLog } from "./support/worker.ts"

const secret = "10.0.0.7:5432"

const unreachable = new SqlError({ reason: new ConnectionError({ cause: new Error(secret), message: secret }) })

type Transaction = Backend["transaction"]

/** Where the database fails, and how often `onEnd` was called by then. */
const failures: ReadonlyArray<readonly [what: string, calls: number, Transaction]> = [
  ["when its transaction begins", 0, () => Effect.fail(unreachable)],
  ["after it", 1, (self) => Effect.andThen(self, Effect.fail(unreachable))],
  ["after it, with a rollback that fails too", 1, (self) => Effect.andThen(self, Effect.die(unreachable))]
]

/** Tells the program of a withdrawn transfer. The first transaction is another one. */
const telling = Effect.fnUntraced(function* (
  kind: (typeof kinds)[number],
  first: Transaction,
  onEnd: () => Effect.Effect<unknown, unknown>
) {
  const scene = yield* makeScene(kind)
  const process = yield* scene.start()
  yield* process.intend(scene.intent("a"))
  yield* process.withdraw(scene.name("a"), { by: "ana", note: "a typing error" })
  let tries = 0
  const backend: Backend = {
    ...process.backend,
    transaction: (self, change) =>
      Effect.suspend(() => (++tries === 1 ? first : process.backend.transaction)(self, change))
  }
  const warn = makeLimitedLog()
  const transfers = { payout: process.payouts, payin: process.payins }
  yield* Effect.forkScoped(work({ backend, transfers, onEnd, onEndTimeout: Duration.seconds(5), warn }, 1), {
    startImmediately: true
  })
  yield* TestClock.adjust("500 millis")
  return { isTold: Effect.map(scene.row("a"), ({ toldAt }) => toldAt !== undefined) }
})

describe("onEnd is not blamed for a database that fails", () => {
  for (const [what, callsBefore, transaction] of failures) {
    both(`${what}, and is called again`, (kind) => {
      const { lines, logged } = recordLog()
      return Effect.gen(function* () {
        let calls = 0
        const { isTold } = yield* telling(kind, transaction, () => Effect.sync(() => calls++))
        assert.strictEqual(calls, callsBefore)
        assert.isFalse(yield* isTold)
        assert.strictEqual((yield* metricsOf(kind))["untold"], undefined)
        assert.deepStrictEqual(lines, [
          "Warn A turn of a transfer failed (the database cannot be reached: check its address, and that it is running). The worker tries again."
        ])
        yield* pass("10 seconds", "1 second")
        assert.strictEqual(calls, callsBefore + 1)
        assert.isTrue(yield* isTold)
        assert.lengthOf(lines, 1)
      }).pipe(logged)
    })
  }
})

/** Opens a withdrawn transfer, and counts the metrics by themselves. */
const withdrawn = (
  place: Parameters<typeof D.inPlace>[0],
  use: (all: D.Opened, lines: ReadonlyArray<string>) => Effect.Effect<void, unknown, Scope.Scope>
) => {
  const { lines, logged } = recordLog()
  return D.inPlace(place, ({ prefix }) =>
    Effect.gen(function* () {
      const all = yield* D.open(prefix)
      yield* all.durable.intend(yield* D.intentOf("payout", "one"))
      yield* all.durable.withdraw({ kind: "payout", reference: "one" }, { by: "ana", note: "a typing error" })
      yield* use(all, lines)
    })
  ).pipe(logged, Effect.provideService(Metric.MetricRegistry, new Map()))
}

const untold = Effect.forEach(
  kinds.filter(({ name }) => name === "payout"),
  metricsOf
).pipe(Effect.map(([metrics]) => metrics?.["untold"]))

const isTold = ({ durable }: D.Opened) =>
  Effect.map(
    durable.poll({ kind: "payout", reference: "one" }),
    (row) => Option.getOrUndefined(row)?.toldAt !== undefined
  )

const blamed = `Error Payout "one": onEnd failed, so the program may not know that the transfer is withdrawn.`

for (const [store, make] of D.places) {
  describe(`onEnd over ${store} is blamed`, () => {
    it.live("with its cause for a statement of its own that fails", () =>
      withdrawn(make, (all, lines) =>
        Effect.gen(function* () {
          yield* D.worker(all, { onEnd: () => all.sql`SELECT * FROM nothing_there` })
          yield* D.until(
            Effect.sync(() => lines.length),
            (count) => count > 0
          )
          assert.lengthOf(lines, 1)
          assert.include(lines[0], blamed)
          assert.include(lines[0], "nothing_there")
          assert.strictEqual(yield* untold, 1)
        })
      )
    )

    it.live("for a constraint that its rows break at the commit", () =>
      withdrawn(make, (all, lines) =>
        Effect.gen(function* () {
          const { sql } = all
          const orders = sql(`${all.prefix}orders`)
          const parts = sql(`${all.prefix}parts`)
          yield* Effect.acquireRelease(
            Effect.andThen(
              sql`CREATE TABLE ${orders} (id INTEGER PRIMARY KEY)`,
              sql`CREATE TABLE ${parts} (id INTEGER REFERENCES ${orders} (id) DEFERRABLE INITIALLY DEFERRED)`
            ),
            () => Effect.orDie(Effect.andThen(sql`DROP TABLE ${parts}`, sql`DROP TABLE ${orders}`))
          )
          yield* D.worker(all, { onEnd: () => sql`INSERT INTO ${parts} (id) VALUES (1)` })
          yield* D.until(
            Effect.sync(() => lines.length),
            (count) => count > 0
          )
          assert.lengthOf(lines, 1)
          assert.include(lines[0], blamed)
          assert.strictEqual(yield* untold, 1)
          assert.isFalse(yield* isTold(all))
        })
      )
    )
  })
}

const onPostgres = () =>
  describe("onEnd over a PostgreSQL whose connection is cut", () => {
    const front = Effect.gen(function* () {
      const { cut, url } = yield* proxy
      const place = Effect.map(Stores.prefix, (prefix) => ({ prefix, client: PostgresClient.layer({ url }) }))
      return { cut, place }
    })

    it.live("after it is not blamed, and is called again", () =>
      Effect.flatMap(front, ({ cut, place }) =>
        withdrawn(place, (all, lines) =>
          Effect.gen(function* () {
            let calls = 0
            yield* D.worker(all, { onEnd: () => Effect.sync(() => ++calls === 1 && cut()) })
            yield* D.until(
              Effect.catch(isTold(all), () => Effect.succeed(false)),
              (told) => told
            )
            assert.strictEqual(calls, 2)
            assert.deepStrictEqual(
              lines.filter((line) => /onEnd|\n|127\.0\.0\.1/.test(line)),
              []
            )
            assert.lengthOf(
              lines.filter((line) =>
                /^Warn A turn of a transfer failed \(.*the database cannot be reached: [^()]*\)\./.test(line)
              ),
              1
            )
            assert.isUndefined(yield* untold)
          })
        )
      ).pipe(Effect.scoped)
    )

    it.live("before it fails is blamed with its own cause", () =>
      Effect.flatMap(front, ({ cut, place }) =>
        withdrawn(place, (all, lines) =>
          Effect.gen(function* () {
            const onEnd = () => Effect.andThen(Effect.sync(cut), Effect.fail("the shop is closed"))
            yield* D.worker(all, { onEnd })
            yield* D.until(
              Effect.sync(() => lines.filter((line) => line.includes("onEnd"))),
              (found) => found.length > 0
            )
            const [line = ""] = lines.filter((line) => line.includes("onEnd"))
            assert.include(line, blamed)
            assert.include(line, "the shop is closed")
            assert.notInclude(line, "SqlError")
            assert.strictEqual(yield* untold, 1)
          })
        )
      ).pipe(Effect.scoped)
    )
  })

if (Postgres.isThere) onPostgres()
