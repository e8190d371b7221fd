/**
 * Timeouts that end on time even if the clean-up of an effect hangs, measured on the monotonic clock.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"

/**
 * Runs an effect with a timeout, and returns nothing if the time runs out.
 *
 * `Effect.timeout` waits until the interrupted effect has cleaned up, and a hanging socket can delay that forever. Here
 * the effect runs in a separate fiber. After the timeout that fiber is interrupted and not awaited.
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
        // Resume before interrupting: an interrupted effect may end in the same step, and its exit would be the result.
        resume(Effect.succeedNone)
        running.interruptUnsafe()
      })
      return Effect.sync(() => {
        timer.interruptUnsafe()
        running.interruptUnsafe()
      })
    })
  )

/** Starts a countdown, and returns an effect that reads the remaining time. */
export const countdown = (duration: Duration.Duration): Effect.Effect<Effect.Effect<Duration.Duration>> =>
  Effect.map(Clock.monotonicTimeNanos, (start) =>
    Effect.map(Clock.monotonicTimeNanos, (now) => {
      const passed = Duration.nanos(now - start)
      return Duration.max(Duration.zero, Duration.subtract(duration, passed))
    })
  )
