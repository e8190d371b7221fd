/**
 * Stores for the tests of `Durable`: each with tables of its own, and a simulated Palomma.
 */
import { type Palomma, Payins, Payouts, TransferJournal } from "@palomma-effect/client"
import type { DurableIntent, DurableService, WorkOptions } from "@palomma-effect/durable/DurableService"
import { PalommaSimulator } from "@palomma-effect/testing"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { SqlClient } from "effect/sql/SqlClient"
import { join } from "node:path"
import * as PostgresClient from "../../src/internal/postgresClient.ts"
import * as SqliteFile from "../../src/internal/sqliteFile.ts"
import * as Backend from "../../src/internal/worker/backend.ts"
import { readOptions } from "../../src/internal/worker/options.ts"
import * as Service from "../../src/internal/worker/service.ts"
import type { DurableOptions } from "../../src/DurableOptions.ts"
import { TransferJournalError } from "@palomma-effect/client/TransferError"
import { palomma } from "../../../../test/support/transfers.ts"
import * as Postgres from "./postgres.ts"
import * as Stores from "./stores.ts"

/** A database with a prefix that no other test uses. */
export interface Place {
  readonly prefix: string
  readonly client: Layer.Layer<SqlClient, unknown>
}

type MakePlace = Effect.Effect<Place, never, Scope.Scope>

const sqlite: MakePlace = Effect.map(Stores.directory, (path) => ({
  prefix: "palomma_",
  client: SqliteFile.layer({ filename: join(path, "durable.db") })
}))

export const postgres: MakePlace = Effect.map(Stores.prefix, (prefix) => ({
  prefix,
  client: PostgresClient.layer({ url: Postgres.url, maxConnections: 6 })
}))

/** PostgreSQL with a client that the program made. */
export const postgresOfProgram: MakePlace = Effect.map(Stores.prefix, (prefix) => ({
  prefix,
  client: Postgres.layer({ maxConnections: 6, startupParameters: { TimeZone: "UTC" } })
}))

/** The databases that are available. */
export const places: ReadonlyArray<readonly [name: string, make: MakePlace]> = [
  ["SQLite", sqlite],
  ...(Postgres.isThere ? [["PostgreSQL", postgres] as const] : [])
]

export const namespace = "durable-tests"

/** An opened `Durable`, with the parts of it that a test controls. */
export interface Opened {
  readonly durable: DurableService
  readonly backend: Backend.Backend
  readonly payouts: Context.Service.Shape<typeof Payouts>
  readonly payins: Context.Service.Shape<typeof Payins>
  readonly sql: SqlClient
  readonly prefix: string
}

const failed = (reason: string) => new TransferJournalError({ operation: "open", sent: "no", reason })

/** Opens `Durable` over the `SqlClient`, as its layers do. */
export const open = Effect.fnUntraced(function* (prefix: string, options: DurableOptions = {}) {
  const sql = yield* SqlClient
  const of = options.namespace ?? namespace
  const { transfer, ...sqlOptions } = yield* readOptions(
    { operation: "test", further: [] },
    {
      pollInterval: "20 millis",
      ...options,
      namespace: of,
      prefix
    }
  )
  const backend = yield* Backend.openSql(of, sqlOptions, failed)
  const transfers = yield* Layer.build(
    Layer.fresh(Layer.merge(Payouts.layer(transfer), Payins.layer(transfer))).pipe(
      Layer.provide(Layer.succeed(TransferJournal, backend.journal))
    )
  )
  const payouts = Context.get(transfers, Payouts)
  const payins = Context.get(transfers, Payins)
  return { durable: Service.make(backend, payouts, payins), backend, payouts, payins, sql, prefix } satisfies Opened
})

/** Runs a test in a place of its own, with a simulated Palomma. */
export const inPlace = <A, E>(
  make: MakePlace,
  use: (place: Place) => Effect.Effect<A, E, SqlClient | Scope.Scope | PalommaSimulator | Palomma.Services>
) =>
  Effect.flatMap(make, (place) => Effect.provide(Effect.scoped(use(place)), place.client)).pipe(
    Effect.scoped,
    Effect.provide(Layer.provideMerge(palomma(), PalommaSimulator.layer({ seed: 1 })))
  )

/** Repeats an effect until its result is the expected one. */
export const until = <A, E, R>(self: Effect.Effect<A, E, R>, isDone: (value: A) => boolean): Effect.Effect<A, E, R> =>
  Effect.repeat(self, { until: isDone, schedule: Schedule.spaced("5 millis") })

/** A payout, or a debit, that was not written yet. */
export const intentOf = (
  kind: "payout" | "payin",
  reference: string,
  amount = 50_000
): Effect.Effect<DurableIntent, never, PalommaSimulator> =>
  Effect.gen(function* () {
    const { addPayinSource, addPayoutTarget } = yield* PalommaSimulator
    return kind === "payout"
      ? { kind, reference, amount, payoutTargetId: (yield* addPayoutTarget()).id }
      : { kind, reference, amount, payinSourceId: (yield* addPayinSource()).id }
  })

/** How many requests Palomma received that create a payout or a debit with this reference. */
export const sentTimes = (kind: "payout" | "payin", reference: string) =>
  Effect.gen(function* () {
    const { ledger } = yield* PalommaSimulator
    const made =
      kind === "payout" ? yield* ledger.payoutsByReference(reference) : yield* ledger.payinsByReference(reference)
    return made.length
  })

/** One row of the table of jobs. */
export interface StoredJob {
  readonly id: string
  readonly queue_name: string
  readonly element: string
  readonly state: string
  readonly attempts: number
  readonly last_failure: string | null
}

/** The jobs of a table, in the order in which they were written. */
export const jobsIn = ({ prefix, sql }: Pick<Opened, "prefix" | "sql">) =>
  sql<StoredJob>`SELECT id, queue_name, element, state, attempts, last_failure FROM ${sql(`${prefix}transfer_jobs`)} ORDER BY sequence`

/** The references and versions of the jobs that are not done. */
export const pending = (of: Pick<Opened, "prefix" | "sql">) =>
  Effect.map(jobsIn(of), (jobs) =>
    jobs
      .filter(({ state }) => state === "pending")
      .map(({ element }) => {
        const { reference, version } = JSON.parse(element) as { reference: string; version: number }
        return `${reference}@${version}`
      })
      .sort()
  )

/** Returns the state of a transfer, or `undefined`. */
export const stateOf = ({ durable }: Pick<Opened, "durable">, kind: "payout" | "payin", reference: string) =>
  Effect.map(durable.poll({ kind, reference }), (row) => Option.getOrUndefined(row)?.state)

/** Runs a worker until the scope ends. */
export const worker = <E = never, R = never>({ durable }: Pick<Opened, "durable">, options?: WorkOptions<E, R>) =>
  Effect.forkScoped(durable.work(options))
