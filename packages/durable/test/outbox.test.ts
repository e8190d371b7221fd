// `Durable.intend` in a transaction of the program: the transfer is part of it.
import { assert, describe, it } from "@effect/vitest"
import type { Transfer } from "@palomma-effect/client/Transfer"
import { TransferJournalError } from "@palomma-effect/client/TransferError"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import { BeginTransaction, SqlClient } from "effect/sql/SqlClient"
import * as SqliteClient from "../src/internal/sqliteClient.ts"
import * as PgDatabase from "./support/database.ts"
import * as D from "./support/durable.ts"
import * as Postgres from "./support/postgres.ts"

class RolledBack extends Data.TaggedError("RolledBack") {}

const kinds = ["payout", "payin"] as const

/** Opens `Durable` with a table of the program in the same database. */
const opened = Effect.fnUntraced(function* (prefix: string) {
  const opened = yield* D.open(prefix)
  const orders = `${prefix}orders`
  const { sql } = opened
  yield* Effect.acquireRelease(sql`CREATE TABLE ${sql(orders)} (id TEXT PRIMARY KEY)`, () =>
    Effect.orDie(sql`DROP TABLE ${sql(orders)}`)
  )
  const order = (id: string) => sql`INSERT INTO ${sql(orders)} (id) VALUES (${id})`
  const ids = Effect.map(sql<{ id: string }>`SELECT id FROM ${sql(orders)} ORDER BY id`, (rows) =>
    rows.map(({ id }) => id)
  )
  return { ...opened, order, ids }
})

/** A second client of the same kind, which does not share the transactions of the first. */
const otherClient = (sql: SqlClient) =>
  Effect.map(
    Layer.build(
      Layer.fresh(
        sql.onDialectOrElse({
          pg: () => PgDatabase.layer(),
          orElse: () => SqliteClient.layer({ filename: ":memory:" })
        })
      )
    ),
    Context.get(SqlClient)
  )

const silent = Effect.provide(Logger.layer([]))

const failureOf = <A, E, R>(self: Effect.Effect<A, E, R>) =>
  Effect.flatMap(Effect.flip(self), (error) =>
    error instanceof TransferJournalError ? Effect.succeed(error) : Effect.die(error)
  )

