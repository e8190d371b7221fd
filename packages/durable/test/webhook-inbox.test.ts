/**
 * The inbox of docs/webhooks.md, over a SQLite file and over PostgreSQL: nothing is shipped twice, and nothing is lost.
 */
import { assert, describe, it } from "@effect/vitest"
import { TransferJournal, WebhookInbox } from "@palomma-effect/client"
import { SqlTransferJournal } from "@palomma-effect/durable"
import { WebhookId } from "@palomma-effect/schema"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import { SqlClient } from "effect/sql/SqlClient"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { collect, Written } from "../../../test/support/snippets.ts"
import * as SqliteClient from "../src/internal/sqliteClient.ts"
import * as Postgres from "./support/postgres.ts"

const snippets = collect(["docs/webhooks.md"]).filter(({ code }) => code.includes("export const inboxInSql"))
const written = new Written("webhook-inbox", snippets)

const isInbox = (value: unknown): value is Layer.Layer<WebhookInbox, never, SqlClient> => Layer.isLayer(value)

const inboxInSql = await (async () => {
  const [snippet] = snippets
  if (snippet === undefined) throw new Error("docs/webhooks.md has no inbox")
  const module = await written.load(snippet)
  if (!Predicate.hasProperty(module, "inboxInSql") || !isInbox(module.inboxInSql))
    throw new Error("it exports no inbox")
  return module.inboxInSql
})()

const sqlite = Layer.unwrap(
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "palomma-inbox-"))),
      (path) => Effect.sync(() => rmSync(path, { recursive: true }))
    ),
    (path) => SqliteClient.layer({ filename: join(path, "shop.db") })
  )
)

const postgres = Postgres.layer()

const makeTables = Effect.acquireRelease(
  SqlClient.use((sql) =>
    Effect.gen(function* () {
      yield* sql`CREATE TABLE handled_webhooks (id TEXT PRIMARY KEY, handled_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)`
      yield* sql`CREATE TABLE shipped (id TEXT)`
    })
  ),
  () =>
    SqlClient.use((sql) => Effect.andThen(sql`DROP TABLE handled_webhooks`, sql`DROP TABLE shipped`).pipe(Effect.orDie))
)

const id = WebhookId.make("01HPR8QBF5QKA313RPBSKYB7DS")
const ship = SqlClient.use((sql) => sql`INSERT INTO shipped (id) VALUES ('order-4711')`)
const shipped = SqlClient.use((sql) => Effect.map(sql`SELECT id FROM shipped`, (rows) => rows.length))
const deliver = <E, R>(handle: Effect.Effect<unknown, E, R>, webhookId: WebhookId = id) =>
  WebhookInbox.use((inbox) => inbox.process(webhookId, handle))

const services = (database: Layer.Layer<SqlClient, unknown>) =>
  inboxInSql.pipe(Layer.provideMerge(Layer.effectDiscard(makeTables)), Layer.provideMerge(database))

const laws = (database: Layer.Layer<SqlClient, unknown>) => {
  const run = <A, E>(program: Effect.Effect<A, E, WebhookInbox | SqlClient>) =>
    Effect.provide(program, services(database))

  it.live("handles a webhook once", () =>
    run(
      Effect.gen(function* () {
        assert.strictEqual(yield* deliver(ship), "handled")
        assert.strictEqual(yield* deliver(ship), "already-handled")
        assert.strictEqual(yield* shipped, 1)
      })
    )
  )

  it.live("makes concurrent deliveries wait for the first", () =>
    run(
      Effect.gen(function* () {
        const started = yield* Deferred.make<void>()
        const gate = yield* Deferred.make<void>()
        const slow = Effect.andThen(Deferred.succeed(started, undefined), Effect.andThen(Deferred.await(gate), ship))
        const first = yield* Effect.forkChild(deliver(slow))
        yield* Deferred.await(started)
        const others = yield* Effect.forEach([1, 2, 3], () => Effect.forkChild(deliver(ship)))
        yield* Effect.yieldNow
        yield* Deferred.succeed(gate, undefined)
        const results = yield* Fiber.joinAll([first, ...others])
        assert.deepStrictEqual(results, ["handled", "already-handled", "already-handled", "already-handled"])
        assert.strictEqual(yield* shipped, 1)
      })
    )
  )

  it.live("undoes what a failed handler wrote, and handles the next delivery", () =>
    run(
      Effect.gen(function* () {
        const error = yield* Effect.flip(deliver(Effect.andThen(ship, Effect.fail("no stock"))))
        assert.strictEqual(error, "no stock")
        assert.strictEqual(yield* shipped, 0)
        assert.isTrue(Exit.isFailure(yield* Effect.exit(deliver(Effect.andThen(ship, Effect.interrupt)))))
        assert.strictEqual(yield* shipped, 0)
        assert.strictEqual(yield* deliver(ship), "handled")
        assert.strictEqual(yield* shipped, 1)
      })
    )
  )

  it.live("fails with a WebhookInboxError if the database fails", () =>
    run(
      Effect.gen(function* () {
        const noTable = SqlClient.use((sql) => sql`SELECT id FROM none`)
        const error = yield* Effect.flip(deliver(noTable))
        assert.strictEqual(error._tag, "WebhookInboxError")
        assert.strictEqual(yield* deliver(ship), "handled")
      })
    )
  )
}

describe("the inbox of docs/webhooks.md over SQLite", () => {
  laws(sqlite)
})

if (Postgres.isThere) {
  describe("the inbox of docs/webhooks.md over PostgreSQL", () => {
    laws(postgres)

    it.live("lets a journal write if the journal has its own connections, and only then", () => {
      const prefix = `inbox_${process.pid}_`
      const journal = SqlTransferJournal.layer({ prefix })
      const read = TransferJournal.use(({ now }) => now)
      const drop = SqlClient.use(
        (sql) => sql`DROP TABLE IF EXISTS ${sql(`${prefix}transfers`)}, ${sql(`${prefix}transfers_migrations`)}`
      )
      const over = (webhookId: WebhookId, database: Layer.Layer<SqlClient, unknown>) =>
        Effect.provide(deliver(read, webhookId), journal.pipe(Layer.provide(database)))
      return Effect.gen(function* () {
        assert.strictEqual(yield* over(id, Layer.fresh(postgres)), "handled")
        const own = Layer.succeed(SqlClient, yield* SqlClient)
        const error = yield* Effect.flip(over(WebhookId.make("01HPROTHER"), own))
        assert.include(String(error), "inside an SQL transaction")
        yield* drop
      }).pipe(Effect.provide(services(postgres)))
    })
  })
}
