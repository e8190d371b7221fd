import { assert, describe, it } from "@effect/vitest"
import { TransferJournal } from "@palomma-effect/client/TransferJournal"
import { SqlTransferJournal, SqlWebhookInbox } from "@palomma-effect/durable"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { SqlClient } from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import { inspect } from "node:util"
import * as Inboxes from "./support/inboxes.ts"

const { id, until } = Inboxes

const day = 24 * 60 * 60 * 1_000

const strangeIds = [
  "a\0b",
  "a\ud800",
  "a\ufffd",
  "\udc00",
  "\r\n",
  `"a"`,
  "a'b; DROP TABLE x",
  "sha256:0",
  "ñ",
  "n\u0303",
  "A",
  "a",
  "x".repeat(10_000),
  `${"x".repeat(9_999)}y`,
  "漢".repeat(10_000)
]

for (const [name, make] of Inboxes.all) {
  describe(`SqlWebhookInbox ${name}`, () => {
    it.live("remembers a webhook when it is opened again", () =>
      Effect.gen(function* () {
        const store = yield* make
        const first = yield* Effect.scoped(
          Effect.flatMap(Inboxes.open(store), ({ inbox, ship }) => inbox.process(id, ship))
        )
        assert.strictEqual(first, "handled")
        const { inbox, shipped } = yield* Inboxes.open(store)
        assert.strictEqual(yield* inbox.process(id, Effect.die("again")), "already-handled")
        assert.strictEqual(yield* shipped, 1)
      }).pipe(Effect.scoped)
    )

    it.live("handles a webhook with any id once, and stores ids that a person can find", () =>
      Effect.gen(function* () {
        const { inbox, run } = yield* Inboxes.open(yield* make)
        let runs = 0
        const handle = Effect.sync(() => void (runs += 1))
        for (const text of strangeIds) assert.strictEqual(yield* inbox.process(Inboxes.idOf(text), handle), "handled")
        assert.strictEqual(runs, strangeIds.length)
        for (const text of strangeIds) {
          assert.strictEqual(yield* inbox.process(Inboxes.idOf(text), handle), "already-handled")
        }
        assert.strictEqual(runs, strangeIds.length)
        yield* inbox.process(id, handle)
        assert.lengthOf(yield* run(`SELECT id FROM WEBHOOKS WHERE id = '${id}'`), 1)
      }).pipe(Effect.scoped)
    )

    it.live("leaves no row of a webhook whose handler failed", () =>
      Effect.gen(function* () {
        const { inbox, run } = yield* Inboxes.open(yield* make)
        for (const failing of [Effect.fail("no stock"), Effect.die("a bug"), Effect.interrupt]) {
          assert.isTrue(Exit.isFailure(yield* Effect.exit(inbox.process(id, failing))))
          assert.deepStrictEqual(yield* run("SELECT id FROM WEBHOOKS"), [])
        }
      }).pipe(Effect.scoped)
    )

    it.live("fails with the error of the database that a handler fails with", () =>
      Effect.gen(function* () {
        const { inbox, sql } = yield* Inboxes.open(yield* make)
        const error = yield* Effect.flip(inbox.process(id, sql`SELECT id FROM there_is_no_such_table`))
        assert.strictEqual(error._tag, "SqlError")
      }).pipe(Effect.scoped)
    )

    it.live("refuses a webhook inside a transaction of the caller, and runs no handler", () =>
      Effect.gen(function* () {
        const { inbox, run, sql } = yield* Inboxes.open(yield* make)
        const error = yield* Effect.flip(sql.withTransaction(inbox.process(id, Effect.die("the handler ran"))))
        assert.strictEqual(error._tag, "WebhookInboxError")
        assert.include(error.message, "inside an SQL transaction")
        assert.deepStrictEqual(yield* run("SELECT id FROM WEBHOOKS"), [])
      }).pipe(Effect.scoped)
    )

    it.live("fails with the id and the reason, and with nothing else, if the database fails", () =>
      Effect.gen(function* () {
        const { inbox, run } = yield* Inboxes.open(yield* make)
        yield* run("ALTER TABLE WEBHOOKS RENAME TO WEBHOOKS_moved")
        const secret = Inboxes.idOf("ana.rojas@example.com 3013111111")
        for (const [webhook, shown] of [
          [id, id],
          [secret, "<redacted>"]
        ] as const) {
          const error = yield* Effect.flip(inbox.process(webhook, Effect.die("the handler ran")))
          assert.strictEqual(error._tag, "WebhookInboxError")
          assert.strictEqual<string>(error.webhookId, shown)
          assert.notMatch(inspect(error, { depth: 10 }), /rojas|3013|_moved|INSERT|UPDATE/)
        }
        yield* run("ALTER TABLE WEBHOOKS_moved RENAME TO WEBHOOKS")
        assert.strictEqual(yield* inbox.process(id, Effect.void), "handled")
        // Without its table it also logs that it cannot delete old rows.
      }).pipe(Effect.scoped, Effect.provide(Logger.layer([])))
    )
  })
}

