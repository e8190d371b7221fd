// `Durable.intend` that fails in a transaction of the program leaves nothing that the program could commit.
import { assert, describe, it } from "@effect/vitest"
import { TransferJournalError } from "@palomma-effect/client/TransferError"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as D from "./support/durable.ts"
import * as Postgres from "./support/postgres.ts"

const kinds = ["payout", "payin"] as const

/** Opens `Durable` with a table of the program in the same database. */
const opened = Effect.fnUntraced(function* (prefix: string, timeout: "10 seconds" | "2 seconds" = "10 seconds") {
  const opened = yield* D.open(prefix, { timeout })
  const { sql } = opened
  const orders = sql(`${prefix}orders`)
  yield* Effect.acquireRelease(sql`CREATE TABLE ${orders} (id TEXT PRIMARY KEY)`, () =>
    Effect.orDie(sql`DROP TABLE ${orders}`)
  )
  const order = (id: string) => sql`INSERT INTO ${orders} (id) VALUES (${id})`
  const ids = Effect.map(sql<{ id: string }>`SELECT id FROM ${orders} ORDER BY id`, (rows) => rows.map(({ id }) => id))
  return { ...opened, order, ids }
})

type All = Effect.Success<ReturnType<typeof opened>>

/** Orders before and after a failed `intend`, and commits both orders. */
const ordering = (all: All, kind: "payout" | "payin") =>
  Effect.gen(function* () {
    const intent = yield* D.intentOf(kind, "one")
    return yield* all.sql.withTransaction(
      Effect.gen(function* () {
        yield* all.order("before")
        const error = yield* Effect.flip(all.durable.intend(intent))
        yield* all.order("after")
        return error
      })
    )
  })

const leftNothing = Effect.fnUntraced(function* (all: All, kind: "payout" | "payin", error: unknown) {
  assert.instanceOf(error, TransferJournalError)
  assert.deepInclude(error, { operation: "insert", sent: "no" })
  assert.deepStrictEqual(yield* all.ids, ["after", "before"])
  assert.isUndefined(yield* D.stateOf(all, kind, "one"))
  assert.deepStrictEqual(yield* D.jobsIn(all), [])
  yield* all.backend.sweep(true)
  assert.deepStrictEqual(yield* D.pending(all), [])
})

const silent = Effect.provide(Logger.layer([]))

for (const [store, make] of D.places) {
  describe(`Durable.intend that fails in a transaction of ${store}`, () => {
    it.live.each(kinds)("leaves no %s behind, and the program's writes are committed", (kind) =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* opened(prefix)
          const table = `${prefix}transfers`
          // `RAISE(FAIL)` keeps what the statement has written before.
          const fail = all.sql.onDialectOrElse({
            pg: () => [
              `CREATE FUNCTION ${prefix}fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$`,
              `CREATE TRIGGER ${prefix}fail AFTER INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION ${prefix}fail()`
            ],
            orElse: () => [`CREATE TRIGGER ${prefix}fail AFTER INSERT ON ${table} BEGIN SELECT RAISE(FAIL, 'no'); END`]
          })
          for (const statement of fail) yield* all.sql.unsafe(statement)
          yield* Effect.addFinalizer(() =>
            all.sql.onDialectOrElse({
              pg: () => Effect.orDie(all.sql.unsafe(`DROP FUNCTION ${prefix}fail CASCADE`)),
              orElse: () => Effect.void
            })
          )
          yield* leftNothing(all, kind, yield* ordering(all, kind))
        }).pipe(silent)
      )
    )
  })
}

describe.skipIf(!Postgres.isThere)("Durable.intend that is too late in a transaction of PostgreSQL", () => {
  it.live.each(kinds)("because the table of jobs is locked leaves no %s behind", (kind) =>
    D.inPlace(D.postgres, ({ prefix }) =>
      Effect.gen(function* () {
        const all = yield* opened(prefix, "2 seconds")
        const isLocked = yield* Deferred.make<void>()
        const mayUnlock = yield* Deferred.make<void>()
        const locking = yield* Effect.forkChild(
          all.sql.withTransaction(
            Effect.gen(function* () {
              yield* all.sql`LOCK TABLE ${all.sql(`${prefix}transfer_jobs`)} IN ACCESS EXCLUSIVE MODE`
              yield* Deferred.succeed(isLocked, undefined)
              yield* Deferred.await(mayUnlock)
            })
          )
        )
        yield* Deferred.await(isLocked)
        const error = yield* ordering(all, kind)
        yield* Deferred.succeed(mayUnlock, undefined)
        yield* Fiber.join(locking)
        assert.include(String(error), "no answer within 2s")
        yield* leftNothing(all, kind, error)
      }).pipe(silent)
    )
  )
})
