/**
 * What a worker works on: the journal, its queue, and the transaction that includes both.
 */
import type { TransferJournalService } from "@palomma-effect/client/TransferJournal"
import type { TransferJournalError } from "@palomma-effect/client/TransferError"
import type * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as PersistedQueue from "effect/persistence/PersistedQueue"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type * as Stream from "effect/Stream"
import { timeZoneProblem } from "../durability.ts"
import * as SqlJournal from "../sqlJournal.ts"
import { inTransaction, notRolledBack } from "../transaction.ts"
import { withTimeLimit } from "../withTimeLimit.ts"
import * as Metrics from "./metrics.ts"
import * as Queue from "./queue.ts"
import * as Sweep from "./sweep.ts"
import { jobsAfterChange } from "./times.ts"

/** The journal, its queue, and what a worker needs of both. */
export interface Backend {
  readonly journal: TransferJournalService
  readonly queue: Queue.JobQueue
  /** Why the queue could not look for jobs. It tries again by itself, so no taker sees these failures. */
  readonly queueFailures: Stream.Stream<Cause.Cause<unknown>>
  /**
   * Runs an effect of the program, and then a change of the journal, in one transaction if the store has transactions.
   * Only the change may take part in it: a request that the program sends must not be rolled back.
   */
  readonly transaction: <E, R, A, E2>(
    self: Effect.Effect<unknown, E, R>,
    change: Effect.Effect<A, E2>
  ) => Effect.Effect<A, E | E2 | SqlError, R>
  /**
   * Runs an operation that may take part in a transaction of the caller. If it fails there, it leaves nothing that the
   * caller could commit.
   */
  readonly joining: <A, E extends { readonly _tag: string }, R>(
    self: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E | SqlError, R>
  /** Gives a job to every transfer that has none, and reports how many are open. */
  readonly sweep: (tells: boolean) => Effect.Effect<void, Sweep.SweepError | TransferJournalError>
  /** Removes jobs that were done long ago. */
  readonly cleanup: Effect.Effect<void, PersistedQueue.PersistedQueueError>
}

/** Which rows need a job, and how it is written. */
export const jobsOf = (queue: Queue.JobQueue): SqlJournal.Jobs => ({
  isNeeded: (row) => jobsAfterChange(row, "").length > 0,
  write: (row, key) =>
    Effect.mapError(
      Effect.forEach(jobsAfterChange(row, key), (due) => Queue.offer(queue, due), { discard: true }),
      () => new SqlJournal.JobNotWritten()
    ),
  onWritten: Metrics.onWritten
})

/** Removes jobs of a store that were done long ago. */
export const cleanupOf = (store: PersistedQueue.PersistedQueueStore["Service"], timeToLive: Duration.Duration) =>
  store.cleanup({ timeToLive, failedTimeToLive: timeToLive })

/** Options of the database of a worker. */
export interface SqlOptions extends Queue.Times {
  readonly prefix: string
  readonly timeout: Duration.Duration
  readonly retention: Duration.Duration
}

/** An error after which there is nothing to roll back. A rollback would also undo other statements of the caller. */
class WroteNothing<E> {
  readonly error: E
  constructor(error: E) {
    this.error = error
  }
}

/** Opens the journal and its queue in the database of the `SqlClient`. */
export const openSql = Effect.fnUntraced(function* (
  namespace: string,
  options: SqlOptions,
  failed: (reason: string) => TransferJournalError
): Effect.fn.Return<Backend, TransferJournalError, SqlClient | Scope.Scope> {
  const { prefix, retention, timeout } = options
  const sql = yield* SqlClient
  // A database that cannot keep its promises is refused before any table is made.
  const problem = Effect.gen(function* () {
    return (yield* timeZoneProblem) ?? (yield* Queue.tablesProblem(prefix, options))
  })
  const withJobs = yield* SqlJournal.open({ prefix, timeout }, problem)
  const stores = yield* Queue.openStores(prefix, options).pipe(
    (opening) => withTimeLimit(opening, timeout),
    Effect.mapError(failed),
    Effect.flatMap(
      Option.match({
        onNone: () => Effect.fail(failed(`${Queue.jobsTableOf(prefix)}: no answer within ${Duration.format(timeout)}`)),
        onSome: Effect.succeed
      })
    )
  )
  const { name, queue } = yield* Queue.make(stores, namespace)
  // SQLite has one connection. A claim or its outcome must wait for one call of onEnd at the most.
  const permit = yield* Semaphore.make(1)
  const isSqlite = sql.onDialectOrElse({ sqlite: () => true, orElse: () => false })
  const oneByOne = <A, E, R>(self: Effect.Effect<A, E, R>) => (isSqlite ? permit.withPermit(self) : self)
  const sweepOnce = Sweep.make({ sql, prefix, namespace, queue, queueName: name })
  return {
    journal: withJobs(jobsOf(queue)),
    queue,
    queueFailures: stores.failures,
    joining: (self) => {
      const joined = SqlJournal.joining(self)
      // Only after an error of the journal may something have been written.
      const inSavepoint = inTransaction(
        sql,
        Effect.catch(joined, (error) =>
          error._tag === "TransferJournalError" ? Effect.fail(error) : Effect.succeed(new WroteNothing(error))
        )
      )
      return Effect.flatMap(Effect.serviceOption(sql.transactionService), (ambient) =>
        Option.isNone(ambient)
          ? joined
          : Effect.flatMap(inSavepoint, (result) =>
              result instanceof WroteNothing ? Effect.fail(result.error) : Effect.succeed(result)
            )
      )
    },
    transaction: (self, change) =>
      oneByOne(inTransaction(sql, Effect.andThen(notRolledBack(sql, self), SqlJournal.joining(change)))),
    // Another process may have dropped the tables of the queue.
    sweep: (tells) =>
      Effect.provideService(Effect.andThen(Queue.ensureTables(prefix, options), sweepOnce(tells)), SqlClient, sql),
    cleanup: cleanupOf(stores.store, retention)
  }
})
