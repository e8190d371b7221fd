/**
 * One call of an operation: validated, sent, timed, tried again where that is safe, and traced.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import type * as Schema from "effect/Schema"
import {
  type CallError,
  PalommaConnectionError,
  type PalommaInvalidInput,
  type PalommaNotFound,
  PalommaTimeout
} from "../PalommaError.ts"
import { type CallPolicy, overrideRetryPolicy, type RetryPolicy, ScopedRetry } from "../RetryPolicy.ts"
import { interpret } from "./answer.ts"
import { countdown, within } from "./deadline.ts"
import type { Sent } from "./operation.ts"
import { transportFailure } from "./transportFailure.ts"

/** One call: which operation, and what must be known to send it and to understand its answer. */
export interface Call<A, Missing extends PalommaNotFound> {
  /** The operation, such as `PayoutRequests.create`. */
  readonly operation: string
  /** Whether a second one can do harm. */
  readonly safety: "read" | "create"
  readonly method: string
  /** The path with its parameters' names, such as `/payoutRequests/:payoutRequestId`. */
  readonly path: string
  /** The schema of a successful answer. */
  readonly answer: Schema.Codec<A, unknown>
  /** What a 404 means, for operations that ask for one record. */
  readonly missing: ((fields: ConstructorParameters<typeof PalommaNotFound>[0]) => Missing) | undefined
  /** The undocumented statuses which mean, as this merchant knows, that nothing was done. */
  readonly refusals: ReadonlyArray<number>
  /** What must not appear in any text: the key, and the marked values of the request. */
  readonly secrets: ReadonlyArray<string>
  readonly policy: RetryPolicy
  /** Sends it once. */
  readonly send: Sent
}

/** What a call can fail with once its input is valid. */
export type Failure = Exclude<CallError, PalommaInvalidInput>

const attempt = <A, Missing extends PalommaNotFound>(
  call: Call<A, Missing>,
  timeout: Duration.Duration
): Effect.Effect<A, Failure | Missing> => {
  const isRead = call.safety === "read"
  const answered = call.send.pipe(
    Effect.mapError((error) => {
      const { code, isNotSent, reason } = transportFailure(error)
      return new PalommaConnectionError({
        operation: call.operation,
        outcome: isRead ? "none" : isNotSent ? "not-sent" : "unknown",
        reason,
        ...(code === undefined ? {} : { code })
      })
    }),
    Effect.flatMap((response) => interpret(call, response))
  )
  return within(answered, timeout).pipe(
    Effect.flatMap(
      Option.match({
        onNone: () =>
          Effect.fail(
            new PalommaTimeout({ operation: call.operation, outcome: isRead ? "none" : "unknown", waited: timeout })
          ),
        onSome: Effect.succeed
      })
    )
  )
}

// Full jitter: many clients that failed together do not come back together. Palomma's own wish is the least to wait.
const pauses = (policy: CallPolicy, left: Effect.Effect<Duration.Duration>) =>
  Schedule.exponential(policy.firstPause).pipe(
    Schedule.setInputType<Failure | PalommaNotFound>(),
    Schedule.modifyDelay(({ duration, input }) =>
      Effect.map(Random.next, (chance) => {
        const pause = Duration.times(Duration.min(duration, policy.longestPause), chance)
        const asked = "retryAfter" in input ? input.retryAfter : undefined
        return asked === undefined ? pause : Duration.max(pause, asked)
      })
    ),
    Schedule.upTo({ times: Math.max(0, policy.attempts - 1) }),
    Schedule.while(({ duration }) => Effect.map(left, (rest) => Duration.isLessThan(duration, rest)))
  )

/** Runs a call to its result. */
export const run = <A, Missing extends PalommaNotFound>(call: Call<A, Missing>): Effect.Effect<A, Failure | Missing> =>
  Effect.gen(function* () {
    const policy = overrideRetryPolicy(call.policy, yield* ScopedRetry)[call.safety === "read" ? "reads" : "creates"]
    const left = yield* countdown(policy.deadline)
    let attempts = 0
    let last: Failure | Missing | undefined
    const trying = Effect.flatMap(left, (rest): Effect.Effect<A, Failure | Missing> => {
      const timeout = Duration.millis(Math.floor(Duration.toMillis(Duration.min(policy.attemptTimeout, rest))))
      // A pause can end late, on a busy machine or one that slept: what there is no time to wait for is not sent.
      if (last !== undefined && Duration.isZero(timeout)) return Effect.fail(last)
      attempts += 1
      return Effect.tapError(attempt(call, timeout), (error) => Effect.sync(() => void (last = error)))
    })
    return yield* trying.pipe(
      Effect.retry({ while: (error) => error.isSafeToResend, schedule: pauses(policy, left) }),
      Effect.tapError((error) => Effect.annotateCurrentSpan("palomma.outcome", error.outcome)),
      Effect.ensuring(Effect.suspend(() => Effect.annotateCurrentSpan("palomma.attempts", attempts)))
    )
  }).pipe(
    Effect.withSpan(
      call.operation,
      {
        kind: "client",
        attributes: { "http.request.method": call.method, "url.template": call.path }
      },
      { captureStackTrace: false }
    )
  )
