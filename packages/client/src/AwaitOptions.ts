/**
 * The options of `awaitFinal` and `awaitActive`.
 *
 * @since 0.1.0
 */
import type * as Duration from "effect/Duration"

/**
 * The options of `awaitFinal` and `awaitActive`.
 *
 * @category options
 * @since 0.1.0
 */
export interface AwaitOptions {
  /** The timeout: 15 minutes by default, at most 24 days. */
  readonly timeout?: Duration.Input | undefined
  /** The pause after the first read: one second by default. It grows by half after each further read. */
  readonly initialBackoff?: Duration.Input | undefined
  /** The longest pause: 30 seconds by default. */
  readonly maxBackoff?: Duration.Input | undefined
}
