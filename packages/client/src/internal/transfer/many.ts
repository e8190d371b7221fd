/**
 * Many transfers: when a run pauses, when it stops, and what is said of each intent.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { PalommaInvalidInput } from "../../PalommaError.ts"
import type { Transfer } from "../../Transfer.ts"
import type { TransferError } from "../../TransferError.ts"
import type { TransferAllOptions, TransferResult } from "../../TransferService.ts"
import { readAll } from "./options.ts"

// What fails one transfer for a reason that would fail every other one too.
const isOfAll = ({ _tag, reason }: { readonly _tag: string; readonly reason?: unknown }): boolean =>
  _tag === "PalommaUnauthorized" ||
  _tag === "PalommaUnexpectedStatus" ||
  // A connection that broke, or came too late, before anything was sent may be the only one.
  (_tag === "PalommaConnectionError" && reason !== "reset" && reason !== "other")

const failsAll = (error: TransferError): boolean => {
  switch (error._tag) {
    case "TransferJournalError":
      return true
    case "TransferNotSent":
      return isOfAll(error.cause)
    case "TransferRejected":
      // A status that the merchant named is a refusal of this one.
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

/** Whether and until when every run of a service waits. */
export interface Brake {
  /** Makes every run wait for a while. */
  readonly hold: (wait: Duration.Duration | undefined) => Effect.Effect<void>
  /** Waits until no pause is left. */
  readonly wait: Effect.Effect<void>
}

/** The pause if Palomma names none, and the longest one that it is granted. */
const defaultPause = Duration.seconds(10)
const longestPause = Duration.minutes(5)

/** Makes the brake that the runs of one service share. */
export const makeBrake = (): Brake => {
  let until = BigInt(0)
  const wait: Effect.Effect<void> = Effect.flatMap(Clock.monotonicTimeNanos, (now) =>
    now >= until ? Effect.void : Effect.andThen(Effect.sleep(Duration.nanos(until - now)), wait)
  )
  return {
    wait,
    hold: (asked) =>
      Effect.map(Clock.monotonicTimeNanos, (now) => {
        const end = now + Duration.toNanosUnsafe(Duration.min(asked ?? defaultPause, longestPause))
        if (end > until) until = end
      })
  }
}

/** Sends many, one result each. */
export const sendAll = <Intent, E, R>(
  operation: string,
  brake: Brake,
  send: (intent: Intent) => Effect.Effect<Transfer, TransferError>,
  intents: Stream.Stream<Intent, E, R>,
  given: TransferAllOptions = {}
): Stream.Stream<TransferResult<Intent>, E | PalommaInvalidInput, R> =>
  Stream.unwrap(
    Effect.map(readAll(operation, given), ({ concurrency = 4 }) => {
      let stopped: TransferError | undefined
      const one = Effect.fnUntraced(function* (intent: Intent): Effect.fn.Return<TransferResult<Intent>> {
        yield* brake.wait
        if (stopped !== undefined) return { _tag: "Skipped", intent, cause: stopped }
        const sent = yield* Effect.result(send(intent))
        if (Result.isSuccess(sent)) return { _tag: "Accepted", intent, transfer: sent.success }
        if (failsAll(sent.failure)) stopped = sent.failure
        return { _tag: "Failed", intent, error: sent.failure }
      })
      return Stream.mapEffect(intents, one, { concurrency, unordered: true })
    })
  )
