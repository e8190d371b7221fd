import { assert, describe, it } from "@effect/vitest"
import { PayoutJournal, PayoutJournalError, PayoutResolution } from "@palomma-effect/client"
import { SqlitePayoutJournal, SqlPayoutJournal } from "@palomma-effect/durable"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { SqlClient } from "effect/sql/SqlClient"
import { writeFileSync } from "node:fs"
import { connect, createServer, type Socket } from "node:net"
import { join } from "node:path"
import { inspect } from "node:util"
import * as Postgres from "./support/postgres.ts"
import { aRow, environment, next } from "./support/rows.ts"
import * as Stores from "./support/stores.ts"

const failure = (layer: Layer.Layer<PayoutJournal, unknown>) => Effect.flip(Effect.scoped(Layer.build(layer)))

describe("SqlitePayoutJournal", () => {
  it.live("refuses what would be gone with the process", () =>
    Effect.gen(function* () {
      for (const filename of [":memory:", "", "file:x?mode=memory"]) {
        const error = yield* failure(SqlitePayoutJournal.layer({ filename }))
        assert.instanceOf(error, PayoutJournalError)
        assert.include(String(error), "nothing would outlive the process")
      }
    })
  )

  it.live("says what is wrong with a file", () =>
    Effect.gen(function* () {
      const directory = yield* Stores.directory
      const nowhere = yield* failure(SqlitePayoutJournal.layer({ filename: join(directory, "no", "payouts.db") }))
      assert.instanceOf(nowhere, PayoutJournalError)
      assert.include(String(nowhere), "unable to open database file (SQLite 14)")
      const filename = join(directory, "payouts.csv")
      writeFileSync(filename, "reference,amount\n".repeat(100))
      const text = yield* failure(SqlitePayoutJournal.layer({ filename }))
      assert.instanceOf(text, PayoutJournalError)
      assert.include(String(text), "file is not a database (SQLite 26)")
    }).pipe(Effect.scoped)
  )
})

/** A server in front of the database that goes quiet when it is told to. */
const quietable = Effect.acquireRelease(
  Effect.promise(async () => {
    const { hostname, port } = new URL(Postgres.url)
    let isQuiet = false
    const sockets: Array<Socket> = []
    const server = createServer((near) => {
      const far = connect({ host: hostname, port: Number(port || 5432) })
      sockets.push(near, far)
      near.on("data", (part) => isQuiet || far.write(part))
      far.on("data", (part) => near.write(part))
      for (const socket of [near, far]) socket.on("error", () => {})
    })
    await new Promise<void>((resume) => server.listen(0, "127.0.0.1", resume))
    const address = server.address()
    const url = new URL(Postgres.url)
    url.hostname = "127.0.0.1"
    url.port = String(typeof address === "object" ? address?.port : "")
    const end = () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    }
    return { end, url: url.href, quiet: () => void (isQuiet = true) }
  }),
  ({ end }) => Effect.sync(end)
)

