/**
 * How long a call takes by the test's clock, and when it sends its requests.
 */
import { assert } from "@effect/vitest"
import type { Palomma, PalommaError } from "@palomma-effect/client"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { Operation } from "./operations.ts"
import { runToEnd, type Stub } from "./stub.ts"

export interface Timed {
  readonly exit: Exit.Exit<unknown, PalommaError>
  /** How many milliseconds the call took. */
  readonly took: number
  /** When each request was sent, counted from the call. */
  readonly sentAt: ReadonlyArray<number>
  /** The pauses between the requests. */
  readonly pauses: ReadonlyArray<number>
}

// The test's clock adds up milliseconds as floats.
const rounded = (millis: number): number => Math.round(millis * 1_000) / 1_000

/** Runs a call to its end, for any duration. */
export const timed = (call: Operation["call"], palomma: Stub, options?: Partial<Palomma.PalommaOptions>) =>
  Effect.gen(function* () {
    palomma.requests.length = 0
    const start = yield* Clock.currentTimeMillis
    const end = Effect.flatMap(Effect.exit(call), (exit) => Effect.map(Clock.currentTimeMillis, (at) => ({ exit, at })))
    const { at, exit } = yield* Effect.flatten(runToEnd(end, palomma, options))
    const sentAt = palomma.requests.map((request) => rounded(request.at - start))
    const pauses = sentAt.slice(1).map((at, i) => rounded(at - (sentAt[i] ?? 0)))
    const result: Timed = { exit, took: rounded(at - start), sentAt, pauses }
    return result
  })

export const errorOf = (outcome: Timed): Effect.Effect<PalommaError, unknown> => Effect.flip(outcome.exit)

/** The timeout of a call by the default policy. */
export const timeoutOf = ({ safety }: Operation): number => (safety === "create" ? 60_000 : 15_000)

/** Timers count milliseconds, pauses do not: a timeout is exact to the millisecond before it. */
export const assertEndsAt = (took: number, timeout: number, what?: string): void => {
  assert.isAtMost(took, timeout, what)
  assert.isAtLeast(took, timeout - 1, what)
}
