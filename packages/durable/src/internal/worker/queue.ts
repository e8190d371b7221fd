/**
 * The queue of jobs: Effect's `PersistedQueue`, in memory or in the database of the journal.
 */
import type * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as PersistedQueue from "effect/persistence/PersistedQueue"
import * as PubSub from "effect/PubSub"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as Stream from "effect/Stream"
import { sha256 } from "../sha256.ts"
import { reasonOf } from "../sqlReason.ts"
import { inTransaction, sqlErrorIn } from "../transaction.ts"
import { idOf, Job } from "./job.ts"
import { CurrentPace, type DueJob } from "./times.ts"

/** The queue of one namespace. */
export type JobQueue = PersistedQueue.PersistedQueue<Job>

type Store = PersistedQueue.PersistedQueueStore["Service"]

/** Two stores of the same jobs. They are one store if it is in memory. */
export interface StorePair {
  readonly store: Store
  /**
   * The store that writes the jobs that are due later. Each job that a store writes wakes its own takers, and for these
   * they would find nothing: one transaction more for each payment. Nothing takes jobs of this store.
   */
  readonly forDelayed: Store
}

/** The stores in the database of the journal. */
export interface Stores extends StorePair {
  /** Why the stores could not look for jobs, or keep those that were taken. They try again by themselves. */
  readonly failures: Stream.Stream<Cause.Cause<unknown>>
}

/** A turn failed. It has no details, since the queue stores its text. */
export class TurnFailed extends Schema.TaggedError<TurnFailed>()("TurnFailed", {}) {}

// The times of the next turns are in the jobs, so a failed turn is only a failure of the database.
const retrySchedule = Schedule.min([Schedule.exponential("1 second"), Schedule.spaced("30 seconds")])

// The queue counts an attempt when a job is claimed, so killed workers alone would use up any small number.
const maxAttempts = 2 ** 31 - 1

/** Makes the queue of a namespace. Names of queues are at most 255 characters long. */
export const make = Effect.fnUntraced(function* (
  { forDelayed, store }: StorePair,
  namespace: string
): Effect.fn.Return<{ readonly name: string; readonly queue: JobQueue }> {
  const name = `palomma:${namespace.length <= 200 ? namespace : yield* sha256(namespace)}`
  const queueOf = (of: Store) =>
    PersistedQueue.makeFactory.pipe(
      Effect.flatMap((factory) => factory.make({ name, schema: Job, maxAttempts, retrySchedule })),
      Effect.provideService(PersistedQueue.PersistedQueueStore, of)
    )
  const queue = yield* queueOf(store)
  const delayed = yield* queueOf(forDelayed)
  const isDelayed = (delay: Duration.Input | undefined): boolean =>
    delay !== undefined && Duration.isPositive(Duration.fromInputUnsafe(delay))
  return {
    name,
    queue: {
      ...queue,
      offer: (job, options) => (isDelayed(options?.delay) ? delayed : queue).offer(job, options)
    }
  }
})

// A job that waits for the end of a claim waits for its whole length at any pace.
const atPace = (delay: Duration.Duration | undefined, { claim }: Job): Effect.Effect<Duration.Duration | undefined> =>
  delay === undefined || claim !== undefined
    ? Effect.succeed(delay)
    : Effect.map(CurrentPace, ({ scale }) => Duration.times(delay, scale))

/** Writes a job that is due after a delay. The queue ignores it if it had the same job before. */
export const offer = (
  queue: JobQueue,
  { delay, job }: DueJob
): Effect.Effect<void, PersistedQueue.PersistedQueueError> =>
  // A job is always encodable, since its fields were read from a row.
  Effect.flatMap(atPace(delay, job), (paced) =>
    Effect.asVoid(Effect.catchTag(queue.offer(job, { id: idOf(job), delay: paced }), "SchemaError", Effect.die))
  )

/** Returns the name of the table of jobs. */
export const jobsTableOf = (prefix: string): string => `${prefix}transfer_jobs`

/** How soon the jobs of a worker that was killed or is frozen are taken by another. */
export interface Times {
  readonly lockExpiration: Duration.Duration
  readonly pollInterval: Duration.Duration
}

const storeOf = (prefix: string, { lockExpiration, pollInterval }: Times) =>
  PersistedQueue.makeStoreSql({
    tableName: jobsTableOf(prefix),
    pollInterval,
    lockExpiration,
    lockRefreshInterval: Duration.times(lockExpiration, 1 / 3)
  })

const isTransient = ({ reason }: SqlError): boolean =>
  ["SerializationError", "DeadlockError", "LockTimeoutError", "UniqueViolation"].includes(reason._tag)

const backoff = Schedule.exponential("20 millis").pipe(Schedule.jittered, Schedule.upTo({ times: 8 }))

const migrationsTableOf = (prefix: string): string => `${jobsTableOf(prefix)}_migrations`

/** Returns which of the two tables of the queue exist. An error of the database is no sign that one is missing. */
const tablesThere = Effect.fnUntraced(function* (prefix: string) {
  const sql = (yield* SqlClient).withoutTransforms()
  const names = [jobsTableOf(prefix), migrationsTableOf(prefix)]
  const there = yield* sql.onDialectOrElse({
    pg: () =>
      sql<{ name: string }>`SELECT name FROM unnest(${names}::text[]) AS t (name) WHERE to_regclass(name) IS NOT NULL`,
    orElse: () =>
      sql<{ name: string }>`SELECT name FROM sqlite_master WHERE type = 'table' AND ${sql.in("name", names)}`
  })
  return { missing: names.length - there.length, hasMigrations: there.some(({ name }) => name === names[1]) }
})

const ownColumns = ["queue_name", "element", "acquired_by"]