const onPostgres = () =>
  describe("SqlPayoutJournal on PostgreSQL", () => {
    it.live("refuses to be used within a transaction of the caller, and changes nothing", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient
        const services = yield* Layer.build(SqlPayoutJournal.layer({ prefix: yield* Stores.prefix }))
        const journal = Context.get(services, PayoutJournal)
        yield* journal.insert(aRow("r"))
        for (const use of [
          Effect.asVoid(journal.insert(aRow("s"))),
          Effect.asVoid(journal.replace(next(aRow("r"), { state: "sending" }))),
          Effect.asVoid(journal.find(aRow("r"))),
          Effect.asVoid(journal.list(environment))
        ]) {
          const error = yield* Effect.flip(sql.withTransaction(use))
          assert.strictEqual(error._tag, "PayoutJournalError")
          assert.include(error.message, "within an SQL transaction")
        }
        assert.deepStrictEqual(yield* journal.list(environment), [aRow("r")])
      }).pipe(Effect.scoped, Effect.provide(Postgres.layer()))
    )

    it.live("refuses a database that may lose commits", () =>
      Effect.gen(function* () {
        const careless = Postgres.layer({ startupParameters: { synchronous_commit: "off" } })
        const error = yield* failure(
          SqlPayoutJournal.layer({ prefix: yield* Stores.prefix }).pipe(Layer.provide(careless))
        )
        assert.instanceOf(error, PayoutJournalError)
        assert.include(String(error), "synchronous_commit is off")
      }).pipe(Effect.scoped)
    )

    it.live("is made once by many processes that start at once", () =>
      Effect.gen(function* () {
        const prefix = yield* Stores.prefix
        const open = () => Layer.build(SqlPayoutJournal.layer({ prefix }).pipe(Layer.provide(Postgres.layer())))
        const all = yield* Effect.forEach(Array.from({ length: 8 }), open, { concurrency: "unbounded" })
        const won = yield* Effect.forEach(all, (services) => Context.get(services, PayoutJournal).insert(aRow("r")), {
          concurrency: "unbounded"
        })
        assert.strictEqual(won.filter((was) => was).length, 1)
      }).pipe(Effect.scoped)
    )

    it.live("keeps what a person or a server wrote, whatever that is", () =>
      Effect.gen(function* () {
        const { open } = yield* Stores.postgres
        const journal = Context.get(yield* Layer.build(open), PayoutJournal)
        const odd = "a\0b\ud800c"
        const resolution = new PayoutResolution({ as: "paid", by: odd, note: odd, at: 1 })
        yield* journal.insert(aRow("r", { lastError: odd, resolution }))
        const row = Option.getOrUndefined(yield* journal.find(aRow("r")))
        assert.deepStrictEqual(
          [row?.lastError, row?.resolution?.by, row?.resolution?.note],
          Array(3).fill("a\ufffdb\ufffdc")
        )
      }).pipe(Effect.scoped)
    )

    it.live("says of a row of a later version that it cannot be read, and which one it is", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient
        const prefix = yield* Stores.prefix
        const journal = Context.get(yield* Layer.build(SqlPayoutJournal.layer({ prefix })), PayoutJournal)
        yield* journal.insert(aRow("r"))
        yield* sql`UPDATE ${sql(`${prefix}payouts`)} SET state = 'paused'`
        for (const use of [Effect.asVoid(journal.find(aRow("r"))), Effect.asVoid(journal.list(environment))]) {
          const error = yield* Effect.flip(use)
          assert.strictEqual(error.reference, "r")
          assert.include(error.message, "does not know")
          assert.notInclude(error.message, "paused")
        }
      }).pipe(Effect.scoped, Effect.provide(Postgres.layer()))
    )

    it.live("fails in words that hold nothing of what is stored", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient
        const prefix = yield* Stores.prefix
        const journal = Context.get(yield* Layer.build(SqlPayoutJournal.layer({ prefix })), PayoutJournal)
        const secret = "SENTINEL"
        const row = aRow("r", { lastError: secret, payoutTargetId: aRow("r").payoutTargetId })
        yield* sql`ALTER TABLE ${sql(`${prefix}payouts`)} ADD CHECK (last_error <> 'SENTINEL')`
        const refused = yield* Effect.flip(journal.insert(row))
        assert.include(refused.message, "a constraint of the database forbids it (SQLSTATE 23514)")
        yield* sql`DROP TABLE ${sql(`${prefix}payouts`)}`
        const gone = yield* Effect.flip(journal.replace(row))
        assert.include(gone.message, "the tables are not as they should be (SQLSTATE 42P01)")
        for (const error of [refused, gone]) {
          for (const text of [inspect(error, { depth: 9 }), JSON.stringify(error), String(error), error.stack]) {
            assert.notInclude(text, secret)
          }
        }
      }).pipe(Effect.scoped, Effect.provide(Postgres.layer()))
    )

    it.live("gives up on a database that hangs, also where nothing can be interrupted", () =>
      Effect.gen(function* () {
        const front = yield* quietable
        const database = Postgres.layer({ url: Redacted.make(front.url) })
        const open = SqlPayoutJournal.layer({ prefix: yield* Stores.prefix, timeout: "300 millis" }).pipe(
          Layer.provide(database)
        )
        const journal = Context.get(yield* Layer.build(open), PayoutJournal)
        yield* journal.insert(aRow("r"))
        front.quiet()
        const begin = performance.now()
        const error = yield* Effect.flip(Effect.uninterruptible(journal.replace(next(aRow("r")))))
        assert.include(error.message, "no answer within 300ms")
        assert.isBelow(performance.now() - begin, 3_000)
        // The driver says goodbye to a server that still hangs, and waits for it.
        front.end()
      }).pipe(Effect.scoped)
    )
  })

if (Postgres.isThere) onPostgres()
