/**
 * Payouts and debits that carry on by themselves, on one machine or on many.
 *
 * `Payouts` and `Payins` finish a transfer while their caller runs. `Durable` hands it over: `intend` writes the
 * transfer, in a transaction of the program if there is one, and a worker in any process sends it, looks it up for as
 * long as it takes, follows it to its end, and tells the program.
 *
 * @since 0.1.0
 */
import { Payins } from "@palomma-effect/client/Payins"
import { PalommaEndpoint } from "@palomma-effect/client/PalommaEndpoint"
import type { PalommaInvalidInput } from "@palomma-effect/client/PalommaError"
import type { PayinRequests } from "@palomma-effect/client/PayinRequests"
import type { PayoutRequests } from "@palomma-effect/client/PayoutRequests"
import { Payouts } from "@palomma-effect/client/Payouts"
import { TransferJournalError } from "@palomma-effect/client/TransferError"
import { TransferJournal } from "@palomma-effect/client/TransferJournal"
import { namespaceOf } from "@palomma-effect/client/TransferOptions"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { SqlClient } from "effect/sql/SqlClient"
import type { DurableOptions, DurablePostgresOptions, DurableSqliteOptions } from "./DurableOptions.ts"
import type { DurableService, WorkOptions } from "./DurableService.ts"
import * as PostgresClient from "./internal/postgresClient.ts"
import * as SqliteFile from "./internal/sqliteFile.ts"
import * as Backend from "./internal/worker/backend.ts"
import * as Memory from "./internal/worker/memory.ts"
import { type OptionsOf, readOptions, readWorkOptions } from "./internal/worker/options.ts"
import * as Service from "./internal/worker/service.ts"
import type { SqliteFileInUse } from "./SqliteFileInUse.ts"

type Provided = Durable | Payouts | Payins | TransferJournal

type Needed = PayoutRequests | PayinRequests | PalommaEndpoint

const failed = (reason: string) => new TransferJournalError({ operation: "open", sent: "no", reason })

type Open<R> = (
  namespace: string,
  options: Backend.SqlOptions
) => Effect.Effect<Backend.Backend, TransferJournalError, R | Scope.Scope>

const layerOver = <R>(
  of: OptionsOf,
  options: DurableOptions,
  open: Open<R>
): Layer.Layer<Provided, TransferJournalError | PalommaInvalidInput, R | Needed> =>
  Layer.unwrap(
    Effect.gen(function* () {
      const { transfer, ...sqlOptions } = yield* readOptions(of, options)
      const namespace = namespaceOf(yield* PalommaEndpoint, transfer)
      const backend = yield* open(namespace, sqlOptions)
      const journal = Layer.succeed(TransferJournal, backend.journal)
      const transfers = Layer.merge(
        Payouts.layer({ ...transfer, namespace }),
        Payins.layer({ ...transfer, namespace })
      ).pipe(Layer.provideMerge(journal))
      const durable = Layer.effect(
        Durable,
        Effect.gen(function* () {
          return Service.make(backend, yield* Payouts, yield* Payins)
        })
      )
      return Layer.provideMerge(durable, transfers)
    })
  )

const layerSql = (of: OptionsOf, options: DurableOptions) =>
  layerOver(of, options, (namespace, sqlOptions) => Backend.openSql(namespace, sqlOptions, failed))

// The options are checked before the database is opened.
const layerOpening = <O extends DurableOptions, E>(
  of: OptionsOf,
  options: O,
  open: (options: O) => Layer.Layer<SqlClient, E>
) => Layer.provideMerge(layerSql(of, options), Layer.unwrap(Effect.map(readOptions(of, options), () => open(options))))

