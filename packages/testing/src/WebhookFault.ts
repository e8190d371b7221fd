/**
 * Faults in the delivery of webhooks, as data.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"

/**
 * A webhook that never arrives.
 *
 * @category models
 * @since 0.1.0
 */
export interface Lose {
  readonly _tag: "Lose"
}

/**
 * A webhook that arrives several times, each time with the same `webhookId` and `timestamp`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Duplicate {
  readonly _tag: "Duplicate"
  /** The total number of deliveries: 1 to 100. */
  readonly copies: number
}

/**
 * A webhook that arrives late.
 *
 * @category models
 * @since 0.1.0
 */
export interface Delay {
  readonly _tag: "Delay"
  readonly by: Duration.Duration
}

/**
 * A webhook that arrives after later webhooks.
 *
 * @category models
 * @since 0.1.0
 */
export interface Reorder {
  readonly _tag: "Reorder"
  /** How many later webhooks arrive before it: 1 to 1,000. */
  readonly by: number
}

/**
 * A webhook that is signed with another key.
 *
 * @category models
 * @since 0.1.0
 */
export interface BadSignature {
  readonly _tag: "BadSignature"
}

/**
 * Any fault in the delivery of a webhook.
 *
 * @category models
 * @since 0.1.0
 */
export type WebhookFault = Lose | Duplicate | Delay | Reorder | BadSignature

/**
 * Never delivers the webhook.
 *
 * @category constructors
 * @since 0.1.0
 */
export const lose: Lose = { _tag: "Lose" }

/**
 * Delivers the webhook this many times in total, by default twice.
 *
 * @category constructors
 * @since 0.1.0
 */
export const duplicate = (copies = 2): Duplicate => ({ _tag: "Duplicate", copies })

/**
 * Delivers the webhook late.
 *
 * @category constructors
 * @since 0.1.0
 */
export const delay = (by: Duration.Input): Delay => ({ _tag: "Delay", by: Duration.fromInputUnsafe(by) })

/**
 * Delivers the webhook after the next ones, by default after one of them.
 *
 * @category constructors
 * @since 0.1.0
 */
export const reorder = (by = 1): Reorder => ({ _tag: "Reorder", by })

/**
 * Signs the webhook with another key.
 *
 * @category constructors
 * @since 0.1.0
 */
export const badSignature: BadSignature = { _tag: "BadSignature" }
