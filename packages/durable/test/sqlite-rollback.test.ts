// At some errors SQLite itself rolls back the whole transaction. What a program does after it must not be committed.
import { assert, describe, it } from "@effect/vitest"
import { TransferJournalError } from "@palomma-effect/client/TransferError"
import type { Transfer } from "@palomma-effect/client/Transfer"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import type { SqlClient } from "effect/sql/SqlClient"
import { join } from "node:path"
import * as SqliteFile from "../src/internal/sqliteFile.ts"
import { reasonOf } from "../src/internal/sqlReason.ts"
import * as D from "./support/durable.ts"
import * as SqliteOfProgram from "./support/sqliteOfProgram.ts"
import { opened as openedClient } from "./support/sqliteRows.ts"
import * as Stores from "./support/stores.ts"

const why = "SQLite rolled the transaction back, for example because the disk is full: nothing of it was written"

const silent = Effect.provide(Logger.layer([]))

const ends = ["OR ROLLBACK", "a trigger", "a full disk"] as const

/** Makes the table `ending`, and a statement of it that ends the transaction in which it runs. */
const ending = Effect.fnUntraced(function* (sql: SqlClient, end: (typeof ends)[number]) {
  yield* sql`CREATE TABLE ending (value UNIQUE)`
  yield* sql`INSERT INTO ending VALUES ('there')`
  if (end === "OR ROLLBACK") return sql`INSERT OR ROLLBACK INTO ending VALUES ('there')`
  if (end === "a trigger") {
    yield* sql`CREATE TRIGGER ending AFTER INSERT ON ending BEGIN SELECT RAISE(ROLLBACK, 'no'); END`
    return sql`INSERT INTO ending VALUES ('other')`
  }
  const [pages] = yield* sql<{ page_count: number }>`PRAGMA page_count`
  yield* sql.unsafe(`PRAGMA max_page_count = ${(pages?.page_count ?? 0) + 50}`)
  return sql`INSERT INTO ending VALUES (zeroblob(10000000))`
})

const client = Effect.fnUntraced(function* (end: (typeof ends)[number]) {
  const opened = yield* openedClient
  return { ...opened, end: yield* ending(opened.sql, end) }
})

describe.each(ends)("A transaction that SQLite rolled back by %s", (end) => {
  it.effect("fails as a whole, also if the program ignored the error", () =>
    Effect.gen(function* () {
      const all = yield* client(end)
      const exit = yield* Effect.exit(
        all.sql.withTransaction(Effect.all([all.insert(1), Effect.ignore(all.end), Effect.ignore(all.insert(2))]))
      )
      assert.isTrue(Exit.isFailure(exit))
      assert.deepStrictEqual(all.ids(), [])
    })
  )

  it.effect("does not go on in a savepoint", () =>
    Effect.gen(function* () {
      const all = yield* client(end)
      const nested = all.sql.withTransaction(all.insert(2))
      const error = yield* Effect.flip(
        all.sql.withTransaction(Effect.all([all.insert(1), Effect.ignore(all.end), nested]))
      )
      assert.include(reasonOf(error), why)
      assert.deepStrictEqual(all.ids(), [])
    })
  )

  it.effect("fails as a whole if it happened in a savepoint", () =>
    Effect.gen(function* () {
      const all = yield* client(end)
      const nested = all.sql.withTransaction(Effect.andThen(all.insert(2), all.end))
      const error = yield* Effect.flip(
        all.sql.withTransaction(Effect.all([all.insert(1), Effect.ignore(nested), Effect.ignore(all.insert(3))]))
      )
      assert.include(reasonOf(error), why)
      assert.deepStrictEqual(all.ids(), [])
    })
  )

  it.effect("does not stop the next one, nor a statement outside", () =>
    Effect.gen(function* () {
      const all = yield* client(end)
      const first = Effect.all([all.insert(1), Effect.ignore(all.end), Effect.ignore(all.insert(2))])
      yield* Effect.exit(all.sql.withTransaction(first))
      yield* all.sql.withTransaction(Effect.all([all.insert(3), all.sql.withTransaction(all.insert(4))]))
      yield* all.insert(5)
      assert.deepStrictEqual(all.ids(), [3, 4, 5])
    })
  )
})