/** Whether the table of jobs exists, but is a table of the program. */
const isForeign = Effect.fnUntraced(function* (prefix: string) {
  const sql = (yield* SqlClient).withoutTransforms()
  const table = jobsTableOf(prefix)
  const columns = yield* sql.onDialectOrElse({
    pg: () =>
      sql<{
        name: string
      }>`SELECT attname AS name FROM pg_attribute WHERE attrelid = to_regclass(${table}) AND attnum > 0`,
    orElse: () => sql<{ name: string }>`SELECT name FROM pragma_table_info(${table})`
  })
  return columns.length > 0 && !ownColumns.every((own) => columns.some(({ name }) => name === own))
})

const newestMigration = (table: string) =>
  SqlClient.use((sql) =>
    Effect.map(
      sql<{ newest: unknown }>`SELECT max(migration_id) AS newest FROM ${sql(table)}`.withoutTransform,
      ([row]) => Number(row?.newest ?? 0)
    )
  )

// A process that starts while the list of migrations is dropped makes an empty one, and cannot migrate the old jobs.
const isComplete = Effect.fnUntraced(function* (prefix: string) {
  const { missing } = yield* tablesThere(prefix)
  return missing === 0 && (yield* newestMigration(migrationsTableOf(prefix))) > 0
})

/**
 * Creates the tables of the queue if one of them is missing. They hold nothing that the journal does not know, so a
 * half of them is dropped: with only one table the migrations of the queue would never succeed again. A table of the
 * program is never dropped.
 */
export const ensureTables = (prefix: string, times: Times): Effect.Effect<void, SqlError, SqlClient> =>
  Effect.gen(function* () {
    const sql = (yield* SqlClient).withoutTransforms()
    if (yield* isComplete(prefix)) return
    const create = Effect.gen(function* () {
      // Only one process at a time creates the tables. SQLite has only one process.
      yield* sql.onDialectOrElse({
        pg: () => sql`SELECT pg_advisory_xact_lock(hashtext(${jobsTableOf(prefix)}))`,
        orElse: () => Effect.void
      })
      if (yield* isComplete(prefix)) return
      if (!(yield* isForeign(prefix))) {
        for (const table of [jobsTableOf(prefix), migrationsTableOf(prefix)]) {
          yield* sql`DROP TABLE IF EXISTS ${sql(table)}`
        }
      }
      yield* Effect.scoped(storeOf(prefix, times))
    })
    yield* inTransaction(sql, create).pipe(
      Effect.catchCause(failWithSqlError),
      Effect.retry({ while: isTransient, schedule: backoff })
    )
  })

/** The newest migration of the queue when this module was written. The installed `effect` may have later ones. */
const knownMigration = 2

/**
 * Returns the reason why this process must not use the tables of the queue, or `undefined` if there is none: a later
 * version of `effect` has changed them. It writes nothing.
 */
export const tablesProblem = Effect.fnUntraced(function* (
  prefix: string,
  times: Times
): Effect.fn.Return<string | undefined, SqlError, SqlClient> {
  const sql = yield* SqlClient
  if (yield* isForeign(prefix)) {
    return `the table ${jobsTableOf(prefix)} is not a table of its queue: set the option prefix to another value`
  }
  if (!(yield* tablesThere(prefix)).hasMigrations) return undefined
  const newest = yield* newestMigration(migrationsTableOf(prefix))
  if (newest <= knownMigration) return undefined
  // The migrations of the installed version are not public. They are made for another name, and rolled back.
  const scratch = `${prefix}scratch_`
  const installed = yield* Effect.scoped(storeOf(scratch, times)).pipe(
    Effect.andThen(newestMigration(migrationsTableOf(scratch))),
    Effect.flatMap((migration) => Effect.fail(new Installed({ migration }))),
    (making) => inTransaction(sql, making),
    Effect.catchCause(failWithSqlError),
    Effect.catchTag("Installed", ({ migration }) => Effect.succeed(migration))
  )
  return newest <= installed
    ? undefined
    : `the tables of its queue, ${jobsTableOf(prefix)}, are from a later version of effect: use that version or a later one`
})

/** The newest migration of the installed version, as an error so that it is rolled back. */
class Installed extends Schema.TaggedError<Installed>()("Installed", { migration: Schema.Finite }) {}

// The store of the queue reports errors of its migrations as defects.
const failWithSqlError = <E>(cause: Cause.Cause<E>): Effect.Effect<never, E | SqlError> => {
  const error = sqlErrorIn(cause)
  return error === undefined ? Effect.failCause(cause) : Effect.fail(error)
}

// While the database is down, a store logs every half second, and the causes can contain the address of the database.
const withLogger =
  (logger: Logger.Logger<unknown, unknown>) =>
  <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.provideService(self, Logger.CurrentLoggers, new Set([logger]))

/** Opens the stores of the jobs in the database of the journal. */
export const openStores = (prefix: string, times: Times): Effect.Effect<Stores, string, SqlClient | Scope.Scope> =>
  Effect.gen(function* () {
    yield* ensureTables(prefix, times)
    const failures = yield* PubSub.sliding<Cause.Cause<unknown>>(1)
    const published = withLogger(
      Logger.make(({ cause }) => cause.reasons.length > 0 && PubSub.publishUnsafe(failures, cause))
    )
    const open = Effect.map(published(storeOf(prefix, times)), (store): Store => ({
      ...store,
      // The fiber that looks for jobs has the loggers of the first taker.
      take: (options) => published(store.take(options))
    }))
    return { store: yield* open, forDelayed: yield* open, failures: Stream.fromPubSub(failures) }
  }).pipe(
    Effect.catchCause(failWithSqlError),
    Effect.mapError((error) => reasonOf(error))
  )
