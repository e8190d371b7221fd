/**
 * Functions that make subjects of measurements.
 */
import * as Effect from "effect/Effect"
import type { Subject } from "./measure.ts"

/** Makes a subject of synchronous code. */
export const plain = (name: string, once: () => unknown): Subject => ({
  name,
  run: (times) => {
    for (let i = 0; i < times; i++) once()
  }
})

/** Makes a subject of asynchronous code that runs sequentially. */
export const awaited = (name: string, once: () => Promise<unknown>): Subject => ({
  name,
  run: async (times) => {
    for (let i = 0; i < times; i++) await once()
  }
})

const repeat = <A, E>(effect: Effect.Effect<A, E>, isLeft: () => boolean): Effect.Effect<void, E> =>
  Effect.whileLoop({ while: isLeft, body: () => effect, step: () => {} })

/** Makes a subject of an effect that runs sequentially in one fiber. Building the effect is measured too. */
export const effect = <A, E>(name: string, once: () => Effect.Effect<A, E>): Subject => ({
  name,
  run: (times) => {
    let left = times
    return Effect.runPromise(repeat(Effect.suspend(once), () => left-- > 0))
  }
})

/** Makes a subject of asynchronous code that runs concurrently. */
export const awaitedAtOnce = (name: string, atOnce: number, once: () => Promise<unknown>): Subject => ({
  name,
  run: async (times) => {
    let left = times
    const lane = async () => {
      while (left-- > 0) await once()
    }
    await Promise.all(Array.from({ length: atOnce }, lane))
  }
})

/** Makes a subject of an effect that runs concurrently, each run in a fiber. */
export const effectAtOnce = <A, E>(name: string, atOnce: number, once: () => Effect.Effect<A, E>): Subject => ({
  name,
  run: (times) => {
    let left = times
    const lane = repeat(Effect.suspend(once), () => left-- > 0)
    return Effect.runPromise(
      Effect.forEach(
        Array.from({ length: atOnce }, () => lane),
        (one) => one,
        { concurrency: atOnce, discard: true }
      )
    )
  }
})
