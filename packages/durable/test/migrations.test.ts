import { assert, describe, it } from "@effect/vitest"
import { TransferJournalError } from "@palomma-effect/client/TransferError"
import { SqlTransferJournal } from "@palomma-effect/durable"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import { SqlClient } from "effect/sql/SqlClient"
import { join } from "node:path"
import { migrate, type Migrations } from "../src/internal/migrations.ts"
import * as SqliteClient from "../src/internal/sqliteClient.ts"
import { failureOf, journalOf } from "./support/open.ts"
import * as Postgres from "./support/postgres.ts"
import { proxy } from "./support/proxy.ts"
import { aRow } from "./support/rows.ts"
import * as Stores from "./support/stores.ts"

const atOnce = { concurrency: "unbounded" } as const

const many = [1, 2, 3, 4, 5, 6, 7, 8]

const onPostgres = () =>
  describe("The tables on PostgreSQL", () => {
    it.live("are created once by many processes that start at the same time", () =>
      Effect.gen(function* () {
        const prefix = yield* Stores.prefix
        const open = () => journalOf(SqlTransferJournal.layer({ prefix }).pipe(Layer.provide(Postgres.layer())))
        const journals = yield* Effect.forEach(many, open, atOnce)
        const written = yield* Effect.forEach(journals, (journal) => journal.insert(aRow("r")), atOnce)
        assert.lengthOf(written.filter(Option.isSome), 1)
        const sql = yield* SqlClient
        const rows = yield* sql`SELECT name FROM ${sql(`${prefix}transfers_migrations`)}`
        assert.deepStrictEqual(rows, [{ name: "transfers" }])
      }).pipe(Effect.scoped, Effect.provide(Postgres.layer()))
    )

    it.live("can be opened while a backup reads them", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient
        const prefix = yield* Stores.prefix
        const open = SqlTransferJournal.layer({ prefix })
        yield* journalOf(open)
        yield* sql.withTransaction(
          Effect.gen(function* () {
            yield* sql`LOCK TABLE ${sql(`${prefix}transfers`)}, ${sql(`${prefix}transfers_migrations`)} IN ACCESS SHARE MODE`
            const journal = yield* journalOf(open.pipe(Layer.provide(Postgres.layer())))
            assert.isTrue(Option.isSome(yield* journal.insert(aRow("r"))))
          })
        )
      }).pipe(Effect.scoped, Effect.provide(Postgres.layer()))
    )

    /** Waits until a session waits for a lock on a table, and returns its process id. */
    const waitingFor = (table: string) =>
      SqlClient.use((sql) =>
        sql<{ pid: number }>`SELECT pid FROM pg_locks WHERE NOT granted AND relation = to_regclass(${table})`.pipe(
          Effect.flatMap(([first]) =>
            first === undefined ? Effect.fail("no connection waits yet") : Effect.succeed(first.pid)
          ),
          Effect.retry({ while: (error) => error === "no connection waits yet", schedule: Schedule.spaced("5 millis") })
        )
      )

    const ends: ReadonlyArray<readonly [string, (pid: number) => Effect.Effect<unknown, unknown, SqlClient>]> = [
      ["is ended", (pid) => SqlClient.use((sql) => sql`SELECT pg_terminate_backend(${pid})`)],
      ["is cancelled", (pid) => SqlClient.use((sql) => sql`SELECT pg_cancel_backend(${pid})`)]
    ]
    for (const [how, end] of ends) {
      it.live(`are not created by a session that ${how}, which is an error and not a defect`, () =>
        Effect.gen(function* () {
          const sql = yield* SqlClient
          const prefix = yield* Stores.prefix
          const table = `${prefix}transfers_migrations`
          yield* sql`CREATE TABLE ${sql(table)}
            (migration_id integer primary key, created_at timestamptz not null default now(), name text not null)`
          const opening = yield* sql.withTransaction(
            Effect.gen(function* () {
              yield* sql`LOCK TABLE ${sql(table)} IN SHARE MODE`
              const open = SqlTransferJournal.layer({ prefix }).pipe(Layer.provide(Postgres.layer()))
              const opening = yield* Effect.forkDetach(failureOf(open), { startImmediately: true })
              yield* Effect.flatMap(waitingFor(table), end)
              yield* Fiber.await(opening)
              return opening
            })
          )
          const error = yield* Fiber.join(opening)
          assert.instanceOf(error, TransferJournalError)
          assert.strictEqual(error.sent, "no")
          assert.include(error.message, "could not be opened")
          // The next session creates them.
          yield* journalOf(SqlTransferJournal.layer({ prefix }))
        }).pipe(Effect.scoped, Effect.provide(Postgres.layer()))
      )
    }

    it.live("are not created over a connection that is cut, which is an error and not a defect", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient
        const front = yield* proxy
        const prefix = yield* Stores.prefix
        const table = `${prefix}transfers_migrations`
        yield* sql`CREATE TABLE ${sql(table)}
          (migration_id integer primary key, created_at timestamptz not null default now(), name text not null)`
        const error = yield* sql.withTransaction(
          Effect.gen(function* () {
            yield* sql`LOCK TABLE ${sql(table)} IN SHARE MODE`
            const behind = Postgres.layer({ url: Redacted.make(front.url) })
            const opening = yield* Effect.forkDetach(
              failureOf(SqlTransferJournal.layer({ prefix }).pipe(Layer.provide(behind))),
              { startImmediately: true }
            )
            yield* waitingFor(table)
            front.cut()
            return yield* Fiber.join(opening)
          })
        )
        assert.instanceOf(error, TransferJournalError)
        assert.strictEqual(error.sent, "no")
        assert.include(error.message, "the database cannot be reached")
      }).pipe(Effect.scoped, Effect.provide(Postgres.layer()))
    )
  })

