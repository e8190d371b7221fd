/**
 * How long to wait for a record, and how soon to ask again.
 *
 * @since 0.1.0
 */
import type * as Duration from "effect/Duration"

/**
 * How long to wait for a record, and how soon to ask again.
 *
 * @category options
 * @since 0.1.0
 */
export interface AwaitOptions {
  /** How long to wait at the most: 15 minutes by default, 24 days at the most. */
  readonly timeout?: Duration.Input | undefined
  /** The pause after the first look: a second by default. It grows by half from look to look. */
  readonly initialBackoff?: Duration.Input | undefined
  /** What a pause grows to at the most: 30 seconds by default. */
  readonly maxBackoff?: Duration.Input | undefined
}