describe("A transaction that SQLite rolled back", () => {
  it.effect("fails with an error that has no stored data", () =>
    Effect.gen(function* () {
      const all = yield* client("OR ROLLBACK")
      const later = all.sql`INSERT INTO ending VALUES ('secret')`
      const error = yield* Effect.flip(all.sql.withTransaction(Effect.andThen(Effect.ignore(all.end), later)))
      assert.strictEqual(reasonOf(error), `${why}, so run all of it again (SQLite 516)`)
      assert.notMatch(`${error.message} ${String(error.reason.cause)}`, /secret|there/)
    })
  )

  it.effect("lets no fiber that outlives it write into the next one", () =>
    Effect.gen(function* () {
      const all = yield* client("OR ROLLBACK")
      let later: Effect.Effect<unknown, unknown> = Effect.void
      const first = Effect.gen(function* () {
        later = Effect.provideContext(all.insert(1), yield* Effect.context())
        yield* all.end
      })
      yield* Effect.exit(all.sql.withTransaction(first))
      yield* all.sql.withTransaction(Effect.andThen(Effect.ignore(Effect.suspend(() => later)), all.insert(2)))
      assert.deepStrictEqual(all.ids(), [2])
    })
  )

  it.effect("can be ended with ROLLBACK on a reserved connection, and goes on only with the next one", () =>
    Effect.gen(function* () {
      const all = yield* client("OR ROLLBACK")
      const [text] = all.end.compile()
      const texts = ["BEGIN", "INSERT INTO rows (id) VALUES (1)", text, "SAVEPOINT a", "ROLLBACK", "SAVEPOINT a"]
      const reserved = Effect.flatMap(all.sql.reserve, (connection) =>
        Effect.forEach(texts, (text) => Effect.exit(connection.execute(text, [], undefined)))
      )
      const exits = yield* Effect.scoped(reserved)
      assert.deepStrictEqual(exits.map(Exit.isSuccess), [true, true, false, false, true, false])
      yield* Effect.scoped(
        Effect.flatMap(all.sql.reserve, (connection) =>
          connection.execute("INSERT INTO rows (id) VALUES (2)", [], undefined)
        )
      )
      assert.deepStrictEqual(all.ids(), [2])
    })
  )
})

const place = (client: (filename: string) => D.Place["client"]) =>
  Effect.map(Stores.directory, (path) => ({ prefix: "palomma_", client: client(join(path, "durable.db")) }))

const ours = place((filename) => SqliteFile.layer({ filename }))
const clients = [
  ["the SQLite client of the library", ours],
  ["a SQLite client of the program", place(SqliteOfProgram.layer)]
] as const

/** Opens `Durable` with a table of the program in the same database. */
const opened = Effect.gen(function* () {
  const opened = yield* D.open("palomma_")
  const { sql } = opened
  yield* sql`CREATE TABLE orders (id TEXT PRIMARY KEY)`
  return {
    ...opened,
    order: (id: string) => sql`INSERT INTO orders (id) VALUES (${id})`,
    orders: Effect.map(sql<{ id: string }>`SELECT id FROM orders ORDER BY id`, (rows) => rows.map(({ id }) => id))
  }
})

type Opened = Effect.Success<typeof opened>

/** The rows of the program and of the library, and what was sent once a worker has done all its jobs. */
const left = Effect.fnUntraced(function* (all: Opened, reference: string) {
  const state = yield* D.stateOf(all, "payout", reference)
  yield* all.backend.sweep(true)
  yield* D.worker(all)
  yield* D.until(D.pending(all), (jobs) => jobs.length === 0)
  return { orders: yield* all.orders, state, sent: yield* D.sentTimes("payout", reference) }
})

const nothing = { orders: [], state: undefined, sent: 0 }