for (const [store, make] of D.places) {
  describe(`Durable.intend in a transaction of ${store}`, () => {
    it.live.each(kinds)("leaves no row and no job of a %s if it is rolled back, and nothing is sent", (kind) =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* opened(prefix)
          yield* D.worker(all)
          const lost = yield* D.intentOf(kind, "lost")
          const kept = yield* D.intentOf(kind, "kept")
          const rolledBack = all.sql.withTransaction(
            Effect.gen(function* () {
              yield* all.order("lost")
              yield* all.durable.intend(lost)
              return yield* Effect.fail(new RolledBack())
            })
          )
          assert.instanceOf(yield* Effect.flip(rolledBack), RolledBack)
          assert.deepStrictEqual(yield* D.jobsIn(all), [])
          // The worker sends the second one, so it would have sent the first.
          yield* all.durable.intend(kept)
          yield* D.until(D.stateOf(all, kind, "kept"), (state) => state === "accepted")
          yield* all.backend.sweep(true)
          assert.isTrue(Option.isNone(yield* all.durable.poll({ kind, reference: "lost" })))
          assert.strictEqual(yield* D.sentTimes(kind, "lost"), 0)
          assert.deepStrictEqual(yield* all.ids, [])
          assert.notInclude((yield* D.jobsIn(all)).map(({ element }) => element).join(), "lost")
        })
      )
    )

    it.live.each(kinds)("hands a %s over with the commit, and not earlier", (kind) =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* opened(prefix)
          yield* D.worker(all)
          const intent = yield* D.intentOf(kind, "one")
          const row = yield* all.sql.withTransaction(
            Effect.gen(function* () {
              const row = yield* all.durable.intend(intent)
              assert.deepStrictEqual(yield* D.pending(all), ["one@1"])
              assert.strictEqual(yield* D.sentTimes(kind, "one"), 0)
              yield* all.order("one")
              return row
            })
          )
          assert.deepInclude(row, { state: "intended", carriedBy: "worker", version: 1 })
          yield* D.until(D.stateOf(all, kind, "one"), (state) => state === "accepted")
          assert.strictEqual(yield* D.sentTimes(kind, "one"), 1)
          assert.deepStrictEqual(yield* all.ids, ["one"])
        })
      )
    )

    it.live("keeps what the outer transaction wrote if the inner one is rolled back", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* opened(prefix)
          const { durable, order, sql } = all
          const [before, inside, after] = yield* Effect.forEach(["before", "inside", "after"], (reference) =>
            D.intentOf("payout", reference)
          )
          if (before === undefined || inside === undefined || after === undefined) return assert.fail()
          yield* sql.withTransaction(
            Effect.gen(function* () {
              yield* durable.intend(before)
              const inner = Effect.andThen(
                Effect.andThen(durable.intend(inside), order("inside")),
                Effect.fail(new RolledBack())
              )
              yield* Effect.flip(sql.withTransaction(inner))
              yield* sql.withTransaction(Effect.andThen(durable.intend(after), order("after")))
            })
          )
          assert.deepStrictEqual(yield* D.pending(all), ["after@1", "before@1"])
          assert.isTrue(Option.isNone(yield* durable.poll({ kind: "payout", reference: "inside" })))
          assert.deepStrictEqual(yield* all.ids, ["after"])
          yield* D.worker(all)
          yield* D.until(D.stateOf(all, "payout", "after"), (state) => state === "accepted")
          yield* D.until(D.stateOf(all, "payout", "before"), (state) => state === "accepted")
          assert.strictEqual(yield* D.sentTimes("payout", "inside"), 0)
        })
      )
    )

    it.live("hands an existing transfer over again, and refuses other content", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* opened(prefix)
          const intent = yield* D.intentOf("payout", "one")
          const other = { ...intent, amount: 60_000 }
          const first = yield* all.sql.withTransaction(all.durable.intend(intent))
          const again = yield* all.sql.withTransaction(all.durable.intend(intent))
          assert.deepStrictEqual(again, first)
          const error = yield* Effect.flip(
            all.sql.withTransaction(Effect.andThen(all.order("x"), all.durable.intend(other)))
          )
          assert.strictEqual(error._tag, "TransferConflict")
          assert.deepStrictEqual(yield* all.ids, [])
          assert.deepStrictEqual(yield* D.pending(all), ["one@1"])
        })
      )
    )

    it.live("goes on after an expected failure in the same transaction", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* opened(prefix)
          const intent = yield* D.intentOf("payout", "one")
          yield* all.durable.intend(intent)
          yield* all.sql.withTransaction(
            Effect.gen(function* () {
              yield* all.order("before")
              yield* Effect.flip(all.durable.intend({ ...intent, amount: 60_000 }))
              yield* all.order("after")
            })
          )
          assert.deepStrictEqual(yield* all.ids, ["after", "before"])
        })
      )
    )

    it.live("is refused in a transaction of another client", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* opened(prefix)
          const other = yield* otherClient(all.sql)
          const error = yield* failureOf(other.withTransaction(all.durable.intend(yield* D.intentOf("payout", "one"))))
          assert.deepStrictEqual(
            [error.sent, error.written, error.reason],
            [
              "no",
              "no",
              "it was called inside a transaction of another SqlClient, which does not include the journal: use one " +
                "SqlClient for both"
            ]
          )
          assert.isTrue(Option.isNone(yield* all.durable.poll({ kind: "payout", reference: "one" })))
        })
      )
    )

    it.live("is the only operation that a transaction may include", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* opened(prefix)
          const { durable, payins, payouts } = all
          const { kind: _, ...payout } = yield* D.intentOf("payout", "one")
          const { kind: __, ...debit } = yield* D.intentOf("payin", "one")
          if (!("payoutTargetId" in payout) || !("payinSourceId" in debit)) return assert.fail()
          const name = { kind: "payout", reference: "one" } as const
          const refused: ReadonlyArray<Effect.Effect<unknown, unknown>> = [
            payouts.send(payout),
            payouts.intend(payout),
            payins.charge(debit),
            payins.intend(debit),
            durable.execute({ kind: "payout", ...payout }),
            durable.poll(name),
            durable.await(name),
            durable.withdraw(name, { by: "Ana", note: "wrong" })
          ]
          for (const operation of refused) {
            // The caller commits in spite of the error, so the operation itself must have written nothing.
            const error = yield* all.sql.withTransaction(failureOf(Effect.asVoid(operation)))
            assert.include(error.reason, "it was called inside an SQL transaction, which could roll it back")
            assert.deepStrictEqual([error.sent, error.written], ["no", "no"])
          }
          assert.deepStrictEqual(yield* D.jobsIn(all), [])
          assert.strictEqual(yield* D.sentTimes("payout", "one"), 0)
          assert.strictEqual(yield* D.sentTimes("payin", "one"), 0)
        })
      )
    )

    it.live("succeeds without the table of jobs, and the sweep finds the transfer", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* opened(prefix)
          yield* all.sql`DROP TABLE ${all.sql(`${prefix}transfer_jobs`)}`
          const intent = yield* D.intentOf("payout", "one")
          yield* all.sql.withTransaction(Effect.andThen(all.durable.intend(intent), all.order("one")))
          assert.deepStrictEqual(yield* all.ids, ["one"])
          yield* all.backend.sweep(true)
          assert.deepStrictEqual(yield* D.pending(all), ["one@1"])
        }).pipe(silent)
      )
    )

    it.live("needs no connection beside those of the transactions", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* opened(prefix)
          const intents = yield* Effect.forEach(
            Array.from({ length: 12 }, (_, i) => `r${i}`),
            (reference) => D.intentOf("payout", reference)
          )
          yield* Effect.forEach(
            intents,
            (intent) =>
              all.sql.withTransaction(
                Effect.gen(function* () {
                  yield* all.order(intent.reference)
                  // Every other transaction has begun too, as far as the pool allows it.
                  yield* Effect.yieldNow
                  yield* all.durable.intend(intent)
                })
              ),
            { concurrency: "unbounded", discard: true }
          )
          assert.lengthOf(yield* D.pending(all), 12)
        })
      )
    )
  })
}