for (const [name, make] of Inboxes.leased) {
  describe(`SqlWebhookInbox ${name}`, () => {
    const lease = (row: Record<string, unknown> | undefined) => Number(row?.["lease_ends_at"])

    it.live("renews its lease while the handler runs, and handles another webhook meanwhile", () =>
      Effect.gen(function* () {
        const { inbox, run } = yield* Inboxes.open(yield* make, { lease: "1 second" })
        const gate = yield* Deferred.make<void>()
        const delivery = yield* Effect.forkChild(inbox.process(id, Deferred.await(gate)))
        const read = Effect.map(run("SELECT lease_ends_at FROM WEBHOOKS WHERE handled_at IS NULL"), ([row]) =>
          lease(row)
        )
        const first = yield* until(read, (at) => at > 0)
        const second = yield* until(read, (at) => at > first)
        yield* until(read, (at) => at > second + 500)
        assert.strictEqual(yield* inbox.process(Inboxes.idOf("other"), Effect.void), "handled")
        yield* Deferred.succeed(gate, undefined)
        assert.strictEqual(yield* Fiber.join(delivery), "handled")
      }).pipe(Effect.scoped)
    )

    it.live("interrupts a handler whose lease another process has, and does not end that lease", () =>
      Effect.gen(function* () {
        const { inbox, run } = yield* Inboxes.open(yield* make, { lease: "1 second" })
        let interrupted = false
        const handle = Effect.andThen(
          run("UPDATE WEBHOOKS SET lease_id = 'other', lease_ends_at = lease_ends_at + 60000"),
          Effect.onInterrupt(Effect.never, () => Effect.sync(() => void (interrupted = true)))
        )
        const error = yield* Effect.flip(inbox.process(id, handle))
        assert.strictEqual(error._tag, "WebhookInboxError")
        assert.include(error.message, "the lease of this process ended")
        assert.isTrue(interrupted)
        const [row] = yield* run("SELECT lease_id, handled_at FROM WEBHOOKS")
        assert.deepStrictEqual(row, { lease_id: "other", handled_at: null })
      }).pipe(Effect.scoped)
    )

    it.live("records a handler that succeeded, also if another process has the lease or ended it", () =>
      Effect.gen(function* () {
        const { inbox, run } = yield* Inboxes.open(yield* make)
        for (const [webhook, loss] of [
          [id, "UPDATE WEBHOOKS SET lease_id = 'other'"],
          [Inboxes.idOf("other"), "DELETE FROM WEBHOOKS WHERE handled_at IS NULL"]
        ] as const) {
          assert.strictEqual(yield* inbox.process(webhook, run(loss)), "handled")
          assert.strictEqual(yield* inbox.process(webhook, Effect.die("again")), "already-handled")
        }
        const rows = yield* run("SELECT lease_id, lease_ends_at FROM WEBHOOKS")
        assert.deepStrictEqual(
          rows,
          Array.from({ length: 2 }, () => ({ lease_id: null, lease_ends_at: null }))
        )
      }).pipe(Effect.scoped)
    )

    it.live("lets a journal of the same SqlClient write", () =>
      Effect.gen(function* () {
        const store = yield* make
        const { inbox, run, sql } = yield* Inboxes.open(store)
        const journal = SqlTransferJournal.layer({ prefix: store.prefix }).pipe(
          Layer.provide(Layer.succeed(SqlClient, sql))
        )
        const read = TransferJournal.use(({ now }) => now)
        assert.strictEqual(yield* Effect.provide(inbox.process(id, read), journal), "handled")
        yield* run(`DROP TABLE ${store.prefix}transfers`)
        yield* run(`DROP TABLE ${store.prefix}transfers_migrations`)
      }).pipe(Effect.scoped)
    )
  })
}

