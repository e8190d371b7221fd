/**
 * When a failed call is tried again, and when it is given up.
 *
 * Whether it may be tried again at all is not a matter of policy: a read always may, a create only if the failed attempt is proven to
 * have had no effect. The policy says how often, how soon, and for how long.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import * as Options from "./internal/options/checks.ts"
import { checkRetryOptions, CurrentRetryOptions } from "./internal/options/retry.ts"
import type { RetryOptions, RetryPolicy } from "./RetryOptions.ts"

/**
 * Three attempts each: reads within 15 seconds, creates within 60.
 *
 * A create is waited for as long as its timeout allows, since giving up early makes an unknown outcome of a slow success.
 *
 * @category constants
 * @since 0.1.0
 */
export const defaultRetryPolicy: RetryPolicy = {
  reads: {
    maxAttempts: 3,
    attemptTimeout: Duration.seconds(7),
    timeout: Duration.seconds(15),
    initialBackoff: Duration.millis(200),
    maxBackoff: Duration.seconds(5)
  },
  creates: {
    maxAttempts: 3,
    attemptTimeout: Duration.seconds(60),
    timeout: Duration.seconds(60),
    initialBackoff: Duration.millis(200),
    maxBackoff: Duration.seconds(5)
  }
}

const isWrong = (options: RetryOptions): boolean => checkRetryOptions("", options).length > 0

/**
 * Changes the retry policy of every call within an effect.
 *
 * If two are nested, the inner one decides what it names.
 *
 * Options that are wrong fail each call within with `PalommaInvalidInput`, before anything is sent.
 *
 * **Example** (A look-up that a person waits for)
 *
 * ```ts
 * import { PayoutRequests, withRetry } from "@palomma-effect/client"
 * import type { PayoutRequestId } from "@palomma-effect/schema"
 *
 * const quickly = (id: PayoutRequestId) =>
 *   PayoutRequests.use((payoutRequests) => payoutRequests.get(id)).pipe(
 *     withRetry({ reads: { maxAttempts: 1, timeout: "2 seconds" } })
 *   )
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const withRetry: {
  (options: RetryOptions): <A, E, R>(self: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  <A, E, R>(self: Effect.Effect<A, E, R>, options: RetryOptions): Effect.Effect<A, E, R>
} = dual(2, <A, E, R>(self: Effect.Effect<A, E, R>, options: RetryOptions): Effect.Effect<A, E, R> => {
  // What is wrong is kept, for the call to tell. A copy, since a getter may say something else later.
  const inner = Options.copy(options === undefined ? {} : options) as RetryOptions
  return Effect.updateService(self, CurrentRetryOptions, (outer) => {
    if (outer === undefined || isWrong(inner)) return inner
    if (isWrong(outer)) return outer
    return { reads: { ...outer.reads, ...inner.reads }, creates: { ...outer.creates, ...inner.creates } }
  })
})