/**
 * Payouts and debits that carry on by themselves.
 *
 * Each layer also provides `Payouts`, `Payins` and `TransferJournal` over the same journal, so a program can use both.
 *
 * **Example** (A refund that a worker pays)
 *
 * ```ts
 * import { Durable } from "@palomma-effect/durable"
 * import { PalommaSimulator } from "@palomma-effect/testing"
 * import { Effect, Layer } from "effect"
 * import { TestClock } from "effect/testing"
 *
 * const program = Effect.gen(function* () {
 *   const { intend } = yield* Durable
 *   const { addPayoutTarget, ledger } = yield* PalommaSimulator
 *   const { id } = yield* addPayoutTarget()
 *   yield* intend({ kind: "payout", reference: "refund-4711", payoutTargetId: id, amount: 50_000 })
 *   yield* TestClock.adjust("1 minute")
 *   return yield* ledger.totalPaid
 * })
 *
 * const services = Durable.layerWorker().pipe(
 *   Layer.provideMerge(Durable.layerMemory()),
 *   Layer.provideMerge(PalommaSimulator.layer({ processingTime: "1 second" })),
 *   Layer.provideMerge(TestClock.layer())
 * )
 * await Effect.runPromise(program.pipe(Effect.provide(services))) // => 50000
 * ```
 *
 * @category services
 * @since 0.1.0
 */
export class Durable extends Context.Service<Durable, DurableService>()("@palomma-effect/durable/Durable") {
  /**
   * Keeps transfers and jobs in the database of the program's own `SqlClient`, so that `intend` can join its
   * transactions.
   *
   * The `SqlClient` must be the very one that the program uses for its own tables. It is PostgreSQL (`PgClient.layer`
   * of `@effect/sql-pg`) or SQLite, which only one process may use. The layer creates the tables. It fails if the
   * database could lose a commit or answer with old rows, if the time zone of the session is not UTC, or if the tables
   * are of a later version.
   *
   * **Example** (The PgClient of the program)
   *
   * ```ts
   * import * as PgClient from "@effect/sql-pg/PgClient"
   * import { Durable } from "@palomma-effect/durable"
   * import { Layer, type Redacted } from "effect"
   *
   * export const database = (url: Redacted.Redacted) =>
   *   Durable.layer().pipe(
   *     // `provideMerge`: the program gets the same client.
   *     Layer.provideMerge(PgClient.layer({ url, startupParameters: { TimeZone: "UTC" } }))
   *   )
   * ```
   */
  static readonly layer = (
    options: DurableOptions = {}
  ): Layer.Layer<Provided, TransferJournalError | PalommaInvalidInput, SqlClient | Needed> =>
    layerSql({ operation: "Durable.layer", further: [] }, options)

  /**
   * Keeps transfers and jobs in a SQLite file, which only one process at a time can open: for one machine.
   *
   * It also provides the `SqlClient` of the file, for tables of the program that share its transactions. If another
   * process still uses the file after `wait` (5 seconds), it fails with `SqliteFileInUse`.
   *
   * **Example** (A service on one machine)
   *
   * ```ts
   * import { Palomma } from "@palomma-effect/client"
   * import { Durable } from "@palomma-effect/durable"
   * import { Layer } from "effect"
   *
   * export const services = Durable.layerWorker().pipe(
   *   Layer.provideMerge(Durable.layerSqlite({ filename: "/var/lib/shop/shop.db" })),
   *   Layer.provide(Palomma.layerConfig())
   * )
   * ```
   */
  static readonly layerSqlite = (
    options: DurableSqliteOptions
  ): Layer.Layer<Provided | SqlClient, TransferJournalError | PalommaInvalidInput | SqliteFileInUse, Needed> =>
    layerOpening({ operation: "Durable.layerSqlite", further: SqliteFile.names }, options, SqliteFile.layer)

