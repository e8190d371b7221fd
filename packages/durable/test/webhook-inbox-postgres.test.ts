/**
 * An inbox on a PostgreSQL that cuts connections, does not answer, or could lose commits.
 */
import { assert, describe, it } from "@effect/vitest"
import { SqlWebhookInbox } from "@palomma-effect/durable"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as Inboxes from "./support/inboxes.ts"
import * as Postgres from "./support/postgres.ts"
import { proxy } from "./support/proxy.ts"

const { id, until } = Inboxes

/** An inbox behind a proxy, and the same one without the proxy. */
const proxied = Effect.fnUntraced(function* (options: SqlWebhookInbox.Options) {
  const front = yield* proxy
  const store = yield* Inboxes.postgres(options)
  const database = Postgres.layer({ url: Redacted.make(front.url) })
  return { front, behind: yield* Inboxes.open({ ...store, database }), direct: yield* Inboxes.open(store) }
})

const onPostgres = () =>
  describe("SqlWebhookInbox on PostgreSQL", () => {
    it.live("records a webhook with a new connection if the connection was cut while the handler ran", () =>
      Effect.gen(function* () {
        const { behind, direct, front } = yield* proxied({})
        assert.strictEqual(
          yield* behind.inbox.process(
            id,
            Effect.sync(() => front.cut())
          ),
          "handled"
        )
        assert.strictEqual(yield* direct.inbox.process(id, Effect.die("again")), "already-handled")
      }).pipe(Effect.scoped)
    )

    it.live("keeps nothing of a transaction whose connection was cut, and handles the next delivery", () =>
      Effect.gen(function* () {
        const { behind, direct, front } = yield* proxied({ transaction: true })
        const cut = Effect.tap(behind.ship, () => Effect.sync(() => front.cut()))
        const error = yield* Effect.flip(behind.inbox.process(id, cut))
        assert.strictEqual(error._tag, "WebhookInboxError")
        assert.include(error.message, "the database cannot be reached")
        assert.strictEqual(yield* direct.shipped, 0)
        assert.strictEqual(yield* behind.inbox.process(id, behind.ship), "handled")
        assert.strictEqual(yield* direct.shipped, 1)
      }).pipe(Effect.scoped)
    )

    it.live("fails with the error of a handler whose connection was cut", () =>
      Effect.gen(function* () {
        const { behind, front } = yield* proxied({ transaction: true })
        const failing = Effect.andThen(
          Effect.sync(() => front.cut()),
          Effect.fail("no stock")
        )
        assert.strictEqual(yield* Effect.flip(behind.inbox.process(id, failing)), "no stock")
      }).pipe(Effect.scoped)
    )

    it.live("interrupts a handler before its lease ends, if it cannot renew the lease", () =>
      Effect.gen(function* () {
        const { behind, direct, front } = yield* proxied({ lease: "1 second", timeout: "200 millis" })
        let running = 0
        const handle = Effect.andThen(
          Effect.sync(() => {
            running += 1
            front.quiet()
          }),
          Effect.onInterrupt(Effect.never, () => Effect.sync(() => void (running -= 1)))
        )
        const other = yield* Effect.forkChild(
          Effect.andThen(
            until(
              Effect.sync(() => running),
              (n) => n === 1
            ),
            direct.inbox.process(
              id,
              Effect.sync(() => assert.strictEqual(running, 0))
            )
          )
        )
        const error = yield* Effect.flip(behind.inbox.process(id, handle))
        assert.include(String(error), "the lease of this process ended")
        assert.strictEqual(yield* Fiber.join(other), "handled")
        front.cut()
        // It logs that it could not end its lease.
      }).pipe(Effect.scoped, Effect.provide(Logger.layer([])))
    )

    for (const transaction of [false, true]) {
      it.live(`fails if the database stops answering after the handler (transaction: ${transaction})`, () =>
        Effect.gen(function* () {
          const { behind, front } = yield* proxied({ transaction, timeout: "200 millis" })
          const error = yield* Effect.flip(
            behind.inbox.process(
              id,
              Effect.sync(() => front.quiet())
            )
          )
          assert.strictEqual(error._tag, "WebhookInboxError")
          assert.include(error.message, "no answer within 200ms")
          assert.include(error.message, "It is not known whether the webhook was handled")
          front.cut()
        }).pipe(Effect.scoped)
      )

      it.live(`fails if the database does not answer before the handler (transaction: ${transaction})`, () =>
        Effect.gen(function* () {
          const { behind, front } = yield* proxied({ transaction, timeout: "200 millis" })
          front.quiet()
          const error = yield* Effect.flip(behind.inbox.process(id, Effect.die("the handler ran")))
          assert.include(error.message, "no answer within 200ms")
          front.cut()
        }).pipe(Effect.scoped)
      )
    }

    it.live("fails if a handler in the transaction catches an error of the database, and keeps nothing", () =>
      Effect.gen(function* () {
        const { inbox, ship, shipped, sql } = yield* Inboxes.open(yield* Inboxes.postgres({ transaction: true }))
        const careless = Effect.andThen(ship, Effect.ignore(sql`SELECT 1 / 0`))
        const error = yield* Effect.flip(inbox.process(id, careless))
        assert.strictEqual(error._tag, "WebhookInboxError")
        assert.include(String(error), "That happens if a handler catches an error of the database")
        assert.strictEqual(yield* shipped, 0)
        const careful = Effect.andThen(ship, Effect.ignore(sql.withTransaction(sql`SELECT 1 / 0`)))
        assert.strictEqual(yield* inbox.process(id, careful), "handled")
        assert.strictEqual(yield* shipped, 1)
      }).pipe(Effect.scoped)
    )

    it.live("fails if a constraint that is checked at the end does not allow the writes of the handler", () =>
      Effect.gen(function* () {
        const store = yield* Inboxes.postgres({ transaction: true })
        const { inbox, run, sql } = yield* Inboxes.open(store)
        yield* run(
          "ALTER TABLE WEBHOOKS ADD CONSTRAINT WEBHOOKS_late UNIQUE (handled_at) DEFERRABLE INITIALLY DEFERRED"
        )
        const conflicting = sql.unsafe(
          `INSERT INTO ${store.prefix}webhooks (id, handled_at) SELECT 'secret', handled_at FROM ${store.prefix}webhooks`
        )
        const error = yield* Effect.flip(inbox.process(id, conflicting))
        assert.strictEqual(error._tag, "WebhookInboxError")
        assert.include(String(error), "a constraint of the database does not allow it")
        assert.notInclude(String(error), "secret")
        assert.deepStrictEqual(yield* run("SELECT id FROM WEBHOOKS"), [])
      }).pipe(Effect.scoped)
    )

    it.live("waits for a transaction of another process at most for the time limit", () =>
      Effect.gen(function* () {
        const store = yield* Inboxes.postgres({ transaction: true, timeout: "300 millis" })
        const [first, second] = [yield* Inboxes.open(store), yield* Inboxes.open(store)]
        const started = yield* Deferred.make<void>()
        const gate = yield* Deferred.make<void>()
        const slow = Effect.andThen(Deferred.succeed(started, undefined), Deferred.await(gate))
        const delivery = yield* Effect.forkChild(first.inbox.process(id, slow))
        yield* Deferred.await(started)
        // A delivery to the same process does not use a connection while it waits, so it has no time limit.
        const other = yield* Effect.forkChild(first.inbox.process(id, Effect.die("again")), { startImmediately: true })
        const error = yield* Effect.flip(second.inbox.process(id, Effect.die("again")))
        assert.include(error.message, "no answer within 300ms")
        yield* Deferred.succeed(gate, undefined)
        assert.deepStrictEqual(yield* Fiber.joinAll([delivery, other]), ["handled", "already-handled"])
        assert.strictEqual(yield* second.inbox.process(id, Effect.die("again")), "already-handled")
      }).pipe(Effect.scoped)
    )

    it.live("does not open if the database can lose commits", () =>
      Effect.gen(function* () {
        const database = Postgres.layer({ startupParameters: { synchronous_commit: "off" } })
        const error = yield* Effect.flip(Layer.build(SqlWebhookInbox.layer().pipe(Layer.provide(database))))
        assert.instanceOf(error, SqlWebhookInbox.SqlWebhookInboxOpenError)
        assert.include(error.message, "synchronous_commit is off")
      }).pipe(Effect.scoped)
    )

    it.live("does not open if nothing listens, and reports no password", () =>
      Effect.gen(function* () {
        const database = Postgres.layer({ url: Redacted.make("postgres://postgres:hunter2@127.0.0.1:1/test") })
        const error = yield* Effect.flip(Layer.build(SqlWebhookInbox.layer().pipe(Layer.provide(database))))
        assert.notInclude(String(error), "hunter2")
      }).pipe(Effect.scoped)
    )
  })

if (Postgres.isThere) onPostgres()
