import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"

/**
 * Runs effects with the same key one after another, in this process.
 *
 * So only one delivery of a webhook per process uses a connection of the database, and the others learn its end without
 * a delay.
 */
export const onePerKey = () => {
  const running = new Map<string, Deferred.Deferred<void>>()
  return <A, E, R>(key: string, self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.uninterruptibleMask((restore) => {
      const next: Effect.Effect<A, E, R> = Effect.suspend(() => {
        const other = running.get(key)
        if (other !== undefined) return Effect.andThen(restore(Deferred.await(other)), next)
        const mine = Deferred.makeUnsafe<void>()
        running.set(key, mine)
        return Effect.onExit(restore(self), () =>
          Effect.sync(() => {
            running.delete(key)
            Deferred.doneUnsafe(mine, Effect.void)
          })
        )
      })
      return next
    })
}
