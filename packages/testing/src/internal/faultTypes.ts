import type * as Duration from "effect/Duration"
import type { Transformation } from "../Transformation.ts"

/**
 * Another answer than the one Palomma would give.
 *
 * @category models
 * @since 0.1.0
 */
export interface Respond {
  readonly _tag: "Respond"
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The body as it is written, valid or not. */
  readonly body: string
  /** Whether the request takes effect all the same. */
  readonly effect: boolean
}

/**
 * No connection: Palomma never hears of the request.
 *
 * **Gotchas**
 *
 * A port that listens cannot refuse a single request: on the server the connection is reset before the request is read, which a client
 * cannot tell from one that took effect. For a true refusal stop listening with `PalommaServer.pause`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Refuse {
  readonly _tag: "Refuse"
}

/**
 * The connection ends without an answer.
 *
 * @category models
 * @since 0.1.0
 */
export interface Drop {
  readonly _tag: "Drop"
  /** `reset` is an RST (`ECONNRESET`), `close` an orderly FIN (`UND_ERR_SOCKET`). */
  readonly by: "reset" | "close"
  /** Whether the request takes effect first. */
  readonly effect: boolean
}

/**
 * The answer is cut off in its body.
 *
 * The request has taken effect.
 *
 * @category models
 * @since 0.1.0
 */
export interface Cut {
  readonly _tag: "Cut"
  readonly by: "reset" | "close"
  /** The part of the body that arrives, from 0 to 1. */
  readonly keep: number
}

/**
 * Nothing more ever comes.
 *
 * **Gotchas**
 *
 * A server that listens has accepted the connection: there `connect` is as `before`, and a client cannot tell it from a request that took
 * effect.
 *
 * @category models
 * @since 0.1.0
 */
export interface Hang {
  readonly _tag: "Hang"
  /**
   * Where it stops: before there is a connection, so that the body of the request is never asked for; before the request takes effect;
   * after that; or half-way through the body of the answer.
   */
  readonly at: "connect" | "before" | "after" | "body"
}

/**
 * The answer is late.
 *
 * @category models
 * @since 0.1.0
 */
export interface Slow {
  readonly _tag: "Slow"
  readonly by: Duration.Duration
  /** Whether the request takes effect at once, or only after the delay, even if nobody waits for the answer by then. */
  readonly effect: "first" | "last"
}

/**
 * One field of the answer holds something else; in a list, that field of its items, or of the page: `cursor`, `count`,
 * `items`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Rewrite {
  readonly _tag: "Rewrite"
  /** The field, such as `status` or `customerDetails.documentType`. */
  readonly field: string
  /** What it holds instead; `undefined` takes the field away. */
  readonly value: unknown
  /** Which item of a list, counted from 0. All of them if it is left out. */
  readonly item?: number | undefined
}

/**
 * One field of the answer holds what a server made of it; in a list, that field of every item.
 *
 * @category models
 * @since 0.1.0
 */
export interface Transform {
  readonly _tag: "Transform"
  /** The field, such as `reference`. */
  readonly field: string
  readonly as: Transformation
}

/**
 * A page of a list begins with one more item, in any form.
 *
 * @category models
 * @since 0.1.0
 */
export interface InsertItem {
  readonly _tag: "InsertItem"
  /** The item, readable or not. */
  readonly item: unknown
}

/**
 * A list does not show yet what was created lately.
 *
 * @category models
 * @since 0.1.0
 */
export interface Lag {
  readonly _tag: "Lag"
  readonly by: Duration.Duration
  /** The filter that lags behind, such as `reference`: a list without it shows everything. All lists if it is left out. */
  readonly filter?: string | undefined
}

/**
 * A list shows what its filters should keep out.
 *
 * @category models
 * @since 0.1.0
 */
export interface IgnoreFilters {
  readonly _tag: "IgnoreFilters"
  /** The filters that are ignored, such as `reference`. All of them if it is left out. */
  readonly filters?: ReadonlyArray<string> | undefined
}

/**
 * A list shifts while it is read: a page begins with the record that the page before ended with.
 *
 * The first page says that there are more, even if there are none, so one record is enough to see it twice.
 *
 * @category models
 * @since 0.1.0
 */
export interface RepeatRecord {
  readonly _tag: "RepeatRecord"
}

/**
 * A list never ends: each page has a fresh cursor.
 *
 * @category models
 * @since 0.1.0
 */
export interface EndlessCursor {
  readonly _tag: "EndlessCursor"
  /** What comes after the last record: pages without items, or the list again from its beginning. */
  readonly after: "nothing" | "again"
}

/**
 * What can be wrong with an answer, though the connection holds.
 *
 * It takes effect.
 *
 * @category models
 * @since 0.1.0
 */
export type AnswerFault = Rewrite | Transform | InsertItem | Lag | IgnoreFilters | RepeatRecord | EndlessCursor

/**
 * Several things are wrong with one answer.
 *
 * @category models
 * @since 0.1.0
 */
export interface Together {
  readonly _tag: "Together"
  readonly faults: ReadonlyArray<AnswerFault>
}

/**
 * What can go wrong.
 *
 * @category models
 * @since 0.1.0
 */
export type Fault = Respond | Refuse | Drop | Cut | Hang | Slow | AnswerFault | Together
