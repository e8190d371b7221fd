/**
 * A call from its first attempt to its result, with timeout, retries and tracing.
 */
import type { InputProblem } from "@palomma-effect/schema"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import { type PalommaInvalidInput, type PalommaNotFound, PalommaTimeout } from "../../PalommaError.ts"
import type { CallPolicy, RetryOptions, RetryPolicy } from "../../RetryOptions.ts"
import { invalidInput } from "../options/checks.ts"
import { checkRetryOptions, CurrentRetryOptions, overrideRetryPolicy } from "../options/retry.ts"
import { attempt, refusedCode } from "./attempt.ts"
import type { Call, Failure } from "./call.ts"
import type { Connection } from "./connection.ts"
import { within } from "./deadline.ts"
import { annotate } from "./span.ts"

// Full jitter, so that clients that failed together do not retry together. A pause is never shorter than the
// `Retry-After` of Palomma.
const backoff = (policy: CallPolicy, left: () => Duration.Duration) =>
  Schedule.exponential(policy.initialBackoff).pipe(
    Schedule.setInputType<Failure | PalommaNotFound>(),
    Schedule.modifyDelay(({ duration, input }) =>
      Effect.map(Random.next, (chance) => {
        const pause = Duration.times(Duration.min(duration, policy.maxBackoff), chance)
        const retryAfter = "retryAfter" in input ? input.retryAfter : undefined
        return retryAfter === undefined ? pause : Duration.max(pause, retryAfter)
      })
    ),
    Schedule.upTo({ times: policy.maxAttempts - 1 }),
    Schedule.while(({ duration }) => Effect.sync(() => Duration.isLessThan(duration, left())))
  )

const asksToWait = (error: Failure | PalommaNotFound): boolean =>
  error._tag === "PalommaRateLimited" || "retryAfter" in error

// A rejected create had no effect, but the same request is rejected again, except if Palomma asked to wait.
const isRetryable = (error: Failure | PalommaNotFound): boolean =>
  error.isSafeToResend &&
  (error.outcome !== "rejected" || asksToWait(error)) &&
  !("code" in error && error.code === refusedCode)

const policyOf = (
  base: RetryPolicy,
  options: RetryOptions | undefined
): Result.Result<RetryPolicy, ReadonlyArray<InputProblem>> => {
  if (options === undefined) return Result.succeed(base)
  const problems = checkRetryOptions("withRetry", options)
  return problems.length > 0 ? Result.fail(problems) : Result.succeed(overrideRetryPolicy(base, options))
}

const wholeMillis = (duration: Duration.Duration): Duration.Duration =>
  Duration.millis(Math.floor(Duration.toMillis(duration)))

/** Runs a call, with all its attempts. */
export const run = <A, Missing extends PalommaNotFound>(
  connection: Connection,
  call: Call<A, Missing>
): Effect.Effect<A, Failure | Missing | PalommaInvalidInput> => {
  const { operation, safety } = call
  return Effect.withFiber<A, Failure | Missing | PalommaInvalidInput>((fiber) => {
    const retryPolicy = policyOf(connection.policy, fiber.getRef(CurrentRetryOptions))
    if (Result.isFailure(retryPolicy)) {
      return Effect.fail(invalidInput(operation, safety === "read" ? "none" : "not-sent", retryPolicy.failure))
    }
    const policy = retryPolicy.success[safety === "read" ? "reads" : "creates"]
    const clock = fiber.getRef(Clock.Clock)
    const end = clock.monotonicTimeNanosUnsafe() + Duration.toNanosUnsafe(policy.timeout)
    const wallClockEnd = clock.currentTimeMillisUnsafe() + Duration.toMillis(policy.timeout)
    const left = (): Duration.Duration => {
      const rest = Duration.max(Duration.zero, Duration.nanos(end - clock.monotonicTimeNanosUnsafe()))
      if (safety === "read") return rest
      // On some machines the monotonic clock stops during sleep. A create that was sent after the sleep would be sent
      // too late: other processes may treat it as failed by then.
      return Duration.min(rest, Duration.millis(Math.max(0, wallClockEnd - clock.currentTimeMillisUnsafe())))
    }
    let attempts = 0
    let lastError: Failure | Missing | undefined

    const lastErrorOrTimeout = (): Failure | Missing =>
      lastError ??
      new PalommaTimeout({
        operation,
        outcome: safety === "read" ? "none" : "not-sent",
        waited: policy.timeout
      })

    const makeAttempt = Effect.suspend((): Effect.Effect<A, Failure | Missing> => {
      const timeout = wholeMillis(Duration.min(policy.attemptTimeout, left()))
      // A pause can end late on a busy machine or after sleep. Without time left, no request is made.
      if (Duration.isZero(timeout)) return Effect.fail(lastErrorOrTimeout())
      attempts += 1
      annotate(fiber, "palomma.attempts", attempts)
      return attempt(connection, call, { timeout, wallClockEnd }, { fiber, clock })
    })

    const { rateLimit } = connection
    const rateLimitedAttempt =
      rateLimit === undefined
        ? makeAttempt
        : Effect.flatMap(
            // A shared store may hang, and so may its clean-up.
            Effect.suspend(() => within(rateLimit.acquire, left())),
            (permit) => (permit._tag === "Some" ? makeAttempt : Effect.suspend(() => Effect.fail(lastErrorOrTimeout())))
          )

    const tracedAttempt = Effect.tapError(rateLimitedAttempt, (error) =>
      Effect.sync(() => {
        lastError = error
        annotate(fiber, "palomma.outcome", error.outcome)
      })
    )

    return Effect.catch(tracedAttempt, (error) => {
      if (!isRetryable(error)) return Effect.fail(error)
      // Most calls succeed at the first attempt, so the schedule is built only after a failure. Its first run replays
      // that failure.
      let isFirst = true
      const replayThenAttempt = Effect.suspend(() => {
        if (!isFirst) return tracedAttempt
        isFirst = false
        return Effect.fail(error)
      })
      return Effect.retry(replayThenAttempt, { while: isRetryable, schedule: backoff(policy, left) })
    })
  }).pipe(
    Effect.withSpan(
      operation,
      { kind: "client", attributes: { "http.request.method": call.method, "url.template": call.path } },
      { captureStackTrace: false }
    )
  )
}
