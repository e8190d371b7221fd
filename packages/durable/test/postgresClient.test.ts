import { assert, describe, it } from "@effect/vitest"
import { TransferJournalError } from "@palomma-effect/client/TransferError"
import { SqlTransferJournal } from "@palomma-effect/durable"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import { SqlClient } from "effect/sql/SqlClient"
import * as Tracer from "effect/Tracer"
import { execFile } from "node:child_process"
import { connect, createServer } from "node:net"
import { join } from "node:path"
import { inspect, promisify } from "node:util"
import { timeZoneProblem } from "../src/internal/durability.ts"
import * as PostgresClient from "../src/internal/postgresClient.ts"
import { journalOf } from "./support/open.ts"
import * as Postgres from "./support/postgres.ts"
import { proxy } from "./support/proxy.ts"
import { aRow } from "./support/rows.ts"
import * as Stores from "./support/stores.ts"

const clientOf = (options: PostgresClient.Options) =>
  Effect.map(Layer.build(Layer.fresh(PostgresClient.layer(options))), Context.get(SqlClient))

const failureOf = (options: PostgresClient.Options) => Effect.flip(Effect.scoped(clientOf(options)))

/** The address of the tests with other parameters. */
const urlWith = (parameters: Readonly<Record<string, string>>): string => {
  const url = new URL(Postgres.url)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}

const secrets = ["SENTINEL-user", "SENTINEL-password", "SENTINEL-host", "SENTINEL-database"]

const assertNoSecret = (value: unknown) => {
  const texts = [inspect(value, { depth: 20, showHidden: true }), JSON.stringify(value), String(value)]
  const stack = value instanceof Error ? [value.message, value.stack ?? ""] : []
  for (const text of [...texts, ...stack]) assert.notMatch(text, /SENTINEL/i)
}

const rejection = (code: string, text: string): Buffer => {
  const fields = `SFATAL\0C${code}\0M${text}\0\0`
  const length = Buffer.alloc(4)
  length.writeInt32BE(fields.length + 4)
  return Buffer.concat([Buffer.from("E"), length, Buffer.from(fields)])
}

/** A pooler before the PostgreSQL of the tests that rejects sessions with a parameter. */
const poolerOf = (parameter: string) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const { hostname, port } = new URL(Postgres.url)
      const server = createServer((socket) => {
        socket.on("error", () => {})
        socket.once("data", (first) => {
          if (first.includes(parameter)) return void socket.end(rejection("08P01", "unsupported startup parameter"))
          const database = connect(Number(port === "" ? 5432 : port), hostname)
          database.on("error", () => socket.destroy()).on("close", () => socket.destroy())
          socket.on("close", () => database.destroy())
          database.write(first)
          socket.pipe(database).pipe(socket)
        })
      })
      await new Promise<void>((resume) => server.listen(0, "127.0.0.1", resume))
      const address = server.address()
      const url = new URL(Postgres.url)
      url.host = `127.0.0.1:${typeof address === "object" ? address?.port : ""}`
      return { server, url: url.href }
    }),
    ({ server }) => Effect.sync(() => server.close())
  )

/** A PostgreSQL that rejects every session with an error that quotes the user and the password. */
const rejecting = (code: string) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const answer = rejection(code, `rejected ${secrets.join(" ")}`)
      const server = createServer((socket) => {
        socket.on("error", () => {})
        socket.once("data", () => socket.end(answer))
      })
      await new Promise<void>((resume) => server.listen(0, "127.0.0.1", resume))
      const address = server.address()
      const port = typeof address === "object" ? address?.port : undefined
      return { server, url: `postgres://SENTINEL-user:SENTINEL-password@127.0.0.1:${port}/SENTINEL-database` }
    }),
    ({ server }) => Effect.sync(() => server.close())
  )

