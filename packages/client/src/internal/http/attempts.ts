/**
 * A call from its first attempt to its result: timed, tried again if that is safe, and traced.
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

// Full jitter: many clients that failed together do not come back together. Palomma's own wish is the least to wait.
const pauses = (policy: CallPolicy, left: () => Duration.Duration) =>
  Schedule.exponential(policy.initialBackoff).pipe(
    Schedule.setInputType<Failure | PalommaNotFound>(),
    Schedule.modifyDelay(({ duration, input }) =>
      Effect.map(Random.next, (chance) => {
        const pause = Duration.times(Duration.min(duration, policy.maxBackoff), chance)
        const asked = "retryAfter" in input ? input.retryAfter : undefined
        return asked === undefined ? pause : Duration.max(pause, asked)
      })
    ),
    Schedule.upTo({ times: policy.maxAttempts - 1 }),
    Schedule.while(({ duration }) => Effect.sync(() => Duration.isLessThan(duration, left())))
  )

// A create that was refused had no effect, but only one that was asked to wait will fare better.
const asksToWait = (error: Failure | PalommaNotFound): boolean =>
  error._tag === "PalommaRateLimited" || "retryAfter" in error

const isWorthAnother = (error: Failure | PalommaNotFound): boolean =>
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

/** Runs a call to its result. */
export const run = <A, Missing extends PalommaNotFound>(
  connection: Connection,
  call: Call<A, Missing>
): Effect.Effect<A, Failure | Missing | PalommaInvalidInput> => {
  const { operation, safety } = call
  return Effect.withFiber<A, Failure | Missing | PalommaInvalidInput>((fiber) => {
    const policies = policyOf(connection.policy, fiber.getRef(CurrentRetryOptions))
    if (Result.isFailure(policies)) {
      return Effect.fail(invalidInput(operation, safety === "read" ? "none" : "not-sent", policies.failure))
    }
    const policy = policies.success[safety === "read" ? "reads" : "creates"]
    const clock = fiber.getRef(Clock.Clock)
    const end = clock.monotonicTimeNanosUnsafe() + Duration.toNanosUnsafe(policy.timeout)
    const wallClockEnd = clock.currentTimeMillisUnsafe() + Duration.toMillis(policy.timeout)
    const left = (): Duration.Duration => {
      const rest = Duration.max(Duration.zero, Duration.nanos(end - clock.monotonicTimeNanosUnsafe()))
      if (safety === "read") return rest
      // The monotonic clock of some machines stands still while they sleep, and a create that is sent late was taken for lost meanwhile.
      return Duration.min(rest, Duration.millis(Math.max(0, wallClockEnd - clock.currentTimeMillisUnsafe())))
    }
    let attempts = 0
    let last: Failure | Missing | undefined

    const outOfTime = (): Failure | Missing =>
      last ??
      new PalommaTimeout({
        operation,
        outcome: safety === "read" ? "none" : "not-sent",
        waited: policy.timeout
      })

    const once = Effect.suspend((): Effect.Effect<A, Failure | Missing> => {
      const timeout = wholeMillis(Duration.min(policy.attemptTimeout, left()))
      // A pause can end late, on a busy machine or one that slept: what there is no time to wait for is not sent.
      if (Duration.isZero(timeout)) return Effect.fail(outOfTime())
      attempts += 1
      annotate(fiber, "palomma.attempts", attempts)
      return attempt(connection, call, { timeout, wallClockEnd }, { fiber, clock })
    })

    const { rateLimit } = connection
    const inTurn =
      rateLimit === undefined
        ? once
        : Effect.flatMap(
            // A shared store may hang, and so may its clean-up.
            Effect.suspend(() => within(rateLimit.acquire, left())),
            (turn) => (turn._tag === "Some" ? once : Effect.suspend(() => Effect.fail(outOfTime())))
          )

    const trying = Effect.tapError(inTurn, (error) =>
      Effect.sync(() => {
        last = error
        annotate(fiber, "palomma.outcome", error.outcome)
      })
    )

    return Effect.catch(trying, (error) => {
      if (!isWorthAnother(error)) return Effect.fail(error)
      // Most calls succeed at once and need no schedule. It begins with the failure that is there already.
      let isFirst = true
      const again = Effect.suspend(() => {
        if (!isFirst) return trying
        isFirst = false
        return Effect.fail(error)
      })
      return Effect.retry(again, { while: isWorthAnother, schedule: pauses(policy, left) })
    })
  }).pipe(
    Effect.withSpan(
      operation,
      { kind: "client", attributes: { "http.request.method": call.method, "url.template": call.path } },
      { captureStackTrace: false }
    )
  )
}
