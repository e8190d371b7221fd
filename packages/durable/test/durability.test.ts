import { assert, describe, it } from "@effect/vitest"
import { SqlTransferJournal } from "@palomma-effect/durable"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { SqlClient } from "effect/sql/SqlClient"
import { durabilityProblem, timeZoneProblem } from "../src/internal/durability.ts"
import * as SqliteClient from "../src/internal/sqliteClient.ts"
import { failureOf, journalOf } from "./support/open.ts"
import * as Postgres from "./support/postgres.ts"
import * as Stores from "./support/stores.ts"

const onPostgres = () =>
  describe("The check of the settings of PostgreSQL", () => {
    /** A session of a new role with settings. */
    const roleWith = (settings: Readonly<Record<string, string>>) =>
      Effect.gen(function* () {
        const sql = yield* SqlClient
        const role = `${yield* Stores.prefix}role`
        yield* Effect.acquireRelease(sql.unsafe(`CREATE ROLE ${role} LOGIN PASSWORD 'role'`), () =>
          Effect.orDie(sql`DROP ROLE ${sql(role)}`)
        )
        for (const [name, value] of Object.entries(settings)) {
          yield* sql.unsafe(`ALTER ROLE ${role} SET ${name} = '${value}'`)
        }
        const url = new URL(Postgres.url)
        url.username = role
        url.password = "role"
        return Layer.fresh(Postgres.layer({ url: Redacted.make(url.href) }))
      })

    const sessionWith = (startupParameters: Readonly<Record<string, string>>) =>
      Effect.sync(() => Layer.fresh(Postgres.layer({ startupParameters })))

    const ways = [
      ["the role", roleWith],
      ["the session", sessionWith]
    ] as const

    const problems: ReadonlyArray<readonly [string, string, typeof durabilityProblem, string]> = [
      [
        "synchronous_commit",
        "off",
        durabilityProblem,
        "synchronous_commit is off in this database, so it can lose commits: turn it on"
      ],
      [
        "default_transaction_read_only",
        "on",
        durabilityProblem,
        "default_transaction_read_only is on in this session, so it can write no row: turn it off"
      ],
      [
        "TimeZone",
        "Asia/Tokyo",
        timeZoneProblem,
        "the setting TimeZone of this session is not UTC, so sessions would disagree about the age of a lock: set " +
          `startupParameters: { TimeZone: "UTC" } in PgClient.layer, or ALTER ROLE ... SET TimeZone = 'UTC'`
      ]
    ]

    for (const [of, open] of ways) {
      for (const [name, value, check, reason] of problems) {
        it.live(`refuses ${name} = ${value} of ${of}`, () =>
          Effect.gen(function* () {
            const layer = yield* open({ [name]: value })
            assert.strictEqual(yield* Effect.provide(check, layer), reason)
          }).pipe(Effect.scoped, Effect.provide(Postgres.layer()))
        )
      }

      for (const value of ["on", "local", "remote_write", "remote_apply"]) {
        it.live(`accepts synchronous_commit = ${value} of ${of}`, () =>
          Effect.gen(function* () {
            const layer = yield* open({ synchronous_commit: value })
            assert.isUndefined(yield* Effect.provide(durabilityProblem, layer))
          }).pipe(Effect.scoped, Effect.provide(Postgres.layer()))
        )
      }
    }

    it.live("refuses a transaction that cannot write", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient
        const problem = sql.withTransaction(Effect.andThen(sql`SET TRANSACTION READ ONLY`, durabilityProblem))
        assert.strictEqual(
          yield* problem,
          "transaction_read_only is on in this session, so it can write no row: turn it off"
        )
      }).pipe(Effect.provide(Postgres.layer()))
    )

    it.live("does not open a journal in which it can write no row, although its tables exist", () =>
      Effect.gen(function* () {
        const open = SqlTransferJournal.layer({ prefix: yield* Stores.prefix })
        yield* journalOf(open.pipe(Layer.provide(Postgres.layer())))
        const layer = yield* sessionWith({ default_transaction_read_only: "on" })
        const error = yield* failureOf(open.pipe(Layer.provide(layer)))
        assert.include(String(error), "default_transaction_read_only is on")
      }).pipe(Effect.scoped)
    )

    /** Whether the check accepts a time zone, and how PostgreSQL shows it. None if PostgreSQL does not know it. */
    const accepts = Effect.fnUntraced(function* (zone: string) {
      const sql = yield* SqlClient
      return yield* sql
        .withTransaction(
          Effect.gen(function* () {
            const [first] = yield* sql<{ zone: string }>`SELECT set_config('TimeZone', ${zone}, true) AS zone`
            return { zone: first?.zone, accepted: (yield* timeZoneProblem) === undefined }
          })
        )
        .pipe(Effect.orElseSucceed(() => undefined))
    })

    it.live.each(["UTC", "utc", "Etc/UTC", "Etc/UCT", "Universal", "Zulu", "GMT", "Etc/GMT", "Etc/GMT+0", "GMT0", "0"])(
      "accepts the time zone %s",
      (zone) =>
        Effect.gen(function* () {
          assert.isTrue((yield* accepts(zone))?.accepted)
        }).pipe(Effect.provide(Postgres.layer()))
    )

    it.live.each(["Europe/London", "Africa/Abidjan", "Etc/GMT+5", "UTC+5", "GMT-1", "America/Bogota", "-5", "GMT0BST"])(
      "refuses the time zone %s",
      (zone) =>
        Effect.gen(function* () {
          assert.isFalse((yield* accepts(zone))?.accepted)
        }).pipe(Effect.provide(Postgres.layer()))
    )

    it.live("accepts no time zone of PostgreSQL that differs from UTC at any time of the year", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient
        const zones = yield* sql<{ name: string; differs: boolean }>`
          SELECT name, bool_or((at AT TIME ZONE name) <> (at AT TIME ZONE 'UTC')) AS differs
          FROM pg_timezone_names, generate_series('2025-01-01'::timestamptz, '2026-01-01', '15 days') AS at
          GROUP BY name`
        assert.isAbove(zones.length, 300)
        let accepted = 0
        for (const { differs, name } of zones) {
          if ((yield* accepts(name))?.accepted !== true) continue
          accepted++
          assert.isFalse(differs, name)
        }
        assert.isAtLeast(accepted, 10)
      }).pipe(Effect.provide(Postgres.layer()))
    )
  })

if (Postgres.isThere) onPostgres()

describe("The check of the settings of SQLite", () => {
  it.live("finds no problem with its time zone, which is always UTC", () =>
    Effect.gen(function* () {
      assert.isUndefined(yield* timeZoneProblem)
    }).pipe(Effect.provide(SqliteClient.layer({ filename: ":memory:" })))
  )
})
