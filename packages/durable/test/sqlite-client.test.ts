// The SQLite client is that of the program too: its transactions, streams and callbacks work beside group commit.
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { BeginTransaction, SqlClient } from "effect/sql/SqlClient"
import * as Stream from "effect/Stream"
import * as SqliteClient from "../src/internal/sqliteClient.ts"
import { isOk, opened, together, upTo } from "./support/sqliteRows.ts"

describe("An explicit transaction", () => {
  it.effect("is one commit", () =>
    Effect.gen(function* () {
      const { commits, insert, sql } = yield* opened
      yield* sql.withTransaction(Effect.all(upTo(5).map(insert)))
      assert.strictEqual(commits(), 1)
    })
  )

  it.effect("never contains statements of other fibers, which share a commit after it", () =>
    Effect.gen(function* () {
      const { commits, ids, insert, sql } = yield* opened
      const begun = yield* Deferred.make<void>()
      const end = yield* Deferred.make<void>()
      const transaction = sql.withTransaction(
        Effect.all([insert(1), Deferred.succeed(begun, undefined), Deferred.await(end), Effect.fail("rolled back")])
      )
      const first = yield* Effect.forkChild(Effect.flip(transaction))
      yield* Deferred.await(begun)
      const others = yield* Effect.forkChild(together([insert(2), insert(3), sql`SELECT id FROM rows`]))
      for (let i = 0; i < 5; i++) yield* Effect.yieldNow
      assert.isUndefined(others.pollUnsafe())
      yield* Deferred.succeed(end, undefined)
      assert.strictEqual(yield* Fiber.join(first), "rolled back")
      const [, , read] = yield* Fiber.join(others)
      assert.deepStrictEqual(read, Exit.succeed([{ id: 2 }, { id: 3 }]))
      assert.deepStrictEqual(ids(), [2, 3])
      assert.strictEqual(commits(), 1)
    })
  )

  it.effect("does not run before statements that came first", () =>
    Effect.gen(function* () {
      const { insert, sql } = yield* opened
      const transaction = sql.withTransaction(sql`SELECT id FROM rows`)
      const [, , seen] = yield* Effect.all([insert(1), insert(2), transaction, insert(3)], { concurrency: "unbounded" })
      assert.deepStrictEqual(seen.slice(0, 2), [{ id: 1 }, { id: 2 }])
    })
  )

  it.effect("rolls back to its savepoints", () =>
    Effect.gen(function* () {
      const { commits, ids, insert, sql } = yield* opened
      const inner = sql.withTransaction(Effect.andThen(insert(2), Effect.fail("no")))
      yield* Effect.all(
        [sql.withTransaction(Effect.all([insert(1), Effect.flip(inner), insert(3)])), insert(4), insert(5)],
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(ids(), [1, 3, 4, 5])
      assert.strictEqual(commits(), 2)
    })
  )

  it.effect("can begin with another statement", () =>
    Effect.gen(function* () {
      const { insert, other, sql } = yield* opened
      const isLocked = Effect.sync(() => assert.throws(() => other.exec("BEGIN IMMEDIATE"), /locked/))
      yield* Effect.all(
        [
          insert(1),
          sql.withTransaction(isLocked).pipe(Effect.provideService(BeginTransaction, "BEGIN EXCLUSIVE")),
          insert(2)
        ],
        { concurrency: "unbounded" }
      )
      assert.doesNotThrow(() => other.exec("BEGIN IMMEDIATE; ROLLBACK"))
    })
  )

  it.effect("that cannot commit leaves nothing, and the statements after it run", () =>
    Effect.gen(function* () {
      const { ids, insert, sql } = yield* opened
      const [error] = yield* Effect.all(
        [
          Effect.flip(sql.withTransaction(Effect.andThen(insert(1), sql`INSERT INTO children VALUES (404)`))),
          insert(2),
          insert(3)
        ],
        { concurrency: "unbounded" }
      )
      assert.strictEqual(error.reason._tag, "ConstraintError")
      assert.deepStrictEqual(ids(), [2, 3])
    })
  )

  it.effect("of a reserved connection ends with the reservation", () =>
    Effect.gen(function* () {
      const { ids, insert, sql } = yield* opened
      const lease = Effect.flatMap(sql.reserve, (connection) =>
        Effect.all([
          connection.execute("BEGIN", [], undefined),
          connection.execute("INSERT INTO rows (id) VALUES (9)", [], undefined)
        ])
      )
      yield* Effect.scoped(lease)
      yield* insert(1)
      yield* Effect.scoped(lease)
      yield* sql.withTransaction(insert(2))
      assert.deepStrictEqual(ids(), [1, 2])
    })
  )

  it.effect("runs callbacks after its commit, and none if it is rolled back", () =>
    Effect.gen(function* () {
      const { ids, insert, sql } = yield* opened
      const seen: Array<unknown> = []
      const callback = Effect.andThen(
        sql`UPDATE rows SET times = times`,
        Effect.sync(() => seen.push(ids()))
      )
      const after = sql.afterCommit(Effect.orDie(callback))
      yield* sql.withTransaction(Effect.andThen(insert(1), after))
      yield* Effect.flip(sql.withTransaction(Effect.all([insert(2), after, Effect.fail("no")])))
      yield* Effect.andThen(insert(3), after)
      assert.deepStrictEqual(seen, [[1], [1, 3]])
    })
  )
})

describe("A stream", () => {
  it.effect("does not block writes while its rows are used", () =>
    Effect.gen(function* () {
      const { ids, insert, sql } = yield* opened
      yield* together(upTo(3).map(insert))
      yield* sql<{ id: number }>`SELECT id FROM rows`.stream.pipe(Stream.runForEach(({ id }) => insert(id + 10)))
      assert.deepStrictEqual(ids(), [1, 2, 3, 11, 12, 13])
    })
  )

  it.effect("sees the rows of the transaction it runs in", () =>
    Effect.gen(function* () {
      const { insert, sql } = yield* opened
      const rows = yield* sql.withTransaction(
        Effect.andThen(insert(1), Stream.runCollect(sql`SELECT id FROM rows`.stream))
      )
      assert.deepStrictEqual(rows, [{ id: 1 }])
    })
  )

  it.effect("fails as its statement does", () =>
    Effect.gen(function* () {
      const { sql } = yield* opened
      const error = yield* Effect.flip(Stream.runDrain(sql`SELECT * FROM nowhere`.stream))
      assert.include(String(error.reason.cause), "no such table")
    })
  )
})

it.effect("A client runs any number of different statements", () =>
  Effect.gen(function* () {
    const { sql } = yield* opened
    const results = yield* together(upTo(1200).map((n) => sql.unsafe<{ n: number }>(`SELECT ${n} AS n`)))
    assert.deepStrictEqual(
      results,
      upTo(1200).map((n) => Exit.succeed([{ n }]))
    )
  })
)

it.effect("A client that is closed fails the statements that still wait, and runs none", () =>
  Effect.gen(function* () {
    const { filename, ids } = yield* opened
    const scope = yield* Scope.make()
    const sql = Context.get(
      yield* Layer.buildWithScope(Layer.fresh(SqliteClient.layer({ filename })), scope),
      SqlClient
    )
    const waiting = yield* Effect.forEach([1, 2], (id) =>
      Effect.forkChild(sql`INSERT INTO rows (id) VALUES (${id})`, { startImmediately: true })
    )
    yield* Scope.close(scope, Exit.void)
    assert.deepStrictEqual(isOk(yield* Effect.forEach(waiting, Fiber.await)), [false, false])
    assert.isTrue(Exit.isFailure(yield* Effect.exit(sql`SELECT 1`)))
    assert.deepStrictEqual(ids(), [])
  })
)
