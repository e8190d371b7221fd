import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Option from "effect/Option"

/**
 * Runs an effect for no longer than a duration, even where nothing can be interrupted.
 *
 * A payout is claimed and recorded uninterruptibly, and a database that hangs must not hold it for ever. So the effect runs in a fiber of
 * its own, which is interrupted and left to itself.
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
