import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Option from "effect/Option"

/**
 * Runs an effect with a time limit that also works in uninterruptible code, and returns none when the limit is reached.
 *
 * The client claims and records a payout uninterruptibly, and a database that hangs must not block it forever.
 * `Effect.timeoutOption` waits until the effect has ended, also if it cannot be interrupted. Here the effect runs in a
 * separate fiber, which is interrupted without waiting for it. The client has such a function too, but internal modules
 * cannot be imported by another package.
 */
export const withTimeLimit = <A, E, R>(
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
