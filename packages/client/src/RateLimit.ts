/**
 * A rate limit for all requests of one process or of several processes.
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
 * The options of a rate limit.
 *
 * @category options
 * @since 0.1.0
 */
export interface RateLimitOptions {
  /**
   * How many requests may be made immediately after a pause (the size of the token bucket). The same number of requests
   * becomes available again in each window, evenly distributed.
   *
   * **Gotchas**
   *
   * In the first window after a pause, almost twice as many requests can be made. If Palomma gives you a hard limit,
   * set half of it.
   */
  readonly limit: number
  /** The length of a window. */
  readonly window: Duration.Input
  /**
   * Where requests are counted, by default in this process. To count the requests of several processes together, pass
   * Effect's `RateLimiter.RateLimiterStore` for Redis.
   */
  readonly store?: RateLimiter.RateLimiterStore["Service"] | undefined
  /**
   * The key of the counter in a shared store, by default `palomma`. Processes with the same API key should use the same
   * key.
   */
  readonly key?: string | undefined
}

const storeProblems = (field: string, store: unknown): ReadonlyArray<InputProblem> =>
  store === undefined || (Predicate.hasProperty(store, "tokenBucket") && typeof store.tokenBucket === "function")
    ? []
    : [{ field, code: "store", rule: "must be a RateLimiterStore of Effect" }]

/**
 * A rate limit, the value of the option `rateLimit` of the Palomma layers.
 *
 * @category models
 * @since 0.1.0
 */
export interface RateLimit extends Checked {
  /** Waits until one request may be made. Requests proceed in the order in which they wait. */
  readonly acquire: Effect.Effect<void>
}

/**
 * Makes a rate limit.
 *
 * It counts every request of all layers that use it.
 *
 * **Gotchas**
 *
 * - Make it once and pass it to every Palomma layer of the process. Two limits count independently.
 * - The waiting time is part of the call. A call whose `timeout` ends while it waits fails with `PalommaTimeout`, and
 *   nothing was sent.
 * - A shared store that does not respond blocks every call until its `timeout`. The call then fails with
 *   `PalommaTimeout`, and nothing was sent. Set a timeout for the connection of the store that is shorter than that of
 *   a call, so that the store fails instead.
 * - If a shared store fails, a warning is logged and the request is made without a limit. Palomma's own limit still
 *   applies.
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
  const copy = Options.copyOf(options, ["window"])
  // Not checked yet. The layer that gets the limit calls `problems` before it uses the limit.
  const { key = "palomma", limit, store, window } = (copy ?? {}) as RateLimitOptions
  const limiter = RateLimiter.make.pipe(
    store === undefined
      ? // The store in memory needs no clean-up, so it can be used after its scope closes.
        Effect.provide(RateLimiter.layerStoreMemory)
      : Effect.provideService(RateLimiter.RateLimiterStore, store),
    Effect.runSync
  )
  const queue = Semaphore.makeUnsafe(1)

  const consume = Effect.suspend(() => limiter.consume({ algorithm: "token-bucket", key, limit, window }))
  const takeToken: Effect.Effect<void> = consume.pipe(
    Effect.asVoid,
    Effect.catchTag("RateLimiterError", ({ reason }) =>
      reason._tag === "RateLimitExceeded"
        ? Effect.andThen(Effect.sleep(Duration.max(reason.retryAfter, Duration.millis(1))), takeToken)
        : Effect.logWarning("The store of the rate limit failed. The request is made without a rate limit.", reason)
    )
  )

  return {
    [TypeId]: TypeId,
    problems: (field) =>
      Options.object(field, copy ?? null, ["limit", "window", "store", "key"], ({ key, limit, store, window }) => [
        // Both are required. The checks accept `undefined`, so a missing value is checked as `NaN`.
        ...Options.wholeNumber(Options.path(field, "limit"), limit ?? Number.NaN, 1, 1_000_000),
        ...Options.duration(Options.path(field, "window"), window ?? Number.NaN),
        ...storeProblems(Options.path(field, "store"), store),
        ...Options.nonEmpty(Options.path(field, "key"), key)
      ]),
    // Only one request waits for a token, and the others wait in the queue, so they keep their order.
    acquire: queue.withPermits(1)(takeToken)
  }
}
