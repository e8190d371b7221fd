/**
 * The types of retry policies and of the options that change them.
 *
 * @since 0.1.0
 */
import type * as Duration from "effect/Duration"

/**
 * The attempts, timeouts and pauses of one kind of call.
 *
 * @category models
 * @since 0.1.0
 */
export interface CallPolicy {
  /** How many attempts a call may make, including the first one. */
  readonly maxAttempts: number
  /** The timeout of one attempt, until the last byte of the response. */
  readonly attemptTimeout: Duration.Duration
  /** The timeout of the call, including all attempts and pauses. A `Retry-After` of Palomma does not extend it. */
  readonly timeout: Duration.Duration
  /**
   * The upper bound of the first pause. It doubles with each attempt. The pause is random, between zero and the bound.
   */
  readonly initialBackoff: Duration.Duration
  /** The largest upper bound of a pause. */
  readonly maxBackoff: Duration.Duration
}

/**
 * The limits of retries and of waiting, for reads and for creates.
 *
 * @category models
 * @since 0.1.0
 */
export interface RetryPolicy {
  /** The limits of gets, lists and look-ups. */
  readonly reads: CallPolicy
  /** The limits of creates. */
  readonly creates: CallPolicy
}

/**
 * Changes of a retry policy.
 *
 * The parts that are left out do not change.
 *
 * @category options
 * @since 0.1.0
 */
export interface RetryOptions {
  /** The changes for gets, lists and look-ups. */
  readonly reads?: CallOptions | undefined
  /** The changes for creates. */
  readonly creates?: CallOptions | undefined
}

/**
 * Changes of the limits of one kind of call.
 *
 * The limits that are left out do not change.
 *
 * @category options
 * @since 0.1.0
 */
export interface CallOptions {
  /** How many attempts a call may make, including the first one: 1 to 20. */
  readonly maxAttempts?: number | undefined
  /** The timeout of one attempt. */
  readonly attemptTimeout?: Duration.Input | undefined
  /** The timeout of the call. */
  readonly timeout?: Duration.Input | undefined
  /** The upper bound of the first pause. */
  readonly initialBackoff?: Duration.Input | undefined
  /** The largest upper bound of a pause. */
  readonly maxBackoff?: Duration.Input | undefined
}