  /**
   * Keeps transfers and jobs in PostgreSQL: for any number of processes and machines.
   *
   * It needs the package `@effect/sql-pg`, and also provides the `SqlClient` that it makes, for tables of the program
   * that share its transactions.
   *
   * **Gotchas**
   *
   * A worker needs its `concurrency` and 2 connections, and the requests of the program need more: see
   * `maxConnections`.
   *
   * **Example** (A fleet)
   *
   * ```ts
   * import { Palomma } from "@palomma-effect/client"
   * import { Durable } from "@palomma-effect/durable"
   * import { Config, Effect, Layer } from "effect"
   *
   * const database = Layer.unwrap(Effect.map(Config.Redacted("DATABASE_URL"), (url) => Durable.layerPostgres({ url })))
   *
   * export const services = Durable.layerWorker().pipe(
   *   Layer.provideMerge(database),
   *   Layer.provide(Palomma.layerConfig())
   * )
   * ```
   */
  static readonly layerPostgres = (
    options: DurablePostgresOptions
  ): Layer.Layer<Provided | SqlClient, TransferJournalError | PalommaInvalidInput, Needed> =>
    layerOpening({ operation: "Durable.layerPostgres", further: PostgresClient.names }, options, PostgresClient.layer)

  /**
   * Keeps transfers and jobs in memory, for tests: nothing survives the end of the layer, and there are no
   * transactions.
   *
   * Under the `TestClock`, days of waiting take no time.
   *
   * **Example** (A debit that takes a day)
   *
   * ```ts
   * import { assert, it } from "@effect/vitest"
   * import { Durable } from "@palomma-effect/durable"
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect, Layer, Option } from "effect"
   * import { TestClock } from "effect/testing"
   *
   * const services = Durable.layerWorker().pipe(
   *   Layer.provideMerge(Durable.layerMemory()),
   *   Layer.provideMerge(PalommaSimulator.layer({ processingTime: "1 day" }))
   * )
   *
   * it.effect("follows a debit to its end", () =>
   *   Effect.gen(function* () {
   *     const { intend, poll } = yield* Durable
   *     const { id } = yield* PalommaSimulator.use(({ addPayinSource }) => addPayinSource())
   *     yield* intend({ kind: "payin", reference: "fee-2026-11", payinSourceId: id, amount: 20_000 })
   *     yield* TestClock.adjust("2 days")
   *     const { state } = Option.getOrThrow(yield* poll({ kind: "payin", reference: "fee-2026-11" }))
   *     assert.strictEqual(state, "approved")
   *   }).pipe(Effect.provide(services))
   * )
   * ```
   */
  static readonly layerMemory = (
    options: DurableOptions = {}
  ): Layer.Layer<Provided, TransferJournalError | PalommaInvalidInput, Needed> =>
    layerOver<never>({ operation: "Durable.layerMemory", further: [] }, options, Memory.open)

  /**
   * Carries transfers in this process, until the layer closes.
   *
   * Closing it waits for the requests that are in flight, at most for `sendTimeout` (60 seconds). A process that is
   * killed instead loses nothing: another worker goes on after `lockExpiration`, and after the claim of the process.
   *
   * **Gotchas**
   *
   * Give `onEnd` to every worker, or the end of a transfer is reported only when a worker with it sweeps.
   *
   * **Example** (Marking a refund in the database of the program)
   *
   * ```ts
   * import { Durable } from "@palomma-effect/durable"
   * import { Effect } from "effect"
   * import { SqlClient } from "effect/sql"
   *
   * export const worker = Durable.layerWorker({
   *   onEnd: Effect.fnUntraced(function* ({ alarm, reference, state }) {
   *     const sql = yield* SqlClient.SqlClient
   *     // Committed together with the mark that the program was told.
   *     yield* sql`UPDATE refunds SET status = ${alarm ? "review" : state} WHERE reference = ${reference}`
   *   })
   * })
   * ```
   */
  static readonly layerWorker = <E = never, R = never>(
    options: WorkOptions<E, R> = {}
  ): Layer.Layer<never, PalommaInvalidInput, Durable | R> =>
    Layer.effectDiscard(
      Effect.gen(function* () {
        const durable = yield* Durable
        // The copy that was checked, so that the worker cannot find other options later.
        const checked = yield* readWorkOptions("Durable.layerWorker", options)
        yield* Effect.forkScoped(Effect.orDie(durable.work(checked)))
      })
    )
}