for (const [name, make] of Inboxes.transactional) {
  describe(`SqlWebhookInbox ${name}`, () => {
    it.live("removes what a failed handler wrote", () =>
      Effect.gen(function* () {
        const { inbox, ship, shipped } = yield* Inboxes.open(yield* make)
        for (const failing of [Effect.fail("no stock"), Effect.die("a bug"), Effect.interrupt]) {
          assert.isTrue(Exit.isFailure(yield* Effect.exit(inbox.process(id, Effect.andThen(ship, failing)))))
          assert.strictEqual(yield* shipped, 0)
        }
        const started = yield* Deferred.make<void>()
        const endless = Effect.andThen(Effect.andThen(ship, Deferred.succeed(started, undefined)), Effect.never)
        const delivery = yield* Effect.forkChild(inbox.process(id, endless))
        yield* Deferred.await(started)
        yield* Fiber.interrupt(delivery)
        assert.strictEqual(yield* shipped, 0)
        assert.strictEqual(yield* inbox.process(id, ship), "handled")
        assert.strictEqual(yield* shipped, 1)
      }).pipe(Effect.scoped)
    )

    it.live("fails if the handler ended the transaction", () =>
      Effect.gen(function* () {
        const { inbox, run, ship } = yield* Inboxes.open(yield* make)
        const error = yield* Effect.flip(inbox.process(id, Effect.andThen(ship, run("ROLLBACK"))))
        assert.strictEqual(error._tag, "WebhookInboxError")
        assert.include(String(error), "the transaction was rolled back while the handler ran")
        assert.deepStrictEqual(yield* run("SELECT id FROM WEBHOOKS"), [])
      }).pipe(Effect.scoped)
    )

    it.live("waits for a process that handles the webhook with a lease", () =>
      Effect.gen(function* () {
        const store = yield* make
        const { inbox, run } = yield* Inboxes.open(store)
        const leased = yield* Inboxes.open(store, { transaction: false })
        const started = yield* Deferred.make<void>()
        const gate = yield* Deferred.make<void>()
        const handle = Effect.andThen(Deferred.succeed(started, undefined), Deferred.await(gate))
        const first = yield* Effect.forkChild(leased.inbox.process(id, handle))
        yield* Deferred.await(started)
        const second = yield* Effect.forkChild(inbox.process(id, Effect.die("again")))
        for (let i = 0; i < 500; i++) yield* Effect.yieldNow
        assert.isUndefined(second.pollUnsafe())
        yield* Deferred.succeed(gate, undefined)
        assert.deepStrictEqual(yield* Fiber.joinAll([first, second]), ["handled", "already-handled"])
        assert.lengthOf(yield* run("SELECT id FROM WEBHOOKS"), 1)
      }).pipe(Effect.scoped)
    )

    it.live("does not let a journal of the same SqlClient write", () =>
      Effect.gen(function* () {
        const store = yield* make
        const { inbox, run, sql } = yield* Inboxes.open(store)
        const journal = SqlTransferJournal.layer({ prefix: store.prefix }).pipe(
          Layer.provide(Layer.succeed(SqlClient, sql))
        )
        const read = TransferJournal.use(({ now }) => now)
        const error = yield* Effect.flip(Effect.provide(inbox.process(id, read), journal))
        assert.include(String(error), "inside an SQL transaction")
        yield* run(`DROP TABLE ${store.prefix}transfers`)
        yield* run(`DROP TABLE ${store.prefix}transfers_migrations`)
      }).pipe(Effect.scoped)
    )
  })
}