if (Postgres.isThere) onPostgres()

const column = (table: string, name: string) =>
  Effect.flatMap(SqlClient, (sql) => sql.unsafe(`ALTER TABLE ${table} ADD COLUMN ${name} INTEGER`).withoutTransform)

const create = (table: string) =>
  Effect.flatMap(SqlClient, (sql) => sql.unsafe(`CREATE TABLE ${table} (a INTEGER)`).withoutTransform)

const sqliteFile = Effect.map(Stores.directory, (path) => join(path, "transfers.db"))

const databases: ReadonlyArray<readonly [string, Layer.Layer<SqlClient, unknown>]> = [
  ["SQLite", Layer.unwrap(Effect.map(sqliteFile, (filename) => SqliteClient.layer({ filename })))],
  ...(Postgres.isThere ? ([["PostgreSQL", Postgres.layer()]] as const) : [])
]

for (const [name, database] of databases) {
  describe(`The migrations on ${name}`, () => {
    /** Names of tables of a journal that are dropped after the test. */
    const tables = Effect.map(Stores.prefix, (prefix) => ({
      table: `${prefix}transfers`,
      migrations: `${prefix}transfers_migrations`
    }))
    const first = (table: string): Migrations => ({ "1_first": Effect.asVoid(create(table)) })
    const second = (table: string): Migrations => ({
      ...first(table),
      "2_second": Effect.asVoid(column(table, "b")),
      "10_third": Effect.asVoid(column(table, "c"))
    })

    it.live("migrate a database of an earlier version, and an empty one", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient
        for (const versions of [[first, second], [second], [second, second]]) {
          const { migrations, table } = yield* tables
          for (const version of versions) yield* migrate(migrations, version(table))
          yield* sql.unsafe(`INSERT INTO ${table} (a, b, c) VALUES (1, 2, 3)`)
        }
      }).pipe(Effect.scoped, Effect.provide(database))
    )

    it.live("fail for tables of a later version, and change nothing", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient
        const prefix = yield* Stores.prefix
        yield* journalOf(SqlTransferJournal.layer({ prefix }))
        yield* sql.unsafe(`INSERT INTO ${prefix}transfers_migrations (migration_id, name) VALUES (99, 'later')`)
        const error = yield* failureOf(SqlTransferJournal.layer({ prefix }))
        assert.include(error.message, "from a later version of @palomma-effect/durable")
        assert.strictEqual(error.sent, "no")
      }).pipe(Effect.scoped, Effect.provide(database))
    )

    it.live("fail and write nothing if one of them fails", () =>
      Effect.gen(function* () {
        const { migrations, table } = yield* tables
        const broken: Migrations = { ...first(table), "2_broken": Effect.asVoid(column(`${table}_x`, "b")) }
        assert.isString(yield* Effect.flip(migrate(migrations, broken)))
        yield* migrate(migrations, second(table))
      }).pipe(Effect.scoped, Effect.provide(database))
    )

    it.live("name the table that a backup left out, and drop nothing", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient
        const prefix = yield* Stores.prefix
        const journal = yield* journalOf(SqlTransferJournal.layer({ prefix }))
        yield* journal.insert(aRow("r"))
        yield* sql.unsafe(`DROP TABLE ${prefix}transfers_migrations`)
        const error = yield* failureOf(SqlTransferJournal.layer({ prefix }))
        assert.include(error.message, `the tables exist, but ${prefix}transfers_migrations does not list them`)
        assert.include(error.message, "restore that table too, and drop none")
        assert.lengthOf(yield* sql.unsafe(`SELECT * FROM ${prefix}transfers`), 1)
      }).pipe(Effect.scoped, Effect.provide(database))
    )

    it.live("do not hide a defect of a migration", () =>
      Effect.gen(function* () {
        const { migrations } = yield* tables
        const exit = yield* Effect.exit(migrate(migrations, { "1_first": Effect.die("a bug") }))
        assert.include(String(exit), "a bug")
        assert.include(String(exit), "Die")
      }).pipe(Effect.scoped, Effect.provide(database))
    )
  })
}

describe("The tables on SQLite", () => {
  it.live("are created once by several connections of one program that open at the same time", () =>
    Effect.gen(function* () {
      const filename = yield* sqliteFile
      const open = () => journalOf(SqlTransferJournal.layer().pipe(Layer.provide(SqliteClient.layer({ filename }))))
      const journals = yield* Effect.forEach(many, open, atOnce)
      const written = yield* Effect.forEach(journals, (journal) => journal.insert(aRow("r")), atOnce)
      assert.lengthOf(written.filter(Option.isSome), 1)
    }).pipe(Effect.scoped)
  )

  it.live("are created after another connection has ended its transaction", () =>
    Effect.gen(function* () {
      const filename = yield* sqliteFile
      const other = yield* Scope.make()
      const services = yield* Layer.buildWithScope(SqliteClient.layer({ filename }), other)
      const opening = yield* Effect.gen(function* () {
        const sql = yield* SqlClient
        return yield* sql.withTransaction(
          Effect.andThen(
            sql`CREATE TABLE other (a INTEGER)`,
            Effect.forkDetach(
              journalOf(SqlTransferJournal.layer().pipe(Layer.provide(SqliteClient.layer({ filename })))).pipe(
                Effect.andThen((journal) => journal.insert(aRow("r"))),
                Effect.scoped
              ),
              { startImmediately: true }
            )
          )
        )
      }).pipe(Effect.provideContext(services))
      assert.isTrue(Option.isSome(yield* Fiber.join(opening)))
    }).pipe(Effect.scoped)
  )
})
