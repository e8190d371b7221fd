/**
 * The types of the faults of requests and responses.
 */
import type * as Duration from "effect/Duration"
import type { Transformation } from "../Transformation.ts"

/**
 * A response that replaces Palomma's own.
 *
 * @category models
 * @since 0.1.0
 */
export interface Respond {
  readonly _tag: "Respond"
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The body as it is sent, whether or not it is valid. */
  readonly body: string
  /** Whether the request takes effect before this response is sent. */
  readonly takesEffect: boolean
}

/**
 * No connection.
 *
 * Palomma does not receive the request.
 *
 * **Gotchas**
 *
 * A listening port cannot refuse a single request. The server resets the connection before it reads the request, and
 * the client cannot distinguish this from a request that took effect. For a real refusal, stop listening with
 * `PalommaServer.pause`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Refuse {
  readonly _tag: "Refuse"
}

/**
 * A connection that ends without a response.
 *
 * @category models
 * @since 0.1.0
 */
export interface Drop {
  readonly _tag: "Drop"
  /** `reset` sends an RST (`ECONNRESET`), `close` an orderly FIN (`UND_ERR_SOCKET`). */
  readonly by: "reset" | "close"
  /** Whether the request takes effect before the connection ends. */
  readonly takesEffect: boolean
}

/**
 * A response whose body is cut off.
 *
 * The request has taken effect.
 *
 * @category models
 * @since 0.1.0
 */
export interface Cut {
  readonly _tag: "Cut"
  readonly by: "reset" | "close"
  /** The share of the body that arrives, from 0 to 1. */
  readonly keep: number
}

/**
 * A connection that stays open while no further byte arrives.
 *
 * **Gotchas**
 *
 * A listening server has already accepted the connection. There `connect` behaves like `before`, and the client cannot
 * distinguish this from a request that took effect.
 *
 * @category models
 * @since 0.1.0
 */
export interface Hang {
  readonly _tag: "Hang"
  /**
   * The point at which everything stops:
   *
   * - `connect`: before the connection is established, so the client never hands over the body of the request;
   * - `before`: before the request takes effect;
   * - `after`: after the request took effect;
   * - `body`: half-way through the body of the response.
   */
  readonly at: "connect" | "before" | "after" | "body"
}

/**
 * A late response.
 *
 * @category models
 * @since 0.1.0
 */
export interface Slow {
  readonly _tag: "Slow"
  readonly by: Duration.Duration
  /**
   * Whether the request takes effect before or after the delay. It takes effect even if the client no longer waits for
   * the response.
   */
  readonly takesEffect: "before" | "after"
}

/**
 * Another value in one field of the response.
 *
 * In a list, the field of every item. `cursor`, `count` and `items` are fields of the page.
 *
 * @category models
 * @since 0.1.0
 */
export interface Rewrite {
  readonly _tag: "Rewrite"
  /** The field, such as `status` or `customerDetails.documentType`. */
  readonly field: string
  /** The new value. `undefined` removes the field. */
  readonly value: unknown
  /** The item of a list to change, counted from 0. Default: all items. */
  readonly item?: number | undefined
}

/**
 * A text or a number of the response, transformed as a server might have changed it.
 *
 * In a list, the field of every item.
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
 * An additional item at the beginning of a page, in any form.
 *
 * @category models
 * @since 0.1.0
 */
export interface InsertItem {
  readonly _tag: "InsertItem"
  /** The item. It does not have to be a valid record. */
  readonly item: unknown
}

/**
 * A list that does not contain recently created records yet.
 *
 * @category models
 * @since 0.1.0
 */
export interface Lag {
  readonly _tag: "Lag"
  /** How long a record is missing after its creation. */
  readonly by: Duration.Duration
  /** Only lists that use this filter lag, such as `reference`. Default: all lists. */
  readonly filter?: string | undefined
}

/**
 * A list that ignores its filters.
 *
 * @category models
 * @since 0.1.0
 */
export interface IgnoreFilters {
  readonly _tag: "IgnoreFilters"
  /** The ignored filters, such as `reference`. Default: all filters. */
  readonly filters?: ReadonlyArray<string> | undefined
}

/**
 * A list in which each page begins with the last record of the previous page.
 *
 * The first page has a cursor even if there are no more records, so one record is enough to get it twice.
 *
 * @category models
 * @since 0.1.0
 */
export interface RepeatRecord {
  readonly _tag: "RepeatRecord"
}

/**
 * A list without an end: each page has a new cursor.
 *
 * @category models
 * @since 0.1.0
 */
export interface EndlessCursor {
  readonly _tag: "EndlessCursor"
  /** The pages after the last record: `empty`, or `repeated` from the beginning of the list. */
  readonly pages: "empty" | "repeated"
}

/**
 * A fault in the content of a response.
 *
 * The connection works and the request takes effect.
 *
 * @category models
 * @since 0.1.0
 */
export type AnswerFault = Rewrite | Transform | InsertItem | Lag | IgnoreFilters | RepeatRecord | EndlessCursor

/**
 * Several faults in the content of one response.
 *
 * @category models
 * @since 0.1.0
 */
export interface All {
  readonly _tag: "All"
  readonly faults: ReadonlyArray<AnswerFault>
}

/**
 * Any fault of a request or its response.
 *
 * @category models
 * @since 0.1.0
 */
export type Fault = Respond | Refuse | Drop | Cut | Hang | Slow | AnswerFault | All