describe("The rows of SqlWebhookInbox", () => {
  for (const [name, make] of Inboxes.leased) {
    it.live(`are deleted 30 days after their last use, in batches, when it opens ${name}`, () =>
      Effect.gen(function* () {
        const store = yield* make
        const { inbox, run } = yield* Inboxes.open(store)
        yield* inbox.process(id, Effect.void)
        const now = Date.now()
        const add = (prefix: string, count: number, values: string) =>
          run(
            `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) ` +
              `INSERT INTO WEBHOOKS (id, lease_id, lease_ends_at, handled_at) SELECT '${prefix}' || i, ${values} FROM n`
          )
        yield* add("old", 2_500, `NULL, NULL, ${now - 31 * day}`)
        yield* add("killed", 10, `'other', ${now - 31 * day}, NULL`)
        yield* add("young", 5, `NULL, NULL, ${now - 29 * day}`)
        yield* add("waiting", 5, `'other', ${now - 29 * day}, NULL`)
        const second = yield* Inboxes.open(store)
        const count = Effect.map(second.run("SELECT count(*) AS n FROM WEBHOOKS"), ([row]) => Number(row?.["n"]))
        yield* until(count, (n) => n <= 11)
        assert.strictEqual(yield* count, 11)
        assert.strictEqual(yield* inbox.process(Inboxes.idOf("young1"), Effect.die("again")), "already-handled")
      }).pipe(Effect.scoped)
    )
  }

  it.effect("are deleted every hour", () =>
    Effect.gen(function* () {
      const { run } = yield* Inboxes.open(yield* Inboxes.sqlite())
      const count = Effect.map(run("SELECT id FROM WEBHOOKS"), (rows) => rows.length)
      const add = run("INSERT INTO WEBHOOKS (id, handled_at) VALUES ('old', 0)")
      yield* add
      yield* until(count, (n) => n === 0)
      for (let hour = 0; hour < 3; hour++) {
        yield* add
        yield* TestClock.adjust("59 minutes")
        assert.strictEqual(yield* count, 1)
        yield* TestClock.adjust("1 minute")
        yield* until(count, (n) => n === 0)
      }
    }).pipe(Effect.scoped)
  )
})

describe("SqlWebhookInbox does not open", () => {
  /** Returns why it does not open. */
  const refusal = (store: Inboxes.Store, options: SqlWebhookInbox.Options = {}) =>
    Layer.build(
      Layer.fresh(SqlWebhookInbox.layer({ ...store.options, ...options }).pipe(Layer.provide(store.database)))
    ).pipe(
      Effect.flip,
      Effect.scoped,
      Effect.map((error) => {
        assert.instanceOf(error, SqlWebhookInbox.SqlWebhookInboxOpenError)
        assert.include(error.message, "The webhook inbox could not be opened: ")
        assert.include(error.message, "No webhook was handled.")
        return error.reason
      })
    )

  const options: ReadonlyArray<readonly [string, SqlWebhookInbox.Options]> = [
    ["prefix", { prefix: "" }],
    ["prefix", { prefix: "Shop" }],
    ["prefix", { prefix: "1a" }],
    ["prefix", { prefix: "a".repeat(41) }],
    ["prefix", { prefix: 'a"; DROP TABLE b' }],
    ["lease", { lease: "999 millis" }],
    ["lease", { lease: "Infinity" }],
    ["lease", { lease: "soon" as "1 second" }],
    ["lease", { lease: Number.NaN }],
    ["timeout", { timeout: "soon" as "1 second" }],
    ["timeout", { timeout: 0 }],
    ["timeout", { timeout: Number.NaN }],
    ["timeout", { timeout: "Infinity" }],
    ["transaction", { transaction: "yes" as never }],
    ["transactions is not an option", { transactions: true } as object]
  ]
  it.live.each(options)("with a wrong option: %s of %o", ([option, wrong]) =>
    Effect.gen(function* () {
      assert.include(yield* refusal(yield* Inboxes.sqlite(), wrong), option)
    }).pipe(Effect.scoped)
  )

  for (const [name, make] of Inboxes.leased) {
    it.live(`over tables of a later version ${name}`, () =>
      Effect.gen(function* () {
        const store = yield* make
        const { run } = yield* Inboxes.open(store)
        yield* run("INSERT INTO WEBHOOKS_migrations (migration_id, name) VALUES (99, 'later')")
        assert.include(yield* refusal(store), "from a later version of @palomma-effect/durable")
      }).pipe(Effect.scoped)
    )

    it.live(`inside a transaction of the caller ${name}`, () =>
      Effect.gen(function* () {
        const store = yield* make
        const { sql } = yield* Inboxes.open(store)
        const own = { ...store, database: Layer.succeed(SqlClient, sql) }
        assert.include(yield* sql.withTransaction(refusal(own)), "inside an SQL transaction")
      }).pipe(Effect.scoped)
    )
  }

  it.live("over a SQLite file that can lose commits", () =>
    Effect.gen(function* () {
      const store = yield* Inboxes.sqlite()
      const database = Layer.effectDiscard(SqlClient.use((sql) => sql`PRAGMA synchronous = NORMAL`)).pipe(
        Layer.provideMerge(store.database)
      )
      assert.include(yield* refusal({ ...store, database }), "PRAGMA synchronous is below FULL")
    }).pipe(Effect.scoped)
  )
})
