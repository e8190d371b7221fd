/**
 * When a failed call is tried again, and when it is given up.
 *
 * Whether it may be tried again at all is not a matter of policy: a read always may, a create only if the failed attempt is proven to
 * have had no effect. The policy says how often, how soon, and for how long.
 */
import type { InputProblem } from "@palomma-effect/schema"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import * as Options from "./internal/options.ts"

/** The limits of one kind of call. */
export interface CallPolicy {
  /** How many requests a call may make, the first one included. */
  readonly maxAttempts: number
  /** How long one attempt may take, until the last byte of its answer. */
  readonly attemptTimeout: Duration.Duration
  /** How long the call may take, all attempts and pauses included. No pause that Palomma asks for prolongs it. */
  readonly timeout: Duration.Duration
  /** The upper end of the first pause; it doubles from attempt to attempt. The pause itself is drawn between zero and that end. */
  readonly initialBackoff: Duration.Duration
  /** What the upper end of a pause grows to at the most. */
  readonly maxBackoff: Duration.Duration
}

/** When a failed call is tried again, and when it is given up. */
export interface RetryPolicy {
  /** The limits of gets, lists and look-ups. */
  readonly reads: CallPolicy
  /** The limits of creates. */
  readonly creates: CallPolicy
}

/** The parts of a policy that are to be different. */
export interface RetryOptions {
  /** For gets, lists and look-ups. */
  readonly reads?: CallOptions | undefined
  /** For creates. */
  readonly creates?: CallOptions | undefined
}

/** The limits of one kind of call that are to be different. */
export interface CallOptions {
  /** How many requests a call may make, the first one included: 1 to 20. */
  readonly maxAttempts?: number | undefined
  /** How long one attempt may take. */
  readonly attemptTimeout?: Duration.Input | undefined
  /** How long the call may take. */
  readonly timeout?: Duration.Input | undefined
  /** The upper end of the first pause. */
  readonly initialBackoff?: Duration.Input | undefined
  /** What the upper end of a pause grows to at the most. */
  readonly maxBackoff?: Duration.Input | undefined
}

/**
 * Three attempts each: reads within 15 seconds, creates within 60.
 *
 * A create is waited for as long as its timeout allows, since giving up early makes an unknown outcome of a slow success.
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

const checkCall = (field: string, value: unknown): ReadonlyArray<InputProblem> =>
  Options.object(field, value, Object.keys(defaultRetryPolicy.reads), (options) => {
    const at = (name: string): string => Options.path(field, name)
    return [
      ...Options.wholeNumber(at("maxAttempts"), options["maxAttempts"], 1, 20),
      ...Options.duration(at("attemptTimeout"), options["attemptTimeout"]),
      ...Options.duration(at("timeout"), options["timeout"]),
      ...Options.duration(at("initialBackoff"), options["initialBackoff"], { allowsZero: true }),
      ...Options.duration(at("maxBackoff"), options["maxBackoff"], { allowsZero: true })
    ]
  })

/** Everything that is wrong with retry options, under the name of the option that holds them. */
export const checkRetryOptions = (field: string, value: unknown): ReadonlyArray<InputProblem> =>
  Options.object(field, value, ["reads", "creates"], ({ creates, reads }) => [
    ...checkCall(Options.path(field, "reads"), reads),
    ...checkCall(Options.path(field, "creates"), creates)
  ])

const or = (input: Duration.Input | undefined, otherwise: Duration.Duration): Duration.Duration =>
  input === undefined ? otherwise : Duration.fromInputUnsafe(input)

const override = (policy: CallPolicy, options: CallOptions = {}): CallPolicy => ({
  maxAttempts: options.maxAttempts ?? policy.maxAttempts,
  attemptTimeout: or(options.attemptTimeout, policy.attemptTimeout),
  timeout: or(options.timeout, policy.timeout),
  initialBackoff: or(options.initialBackoff, policy.initialBackoff),
  maxBackoff: or(options.maxBackoff, policy.maxBackoff)
})

/** A policy with the parts replaced that the options name. The options must be right: see {@link checkRetryOptions}. */
export const overrideRetryPolicy = (policy: RetryPolicy, options: RetryOptions): RetryPolicy => ({
  reads: override(policy.reads, options.reads),
  creates: override(policy.creates, options.creates)
})

/** The options of the innermost {@link withRetry} around a call, with those of the outer ones that it does not name. */
export const CurrentRetryOptions: Context.Reference<RetryOptions | undefined> = Context.Reference<
  RetryOptions | undefined
>("@palomma-effect/client/RetryPolicy/CurrentRetryOptions", { defaultValue: () => undefined })

const isWrong = (options: RetryOptions): boolean => checkRetryOptions("", options).length > 0

/**
 * Changes the retry policy of every call within an effect. If two are nested, the inner one decides what it names.
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
