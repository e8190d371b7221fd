/** The clock of one process. Its wall clock may be wrong or jump. All its timers stop while its machine sleeps. */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** The clock of one process. */
export interface ProcessClock {
  readonly clock: Clock.Clock
  /** Sets the wall clock forward, or back if it is negative. */
  readonly jump: (millis: number) => void
  /** Subtracts time that has passed: the machine slept meanwhile. */
  readonly sleptFor: (millis: number) => void
  /** The difference between the wall clock and the true one, in milliseconds. */
  readonly error: () => number
}

const nanosPerMilli = 1_000_000n

/** Makes the clock of a process. None of its timers ends before `isRunning` does. */
export const makeProcessClock = (world: Clock.Clock, isRunning: Effect.Effect<void>): ProcessClock => {
  let wallError = 0
  let slept = 0n
  const millis = () => world.currentTimeMillisUnsafe() + wallError
  const nanos = () => world.currentTimeNanosUnsafe() + BigInt(wallError) * nanosPerMilli
  const monotonic = () => world.monotonicTimeNanosUnsafe() - slept
  const until = (end: bigint): Effect.Effect<void> =>
    Effect.suspend(() => {
      const left = end - monotonic()
      return left <= 0n
        ? isRunning
        : Effect.andThen(
            // No timer ends early. A fraction of a millisecond could never end with a clock that counts from 1970.
            world.sleep(Duration.millis(Number((left + nanosPerMilli - 1n) / nanosPerMilli))),
            Effect.andThen(
              isRunning,
              Effect.suspend(() => until(end))
            )
          )
    })
  return {
    clock: {
      currentTimeMillisUnsafe: millis,
      currentTimeMillis: Effect.sync(millis),
      currentTimeNanosUnsafe: nanos,
      currentTimeNanos: Effect.sync(nanos),
      monotonicTimeNanosUnsafe: monotonic,
      monotonicTimeNanos: Effect.sync(monotonic),
      sleep: (duration) => Effect.suspend(() => until(monotonic() + Duration.toNanosUnsafe(duration)))
    },
    jump: (by) => {
      wallError += by
    },
    sleptFor: (time) => {
      slept += BigInt(time) * nanosPerMilli
    },
    error: () => wallError
  }
}
