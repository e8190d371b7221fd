import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Option from "effect/Option"

/**
 * Runs an effect for no longer than a duration, whatever its clean-up does.
 *
 * `Effect.timeout` waits until the effect it gave up on has cleaned up, which a hanging socket can delay for ever. Here the effect runs
 * in a fiber of its own, which is interrupted and left to itself.
 */
export const within = <A, E, R>(
  self: Effect.Effect<A, E, R>,
  duration: Duration.Duration
): Effect.Effect<Option.Option<A>, E, R> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.forkDetach(restore(self), { startImmediately: true }), (fiber) =>
      restore(Fiber.join(fiber).pipe(Effect.timeoutOption(duration))).pipe(
        Effect.onExit(() => Effect.sync(() => fiber.interruptUnsafe()))
      )
    )
  )

/** An effect that tells how much of a duration is left, counted from now on the monotonic clock. */
export const countdown = (duration: Duration.Duration): Effect.Effect<Effect.Effect<Duration.Duration>> =>
  Effect.map(Clock.monotonicTimeNanos, (start) =>
    Effect.map(Clock.monotonicTimeNanos, (now) => {
      const passed = Duration.nanos(now - start)
      return Duration.max(Duration.zero, Duration.subtract(duration, passed))
    })
  )
