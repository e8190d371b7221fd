/**
 * What can go wrong with a webhook on its way, as data.
 */
import * as Duration from "effect/Duration"

/** It never arrives. */
export interface Lose {
  readonly _tag: "Lose"
}

/** It arrives more than once, with the same `webhookId` and `timestamp` each time. */
export interface Duplicate {
  readonly _tag: "Duplicate"
  /** How often it arrives in all: 1 to 100 times. */
  readonly copies: number
}

/** It arrives late. */
export interface Delay {
  readonly _tag: "Delay"
  readonly by: Duration.Duration
}

/** It arrives only after the ones that follow it: so many of them. */
export interface Overtaken {
  readonly _tag: "Overtaken"
  /** How many overtake it: 1 to 1,000. */
  readonly by: number
}

/** Its signature is that of another key. */
export interface BadSignature {
  readonly _tag: "BadSignature"
}

/** What can go wrong with a webhook on its way. */
export type WebhookFault = Lose | Duplicate | Delay | Overtaken | BadSignature

/** Lets it never arrive. */
export const lose: Lose = { _tag: "Lose" }

/** Lets it arrive so many times in all, by default twice. */
export const duplicate = (copies = 2): Duplicate => ({ _tag: "Duplicate", copies })

/** Lets it arrive late. */
export const delay = (by: Duration.Input): Delay => ({ _tag: "Delay", by: Duration.fromInputUnsafe(by) })

/** Lets the next ones arrive before it, by default one of them. */
export const overtaken = (by = 1): Overtaken => ({ _tag: "Overtaken", by })

/** Signs it with another key. */
export const badSignature: BadSignature = { _tag: "BadSignature" }
