/**
 * Telling the program of a transfer.
 */
import type { Transfer } from "@palomma-effect/client/Transfer"
import type { TransferJournalError } from "@palomma-effect/client/TransferError"
import type { PalommaInvalidInput } from "@palomma-effect/client/PalommaError"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { SqlError } from "effect/sql/SqlError"
import { isRefused, reasonOf } from "../sqlReason.ts"
import { sqlErrorIn } from "../transaction.ts"
import * as Metrics from "./metrics.ts"
import { nameOf, type Worker } from "./worker.ts"

/** The transfer has changed while the program was told of it, so the transaction must not be committed. */
class ChangedMeanwhile extends Schema.TaggedError<ChangedMeanwhile>()("ChangedMeanwhile", {}) {}

/** The journal could not record that the program was told, so the transaction must not be committed. */
class NotRecorded {
  readonly error: TransferJournalError | PalommaInvalidInput
  constructor(error: TransferJournalError | PalommaInvalidInput) {
    this.error = error
  }
}

// After an error PostgreSQL refuses the rest of a transaction. After some, such as a full disk, SQLite ends it.
const ignoredErrors: ReadonlyArray<readonly [code: string, why: string]> = [
  ["SQLSTATE 25P02", "onEnd ignored an error of PostgreSQL: wrap that statement in sql.withTransaction."],
  ["SQLite 516", "onEnd ignored an error at which SQLite rolled its transaction back."]
]

const ignoredErrorIn = (reason: string): string | undefined =>
  ignoredErrors.find(([code]) => reason.includes(`(${code})`))?.[1]

// It runs in a fiber of its own: it may interrupt itself, or be no valid Effect, which ends the whole fiber.
const isolated = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(Effect.forkChild(self, { startImmediately: true }), (fiber) =>
    Effect.onInterrupt(Fiber.await(fiber), () => Fiber.interrupt(fiber))
  ).pipe(
    Effect.flatMap((exit) =>
      Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)
        ? Effect.die(new Error("onEnd was interrupted, but not by the worker."))
        : exit
    )
  )

const callOnEnd = <E, R>(
  onEnd: (transfer: Transfer) => Effect.Effect<unknown, E, R>,
  row: Transfer
): Effect.Effect<unknown, E, R> =>
  Effect.suspend(() => {
    // A program without types can return a promise.
    const told = onEnd(row)
    return Effect.isEffect(told) ? told : Effect.die(new TypeError("onEnd must return an Effect."))
  })

/**
 * Tells the program of a transfer, and records it in the same transaction. Returns whether this is done, or no longer
 * needed. It fails only if the journal or its database does.
 */
export const tell = Effect.fnUntraced(function* <E, R>(
  { backend, onEndTimeout, transfers }: Worker<E, R>,
  onEnd: (transfer: Transfer) => Effect.Effect<unknown, E, R>,
  row: Transfer
): Effect.fn.Return<boolean, TransferJournalError | PalommaInvalidInput | SqlError, R> {
  const of = transfers[row.kind]
  const record = Effect.mapError(of.markTold(row.reference, row.version), (error) =>
    error._tag === "TransferInvalidState" ? new ChangedMeanwhile() : new NotRecorded(error)
  )
  // The cause of the transaction does not show how `onEnd` ended: a rollback that fails too replaces it.
  let ended: Exit.Exit<unknown, unknown> | undefined
  const told = Effect.onExit(Effect.timeout(isolated(callOnEnd(onEnd, row)), onEndTimeout), (exit) =>
    Effect.sync(() => {
      ended = exit
    })
  )
  const failed = (why: string, cause: Cause.Cause<unknown>) =>
    Effect.andThen(
      Metrics.untold(row.kind),
      Effect.as(Effect.logError(`${nameOf(row)}: ${why} The worker tries again later.`, cause), false)
    )
  const onEndFailed = (cause: Cause.Cause<unknown>) =>
    failed(`onEnd failed, so the program may not know that the transfer is ${row.state}.`, cause)
  return yield* Effect.matchCauseEffect(backend.transaction(told, record), {
    onSuccess: () => Effect.succeed(true),
    onFailure: (cause): Effect.Effect<boolean, TransferJournalError | PalommaInvalidInput | SqlError> => {
      if (ended !== undefined && Exit.isFailure(ended)) return onEndFailed(ended.cause)
      for (const reason of cause.reasons) {
        if (!Cause.isFailReason(reason)) continue
        if (reason.error instanceof ChangedMeanwhile) {
          // If the rollback has undone the change, onEnd made it itself, and would make it each time. Otherwise the
          // change has a job of its own.
          return Effect.flatMap(of.find(row.reference), (found) =>
            Option.exists(found, ({ version }) => version === row.version)
              ? failed("onEnd changed the transfer that it was told of, so its changes were rolled back.", cause)
              : Effect.succeed(true)
          )
        }
        if (reason.error instanceof NotRecorded) {
          const { error } = reason.error
          const ignored = error._tag === "TransferJournalError" ? ignoredErrorIn(error.reason) : undefined
          return ignored === undefined ? Effect.fail(error) : failed(ignored, cause)
        }
      }
      const error = sqlErrorIn(cause)
      if (error === undefined) return Effect.die(Cause.squash(cause))
      const ignored = ignoredErrorIn(reasonOf(error))
      if (ignored !== undefined) return failed(ignored, cause)
      // Only what `onEnd` wrote can break a constraint, also if the database looks at it as late as at the commit.
      return ended !== undefined && isRefused(error) ? onEndFailed(cause) : Effect.fail(error)
    }
  })
})
