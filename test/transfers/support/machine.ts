/** A machine: its clocks can be wrong, and it can stop and continue. */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/**
 * How a machine stops. Nothing on it runs until it continues, timers included.
 *
 * - `process`: only the process stops; both clocks run.
 * - `sleep`: the machine sleeps; its monotonic clock stops, its wall clock runs.
 * - `pause`: a virtual machine is paused; both clocks stop.
 */
export type Stop = "process" | "sleep" | "pause"

/** How far the clocks of a machine are ahead of the true time, in milliseconds. They can be changed at any time. */
export interface Clocks {
  wall: number
  monotonic: number
}

/** A machine. */
export interface Machine {
  readonly clock: Clock.Clock
  /** Sets its wall clock forward, or back if it is negative. */
  readonly setWall: (millis: number) => void
  readonly stop: (how: Stop) => void
  readonly resume: () => void
}

// The test's clock counts milliseconds as floats, so a shorter duration may be zero.
const shortest = Duration.micros(1n)

const inNanos = (millis: number): bigint => BigInt(Math.round(millis * 1_000_000))

/** Makes a machine. */
export const makeMachine = (base: Clock.Clock, clocks: Clocks = { wall: 0, monotonic: 0 }): Machine => {
  let stopped: { readonly how: Stop; readonly wall: number; readonly monotonic: bigint } | undefined

  const currentTimeMillisUnsafe = () =>
    stopped?.how === "pause" ? stopped.wall : base.currentTimeMillisUnsafe() + clocks.wall
  const monotonicTimeNanosUnsafe = () =>
    stopped === undefined || stopped.how === "process"
      ? base.monotonicTimeNanosUnsafe() + inNanos(clocks.monotonic)
      : stopped.monotonic
  const currentTimeNanosUnsafe = () => inNanos(currentTimeMillisUnsafe())

  const sleep = (duration: Duration.Duration): Effect.Effect<void> =>
    Effect.suspend(() => {
      const end = monotonicTimeNanosUnsafe() + Duration.toNanosUnsafe(duration)
      const rest: Effect.Effect<void> = Effect.suspend(() => {
        const left = Duration.nanos(end - monotonicTimeNanosUnsafe())
        if (stopped !== undefined) return Effect.andThen(base.sleep(Duration.max(left, Duration.seconds(1))), rest)
        return Duration.isGreaterThan(left, Duration.zero)
          ? Effect.andThen(base.sleep(Duration.max(left, shortest)), rest)
          : Effect.void
      })
      return rest
    })

  return {
    clock: Object.assign(Object.create(base) as Clock.Clock, {
      currentTimeMillisUnsafe,
      currentTimeMillis: Effect.sync(currentTimeMillisUnsafe),
      currentTimeNanosUnsafe,
      currentTimeNanos: Effect.sync(currentTimeNanosUnsafe),
      monotonicTimeNanosUnsafe,
      monotonicTimeNanos: Effect.sync(monotonicTimeNanosUnsafe),
      sleep
    }),
    setWall: (millis) => {
      clocks.wall += millis
    },
    stop: (how) => {
      stopped = { how, wall: currentTimeMillisUnsafe(), monotonic: monotonicTimeNanosUnsafe() }
    },
    resume: () => {
      if (stopped?.how === "pause") clocks.wall = stopped.wall - base.currentTimeMillisUnsafe()
      if (stopped !== undefined && stopped.how !== "process") {
        clocks.monotonic = Number(stopped.monotonic - base.monotonicTimeNanosUnsafe()) / 1_000_000
      }
      stopped = undefined
    }
  }
}