const onPostgres = () =>
  describe("Durable.intend in two transactions of PostgreSQL", () => {
    const make = D.postgres

    it.live("writes one transfer, and the second waits for the first", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* opened(prefix)
          const intent = yield* D.intentOf("payout", "one")
          const both = yield* all.sql.withTransaction(
            Effect.gen(function* () {
              const first = yield* all.durable.intend(intent)
              const { sql } = all
              // It must not run in this transaction.
              const other = Effect.andThen(all.order("second"), all.durable.intend(intent))
              const second = yield* Effect.forkDetach(sql.withTransaction(other).pipe(outside(sql)))
              yield* waiting
              return [first, second] as const
            })
          )
          const second = yield* Fiber.join(both[1])
          assert.deepStrictEqual(second, both[0])
          assert.deepStrictEqual(yield* D.pending(all), ["one@1"])
          assert.deepStrictEqual(yield* all.ids, ["second"])
        })
      )
    )

    it.live("keeps what the caller writes beside an intend that is refused", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* opened(prefix)
          const intent = yield* D.intentOf("payout", "one")
          yield* all.durable.intend(intent)
          for (const id of ["a", "b", "c", "d", "e"]) {
            yield* all.sql.withTransaction(
              Effect.all([Effect.exit(all.durable.intend({ ...intent, amount: 60_000 })), all.order(id)], {
                concurrency: "unbounded"
              })
            )
          }
          assert.deepStrictEqual(yield* all.ids, ["a", "b", "c", "d", "e"])
        })
      )
    )

    it.live("writes the transfer of the second if the first is rolled back", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* opened(prefix)
          const intent = yield* D.intentOf("payout", "one")
          const second = yield* Deferred.make<Transfer, unknown>()
          const first = all.sql.withTransaction(
            Effect.gen(function* () {
              yield* all.durable.intend(intent)
              const corrected = all.durable.intend({ ...intent, amount: 60_000 })
              yield* Effect.forkDetach(
                Deferred.complete(second, all.sql.withTransaction(corrected)).pipe(outside(all.sql))
              )
              yield* waiting
              return yield* new RolledBack()
            })
          )
          yield* Effect.flip(first)
          assert.deepInclude(yield* Deferred.await(second), { amount: 60_000, version: 1 })
          assert.deepStrictEqual(yield* D.pending(all), ["one@1"])
        })
      )
    )

    it.live.each(["SERIALIZABLE", "REPEATABLE READ", "READ COMMITTED"])("works with the isolation %s", (isolation) =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* opened(prefix)
          const intent = yield* D.intentOf("payout", "one")
          const strict = Effect.provideService(BeginTransaction, `BEGIN ISOLATION LEVEL ${isolation}`)
          const work = all.sql.withTransaction(Effect.andThen(all.order("one"), all.durable.intend(intent)))
          yield* strict(work)
          assert.deepStrictEqual(yield* D.pending(all), ["one@1"])
          yield* strict(all.sql.withTransaction(all.durable.intend(intent)))
          assert.deepStrictEqual(yield* D.pending(all), ["one@1"])
        })
      )
    )

    it.live.each([
      ["Durable.layerPostgres", D.postgres],
      ["PgClient.layer", D.postgresOfProgram]
    ] as const)(
      "leaves nothing of an intend that failed, if the caller catches its error and commits, with %s",
      ([, make]) =>
        D.inPlace(make, ({ prefix }) =>
          Effect.gen(function* () {
            const all = yield* opened(prefix)
            const intent = yield* D.intentOf("payout", "one")
            yield* all.sql`DROP TABLE ${all.sql(`${prefix}transfers`)}`
            const error = yield* all.sql.withTransaction(
              Effect.gen(function* () {
                yield* all.order("one")
                return yield* Effect.flip(all.durable.intend(intent))
              })
            )
            assert.strictEqual(error._tag, "TransferJournalError")
            assert.deepStrictEqual(yield* all.ids, ["one"])
          })
        )
    )

    it.live("says what to do if the caller ignored an error of its transaction before, and writes nothing", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* opened(prefix)
          const intent = yield* D.intentOf("payout", "one")
          const transaction = Effect.gen(function* () {
            yield* Effect.ignore(all.sql`SELECT * FROM no_such_table`)
            return yield* failureOf(all.durable.intend(intent))
          })
          let error: TransferJournalError | undefined
          const caught = Effect.map(transaction, (failure) => {
            error = failure
          })
          yield* Effect.ignore(all.sql.withTransaction(caught))
          assert.include(
            error?.message,
            "an earlier statement of the transaction failed: wrap that statement in sql.withTransaction (SQLSTATE 25P02)"
          )
          assert.strictEqual(error?.written, "no")
          assert.isTrue(Option.isNone(yield* all.durable.poll({ kind: "payout", reference: "one" })))
        })
      )
    )

    it.live("leaves no statement behind in the caller's transaction when it is interrupted", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* opened(prefix)
          const other = yield* otherClient(all.sql)
          const intent = yield* D.intentOf("payout", "one")
          yield* other.withTransaction(
            Effect.gen(function* () {
              yield* other`LOCK TABLE ${other(`${prefix}transfer_jobs`)} IN ACCESS EXCLUSIVE MODE`
              yield* all.sql
                .withTransaction(
                  Effect.gen(function* () {
                    yield* all.order("before")
                    const intending = yield* Effect.forkChild(all.durable.intend(intent))
                    yield* waiting
                    yield* Fiber.interrupt(intending)
                    yield* all.order("after")
                  })
                )
                .pipe(outside(other))
            })
          )
          assert.deepStrictEqual(yield* all.ids, ["after", "before"])
        }).pipe(silent)
      )
    )
  })

/** Runs an effect without the transaction of a client that the caller is in. */
const outside =
  (sql: SqlClient) =>
  <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.updateContext(
      self,
      (context: Context.Context<R>) => Context.omit(sql.transactionService)(context) as Context.Context<R>
    )

/** Waits until a session of the tests waits for a lock. */
const waiting = D.until(
  SqlClient.use(
    (sql) =>
      sql`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%' || ${`laws_${process.pid}_`} || '%'`
  ).pipe(Effect.provide(PgDatabase.layer())),
  (rows) => rows.length > 0
)

if (Postgres.isThere) onPostgres()
