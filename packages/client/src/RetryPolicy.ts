/**
 * The default retry policy, and a way to change it for some calls.
 *
 * The policy sets how often, how soon and for how long a call is retried. It does not set whether a retry is allowed: a
 * read may always be retried, a create only if the failed attempt certainly had no effect.
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
 * The default retry policy: three attempts, within 15 seconds for a read and within 60 seconds for a create.
 *
 * An attempt of a create may use the full timeout of the call. A shorter timeout would turn a slow success into an
 * unknown outcome.
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

const isInvalid = (options: RetryOptions): boolean => checkRetryOptions("", options).length > 0

/**
 * Changes the retry policy of every call in an effect.
 *
 * If two are nested, the options of the inner one override those of the outer one.
 *
 * With invalid options, each call in the effect fails with `PalommaInvalidInput` before anything is sent.
 *
 * **Example** (A fast look-up while a person waits)
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
  // Invalid options are kept, so that the call can report them. Copied, so that a getter cannot change them later.
  const inner = Options.copy(options === undefined ? {} : options) as RetryOptions
  return Effect.updateService(self, CurrentRetryOptions, (outer) => {
    if (outer === undefined || isInvalid(inner)) return inner
    if (isInvalid(outer)) return outer
    return { reads: { ...outer.reads, ...inner.reads }, creates: { ...outer.creates, ...inner.creates } }
  })
})
