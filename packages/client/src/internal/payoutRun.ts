/**
 * Sending many payouts: when a run pauses, when it stops, and what is said of each intent.
 */
import type { PayoutRequest } from "@palomma-effect/schema"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { SendError } from "../PayoutError.ts"
import type { PayoutIntent, PayoutResult, SendAllOptions } from "../PayoutsService.ts"

// What fails one payout for a reason that would fail every other one too.
const failsAll = (error: SendError): boolean => {
  switch (error._tag) {
    case "PalommaUnauthorized":
    case "PayoutJournalError":
      return true
    case "PalommaConnectionError":
      // A connection that broke, or came too late, before anything was sent may be the only one.
      return error.reason !== "reset" && error.reason !== "other"
    case "PayoutOutcomeUnknown":
      return error.lastErrorTag === "PalommaUnauthorized" || error.lastErrorTag === "PalommaUnexpectedStatus"
    case "PalommaInvalidInput":
    case "PalommaBadRequest":
    case "PayoutReferenceConflict":
    case "PayoutDuplicateDetected":
      return false
  }
}

/** Whether and until when a run holds its breath. */
export interface Brake {
  /** Holds every run for a while. */
  readonly hold: (wait: Duration.Duration | undefined) => Effect.Effect<void>
  /** Waits until nothing holds. */
  readonly wait: Effect.Effect<void>
}

/** A pause without a wish of Palomma's, and the longest one that a wish is granted. */
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

/** What a run is made of. */
export interface Run {
  readonly send: (intent: PayoutIntent) => Effect.Effect<PayoutRequest, SendError>
  /** Writes an intent down without sending it. */
  readonly intend: (intent: PayoutIntent) => Effect.Effect<void, SendError>
  readonly brake: Brake
}

/** Sends many. */
export const sendAll = <E, R>(
  run: Run,
  intents: Stream.Stream<PayoutIntent, E, R>,
  options: SendAllOptions = {}
): Stream.Stream<PayoutResult, E, R> =>
  Stream.suspend(() => {
    let stopped: SendError | undefined
    const one = (intent: PayoutIntent): Effect.Effect<PayoutResult> =>
      Effect.gen(function* () {
        yield* run.brake.wait
        const because = stopped
        if (because !== undefined) {
          const written = yield* Effect.result(run.intend(intent))
          return Result.isSuccess(written)
            ? ({ _tag: "NotBegun", intent, because } as const)
            : ({ _tag: "Failed", intent, error: written.failure } as const)
        }
        const sent = yield* Effect.result(run.send(intent))
        if (Result.isSuccess(sent)) return { _tag: "Sent", intent, payout: sent.success } as const
        if (failsAll(sent.failure)) stopped = sent.failure
        return { _tag: "Failed", intent, error: sent.failure } as const
      })
    const { pace } = options
    const paced =
      pace === undefined
        ? intents
        : intents.pipe(
            Stream.rechunk(1),
            Stream.throttle({
              cost: (chunk) => chunk.length,
              units: pace.payouts,
              duration: pace.within,
              strategy: "shape"
            })
          )
    return paced.pipe(Stream.mapEffect(one, { concurrency: options.concurrency ?? 4 }))
  })
