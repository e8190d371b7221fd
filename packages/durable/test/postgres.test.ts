import { assert, describe, it } from "@effect/vitest"
import { TransferResolution } from "@palomma-effect/client/Transfer"
import { TransferJournalError } from "@palomma-effect/client/TransferError"
import { SqlTransferJournal } from "@palomma-effect/durable"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { SqlClient } from "effect/sql/SqlClient"
import { inspect } from "node:util"
import { all, failureOf, journalOf } from "./support/open.ts"
import * as Postgres from "./support/postgres.ts"
import { proxy } from "./support/proxy.ts"
import { aRow, namespace, next } from "./support/rows.ts"
import * as Stores from "./support/stores.ts"

const onPostgres = () =>
  describe("SqlTransferJournal on PostgreSQL", () => {
    it.live("fails inside a transaction of the caller, and changes nothing", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient
        const journal = yield* journalOf(SqlTransferJournal.layer({ prefix: yield* Stores.prefix }))
        const written = Option.toArray(yield* journal.insert(aRow("r")))
        for (const use of [
          journal.now,
          journal.insert(aRow("s")),
          journal.replace(next(aRow("r"), { state: "sending" })),
          journal.find(aRow("r")),
          journal.findByRecordId(namespace, "payout", "id"),
          journal.list(all),
          journal.list({ ...all, states: [] })
        ]) {
          const error = yield* Effect.flip(
            sql.withTransaction(Effect.asVoid<unknown, TransferJournalError, never>(use))
          )
          assert.strictEqual(error._tag, "TransferJournalError")
          assert.include(error.message, "inside an SQL transaction")
        }
        assert.deepStrictEqual(yield* journal.list(all), written)
      }).pipe(Effect.scoped, Effect.provide(Postgres.layer()))
    )

    it.live("does not open inside a transaction of the caller, which could roll back its tables", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient
        const prefix = yield* Stores.prefix
        const error = yield* sql.withTransaction(failureOf(SqlTransferJournal.layer({ prefix })))
        assert.include(error.message, "inside an SQL transaction")
        assert.strictEqual(error.sent, "no")
      }).pipe(Effect.scoped, Effect.provide(Postgres.layer()))
    )

    const unreachable = "the database cannot be reached: check its address, and that it is running"

    it.live.each([
      ["on which nothing listens", "postgres://postgres@127.0.0.1:1/test", unreachable],
      ["that is no URL", "not a URL", unreachable],
      [
        "of no database",
        Postgres.url.replace(/[^/]*$/, "no_such_database"),
        "the database does not exist: check its name (SQLSTATE 3D000)"
      ]
    ] as const)("names the problem of an address %s, and what to do", ([, url, reason]) =>
      Effect.gen(function* () {
        const error = yield* failureOf(
          SqlTransferJournal.layer().pipe(Layer.provide(Postgres.layer({ url: Redacted.make(url) })))
        )
        assert.instanceOf(error, TransferJournalError)
        assert.strictEqual(
          error.message,
          `The transfer journal could not be opened: ${reason}. Correct this, then start again.`
        )
      })
    )

    it.live("names the permissions that it needs", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient
        const role = `${yield* Stores.prefix}reader`
        yield* Effect.acquireRelease(sql`CREATE ROLE ${sql(role)}`, () => Effect.orDie(sql`DROP ROLE ${sql(role)}`))
        const as = Postgres.layer({ startupParameters: { role, search_path: "pg_catalog" } })
        const error = yield* failureOf(
          SqlTransferJournal.layer({ prefix: yield* Stores.prefix }).pipe(Layer.provide(as))
        )
        assert.instanceOf(error, TransferJournalError)
        assert.strictEqual(
          error.message,
          "The transfer journal could not be opened: the database user lacks a permission: it must create the tables, " +
            "and read, insert and update rows (SQLSTATE 42501). Correct this, then start again."
        )
      }).pipe(Effect.scoped, Effect.provide(Postgres.layer()))
    )

    it.live("does not open a database that may lose commits", () =>
      Effect.gen(function* () {
        const careless = Postgres.layer({ startupParameters: { synchronous_commit: "off" } })
        const error = yield* failureOf(
          SqlTransferJournal.layer({ prefix: yield* Stores.prefix }).pipe(Layer.provide(careless))
        )
        assert.instanceOf(error, TransferJournalError)
        assert.include(error.message, "synchronous_commit is off")
        assert.strictEqual(error.sent, "no")
      }).pipe(Effect.scoped)
    )

    /** A client to which PostgreSQL reports that it is a standby, as soon as the test asks for it. */
    const standby = Effect.gen(function* () {
      const sql = yield* SqlClient
      const schema = yield* Effect.acquireRelease(
        Effect.map(Stores.prefix, (prefix) => `${prefix}standby`),
        (schema) => Effect.orDie(sql`DROP SCHEMA IF EXISTS ${sql(schema)} CASCADE`)
      )
      const begin = Effect.andThen(
        sql`CREATE SCHEMA ${sql(schema)}`,
        sql`CREATE FUNCTION ${sql(schema)}.pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS 'SELECT true'`
      )
      const layer = Postgres.layer({ startupParameters: { search_path: `${schema}, pg_catalog, public` } })
      return { begin, layer }
    })

    it.live("does not open a standby", () =>
      Effect.gen(function* () {
        const { begin, layer } = yield* standby
        yield* begin
        const error = yield* failureOf(
          SqlTransferJournal.layer({ prefix: yield* Stores.prefix }).pipe(Layer.provide(layer))
        )
        assert.include(String(error), "this database is a standby")
      }).pipe(Effect.scoped, Effect.provide(Postgres.layer()))
    )

    it.live("fails if a standby answers, with the row or without it", () =>
      Effect.gen(function* () {
        const { begin, layer } = yield* standby
        const open = SqlTransferJournal.layer({ prefix: yield* Stores.prefix })
        yield* journalOf(open)
        const journal = yield* journalOf(open.pipe(Layer.provide(layer)))
        yield* journal.insert(aRow("r", { recordId: "id" }))
        assert.isTrue(Option.isSome(yield* journal.find(aRow("r"))))
        yield* begin
        for (const ask of [
          journal.find(aRow("r")),
          journal.find(aRow("unknown")),
          journal.findByRecordId(namespace, "payout", "id"),
          journal.findByRecordId(namespace, "payout", "unknown")
        ]) {
          assert.include(String(yield* Effect.flip(ask)), "a standby answered")
        }
      }).pipe(Effect.scoped, Effect.provide(Postgres.layer()))
    )

    it.live("stores notes and errors although the database cannot store some characters", () =>
      Effect.gen(function* () {
        const { open } = yield* Stores.postgres
        const journal = yield* journalOf(open)
        const odd = "a\0b\ud800c"
        const resolution = new TransferResolution({ as: "paid", by: odd, note: odd, at: 1 })
        yield* journal.insert(aRow("r", { lastError: odd, resolution }))
        const row = Option.getOrUndefined(yield* journal.find(aRow("r")))
        assert.deepStrictEqual(
          [row?.lastError, row?.resolution?.by, row?.resolution?.note],
          Array(3).fill("a\ufffdb\ufffdc")
        )
      }).pipe(Effect.scoped)
    )

    it.live("rejects a key that it could not return unchanged, before it writes", () =>
      Effect.gen(function* () {
        const { open } = yield* Stores.postgres
        const journal = yield* journalOf(open)
        for (const row of [aRow("a\0b"), aRow("a\ud800"), aRow("r", { namespace: "a\0" })]) {
          for (const write of [journal.insert(row), journal.replace(row)]) {
            assert.include(String(yield* Effect.flip(write)), "characters that the database cannot store")
          }
        }
        assert.deepStrictEqual(yield* journal.list(all), [])
      }).pipe(Effect.scoped)
    )

    it.live("fails with a message without stored data", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient
        const prefix = yield* Stores.prefix
        const journal = yield* journalOf(SqlTransferJournal.layer({ prefix }))
        const secret = "SENTINEL"
        const row = aRow("r", { lastError: secret })
        yield* sql`ALTER TABLE ${sql(`${prefix}transfers`)} ADD CHECK (last_error <> 'SENTINEL')`
        const refused = yield* Effect.flip(journal.insert(row))
        assert.include(refused.message, "a constraint of the database does not allow it (SQLSTATE 23514)")
        yield* sql`DROP TABLE ${sql(`${prefix}transfers`)}`
        const gone = yield* Effect.flip(journal.replace(row))
        assert.include(gone.message, "the tables do not have the expected form (SQLSTATE 42P01)")
        for (const error of [refused, gone]) {
          for (const text of [inspect(error, { depth: 9 }), JSON.stringify(error), String(error), error.stack]) {
            assert.notInclude(text, secret)
          }
        }
      }).pipe(Effect.scoped, Effect.provide(Postgres.layer()))
    )

    it.live("stops waiting for a database that hangs, also in uninterruptible code", () =>
      Effect.gen(function* () {
        const front = yield* proxy
        const database = Postgres.layer({ url: Redacted.make(front.url) })
        const open = SqlTransferJournal.layer({ prefix: yield* Stores.prefix, timeout: "3 seconds" })
        const journal = yield* journalOf(open.pipe(Layer.provide(database)))
        yield* journal.insert(aRow("r"))
        front.quiet()
        const error = yield* Effect.flip(Effect.uninterruptible(journal.replace(next(aRow("r")))))
        assert.include(error.message, "no answer within 3s")
        // The driver ends its connection to a server that still hangs, and waits for it.
        front.end()
      }).pipe(Effect.scoped)
    )

    it.live("fails if its connection is cut, and works again with the next one", () =>
      Effect.gen(function* () {
        const front = yield* proxy
        const database = Postgres.layer({ url: Redacted.make(front.url) })
        const journal = yield* journalOf(
          SqlTransferJournal.layer({ prefix: yield* Stores.prefix }).pipe(Layer.provide(database))
        )
        yield* journal.insert(aRow("r"))
        front.quiet()
        const replacing = yield* Effect.forkChild(Effect.flip(journal.replace(next(aRow("r")))), {
          startImmediately: true
        })
        yield* Effect.yieldNow
        front.cut()
        assert.include((yield* Fiber.join(replacing)).message, "the database cannot be reached")
        front.speak()
        assert.isTrue(Option.isSome(yield* journal.replace(next(aRow("r")))))
      }).pipe(Effect.scoped)
    )

    it.live("returns the same time to sessions of every time zone", () =>
      Effect.gen(function* () {
        const prefix = yield* Stores.prefix
        const inZone = (timezone: string) =>
          journalOf(
            SqlTransferJournal.layer({ prefix }).pipe(
              Layer.provide(Postgres.layer({ startupParameters: { timezone } }))
            )
          )
        const [utc, tokyo, bogota] = yield* Effect.all([inZone("UTC"), inZone("Asia/Tokyo"), inZone("America/Bogota")])
        for (const zone of [tokyo, bogota]) {
          const before = yield* utc.now
          const now = yield* zone.now
          const row = Option.getOrThrow(yield* zone.insert(aRow(`r${before}`, { state: "sending" })))
          const left = Option.getOrThrow(yield* zone.replace(next(row, { state: "unknown" })))
          const after = yield* utc.now
          for (const time of [now, row.createdAt, row.updatedAt, left.leftSendingAt ?? 0, left.updatedAt]) {
            assert.isAtLeast(time, before)
            assert.isAtMost(time, after)
          }
        }
      }).pipe(Effect.scoped)
    )

    it.live("compares texts by their bytes, independent of updates of the operating system", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient
        const prefix = yield* Stores.prefix
        yield* journalOf(SqlTransferJournal.layer({ prefix }))
        const others = yield* sql`SELECT column_name, collation_name FROM information_schema.columns
          WHERE table_name = ${`${prefix}transfers`} AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'`
        assert.deepStrictEqual(others, [])
      }).pipe(Effect.scoped, Effect.provide(Postgres.layer()))
    )

    it.live("fails for invalid options", () =>
      Effect.gen(function* () {
        for (const prefix of ["", "Palomma_", "a b", "a.b", `a"`, "1a", "x".repeat(41)]) {
          assert.include((yield* failureOf(SqlTransferJournal.layer({ prefix }))).message, "the option prefix")
        }
        // @ts-expect-error a program without types can pass any value
        const error = yield* failureOf(SqlTransferJournal.layer({ timeout: "soon" }))
        assert.include(error.message, "the option timeout")
      }).pipe(Effect.provide(Postgres.layer()))
    )
  })

if (Postgres.isThere) onPostgres()

describe("PostgreSQL", () => {
  it("is available if tests must not be skipped", () =>
    assert.isTrue(Postgres.isThere || !Postgres.isRequired, "there is none"))
})
