/**
 * Ways to make something measurable.
 */
import * as Effect from "effect/Effect"
import type { Subject } from "./measure.ts"

/** Plain code. */
export const plain = (name: string, once: () => unknown): Subject => ({
  name,
  run: (times) => {
    for (let i = 0; i < times; i++) once()
  }
})

/** Plain asynchronous code, one run after the other. */
export const awaited = (name: string, once: () => Promise<unknown>): Subject => ({
  name,
  run: async (times) => {
    for (let i = 0; i < times; i++) await once()
  }
})

const repeat = <A, E>(effect: Effect.Effect<A, E>, isLeft: () => boolean): Effect.Effect<void, E> =>
  Effect.whileLoop({ while: isLeft, body: () => effect, step: () => {} })

/** An effect, one run after the other in one fiber. What builds it is counted. */
export const effect = <A, E>(name: string, once: () => Effect.Effect<A, E>): Subject => ({
  name,
  run: (times) => {
    let left = times
    return Effect.runPromise(repeat(Effect.suspend(once), () => left-- > 0))
  }
})

/** Plain asynchronous code, several runs at once. */
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

/** An effect, several runs at once, each in a fiber. */
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
