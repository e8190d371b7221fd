/**
 * What can go wrong between a program and Palomma, as data.
 *
 * A fault is armed with `PalommaSimulator.fault` and strikes through both doors alike: in process it becomes the error that Node's
 * `fetch` would throw, on the server it happens to the socket.
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import type { Transformation } from "./Transformation.ts"

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

/**
 * Answers with any status, headers and body; an object is written as JSON.
 *
 * By default the request takes no effect.
 *
 * @category constructors
 * @since 0.1.0
 */
export const respond = (options: {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | object | undefined
  readonly effect?: boolean | undefined
}): Respond => ({
  _tag: "Respond",
  status: options.status,
  headers: {
    ...(typeof options.body === "string" ? { "content-type": "text/plain" } : { "content-type": "application/json" }),
    ...options.headers
  },
  body:
    typeof options.body === "string" ? options.body : options.body === undefined ? "" : JSON.stringify(options.body),
  effect: options.effect ?? false
})

/**
 * Answers 429, with `Retry-After` in seconds, as a date, or as any text.
 *
 * @category constructors
 * @since 0.1.0
 */
export const rateLimited = (retryAfter?: number | DateTime.DateTime | string): Respond =>
  respond({
    status: 429,
    body: { message: "Too many requests" },
    headers:
      retryAfter === undefined
        ? {}
        : {
            "retry-after": DateTime.isDateTime(retryAfter)
              ? DateTime.toDateUtc(retryAfter).toUTCString()
              : String(retryAfter)
          }
  })

/**
 * Takes effect, and answers 200 with something that is not JSON.
 *
 * @category constructors
 * @since 0.1.0
 */
export const notJson: Respond = respond({
  status: 200,
  headers: { "content-type": "text/html" },
  body: "<html><body>502 Bad Gateway</body></html>",
  effect: true
})

/**
 * Lets no connection come about.
 *
 * @category constructors
 * @since 0.1.0
 */
export const refuse: Refuse = { _tag: "Refuse" }

/**
 * Drops the connection before the request takes effect.
 *
 * @category constructors
 * @since 0.1.0
 */
export const drop = (options?: {
  readonly by?: "reset" | "close" | undefined
  readonly effect?: boolean | undefined
}): Drop => ({ _tag: "Drop", by: options?.by ?? "reset", effect: options?.effect ?? false })

/**
 * Takes effect and drops the connection without an answer: the fault that makes naive programs pay twice.
 *
 * @category constructors
 * @since 0.1.0
 */
export const commitThenDrop: Drop = drop({ effect: true })

/**
 * Takes effect and cuts the answer off, by default half-way through its body.
 *
 * @category constructors
 * @since 0.1.0
 */
export const cut = (options?: {
  readonly by?: "reset" | "close" | undefined
  readonly keep?: number | undefined
}): Cut => ({ _tag: "Cut", by: options?.by ?? "reset", keep: options?.keep ?? 0.5 })

/**
 * Never answers; by default the request has taken effect.
 *
 * @category constructors
 * @since 0.1.0
 */
export const hang = (options?: { readonly at?: Hang["at"] | undefined }): Hang => ({
  _tag: "Hang",
  at: options?.at ?? "after"
})

/**
 * Answers late; by default the request takes effect at once.
 *
 * @category constructors
 * @since 0.1.0
 */
export const slow = (by: Duration.Input, options?: { readonly effect?: Slow["effect"] | undefined }): Slow => ({
  _tag: "Slow",
  by: Duration.fromInputUnsafe(by),
  effect: options?.effect ?? "first"
})

/**
 * Puts another value into one field of the answer, such as a status that Palomma never documented; `undefined` takes
 * the field away.
 *
 * In a list it is that field of every item, or of one of them, counted from 0.
 *
 * @category constructors
 * @since 0.1.0
 */
export const rewrite = (field: string, value: unknown, options?: { readonly item?: number | undefined }): Rewrite => ({
  _tag: "Rewrite",
  field,
  value,
  item: options?.item
})

/**
 * Shows one field as a server may have changed it: `transform("reference", "lower-case")`, `transform("amount", { add:
 * -500 })`.
 *
 * It changes what is shown, and a filter still finds the record by what it was. For a server that stores it so, see the option `stores` of the
 * simulator.
 *
 * @category constructors
 * @since 0.1.0
 */
export const transform = (field: string, as: Transformation): Transform => ({ _tag: "Transform", field, as })

/**
 * Puts one more item at the beginning of a page: a record without an id, `null`, a text.
 *
 * @category constructors
 * @since 0.1.0
 */
export const insertItem = (item: unknown): InsertItem => ({ _tag: "InsertItem", item })

/**
 * Keeps what was created within the last `by` out of a list, or only out of a list with a certain filter, such as
 * `reference`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const lag = (by: Duration.Input, options?: { readonly filter?: string | undefined }): Lag => ({
  _tag: "Lag",
  by: Duration.fromInputUnsafe(by),
  filter: options?.filter
})

/**
 * Lets a list ignore its filters, or some of them.
 *
 * @category constructors
 * @since 0.1.0
 */
export const ignoreFilters = (...filters: ReadonlyArray<string>): IgnoreFilters => ({
  _tag: "IgnoreFilters",
  filters: filters.length === 0 ? undefined : filters
})

/**
 * Shows a record on two pages of a list, the last of one and the first of the next.
 *
 * Arm it for every call of a list, by `rate: 1`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const repeatRecord: RepeatRecord = { _tag: "RepeatRecord" }

/**
 * Lets a list never end.
 *
 * Arm it for every call of a list, by `rate: 1`. By default the pages after the last record hold no items.
 *
 * @category constructors
 * @since 0.1.0
 */
export const endlessCursor = (options?: { readonly after?: EndlessCursor["after"] | undefined }): EndlessCursor => ({
  _tag: "EndlessCursor",
  after: options?.after ?? "nothing"
})

/**
 * Lets several things be wrong with one answer, in this order.
 *
 * @category constructors
 * @since 0.1.0
 */
export const together = (...faults: ReadonlyArray<AnswerFault>): Together => ({ _tag: "Together", faults })

/**
 * The faults of an ordinary bad day, among which a fault rate draws.
 *
 * @category constants
 * @since 0.1.0
 */
export const common: ReadonlyArray<Fault> = [
  respond({ status: 503, body: "upstream connect error" }),
  respond({ status: 500, body: { message: "Internal error" }, effect: true }),
  rateLimited(1),
  drop(),
  commitThenDrop,
  drop({ by: "close", effect: true }),
  cut(),
  notJson,
  slow("2 seconds")
]
