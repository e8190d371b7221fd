/**
 * What can go wrong with a webhook on its way, as data.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"

/**
 * It never arrives.
 *
 * @category models
 * @since 0.1.0
 */
export interface Lose {
  readonly _tag: "Lose"
}

/**
 * It arrives more than once, with the same `webhookId` and `timestamp` each time.
 *
 * @category models
 * @since 0.1.0
 */
export interface Duplicate {
  readonly _tag: "Duplicate"
  /** How often it arrives in all: 1 to 100 times. */
  readonly copies: number
}

/**
 * It arrives late.
 *
 * @category models
 * @since 0.1.0
 */
export interface Delay {
  readonly _tag: "Delay"
  readonly by: Duration.Duration
}

/**
 * It arrives only after the ones that follow it: so many of them.
 *
 * @category models
 * @since 0.1.0
 */
export interface Overtaken {
  readonly _tag: "Overtaken"
  /** How many overtake it: 1 to 1,000. */
  readonly by: number
}

/**
 * Its signature is that of another key.
 *
 * @category models
 * @since 0.1.0
 */
export interface BadSignature {
  readonly _tag: "BadSignature"
}

/**
 * What can go wrong with a webhook on its way.
 *
 * @category models
 * @since 0.1.0
 */
export type WebhookFault = Lose | Duplicate | Delay | Overtaken | BadSignature

/**
 * Lets it never arrive.
 *
 * @category constructors
 * @since 0.1.0
 */
export const lose: Lose = { _tag: "Lose" }

/**
 * Lets it arrive so many times in all, by default twice.
 *
 * @category constructors
 * @since 0.1.0
 */
export const duplicate = (copies = 2): Duplicate => ({ _tag: "Duplicate", copies })

/**
 * Lets it arrive late.
 *
 * @category constructors
 * @since 0.1.0
 */
export const delay = (by: Duration.Input): Delay => ({ _tag: "Delay", by: Duration.fromInputUnsafe(by) })

/**
 * Lets the next ones arrive before it, by default one of them.
 *
 * @category constructors
 * @since 0.1.0
 */
export const overtaken = (by = 1): Overtaken => ({ _tag: "Overtaken", by })

/**
 * Signs it with another key.
 *
 * @category constructors
 * @since 0.1.0
 */
export const badSignature: BadSignature = { _tag: "BadSignature" }
