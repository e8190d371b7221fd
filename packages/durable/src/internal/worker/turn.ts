/**
 * One turn of a transfer: what a worker does with a job.
 */
import type { PalommaInvalidInput } from "@palomma-effect/client/PalommaError"
import * as SafeText from "@palomma-effect/client/SafeText"
import type { Transfer } from "@palomma-effect/client/Transfer"
import type { TransferInvalidState, TransferJournalError } from "@palomma-effect/client/TransferError"
import type { Advanced } from "@palomma-effect/client/TransferResult"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { PersistedQueueError } from "effect/persistence/PersistedQueue"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import type { SqlError } from "effect/sql/SqlError"
import { type Job, nextJob } from "./job.ts"
import * as Metrics from "./metrics.ts"
import * as Queue from "./queue.ts"
import { tell } from "./tell.ts"
import { delayOf, endSearchOf, firstTurnOf, isOverdue, isOverdueLogged, isUntold, toldDelayOf } from "./times.ts"
import { nameOf, type Worker } from "./worker.ts"

/** Errors of a turn. */
export type TurnError =
  | TransferInvalidState
  | TransferJournalError
  | PalommaInvalidInput
  | PersistedQueueError
  | SqlError

// Without a correction the same error comes again, for example with a key that is wrong.
const needsCorrection = (error: Extract<Advanced, { readonly _tag: "Wait" }>["error"]): boolean =>
  error !== undefined && "isSafeToResend" in error && !error.isSafeToResend

/** From this turn on, an error that may pass by itself is logged too. For an unsent transfer it is after 3 minutes. */
const noticedTurn = 3

const firstPause = Duration.seconds(10)
const longestPause = Duration.minutes(10)

// If Palomma limits the rate for long, many transfers wait. Each put back writes a job, so they come back ever later,
// and not all at the same time.
const pauseOf = (nth: number): Effect.Effect<Duration.Duration> =>
  Effect.map(Random.next, (random) =>
    Duration.times(Duration.min(Duration.times(firstPause, 2 ** Math.min(nth, 10)), longestPause), 0.5 + random / 2)
  )

/** Does one turn. A failure gives the job back to the queue. */
export const run = <E, R>(worker: Worker<E, R>, job: Job): Effect.Effect<void, TurnError, R> =>
  job.tells === true ? tellingTurn(worker, job) : carryingTurn(worker, job)

const noRow = ({ warn }: Pick<Worker<never, never>, "warn">, job: Job): Effect.Effect<void> =>
  warn("no row", `${nameOf(job)}: the queue has a job of it, but the journal has no row.`)

// Tells the program of the version that the job names. A later version has a job of its own.
const tellingTurn = Effect.fnUntraced(function* <E, R>(
  worker: Worker<E, R>,
  job: Job
): Effect.fn.Return<void, TurnError, R> {
  const { backend, onEnd, transfers } = worker
  // The sweep of a worker that has `onEnd` writes the job again.
  if (onEnd === undefined) return
  const row = Option.getOrUndefined(yield* transfers[job.kind].find(job.reference))
  if (row === undefined) return yield* noRow(worker, job)
  if (row.version !== job.version || !isUntold(row)) return
  if (yield* tell(worker, onEnd, row)) return
  const turn = job.turn + 1
  yield* Queue.offer(backend.queue, { job: nextJob(job, row, turn), delay: toldDelayOf(turn) })
})

// Does the next step of the transfer, and writes the job of the one after it.
const carryingTurn = Effect.fnUntraced(function* <E, R>(
  worker: Worker<E, R>,
  job: Job
): Effect.fn.Return<void, TurnError> {
  const { backend, transfers, warn } = worker
  const { kind, reference, turn } = job
  const of = transfers[kind]

  const putBack = (row: Transfer, nextTurn: number, claim?: string): Effect.Effect<void, PersistedQueueError> => {
    const delay = delayOf(row, nextTurn)
    return delay === undefined
      ? Effect.void
      : Queue.offer(backend.queue, { job: nextJob(job, row, nextTurn, claim), delay })
  }

  // The owner of the claim may have recorded an outcome meanwhile, and then nothing is taken over.
  const isLost =
    job.claim !== undefined && Option.exists(yield* of.find(reference), (row) => row.version === job.version)
  const carried = yield* Effect.result(
    of.carry(reference, { version: job.version, lostClaim: job.claim, endSearch: endSearchOf(turn) })
  )
  if (Result.isFailure(carried)) {
    const error = carried.failure
    const isMissing = error._tag === "TransferInvalidState" && error.reason === "unknown-reference"
    return yield* isMissing ? noRow(worker, job) : error
  }
  const advanced = carried.success
  const row = advanced.transfer
  const isChanged = row.version !== job.version
  if (row.state === "sending") {
    // No taker waits for the claim. If neither the claim nor the version has changed after its length, it is lost.
    return yield* putBack(row, turn + 1, row.claim?.id)
  }
  if (isLost) yield* Metrics.takeOvers(kind)
  if (advanced._tag === "Wait" && advanced.waitFor !== undefined) {
    // Nothing was tried, so the turn comes again.
    const delay = Duration.max(advanced.waitFor, yield* pauseOf(job.nth))
    return yield* Queue.offer(backend.queue, { job: nextJob(job, row, turn), delay })
  }
  const error = advanced._tag === "Wait" ? advanced.error : undefined
  // The row says only the kind of a rejection, and the program is told of it by the row.
  if (error !== undefined && row.state === "rejected") {
    const said =
      "serverMessage" in error && error.serverMessage !== undefined
        ? ` (${SafeText.make(error.serverMessage, [row.accountId, String(row.amount)])})`
        : ""
    yield* Effect.logWarning(`${nameOf(row)}: rejected by Palomma: ${error._tag}${said}. No worker sends it again.`)
  } else if (error !== undefined && needsCorrection(error)) {
    const text = `${nameOf(row)}: ${row.state}, and the last call to Palomma failed with ${error._tag}.`
    yield* warn(error._tag, `${text} It will fail again until this is corrected. The worker goes on.`)
  } else if (error !== undefined && turn >= noticedTurn) {
    const text = `${nameOf(row)}: ${row.state}, and calls to Palomma keep failing, the last one with ${error._tag}.`
    yield* warn(error._tag, `${text} The worker goes on.`)
  }
  // A request that was not sent changes the row, and so does a look-up that found nothing. They also count.
  const lastTurn = isChanged ? firstTurnOf(row) - 1 : turn
  if (isOverdue(row, lastTurn)) {
    yield* Metrics.overdue(kind)
    if (isOverdueLogged(row, lastTurn)) {
      const last = error?._tag ?? row.lastError ?? "no error"
      yield* Effect.logError(`${nameOf(row)}: ${row.state} for unusually long. The worker goes on. Last: ${last}`)
    }
  }
  // The journal wrote the next job together with the change. Only a worker's transfers have such jobs.
  if (!isChanged || row.carriedBy === undefined) yield* putBack(row, lastTurn + 1)
})