describe("The client of PostgreSQL", () => {
  it.live("says what to install if @effect/sql-pg is missing, and the rest works without it", () =>
    Effect.gen(function* () {
      const program = join(import.meta.dirname, "support/withoutPeer.ts")
      const { stdout } = yield* Effect.promise(() =>
        promisify(execFile)(process.execPath, ["--disable-warning=ExperimentalWarning", program])
      )
      assert.deepStrictEqual(JSON.parse(stdout), {
        operation: "open",
        sent: "no",
        reason: "the package @effect/sql-pg is not installed: install @effect/sql-pg@^4.0.5"
      })
    })
  )

  it("names the version range of the package", async () => {
    const { default: manifest } = await import("../package.json", { with: { type: "json" } })
    assert.strictEqual(manifest.peerDependencies["@effect/sql-pg"], PostgresClient.version)
  })

  const form =
    "the option url must be a URL such as postgres://user:password@host:5432/database, with special characters of " +
    "the password encoded, such as %23 for #"
  it.live.each([
    ["that is empty", "", form],
    ["that is no URL", "SENTINEL-host", form],
    ["with a # in the password", "postgres://SENTINEL-user:1#SENTINEL-password@SENTINEL-host/x", form],
    ["with a / in the password", "postgres://SENTINEL-user:1/SENTINEL-password@SENTINEL-host/x", form],
    ["of another database", "mysql://SENTINEL-user@SENTINEL-host/x", form],
    [
      "with a % in the password",
      "postgres://SENTINEL-user:SENTINEL-password%@SENTINEL-host/x",
      "the option url has a % that encodes no character: write %25 for a %"
    ],
    [
      "with an unknown sslmode",
      "postgres://SENTINEL-user:SENTINEL-password@SENTINEL-host/x?sslmode=SENTINEL",
      "the sslmode of the option url is unknown: use one of disable, allow, prefer, require, verify-ca, verify-full"
    ],
    [
      "on which nothing listens",
      "postgres://SENTINEL-user:SENTINEL-password@127.0.0.1:1/SENTINEL-database",
      "the database cannot be reached: check its address, and that it is running"
    ]
  ] as const)("rejects an address %s, and prints nothing of it", ([, url, reason]) =>
    Effect.gen(function* () {
      for (const option of [url, Redacted.make(url)]) {
        const error = yield* failureOf({ url: option })
        assert.instanceOf(error, TransferJournalError)
        assert.deepStrictEqual([error.operation, error.sent, error.reason], ["open", "no", reason])
        assertNoSecret(error)
      }
    })
  )

  it.live.each([
    ["28P01", "the database rejected the credentials: check the user and the password (SQLSTATE 28P01)"],
    ["28000", "the database rejected the credentials: check the user and the password (SQLSTATE 28000)"],
    ["3D000", "the database does not exist: check its name (SQLSTATE 3D000)"],
    [
      "08P01",
      "a connection pooler rejected a setting of the session, such as its time zone: connect to PostgreSQL directly, " +
        "or to a pooler that passes TimeZone on, such as PgBouncer (SQLSTATE 08P01)"
    ]
  ] as const)("says why the database rejected it with %s, and prints no user, password or name", ([code, reason]) =>
    Effect.gen(function* () {
      const { url } = yield* rejecting(code)
      const error = yield* failureOf({ url })
      assert.deepStrictEqual([error.operation, error.sent, error.reason], ["open", "no", reason])
      assertNoSecret(error)
    }).pipe(Effect.scoped)
  )

  it.live("prints nothing of the address in logs, spans and causes", () =>
    Effect.gen(function* () {
      const { url } = yield* rejecting("28P01")
      const seen: Array<unknown> = []
      const tracer = Tracer.make({
        span: (options) => {
          const span = new Tracer.NativeSpan(options)
          seen.push(span)
          return span
        }
      })
      const logger = Logger.make((options) => void seen.push(options.message, Cause.pretty(options.cause)))
      const opening = clientOf({ url }).pipe(
        Effect.tapCause((cause) => Effect.logError("It did not open.", cause)),
        Effect.withSpan("open"),
        Effect.exit,
        Effect.scoped
      )
      seen.push(yield* opening.pipe(Effect.withTracer(tracer), Effect.provide(Logger.layer([logger]))))
      assert.isAtLeast(seen.length, 4)
      for (const value of seen) assert.notMatch(inspect(value, { depth: 20, showHidden: true }), /SENTINEL/)
    }).pipe(Effect.scoped)
  )

  it.live("rejects options that are not valid", () =>
    Effect.gen(function* () {
      for (const maxConnections of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        const error = yield* failureOf({ url: Postgres.url, maxConnections })
        assert.strictEqual(error.reason, "the option maxConnections must be a whole number, at least 1")
      }
      // @ts-expect-error a program without types can pass any value
      const error = yield* failureOf({ url: Postgres.url, connectTimeout: "soon" })
      assert.strictEqual(error.reason, "the option connectTimeout must be a duration, such as 5 seconds")
      for (const idleTransactionTimeout of [0, "999 millis", "25 days", "Infinity", Number.NaN, "soon"]) {
        const error = yield* failureOf({
          url: Postgres.url,
          idleTransactionTimeout: idleTransactionTimeout as "1 second"
        })
        const reason = "the option idleTransactionTimeout must be a duration from 1 second to 24 days"
        assert.strictEqual(error.reason, reason)
      }
    })
  )
})

