// Statements of different fibers share a commit, and each caller is told what it would be told without that.
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type { SqlError } from "effect/sql/SqlError"
import * as Stream from "effect/Stream"
import { isOk, opened, together, upTo } from "./support/sqliteRows.ts"

const fails = (self: Effect.Effect<unknown, SqlError>) => Effect.map(Effect.flip(self), ({ reason }) => reason)

describe("Writes of several fibers", () => {
  for (const n of [2, 8, 100]) {
    it.effect(`share one commit if they are ${n}`, () =>
      Effect.gen(function* () {
        const { commits, ids, insert } = yield* opened
        yield* together(upTo(n).map(insert))
        assert.strictEqual(commits(), 1)
        assert.deepStrictEqual(ids(), upTo(n))
      })
    )
  }

  it.effect("share one commit also if they begin with WITH, as those of the journal", () =>
    Effect.gen(function* () {
      const { commits, ids, sql } = yield* opened
      const insert = (id: number) => sql`with n AS (SELECT ${id} AS id) insert INTO rows (id) SELECT id FROM n`
      yield* together(upTo(8).map(insert))
      assert.strictEqual(commits(), 1)
      assert.deepStrictEqual(ids(), upTo(8))
    })
  )

  it.effect("share each commit if every fiber writes several times", () =>
    Effect.gen(function* () {
      const { commits, sql, insert } = yield* opened
      const payment = (id: number) =>
        Effect.gen(function* () {
          yield* insert(id)
          yield* sql`UPDATE rows SET times = 2 WHERE id = ${id}`
          yield* sql`UPDATE rows SET times = 1 WHERE id = ${id}`
        })
      yield* together(upTo(20).map(payment))
      assert.strictEqual(commits(), 3)
    })
  )

  it.effect("are committed when their callers get the result", () =>
    Effect.gen(function* () {
      const { ids, insert } = yield* opened
      const exits = yield* together(
        upTo(5).map((id) =>
          Effect.andThen(
            insert(id),
            Effect.sync(() => assert.include(ids(), id))
          )
        )
      )
      assert.deepStrictEqual(isOk(exits), [true, true, true, true, true])
    })
  )

  it.effect("are one commit each if one fiber waits for each", () =>
    Effect.gen(function* () {
      const { commits, insert } = yield* opened
      for (const id of upTo(4)) {
        yield* insert(id)
        assert.strictEqual(commits(), id)
      }
    })
  )

  it.effect("return what each of them returned", () =>
    Effect.gen(function* () {
      const { sql } = yield* opened
      const results = yield* Effect.all(
        [
          sql`INSERT INTO rows (id) VALUES (1) RETURNING id`,
          sql`INSERT INTO rows (id) VALUES (2) RETURNING id`.values,
          sql`INSERT INTO rows (id) VALUES (7), (8)`.raw,
          sql`WITH n AS (SELECT 9 AS id) INSERT INTO rows (id) SELECT id FROM n RETURNING id`.unprepared,
          Stream.runCollect(sql`DELETE FROM rows WHERE id > 6 RETURNING id`.stream)
        ],
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(results, [
        [{ id: 1 }],
        [[2]],
        { changes: 2, lastInsertRowid: 8 },
        [{ id: 9 }],
        [{ id: 7 }, { id: 8 }, { id: 9 }]
      ])
    })
  )
})

describe("A read outside a transaction", () => {
  it.effect("sees the writes before it and not those after it", () =>
    Effect.gen(function* () {
      const { commits, insert, sql } = yield* opened
      const read = sql<{ id: number }>`SELECT id FROM rows ORDER BY id`.pipe(
        Effect.map((rows) => rows.map(({ id }) => id))
      )
      const seen = yield* Effect.all([read, insert(1), read, insert(2), sql`VALUES (1)`, read, insert(3)], {
        concurrency: "unbounded"
      })
      assert.deepStrictEqual([seen[0], seen[2], seen[5]], [[], [1], [1, 2]])
      assert.strictEqual(commits(), 1)
    })
  )

  it.effect("returns only rows that are committed", () =>
    Effect.gen(function* () {
      const { ids, insert, sql } = yield* opened
      const read = Effect.map(sql<{ id: number }>`SELECT id FROM rows`, (rows) => {
        assert.deepStrictEqual(
          rows.map(({ id }) => id),
          [1]
        )
        assert.include(ids(), 1)
      })
      assert.deepStrictEqual(isOk(yield* together([insert(1), read, insert(2)])), [true, true, true])
    })
  )

  it.effect("runs although another process is writing, and a write fails", () =>
    Effect.gen(function* () {
      const { ids, insert, other, sql } = yield* opened
      other.exec("BEGIN IMMEDIATE")
      const [first, read, second] = yield* Effect.all(
        [fails(insert(1)), sql`SELECT count(*) AS n FROM rows`, fails(insert(2))],
        { concurrency: "unbounded" }
      )
      other.exec("ROLLBACK")
      assert.deepStrictEqual([first._tag, second._tag, read], ["LockTimeoutError", "LockTimeoutError", [{ n: 0 }]])
      assert.deepStrictEqual(ids(), [])
      yield* insert(3)
      assert.deepStrictEqual(ids(), [3])
    })
  )
})

describe("A statement that fails among others", () => {
  const cases = [
    ["a constraint", "INSERT INTO rows (id) VALUES (1)", "ConstraintError", 1],
    ["its syntax", "INSERT INTO nowhere VALUES (1)", "UnknownError", 1],
    [
      "a constraint that rolls back the transaction",
      "INSERT OR ROLLBACK INTO rows (id) VALUES (1)",
      "ConstraintError",
      4
    ],
    ["a constraint that COMMIT checks", "INSERT INTO children VALUES (404)", "ConstraintError", 4]
  ] as const
  for (const [why, text, tag, expected] of cases) {
    it.effect(`fails alone, and the others run once: ${why}`, () =>
      Effect.gen(function* () {
        const { commits, count, ids, sql } = yield* opened
        const bad = fails(sql.unsafe(text))
        const [one, two, reason, three, four] = yield* Effect.all(
          [Effect.exit(count(1)), Effect.exit(count(2)), bad, Effect.exit(count(3)), Effect.exit(count(4))],
          { concurrency: "unbounded" }
        )
        assert.deepStrictEqual(isOk([one, two, three, four]), [true, true, true, true])
        assert.strictEqual(reason._tag, tag)
        assert.deepStrictEqual(ids(), [1, 2, 3, 4])
        assert.strictEqual(commits(), expected)
      })
    )
  }

  it.effect("leaves nothing of itself", () =>
    Effect.gen(function* () {
      const { ids, insert, sql } = yield* opened
      yield* together([insert(1), insert(2), sql`INSERT INTO rows (id) VALUES (8), (9), (2)`, insert(3)])
      assert.deepStrictEqual(ids(), [1, 2, 3])
    })
  )
})

describe("A statement that is no read and no write", () => {
  it.effect("runs outside a group: PRAGMA, VACUUM and tables", () =>
    Effect.gen(function* () {
      const { commits, insert, sql } = yield* opened
      const exits = yield* together([
        insert(1),
        insert(2),
        sql`PRAGMA foreign_keys = OFF`,
        insert(3),
        sql`VACUUM`,
        sql`CREATE TABLE more (id INTEGER)`,
        sql`INSERT INTO more VALUES (1)`,
        insert(4)
      ])
      assert.deepStrictEqual(
        isOk(exits),
        exits.map(() => true)
      )
      // PRAGMA would have no effect inside a transaction, VACUUM would fail.
      assert.deepStrictEqual(yield* sql`PRAGMA foreign_keys`, [{ foreign_keys: 0 }])
      assert.strictEqual(commits(), 5)
    })
  )

  for (const text of ["BEGIN", "BEGIN EXCLUSIVE", "SAVEPOINT a", "/* a comment */ BEGIN"]) {
    it.effect(`fails if it leaves a transaction open: ${text}`, () =>
      Effect.gen(function* () {
        const { ids, insert, sql } = yield* opened
        const [, reason] = yield* Effect.all([insert(1), fails(sql.unsafe(text)), insert(2), insert(3)], {
          concurrency: "unbounded"
        })
        assert.include(reason.message, "use sql.withTransaction")
        assert.deepStrictEqual(ids(), [1, 2, 3])
        assert.isTrue(Exit.isFailure(yield* Effect.exit(sql`ROLLBACK`)))
        assert.deepStrictEqual(ids(), [1, 2, 3])
      })
    )
  }
})

describe("An interrupted fiber", () => {
  for (const which of [0, 1, 3]) {
    it.effect(`does not run a statement that still waits, and the others run: number ${which + 1} of 4`, () =>
      Effect.gen(function* () {
        const { commits, ids, insert } = yield* opened
        const fibers = yield* Effect.forEach(upTo(4).map(insert), (one) =>
          Effect.forkChild(one, { startImmediately: true })
        )
        yield* Fiber.interrupt(fibers[which] ?? assert.fail("no such fiber"))
        assert.deepStrictEqual(
          isOk(yield* Effect.forEach(fibers, Fiber.await)),
          fibers.map((_, i) => i !== which)
        )
        assert.deepStrictEqual(
          ids(),
          upTo(4).filter((id) => id !== which + 1)
        )
        assert.strictEqual(commits(), 1)
      })
    )
  }

  it.effect("does not run a statement that waits for a transaction, which goes on", () =>
    Effect.gen(function* () {
      const { ids, insert, sql } = yield* opened
      const end = yield* Deferred.make<void>()
      const transaction = yield* Effect.forkChild(
        sql.withTransaction(Effect.all([insert(1), Deferred.await(end), insert(2)])),
        { startImmediately: true }
      )
      const others = yield* Effect.forEach([insert(3), insert(4)], (one) =>
        Effect.forkChild(one, { startImmediately: true })
      )
      yield* Effect.yieldNow
      yield* Effect.forEach(others, Fiber.interrupt)
      yield* Deferred.succeed(end, undefined)
      yield* Fiber.join(transaction)
      yield* insert(5)
      assert.deepStrictEqual(ids(), [1, 2, 5])
    })
  )

  it.effect("rolls back its transaction, and statements that wait for it run", () =>
    Effect.gen(function* () {
      const { ids, insert, sql } = yield* opened
      const transaction = yield* Effect.forkChild(sql.withTransaction(Effect.andThen(insert(1), Effect.never)), {
        startImmediately: true
      })
      const others = yield* Effect.forkChild(together([insert(2), insert(3)]), { startImmediately: true })
      yield* Fiber.interrupt(transaction)
      yield* Fiber.join(others)
      assert.deepStrictEqual(ids(), [2, 3])
    })
  )
})
