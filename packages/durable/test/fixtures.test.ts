// The stores of earlier versions must be readable forever: a row that is not read is a transfer that is paid again.
import { assert, describe, it } from "@effect/vitest"
import { Transfer } from "@palomma-effect/client/Transfer"
import { TransferJournal } from "@palomma-effect/client/TransferJournal"
import { SqlTransferJournal } from "@palomma-effect/durable"
import { PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as PersistedQueue from "effect/persistence/PersistedQueue"
import * as Schema from "effect/Schema"
import { SqlClient } from "effect/sql/SqlClient"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { names } from "../src/internal/columns.ts"
import { dump, load, tablesOf } from "./support/dump.ts"
import { databases, empty, folder, make, plain, readAll } from "./support/fixture.ts"
import * as Postgres from "./support/postgres.ts"
import { aRow, namespace, next } from "./support/rows.ts"
import * as D from "./support/durable.ts"
import { palomma } from "../../../test/support/transfers.ts"

const read = (version: string, file: string): string => readFileSync(join(folder, version, file), "utf8")

const expected = (version: string): ReadonlyArray<Transfer> =>
  Schema.decodeUnknownSync(Schema.Array(Transfer))(JSON.parse(read(version, "rows.json")))

const versions = readdirSync(folder)

const renew = "run npx -y pnpm@12.21.0 fixtures"

for (const name of databases) {
  if (name === "postgres" && !Postgres.isThere) continue

  describe(`The fixtures in ${name}`, () => {
    it.live("are what this version writes", () =>
      Effect.gen(function* () {
        const { rows, sql } = yield* make
        assert.strictEqual(sql, read("current", `${name}.sql`), renew)
        assert.strictEqual(rows, read("current", "rows.json"), renew)
      }).pipe(Effect.provide(empty[name]))
    )

    it.live.each(versions)("of %s get the tables of this version, are read completely, and can be changed", (version) =>
      Effect.gen(function* () {
        yield* load(read(version, `${name}.sql`))
        const rows = expected(version)
        const written = yield* Effect.gen(function* () {
          const journal = yield* TransferJournal
          assert.deepStrictEqual(tablesOf(yield* dump), tablesOf(read("current", `${name}.sql`)))
          assert.deepStrictEqual((yield* readAll(journal)).map(plain), rows.map(plain))
          for (const row of rows) {
            const found = Option.getOrUndefined(yield* journal.find(row))
            assert.deepStrictEqual(found && plain(found), plain(row))
            assert.isTrue(Option.isNone(yield* journal.insert(row)), row.reference)
            assert.isTrue(Option.isSome(yield* journal.replace(next(row, { lastError: "changed" }))), row.reference)
          }
          assert.isTrue(Option.isSome(yield* journal.insert(aRow("new"))))
          return yield* SqlClient.use((sql) => sql<{ count: number }>`SELECT count(*) AS count FROM palomma_transfers`)
        }).pipe(Effect.provide(SqlTransferJournal.layer()))
        assert.strictEqual(Number(written[0]?.count), rows.length + 1)
      }).pipe(Effect.provide(empty[name]))
    )

    it.live.each(versions)("of %s are carried on: rows of a worker are sent and told, and no others", (version) =>
      Effect.gen(function* () {
        yield* load(read(version, `${name}.sql`))
        const told = new Set<string>()
        yield* Effect.gen(function* () {
          const all = yield* D.open("palomma_", { namespace })
          yield* all.backend.sweep(true)
          const onEnd = (row: Transfer) => Effect.sync(() => void told.add(`${row.kind} ${row.reference}`))
          yield* Effect.forkScoped(all.durable.work({ onEnd }))
          for (const kind of ["payout", "payin"] as const) {
            const stateOf = (reference: string) =>
              Effect.map(all.durable.poll({ kind, reference }), (row) => Option.getOrThrow(row).state)
            // The simulated Palomma does not have the account of the fixture.
            yield* D.until(stateOf("intended, carried"), (state) => state === "rejected")
            yield* D.until(
              Effect.sync(() => told.has(`${kind} intended, carried`)),
              (isTold) => isTold
            )
            yield* D.until(
              Effect.sync(() => told.has(`${kind} needsReview, carried`)),
              (isTold) => isTold
            )
            assert.strictEqual(yield* stateOf("intended"), "intended")
            assert.isFalse(told.has(`${kind} approved`), "a plain row was told")
            assert.isFalse(told.has(`${kind} approved, carried`), "a row was told again")
          }
        }).pipe(
          Effect.scoped,
          // The worker warns of the rejections, which is expected.
          Effect.provide(
            Layer.merge(Logger.layer([]), Layer.provideMerge(palomma(), PalommaSimulator.layer({ seed: 1 })))
          )
        )
      }).pipe(Effect.provide(empty[name]))
    )

    it.live("have a value in every column of a transfer", () =>
      Effect.gen(function* () {
        yield* load(read("current", `${name}.sql`))
        const sql = yield* SqlClient
        for (const column of [...names, "left_sending_at"]) {
          const rows = yield* sql`SELECT 1 FROM palomma_transfers WHERE ${sql(column)} IS NOT NULL LIMIT 1`
          assert.lengthOf(rows, 1, column)
        }
      }).pipe(Effect.provide(empty[name]))
    )

    it.live("can hold a queue, and columns whose values the database chooses", () => {
      const written = Effect.gen(function* () {
        const sql = yield* SqlClient
        const random = sql.onDialectOrElse({ pg: () => "md5(random()::text)", orElse: () => "(hex(randomblob(8)))" })
        yield* sql.unsafe(`CREATE TABLE a (b TEXT PRIMARY KEY, c TEXT NOT NULL DEFAULT ${random})`)
        yield* sql`INSERT INTO a (b) VALUES ('2'), ('1')`
        yield* Effect.gen(function* () {
          const queue = yield* PersistedQueue.make({ name: "q", schema: Schema.String })
          for (const job of ["one", "two"]) yield* queue.offer(job, { id: job })
        }).pipe(
          Effect.provide(PersistedQueue.layer.pipe(Layer.provide(PersistedQueue.layerStoreSql({ tableName: "jobs" }))))
        )
        return yield* dump
      })
      return Effect.gen(function* () {
        const first = yield* Effect.provide(written, Layer.fresh(empty[name]))
        assert.match(first, /INSERT INTO a \(b, c\) VALUES\n {2}\('1', 'c 1'\),\n {2}\('2', 'c 2'\);/)
        assert.strictEqual(yield* Effect.provide(written, Layer.fresh(empty[name])), first)
        const again = Effect.andThen(load(first), dump)
        assert.strictEqual(yield* Effect.provide(again, Layer.fresh(empty[name])), first)
      })
    })
  })
}

describe("The folders of the fixtures", () => {
  it("have one of this version, from its release on, and one of the present tables", async () => {
    const { default: manifest } = await import("../package.json", { with: { type: "json" } })
    const version: string = manifest.version
    const needed = version === "0.0.0" ? ["current"] : ["current", version]
    for (const name of needed) assert.include(versions, name, `${renew} ${name === "current" ? "" : name}`)
  })

  it("have transfers in every state, with and without a worker", () => {
    for (const version of versions) {
      const rows = expected(version)
      assert.lengthOf(new Set(rows.map(({ carriedBy, kind, state }) => `${kind} ${state} ${carriedBy}`)), 40)
    }
  })
})