const onPostgres = () =>
  describe("The client on PostgreSQL", () => {
    const session = SqlClient.use(
      (sql) =>
        sql<{ readonly pid: number; readonly zone: string; readonly name: string }>`SELECT pg_backend_pid() AS pid,
          current_setting('TimeZone') AS zone, current_setting('application_name') AS name`
    ).pipe(Effect.map(([first]) => first))

    const inTokyo = urlWith({ options: "-c TimeZone=Asia/Tokyo" })

    it.live("uses UTC, although the address sets another time zone", () =>
      Effect.gen(function* () {
        assert.strictEqual((yield* session)?.zone, "UTC")
        assert.isUndefined(yield* timeZoneProblem)
      }).pipe(Effect.provide(PostgresClient.layer({ url: inTokyo })))
    )

    it.live("uses UTC, although the user has another time zone", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient
        const role = `${yield* Stores.prefix}tokyo`
        yield* Effect.acquireRelease(sql.unsafe(`CREATE ROLE ${role} LOGIN PASSWORD 'tokyo'`), () =>
          Effect.orDie(sql`DROP ROLE ${sql(role)}`)
        )
        yield* sql.unsafe(`ALTER ROLE ${role} SET TimeZone = 'Asia/Tokyo'`)
        const url = new URL(Postgres.url)
        url.username = role
        url.password = "tokyo"
        const zoneOf = (layer: Layer.Layer<SqlClient, unknown>) =>
          Effect.map(Effect.provide(session, Layer.fresh(layer)), (first) => first?.zone)
        assert.strictEqual(yield* zoneOf(Postgres.layer({ url: Redacted.make(url.href) })), "Asia/Tokyo")
        assert.strictEqual(yield* zoneOf(PostgresClient.layer({ url: url.href })), "UTC")
      }).pipe(Effect.scoped, Effect.provide(Postgres.layer()))
    )

    it.live("uses UTC and the same name in a session that replaces one that the database ended", () =>
      Effect.gen(function* () {
        const client = yield* clientOf({ url: inTokyo, maxConnections: 1 })
        const current = Effect.provideService(session, SqlClient, client)
        const before = yield* current
        const { ended } = yield* SqlClient.use((sql) =>
          Effect.map(
            sql<{ ended: boolean }>`SELECT pg_terminate_backend(${before?.pid ?? 0}, 60000) AS ended`,
            ([first]) => ({ ended: first?.ended })
          )
        ).pipe(Effect.provide(Postgres.layer()))
        assert.isTrue(ended)
        // The statement that finds the connection closed fails.
        const after = yield* Effect.retry(current, { schedule: Schedule.recurs(3) })
        assert.notStrictEqual(after?.pid, before?.pid)
        assert.deepStrictEqual([after?.zone, after?.name], ["UTC", "palomma-effect"])
      }).pipe(Effect.scoped)
    )

    const idleTimeout = SqlClient.use((sql) => sql`SHOW idle_in_transaction_session_timeout`.values)

    it.live("ends a transaction that waits for its program for a minute, or for the time of its option", () =>
      Effect.gen(function* () {
        const shown = (options: Partial<PostgresClient.Options>) =>
          Effect.flatMap(clientOf({ url: Postgres.url, ...options }), (client) =>
            Effect.provideService(idleTimeout, SqlClient, client)
          )
        assert.deepStrictEqual(yield* shown({}), [["1min"]])
        assert.deepStrictEqual(yield* shown({ idleTransactionTimeout: "10 seconds" }), [["10s"]])
      }).pipe(Effect.scoped)
    )

    it.live("lets others write the rows of a frozen program after this time", () =>
      Effect.gen(function* () {
        const table = `${yield* Stores.prefix}transfers`
        const sql = yield* SqlClient
        yield* sql.unsafe(`CREATE TABLE ${table} (a INTEGER)`)
        yield* sql.unsafe(`INSERT INTO ${table} VALUES (1)`)
        const frozen = yield* clientOf({ url: Postgres.url, idleTransactionTimeout: "1 second" })
        const isWritten = yield* Deferred.make<void>()
        const holding = frozen.withTransaction(
          frozen
            .unsafe(`UPDATE ${table} SET a = 2`)
            .pipe(Effect.andThen(Deferred.succeed(isWritten, undefined)), Effect.andThen(Effect.never))
        )
        yield* Effect.forkScoped(holding)
        yield* Deferred.await(isWritten)
        yield* sql.unsafe(`UPDATE ${table} SET a = a + 10`)
        assert.deepStrictEqual(yield* sql.unsafe(`SELECT a FROM ${table}`), [{ a: 11 }])
      }).pipe(Effect.scoped, Effect.provide(Postgres.layer()))
    )

    it.live("works through a pooler that does not pass this time on, and warns", () =>
      Effect.gen(function* () {
        const { url } = yield* poolerOf("idle_in_transaction_session_timeout")
        const lines: Array<unknown> = []
        const client = yield* clientOf({ url }).pipe(
          Effect.provide(Logger.layer([Logger.make(({ message }) => void lines.push(message))]))
        )
        assert.deepStrictEqual(yield* Effect.provideService(idleTimeout, SqlClient, client), [["0"]])
        assert.strictEqual((yield* Effect.provideService(session, SqlClient, client))?.zone, "UTC")
        assert.lengthOf(lines, 1)
        assert.include(String(lines[0]), "ALTER ROLE ... SET idle_in_transaction_session_timeout")
      }).pipe(Effect.scoped)
    )

    it.live("keeps the application name of the address", () =>
      Effect.gen(function* () {
        const client = yield* clientOf({ url: urlWith({ application_name: "payroll" }) })
        assert.strictEqual((yield* Effect.provideService(session, SqlClient, client))?.name, "payroll")
      }).pipe(Effect.scoped)
    )

    it.live("opens a journal, and its address is in no printed form of the client", () =>
      Effect.gen(function* () {
        const url = urlWith({ application_name: "SENTINEL" })
        const client = yield* clientOf({ url })
        const open = SqlTransferJournal.layer({ prefix: yield* Stores.prefix })
        const journal = yield* journalOf(open.pipe(Layer.provide(Layer.succeed(SqlClient, client))))
        assert.isTrue(Option.isSome(yield* journal.insert(aRow("r"))))
        assert.notInclude(inspect(client, { depth: 9, showHidden: true }), "SENTINEL")
      }).pipe(Effect.scoped)
    )

    it.live("fails if the database rolls a transaction back that the program commits", () =>
      Effect.gen(function* () {
        const client = yield* clientOf({ url: Postgres.url })
        const failing = client.withTransaction(Effect.ignore(client`SELECT 1 / 0`))
        assert.include((yield* Effect.flip(failing)).reason.message, "rolled the transaction back")
        yield* client.withTransaction(client`SELECT 1`)
      }).pipe(Effect.scoped)
    )

    it.live("prints nothing of the address if it cannot connect again", () =>
      Effect.gen(function* () {
        const front = yield* proxy
        const url = new URL(front.url)
        const client = yield* clientOf({ url: url.href, maxConnections: 1 })
        front.end()
        const spans: Array<Tracer.NativeSpan> = []
        const tracer = Tracer.make({
          span: (options) => {
            const span = new Tracer.NativeSpan(options)
            spans.push(span)
            return span
          }
        })
        const query = Effect.flip(client`SELECT 1`)
        // The first statement finds its connection closed, the second finds no server.
        const errors = yield* Effect.all([query, query]).pipe(Effect.withTracer(tracer))
        assert.include(errors[1]?.reason.message, "the database cannot be reached")
        for (const value of [...errors, ...spans]) {
          assert.notInclude(inspect(value, { depth: 20, showHidden: true }), url.port)
        }
      }).pipe(Effect.scoped)
    )

    /** Begins transactions until all of them are open. Its `end` ends them. */
    const hold = Effect.fnUntraced(function* (client: SqlClient, count: number) {
      const end = yield* Deferred.make<void>()
      const began = yield* Effect.forEach(Array.from({ length: count }), () => Deferred.make<void>())
      const fibers = yield* Effect.forEach(began, (signal) =>
        // They end before the pool, which waits for its connections.
        Effect.forkScoped(
          client.withTransaction(
            client`SELECT 1`.pipe(
              Effect.andThen(Deferred.succeed(signal, undefined)),
              Effect.andThen(Deferred.await(end))
            )
          )
        )
      )
      yield* Effect.forEach(began, (signal) => Deferred.await(signal))
      return { end: Effect.andThen(Deferred.succeed(end, undefined), Effect.forEach(fibers, Fiber.join)) }
    })

    it.live("opens at most 10 connections by default, so that 8 transactions leave 2 for other statements", () =>
      Effect.gen(function* () {
        const name = yield* Stores.prefix
        const client = yield* clientOf({ url: urlWith({ application_name: name }) })
        const { end } = yield* hold(client, 10)
        const order: Array<string> = []
        const eleventh = yield* Effect.forkChild(
          Effect.andThen(
            client`SELECT 1`,
            Effect.sync(() => order.push("the 11th"))
          ),
          { startImmediately: true }
        )
        const [first] = yield* SqlClient.use(
          (sql) => sql<{ count: number }>`SELECT count(*)::int AS count FROM pg_stat_activity
            WHERE application_name = ${name}`
        ).pipe(Effect.provide(Postgres.layer()))
        assert.deepStrictEqual(first, { count: 10 })
        assert.deepStrictEqual(order, [])
        yield* end
        yield* Fiber.join(eleventh)
        assert.deepStrictEqual(order, ["the 11th"])
      }).pipe(Effect.scoped)
    )

    it.live("waits forever if every connection is held by a transaction that waits for another one", () =>
      Effect.gen(function* () {
        const client = yield* clientOf({ url: Postgres.url, maxConnections: 2 })
        const order: Array<string> = []
        // A second connection is needed by code that does not join the transaction.
        const other = Effect.andThen(client.reserve, (connection) => connection.execute("SELECT 1", [], undefined))
        const both = yield* Effect.all([Deferred.make<void>(), Deferred.make<void>()])
        const ready = Effect.forEach(both, (signal) => Deferred.await(signal))
        const [one, two] = yield* Effect.forEach(both, (signal, at) =>
          Effect.forkChild(
            client
              .withTransaction(
                Effect.andThen(Deferred.succeed(signal, undefined), ready).pipe(
                  Effect.andThen(Effect.scoped(other)),
                  Effect.andThen(Effect.sync(() => order.push(`${at} got a second connection`)))
                )
              )
              .pipe(Effect.onInterrupt(() => Effect.sync(() => order.push(`${at} ended`))))
          )
        )
        yield* ready
        // A round trip to the database is long enough for both to ask.
        yield* session.pipe(Effect.provide(Postgres.layer()))
        assert.deepStrictEqual(order, [])
        yield* Fiber.interrupt(one ?? assert.fail())
        yield* Fiber.join(two ?? assert.fail())
        assert.deepStrictEqual(order, ["0 ended", "1 got a second connection"])
      }).pipe(Effect.scoped)
    )

    it.live("runs a transaction and its statements on a pool of one connection", () =>
      Effect.gen(function* () {
        const client = yield* clientOf({ url: Postgres.url, maxConnections: 1 })
        const nested = client.withTransaction(client.withTransaction(client<{ a: number }>`SELECT 1 AS a`))
        assert.deepStrictEqual(yield* nested, [{ a: 1 }])
      }).pipe(Effect.scoped)
    )
  })

if (Postgres.isThere) onPostgres()
