// The tables of the queue hold nothing that the journal does not know, so any half of them is made again.
import { assert, describe, it } from "@effect/vitest"
import { Durable } from "@palomma-effect/durable"
import { TransferJournalError } from "@palomma-effect/client/TransferError"
import { PayoutTargetId } from "@palomma-effect/schema"
import { PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import { join } from "node:path"
import * as D from "./support/durable.ts"
import * as Postgres from "./support/postgres.ts"
import { directory, prefix } from "./support/stores.ts"

const jobs = (tables: string) => [`${tables}transfer_jobs`, `${tables}transfer_jobs_migrations`] as const

const stores = {
  SQLite: Effect.map(directory, (path) => ({
    tables: "palomma_",
    layer: Layer.orDie(Durable.layerSqlite({ filename: join(path, "transfers.db") }))
  })),
  PostgreSQL: Effect.gen(function* () {
    const tables = yield* prefix
    const client = Postgres.layer({ startupParameters: { TimeZone: "UTC" } })
    yield* Effect.addFinalizer(() =>
      Effect.forEach(jobs(tables), (table) => SqlClient.use((sql) => sql`DROP TABLE IF EXISTS ${sql(table)}`)).pipe(
        Effect.provide(client),
        Effect.orDie
      )
    )
    return { tables, layer: Layer.orDie(Layer.provideMerge(Durable.layer({ prefix: tables }), client)) }
  })
}

for (const store of ["SQLite", "PostgreSQL"] as const) {
  describe.skipIf(store === "PostgreSQL" && !Postgres.isThere)(`the tables of the queue in ${store}`, () => {
    for (const [what, statement] of [
      ["the jobs", ([table]: ReturnType<typeof jobs>) => `DROP TABLE ${table}`],
      ["the list of migrations", ([, table]: ReturnType<typeof jobs>) => `DROP TABLE ${table}`],
      // A process that starts while the list is dropped makes it again, and then cannot migrate the table of jobs.
      ["the content of the list of migrations", ([, table]: ReturnType<typeof jobs>) => `DELETE FROM ${table}`]
    ] as const) {
      it.live(`are made again if only ${what} is missing`, () =>
        Effect.gen(function* () {
          const { layer, tables } = yield* stores[store]
          yield* Effect.provide(
            SqlClient.use((sql) => sql.unsafe(statement(jobs(tables)))),
            layer
          )
          const counted = Effect.gen(function* () {
            const sql = yield* SqlClient
            const { id } = yield* (yield* PalommaSimulator).addPayoutTarget()
            const durable = yield* Durable
            yield* durable.intend({
              kind: "payout",
              reference: "r",
              payoutTargetId: PayoutTargetId.make(id),
              amount: 50_000
            })
            return yield* sql`SELECT * FROM ${sql(`${tables}transfer_jobs`)}`
          })
          assert.lengthOf(yield* Effect.provide(counted, layer), 1)
        }).pipe(Effect.scoped, Effect.provide(PalommaSimulator.layer()))
      )
    }
  })
}

/** Makes a table of the program, with a name that the queue uses too. */
const ofProgram = (name: string) =>
  SqlClient.use((sql) =>
    Effect.andThen(
      sql`CREATE TABLE ${sql(name)} (id TEXT PRIMARY KEY, state TEXT NOT NULL)`,
      sql`INSERT INTO ${sql(name)} (id, state) VALUES ('of the program', 'kept')`
    )
  )

const keptIn = (name: string) => SqlClient.use((sql) => sql`SELECT id, state FROM ${sql(name)}`)

const kept = [{ id: "of the program", state: "kept" }]

for (const [store, make] of D.places) {
  describe(`a table of the program with the name of the jobs in ${store}`, () => {
    it.live("is never dropped: the start is refused with the name of the table and of the option", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          yield* ofProgram(`${prefix}transfer_jobs`)
          const error = yield* Effect.flip(Effect.scoped(D.open(prefix)))
          assert.instanceOf(error, TransferJournalError)
          assert.deepInclude(error, { operation: "open", sent: "no" })
          assert.include(error.message, `the table ${prefix}transfer_jobs is not a table of its queue`)
          assert.include(error.message, "set the option prefix to another value")
          assert.deepStrictEqual(yield* keptIn(`${prefix}transfer_jobs`), kept)
        })
      )
    )

    for (const [what, dropped] of [
      ["alone", ["transfer_jobs", "transfer_jobs_migrations"]],
      ["beside the list of migrations", ["transfer_jobs"]]
    ] as const) {
      it.live(`is never dropped if it appears later, ${what}: the sweep fails`, () =>
        D.inPlace(make, ({ prefix }) =>
          Effect.gen(function* () {
            const { backend, sql } = yield* D.open(prefix)
            for (const name of dropped) yield* sql`DROP TABLE ${sql(prefix + name)}`
            yield* ofProgram(`${prefix}transfer_jobs`)
            assert.isTrue(Exit.isFailure(yield* Effect.exit(backend.sweep(true))))
            assert.deepStrictEqual(yield* keptIn(`${prefix}transfer_jobs`), kept)
          })
        )
      )
    }
  })
}
