/**
 * When a failed call is tried again, and when it is given up.
 *
 * Whether it may be tried again at all is not a matter of policy: a read always may, a create only where the failed try is proven to
 * have had no effect. The policy says how often, how soon, and for how long.
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"

/** The limits of one kind of call. */
export interface CallPolicy {
  /** How often a call is tried, the first time included. */
  readonly attempts: number
  /** How long one try may take, until the last byte of its answer. */
  readonly attemptTimeout: Duration.Duration
  /** How long the call may take, all tries and pauses included. No pause that Palomma asks for prolongs it. */
  readonly deadline: Duration.Duration
  /** The upper end of the first pause; it doubles from try to try. The pause itself is drawn between zero and that end. */
  readonly firstPause: Duration.Duration
  /** What the upper end of a pause grows to at the most. */
  readonly longestPause: Duration.Duration
}

/** When a failed call is tried again, and when it is given up. */
export interface RetryPolicy {
  /** The limits of gets, lists and look-ups. */
  readonly reads: CallPolicy
  /** The limits of creates. */
  readonly creates: CallPolicy
}

/** What of a policy is to be different. */
export interface RetryOptions {
  /** Of gets, lists and look-ups. */
  readonly reads?: CallOptions | undefined
  /** Of creates. */
  readonly creates?: CallOptions | undefined
}

/** What of the limits of one kind of call is to be different. */
export interface CallOptions {
  readonly attempts?: number | undefined
  readonly attemptTimeout?: Duration.Input | undefined
  readonly deadline?: Duration.Input | undefined
  readonly firstPause?: Duration.Input | undefined
  readonly longestPause?: Duration.Input | undefined
}

/**
 * Three tries each: reads within 15 seconds, creates within 60.
 *
 * A create is waited for as long as its deadline allows, since giving up early makes an unknown outcome of a slow success.
 */
export const defaultRetryPolicy: RetryPolicy = {
  reads: {
    attempts: 3,
    attemptTimeout: Duration.seconds(7),
    deadline: Duration.seconds(15),
    firstPause: Duration.millis(200),
    longestPause: Duration.seconds(5)
  },
  creates: {
    attempts: 3,
    attemptTimeout: Duration.seconds(60),
    deadline: Duration.seconds(60),
    firstPause: Duration.millis(200),
    longestPause: Duration.seconds(5)
  }
}

const override = (policy: CallPolicy, options: CallOptions = {}): CallPolicy => ({
  // Once at the least, whatever number is given.
  attempts: options.attempts === undefined ? policy.attempts : Math.max(1, Math.floor(options.attempts)) || 1,
  attemptTimeout:
    options.attemptTimeout === undefined ? policy.attemptTimeout : Duration.fromInputUnsafe(options.attemptTimeout),
  deadline: options.deadline === undefined ? policy.deadline : Duration.fromInputUnsafe(options.deadline),
  firstPause: options.firstPause === undefined ? policy.firstPause : Duration.fromInputUnsafe(options.firstPause),
  longestPause:
    options.longestPause === undefined ? policy.longestPause : Duration.fromInputUnsafe(options.longestPause)
})

/** A policy like another one, but for what the options say. */
export const overrideRetryPolicy = (policy: RetryPolicy, options: RetryOptions): RetryPolicy => ({
  reads: override(policy.reads, options.reads),
  creates: override(policy.creates, options.creates)
})

/** What {@link withRetry} says for the effect it is put around. */
export const ScopedRetry: Context.Reference<RetryOptions> = Context.Reference<RetryOptions>(
  "@palomma-effect/client/RetryPolicy/ScopedRetry",
  { defaultValue: () => ({}) }
)

/**
 * Changes the retry policy of every call within an effect. Of two around each other, the inner one has the last word on what it names.
 *
 * **Example** (A look-up that a person waits for)
 *
 * ```ts
 * import { PayoutRequests, withRetry } from "@palomma-effect/client"
 * import type { PayoutRequestId } from "@palomma-effect/schema"
 *
 * const quickly = (id: PayoutRequestId) =>
 *   PayoutRequests.use((payoutRequests) => payoutRequests.get(id)).pipe(
 *     withRetry({ reads: { attempts: 1, deadline: "2 seconds" } })
 *   )
 * ```
 */
export const withRetry: {
  (options: RetryOptions): <A, E, R>(self: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  <A, E, R>(self: Effect.Effect<A, E, R>, options: RetryOptions): Effect.Effect<A, E, R>
} = dual(2, <A, E, R>(self: Effect.Effect<A, E, R>, options: RetryOptions): Effect.Effect<A, E, R> =>
  Effect.updateService(self, ScopedRetry, (outer) => ({
    reads: { ...outer.reads, ...options.reads },
    creates: { ...outer.creates, ...options.creates }
  }))
)
