/**
 * The clocks of one machine: they can jump, and one can stand still while the other goes on.
 */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** How far the clocks of a machine are ahead of the test's clock, in milliseconds. They can be changed at any time. */
export interface Machine {
  wall: number
  monotonic: number
}

/** A clock that a machine shows. Its timers count by its monotonic clock. */
export const clockOf = (base: Clock.Clock, machine: Machine): Clock.Clock => {
  const currentTimeMillisUnsafe = () => base.currentTimeMillisUnsafe() + machine.wall
  const currentTimeNanosUnsafe = () => base.currentTimeNanosUnsafe() + BigInt(machine.wall) * 1_000_000n
  const monotonicTimeNanosUnsafe = () => base.monotonicTimeNanosUnsafe() + BigInt(machine.monotonic) * 1_000_000n
  const sleep = (duration: Duration.Duration): Effect.Effect<void> =>
    Effect.suspend(() => {
      const end = monotonicTimeNanosUnsafe() + Duration.toNanosUnsafe(duration)
      const rest: Effect.Effect<void> = Effect.suspend(() => {
        const left = end - monotonicTimeNanosUnsafe()
        return left <= 0n ? Effect.void : Effect.andThen(base.sleep(Duration.nanos(left)), rest)
      })
      return rest
    })
  return Object.assign(Object.create(base) as Clock.Clock, {
    currentTimeMillisUnsafe,
    currentTimeMillis: Effect.sync(currentTimeMillisUnsafe),
    currentTimeNanosUnsafe,
    currentTimeNanos: Effect.sync(currentTimeNanosUnsafe),
    monotonicTimeNanosUnsafe,
    monotonicTimeNanos: Effect.sync(monotonicTimeNanosUnsafe),
    sleep
  })
}