describe.each(ends)("Durable.intend in a transaction that SQLite rolled back by %s", (end) => {
  it.live("fails, and nothing is stored or sent", () =>
    D.inPlace(ours, () =>
      Effect.gen(function* () {
        const all = yield* opened
        const ends = yield* ending(all.sql, end)
        const intent = yield* D.intentOf("payout", "one")
        const error = yield* Effect.flip(
          all.sql.withTransaction(Effect.all([all.order("one"), Effect.ignore(ends), all.durable.intend(intent)]))
        )
        assert.instanceOf(error, TransferJournalError)
        assert.deepInclude(error, { sent: "no", written: "no" })
        assert.include(String(error), why)
        assert.deepStrictEqual(yield* left(all, "one"), nothing)
      })
    )
  )

  it.live("leaves nothing if it ran before that, since the whole transaction fails", () =>
    D.inPlace(ours, () =>
      Effect.gen(function* () {
        const all = yield* opened
        const ends = yield* ending(all.sql, end)
        const intent = yield* D.intentOf("payout", "one")
        const nested = all.sql.withTransaction(all.order("two"))
        const exit = yield* Effect.exit(
          all.sql.withTransaction(
            Effect.all([all.order("one"), all.durable.intend(intent), Effect.ignore(ends), Effect.ignore(nested)])
          )
        )
        assert.isTrue(Exit.isFailure(exit))
        assert.deepStrictEqual(yield* left(all, "one"), nothing)
      })
    )
  )
})

for (const [name, make] of clients) {
  describe(`With ${name}`, () => {
    it.live("Durable.intend fails if SQLite rolled the transaction back at its job, and warns of no lost job", () =>
      D.inPlace(make, () =>
        Effect.gen(function* () {
          const all = yield* opened
          const text = "CREATE TRIGGER no AFTER INSERT ON palomma_transfer_jobs BEGIN SELECT RAISE(ROLLBACK, 'no'); END"
          yield* all.sql.unsafe(text)
          const intent = yield* D.intentOf("payout", "one")
          const logged: Array<unknown> = []
          const logger = Logger.make(({ message }) => logged.push(message))
          const error = yield* Effect.flip(
            all.sql.withTransaction(Effect.andThen(all.order("one"), all.durable.intend(intent)))
          ).pipe(Effect.provide(Logger.layer([logger])))
          assert.instanceOf(error, TransferJournalError)
          assert.include(String(error), why)
          assert.deepStrictEqual(logged, [])
          yield* all.sql`DROP TRIGGER no`
          assert.deepStrictEqual(yield* left(all, "one"), nothing)
        })
      )
    )

    for (const end of ends) {
      it.live(`onEnd that is rolled back by ${end} counts as not told, and is called again`, () =>
        D.inPlace(make, () =>
          Effect.gen(function* () {
            const all = yield* opened
            const ends = yield* ending(all.sql, end)
            yield* all.durable.intend(yield* D.intentOf("payout", "one"))
            yield* all.durable.withdraw({ kind: "payout", reference: "one" }, { by: "Ana", note: "test" })
            const isTold = Effect.map(
              all.durable.poll({ kind: "payout", reference: "one" }),
              (row) => Option.getOrThrow(row).toldAt !== undefined
            )
            let calls = 0
            const onEnd = ({ reference }: Transfer) =>
              Effect.andThen(all.order(reference), () => (++calls === 1 ? Effect.ignore(ends) : Effect.void))
            yield* D.worker(all, { onEnd })
            yield* D.until(D.jobsIn(all), (jobs) => jobs.some(({ element }) => element.includes('"turn":1')))
            assert.isFalse(yield* isTold)
            assert.deepStrictEqual(yield* all.orders, [])
            // The second call would be after 5 seconds.
            yield* all.sql`UPDATE palomma_transfer_jobs SET visible_at = created_at`
            yield* D.until(all.orders, (orders) => orders.length > 0)
            assert.isTrue(yield* isTold)
            assert.strictEqual(calls, 2)
          }).pipe(silent)
        )
      )
    }
  })
}
