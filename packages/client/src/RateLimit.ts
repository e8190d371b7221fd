/**
 * A limit to how many requests are made in a time: one for every service of a process, or for several processes.
 *
 * @since 0.1.0
 */
import type { InputProblem } from "@palomma-effect/schema"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as RateLimiter from "effect/persistence/RateLimiter"
import * as Semaphore from "effect/Semaphore"
import * as Options from "./internal/options/checks.ts"
import { type Checked, TypeId } from "./internal/options/isRateLimit.ts"

/**
 * How many requests may be made in a time.
 *
 * @category options
 * @since 0.1.0
 */
export interface RateLimitOptions {
  /**
   * How many requests may be made at once after a pause. Their turns come back evenly, as many within a window.
   *
   * **Gotchas**
   *
   * A window that begins after a pause sees almost twice as many requests as this: name half of what must never be exceeded.
   */
  readonly limit: number
  /** The length of the window. */
  readonly window: Duration.Input
  /**
   * Where requests are counted: in this process by default. Give Effect's `RateLimiter.RateLimiterStore` of Redis to count those of
   * several processes together.
   */
  readonly store?: RateLimiter.RateLimiterStore["Service"] | undefined
  /** The name under which a shared store counts: `palomma` by default. Processes with the same API key should share it. */
  readonly key?: string | undefined
}

const storeProblems = (field: string, store: unknown): ReadonlyArray<InputProblem> =>
  store === undefined || (Predicate.hasProperty(store, "tokenBucket") && typeof store.tokenBucket === "function")
    ? []
    : [{ field, code: "store", rule: "must be a RateLimiterStore of Effect" }]

/**
 * A limit to how many requests are made in a time, as the option `rateLimit` of the Palomma layer takes it.
 *
 * @category models
 * @since 0.1.0
 */
export interface RateLimit extends Checked {
  /** Waits for the turn of one request, in the order in which they ask. */
  readonly acquire: Effect.Effect<void>
}

/**
 * Makes a limit that counts every request of every service that it is given to.
 *
 * **Gotchas**
 *
 * - Make it once and give it to every Palomma layer of the process: two limits know nothing of each other.
 * - Waiting counts as a part of the call: a call whose `timeout` ends while it waits fails with `PalommaTimeout`, and nothing was sent.
 * - A shared store that does not answer stops every call: each ends by its `timeout` with `PalommaTimeout`, and nothing was sent. Give
 *   its connection a timeout of its own, shorter than that of a call, so that it fails instead.
 * - If a shared store fails, the request is made all the same and a warning is logged: Palomma's own limit still holds.
 *
 * **Example** (At most ten requests a second)
 *
 * ```ts
 * import { Palomma, RateLimit } from "@palomma-effect/client"
 * import * as Redacted from "effect/Redacted"
 *
 * const rateLimit = RateLimit.make({ limit: 10, window: "1 second" })
 * export const PalommaLive = Palomma.layerFetch({ apiKey: Redacted.make("my-api-key"), rateLimit })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: RateLimitOptions): RateLimit => {
  const given = Options.copyOf(options, ["window"])
  // Nothing is checked yet: the layer that it is given to tells what is wrong, before any of it is used.
  const { key = "palomma", limit, store, window } = (given ?? {}) as RateLimitOptions
  const limiter = RateLimiter.make.pipe(
    store === undefined
      ? // The store in memory needs no clean-up, so it outlives the scope that it is built in.
        Effect.provide(RateLimiter.layerStoreMemory)
      : Effect.provideService(RateLimiter.RateLimiterStore, store),
    Effect.runSync
  )
  const turns = Semaphore.makeUnsafe(1)

  const consume = Effect.suspend(() => limiter.consume({ algorithm: "token-bucket", key, limit, window }))
  const take: Effect.Effect<void> = consume.pipe(
    Effect.asVoid,
    Effect.catchTag("RateLimiterError", ({ reason }) =>
      reason._tag === "RateLimitExceeded"
        ? Effect.andThen(Effect.sleep(Duration.max(reason.retryAfter, Duration.millis(1))), take)
        : Effect.logWarning("The store of the rate limit failed; the request is made without waiting.", reason)
    )
  )

  return {
    [TypeId]: TypeId,
    problems: (field) =>
      Options.object(field, given ?? null, ["limit", "window", "store", "key"], ({ key, limit, store, window }) => [
        // Without types either may be missing.
        ...Options.wholeNumber(Options.path(field, "limit"), limit ?? Number.NaN, 1, 1_000_000),
        ...Options.duration(Options.path(field, "window"), window ?? Number.NaN),
        ...storeProblems(Options.path(field, "store"), store),
        ...Options.nonEmpty(Options.path(field, "key"), key)
      ]),
    // One waits for its turn, and the others wait for that one: none overtakes.
    acquire: turns.withPermits(1)(take)
  }
}
