/**
 * The worker of a process: it takes jobs, and sweeps.
 */
import { TransferJournalError } from "@palomma-effect/client/TransferError"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { reasonOf } from "../sqlReason.ts"
import { sqlErrorIn } from "../transaction.ts"
import { withTimeLimit } from "../withTimeLimit.ts"
import { CurrentPace } from "./times.ts"
import { TurnFailed } from "./queue.ts"
import * as Turn from "./turn.ts"
import type { Worker } from "./worker.ts"

// A connection can be cut without notice, and then its statements never end.
const sweepTimeout = Duration.minutes(5)

const cleanEvery = Duration.hours(1)

const pauseAfterFailure = Duration.seconds(1)

// The causes of a database may quote rows, and name its address, so of other errors only the kind is logged.
const textOf = (cause: Cause.Cause<unknown>): string => {
  if (Cause.hasInterruptsOnly(cause)) return "an interruption from elsewhere"
  const error: unknown = Cause.squash(cause)
  if (error instanceof TransferJournalError) return `TransferJournalError: ${error.operation}: ${error.reason}`
  const sqlError = sqlErrorIn(cause)
  if (sqlError !== undefined) return reasonOf(sqlError)
  return error instanceof Error ? error.name : "unknown error"
}

/**
 * Takes jobs and sweeps until it is interrupted. An interruption waits for the requests that are in flight.
 *
 * None of the handlers below runs if this fiber is interrupted, so an interruption that they see is one from elsewhere.
 * It must not end the worker.
 */
export const work = <E, R>(worker: Worker<E, R>, concurrency: number): Effect.Effect<never, never, R> => {
  const { backend, onEnd, warn } = worker
  const warned = (what: string) => (cause: Cause.Cause<unknown>) =>
    warn(what, `${what} (${textOf(cause)}). The worker tries again.`)
  // The queue stores the text of a failure, so it must not contain anything of a transfer.
  const turn = (job: Parameters<typeof Turn.run>[1]) =>
    Effect.catchCause(Turn.run(worker, job), (cause) =>
      Effect.andThen(warned("A turn of a transfer failed")(cause), Effect.fail(new TurnFailed()))
    )
  const queueFailed = warned("The queue of jobs failed")
  const take = Effect.catchCause(backend.queue.take(turn), (cause) =>
    Effect.andThen(
      Cause.squash(cause) instanceof TurnFailed ? Effect.void : queueFailed(cause),
      Effect.sleep(pauseAfterFailure)
    )
  )
  const sweep = Effect.gen(function* () {
    const swept = yield* withTimeLimit(
      Effect.catchCause(backend.sweep(onEnd !== undefined), warned("A sweep failed")),
      sweepTimeout
    )
    if (Option.isNone(swept)) yield* warn("sweep", "The database does not answer a sweep. The worker tries again.")
    const { sweepEvery } = yield* CurrentPace
    const jitter = yield* Random.next
    yield* Effect.sleep(Duration.times(sweepEvery, 0.75 + jitter / 2))
  })
  const clean = Effect.catchCause(backend.cleanup, warned("Old jobs could not be removed"))
  return Effect.all(
    [
      ...Array.from({ length: concurrency }, () => Effect.forever(take)),
      Stream.runForEach(backend.queueFailures, queueFailed),
      Effect.forever(sweep),
      Effect.andThen(Effect.repeat(clean, Schedule.spaced(cleanEvery)), Effect.never)
    ],
    { concurrency: "unbounded", discard: true }
  ).pipe(Effect.andThen(Effect.never))
}
