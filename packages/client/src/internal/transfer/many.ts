/**
 * Runs of many transfers: when a run pauses, when it stops, and the result of each intent.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { PalommaInvalidInput } from "../../PalommaError.ts"
import type { Transfer } from "../../Transfer.ts"
import type { TransferError } from "../../TransferError.ts"
import type { TransferResult } from "../../TransferResult.ts"
import type { TransferAllOptions } from "../../TransferService.ts"
import { readAll } from "./options.ts"

// Whether an error has a cause that would also fail every other transfer.
const affectsAll = ({ _tag, reason }: { readonly _tag: string; readonly reason?: unknown }): boolean =>
  _tag === "PalommaUnauthorized" ||
  _tag === "PalommaUnexpectedStatus" ||
  // A broken connection (`reset`, `other`) may affect only this transfer.
  (_tag === "PalommaConnectionError" && reason !== "reset" && reason !== "other")

const stopsRun = (error: TransferError): boolean => {
  switch (error._tag) {
    case "TransferJournalError":
      return true
    case "TransferNotSent":
      return affectsAll(error.cause)
    case "TransferRejected":
      // A status in `rejectedStatuses` rejects only this transfer.
      return error.cause._tag === "PalommaUnauthorized"
    case "TransferOutcomeUnknown":
      return error.lastErrorTag === "PalommaUnauthorized" || error.lastErrorTag === "PalommaUnexpectedStatus"
    case "PalommaInvalidInput":
    case "TransferConflict":
    case "TransferDuplicate":
    case "TransferInvalidState":
      return false
  }
}

/** The pause after a 429, which all runs of a service share. */
export interface SharedPause {
  /** Makes all runs wait: for this long, for 10 seconds by default, and for 5 minutes at the most. */
  readonly extend: (wait: Duration.Duration | undefined) => Effect.Effect<void>
  /** How long the pause still lasts: zero if there is none. */
  readonly left: Effect.Effect<Duration.Duration>
  /** Waits until the pause is over. */
  readonly wait: Effect.Effect<void>
}

const defaultPause = Duration.seconds(10)
const longestPause = Duration.minutes(5)

/** Makes the pause of one service. */
export const makeSharedPause = (): SharedPause => {
  let until = BigInt(0)
  const left = Effect.map(Clock.monotonicTimeNanos, (now) =>
    now >= until ? Duration.zero : Duration.millis(Math.ceil(Duration.toMillis(Duration.nanos(until - now))))
  )
  const wait: Effect.Effect<void> = Effect.flatMap(left, (pause) =>
    Duration.isZero(pause) ? Effect.void : Effect.andThen(Effect.sleep(pause), wait)
  )
  return {
    left,
    wait,
    extend: (requested) =>
      Effect.map(Clock.monotonicTimeNanos, (now) => {
        const end = now + Duration.toNanosUnsafe(Duration.min(requested ?? defaultPause, longestPause))
        if (end > until) until = end
      })
  }
}

/** Sends many transfers, and returns one result for each intent. */
export const sendAll = <Intent, E, R>(
  operation: string,
  pause: SharedPause,
  send: (intent: Intent) => Effect.Effect<Transfer, TransferError>,
  intents: Stream.Stream<Intent, E, R>,
  options: TransferAllOptions = {}
): Stream.Stream<TransferResult<Intent>, E | PalommaInvalidInput, R> =>
  Stream.unwrap(
    Effect.map(readAll(operation, options), ({ concurrency = 4 }) => {
      let stopped: TransferError | undefined
      const one = Effect.fnUntraced(function* (intent: Intent): Effect.fn.Return<TransferResult<Intent>> {
        yield* pause.wait
        if (stopped !== undefined) return { _tag: "Skipped", intent, cause: stopped }
        const sent = yield* Effect.result(send(intent))
        if (Result.isSuccess(sent)) return { _tag: "Accepted", intent, transfer: sent.success }
        if (stopsRun(sent.failure)) stopped = sent.failure
        return { _tag: "Failed", intent, error: sent.failure }
      })
      return Stream.mapEffect(intents, one, { concurrency, unordered: true })
    })
  )
