/**
 * The limits of calls, and those of them that a program may change.
 *
 * @since 0.1.0
 */
import type * as Duration from "effect/Duration"

/**
 * The limits of one kind of call.
 *
 * @category models
 * @since 0.1.0
 */
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

/**
 * When a failed call is tried again, and when it is given up.
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
 * The parts of a policy that are to be different.
 *
 * @category options
 * @since 0.1.0
 */
export interface RetryOptions {
  /** For gets, lists and look-ups. */
  readonly reads?: CallOptions | undefined
  /** For creates. */
  readonly creates?: CallOptions | undefined
}

/**
 * The limits of one kind of call that are to be different.
 *
 * @category options
 * @since 0.1.0
 */
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
