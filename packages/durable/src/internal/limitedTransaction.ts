/**
 * A transaction in which only the handler may take longer than the time limit.
 */
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type { SqlClient } from "effect/sql/SqlClient"
import { isSqlError, type SqlError } from "effect/sql/SqlError"
import { isAborted, reasonOf } from "./sqlReason.ts"

/** Why a transaction did not commit, or is not known to have committed, although its handler did not fail. */
export class TransactionFailure {
  readonly reason: string
  /** The error of the database, if the handler did not start. */
  readonly beforeHandler: SqlError | undefined

  constructor(reason: string, beforeHandler?: SqlError) {
    this.reason = reason
    this.beforeHandler = beforeHandler
  }
}

/** The parts of a transaction. */
export interface Parts<E, R> {
  /** Writes before the handler. If it returns `false`, the handler does not run. */
  readonly first: Effect.Effect<boolean, SqlError>
  readonly handle: Effect.Effect<unknown, E, R>
  /** Reads what `first` wrote, after the handler. If it returns `false`, the transaction is not the same anymore. */
  readonly last: Effect.Effect<boolean, SqlError>
}

const rolledBack =
  "the transaction was rolled back while the handler ran. That happens if a handler catches an error of the database"

const sqlErrorIn = (cause: Cause.Cause<unknown>): SqlError | undefined => {
  for (const reason of cause.reasons) {
    // If the connection is cut, the rollback fails too, and Effect's transactions report that as a defect.
    const error = Cause.isFailReason(reason) ? reason.error : Cause.isDieReason(reason) ? reason.defect : undefined
    if (isSqlError(error)) return error
  }
  return undefined
}

/**
 * Runs the parts in one transaction, and returns whether the handler ran and everything was committed.
 *
 * A transaction cannot be interrupted while it waits for the answer of a database that hangs, and must not block its
 * caller forever. So it runs in a separate fiber. When it is interrupted, it waits for the handler to stop, and not
 * longer than the limit for the database.
 */
export const limitedTransaction = <E, R>(
  sql: SqlClient,
  limit: Duration.Duration,
  { first, handle, last }: Parts<E, R>
): Effect.Effect<boolean, E | TransactionFailure, R> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const started = yield* Deferred.make<void>()
      const finished = yield* Deferred.make<void>()
      let handled: Exit.Exit<unknown, E> | undefined
      const transaction = sql.withTransaction(
        Effect.gen(function* () {
          if (!(yield* first)) return false
          yield* Deferred.succeed(started, undefined)
          yield* Effect.onExit(handle, (exit) => {
            handled = exit
            return Deferred.succeed(finished, undefined)
          })
          if (!(yield* last)) return yield* Effect.fail(new TransactionFailure(rolledBack))
          return true
        })
      )
      const fiber = yield* Effect.forkDetach(Effect.interruptible(transaction), { startImmediately: true })
      const ended = Effect.interruptible(Fiber.await(fiber))
      const handlerEnded = Effect.raceFirst(Deferred.await(finished), ended)
      const inTime = <A>(self: Effect.Effect<A>) =>
        Effect.flatMap(
          Effect.timeoutOption(self, limit),
          Option.match({
            onNone: () => Effect.fail(new TransactionFailure(`no answer within ${Duration.format(limit)}`)),
            onSome: Effect.succeed
          })
        )
      const stop = Effect.suspend(() => {
        fiber.interruptUnsafe()
        const isHandling = Deferred.isDoneUnsafe(started) && handled === undefined
        return Effect.andThen(isHandling ? handlerEnded : Effect.void, Effect.timeoutOption(ended, limit))
      })
      const watched = restore(
        Effect.gen(function* () {
          yield* inTime(Effect.raceFirst(Deferred.await(started), ended))
          yield* handlerEnded
          return yield* yield* inTime(ended)
        })
      )
      return yield* watched.pipe(
        Effect.onError(() => stop),
        Effect.catchCause((cause): Effect.Effect<never, E | TransactionFailure> => {
          if (handled !== undefined && Exit.isFailure(handled)) return Effect.failCause(handled.cause)
          const error = sqlErrorIn(cause)
          if (error === undefined) return Effect.failCause(withoutSqlErrors(cause))
          return Effect.fail(
            new TransactionFailure(
              isAborted(error) ? rolledBack : reasonOf(error),
              Deferred.isDoneUnsafe(started) ? undefined : error
            )
          )
        })
      )
    })
  )

// There are none left, which the type checker cannot know.
const withoutSqlErrors = <E>(cause: Cause.Cause<E | SqlError>): Cause.Cause<E> =>
  Cause.fromReasons(
    cause.reasons.flatMap((reason): ReadonlyArray<Cause.Reason<E>> => {
      if (!Cause.isFailReason(reason)) return [reason]
      return isSqlError(reason.error) ? [] : [Cause.makeFailReason(reason.error)]
    })
  )
