/**
 * Time limits that hold whatever happens, counted on the monotonic clock.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"

/**
 * Runs an effect for no longer than a duration, whatever its clean-up does.
 *
 * `Effect.timeout` waits until the effect it gave up on has cleaned up, which a hanging socket can delay for ever. Here the effect runs
 * in a fiber of its own, which is interrupted and left to itself.
 */
export const within = <A, E>(
  self: Effect.Effect<A, E>,
  duration: Duration.Duration
): Effect.Effect<Option.Option<A>, E> =>
  Effect.withFiber((parent) =>
    Effect.callback((resume) => {
      const fork = Effect.runForkWith(parent.context)
      const running = fork(self)
      const timer = fork(Effect.sleep(duration))
      running.addObserver((exit) => {
        timer.interruptUnsafe()
        resume(Exit.map(exit, Option.some))
      })
      timer.addObserver((exit) => {
        if (Exit.isFailure(exit)) return
        // Before the interruption, which may end the effect in this same step and would speak first.
        resume(Effect.succeedNone)
        running.interruptUnsafe()
      })
      return Effect.sync(() => {
        timer.interruptUnsafe()
        running.interruptUnsafe()
      })
    })
  )

/** An effect that tells how much of a duration is left, counted from now on the monotonic clock. */
export const countdown = (duration: Duration.Duration): Effect.Effect<Effect.Effect<Duration.Duration>> =>
  Effect.map(Clock.monotonicTimeNanos, (start) =>
    Effect.map(Clock.monotonicTimeNanos, (now) => {
      const passed = Duration.nanos(now - start)
      return Duration.max(Duration.zero, Duration.subtract(duration, passed))
    })
  )
