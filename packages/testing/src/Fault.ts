/**
 * Faults between a program and Palomma, as data.
 *
 * `PalommaSimulator.fault` arms a fault. In process, the fault becomes the error that Node's `fetch` would throw. On
 * the server, it happens to the socket.
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import type {
  All,
  AnswerFault,
  Cut,
  Drop,
  EndlessCursor,
  Fault,
  Hang,
  IgnoreFilters,
  InsertItem,
  Lag,
  Refuse,
  RepeatRecord,
  Respond,
  Rewrite,
  Slow,
  Transform
} from "./internal/faultTypes.ts"
import type { Transformation } from "./Transformation.ts"

export type * from "./internal/faultTypes.ts"

/**
 * Responds with any status, headers and body.
 *
 * An object is sent as JSON.
 *
 * By default the request does not take effect.
 *
 * @category constructors
 * @since 0.1.0
 */
export const respond = (options: {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | object | undefined
  readonly takesEffect?: boolean | undefined
}): Respond => ({
  _tag: "Respond",
  status: options.status,
  headers: {
    ...(typeof options.body === "string" ? { "content-type": "text/plain" } : { "content-type": "application/json" }),
    ...options.headers
  },
  body:
    typeof options.body === "string" ? options.body : options.body === undefined ? "" : JSON.stringify(options.body),
  takesEffect: options.takesEffect ?? false
})

/**
 * Responds with 429 and a `Retry-After` in seconds, as a date, or as any text.
 *
 * The request does not take effect.
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
 * Responds with 200 and a body that is not JSON.
 *
 * The request takes effect.
 *
 * @category constructors
 * @since 0.1.0
 */
export const notJson: Respond = respond({
  status: 200,
  headers: { "content-type": "text/html" },
  body: "<html><body>502 Bad Gateway</body></html>",
  takesEffect: true
})

/**
 * Refuses the connection.
 *
 * @category constructors
 * @since 0.1.0
 */
export const refuse: Refuse = { _tag: "Refuse" }

/**
 * Drops the connection without a response, by default with an RST and before the request takes effect.
 *
 * @category constructors
 * @since 0.1.0
 */
export const drop = (options?: {
  readonly by?: "reset" | "close" | undefined
  readonly takesEffect?: boolean | undefined
}): Drop => ({ _tag: "Drop", by: options?.by ?? "reset", takesEffect: options?.takesEffect ?? false })

/**
 * Drops the connection without a response after the request took effect.
 *
 * A program that simply retries after this fault pays twice.
 *
 * @category constructors
 * @since 0.1.0
 */
export const commitThenDrop: Drop = drop({ takesEffect: true })

/**
 * Cuts the response off, by default half-way through its body.
 *
 * The request takes effect.
 *
 * @category constructors
 * @since 0.1.0
 */
export const cut = (options?: {
  readonly by?: "reset" | "close" | undefined
  readonly keep?: number | undefined
}): Cut => ({ _tag: "Cut", by: options?.by ?? "reset", keep: options?.keep ?? 0.5 })

/**
 * Never responds.
 *
 * By default the request has taken effect.
 *
 * @category constructors
 * @since 0.1.0
 */
export const hang = (options?: { readonly at?: Hang["at"] | undefined }): Hang => ({
  _tag: "Hang",
  at: options?.at ?? "after"
})

/**
 * Delays the response.
 *
 * By default the request takes effect before the delay.
 *
 * @category constructors
 * @since 0.1.0
 */
export const slow = (
  by: Duration.Input,
  options?: { readonly takesEffect?: Slow["takesEffect"] | undefined }
): Slow => ({
  _tag: "Slow",
  by: Duration.fromInputUnsafe(by),
  takesEffect: options?.takesEffect ?? "before"
})

/**
 * Replaces the value of one field of the response, for example with a status that Palomma does not document.
 *
 * `undefined` removes the field.
 *
 * In a list, it changes the field of every item, or of one item, counted from 0.
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
 * Transforms one field of the response as a server might have changed it: `transform("reference", "lower-case")`,
 * `transform("amount", { add: -500 })`.
 *
 * Only the response changes. A filter still finds the record by its stored value. The option `storeAs` of the simulator
 * changes the stored value itself.
 *
 * @category constructors
 * @since 0.1.0
 */
export const transform = (field: string, as: Transformation): Transform => ({ _tag: "Transform", field, as })

/**
 * Inserts an item at the beginning of a page: a record without an id, `null`, a text.
 *
 * @category constructors
 * @since 0.1.0
 */
export const insertItem = (item: unknown): InsertItem => ({ _tag: "InsertItem", item })

/**
 * Hides records from lists for a time after their creation.
 *
 * With `filter`, only from lists that use this filter, such as `reference`.
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
 * Makes a list ignore some of its filters, by default all.
 *
 * @category constructors
 * @since 0.1.0
 */
export const ignoreFilters = (...filters: ReadonlyArray<string>): IgnoreFilters => ({
  _tag: "IgnoreFilters",
  filters: filters.length === 0 ? undefined : filters
})

/**
 * Puts the last record of each page of a list on the next page again.
 *
 * Arm it for every call of a list, with `rate: 1`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const repeatRecord: RepeatRecord = { _tag: "RepeatRecord" }

/**
 * Makes a list endless.
 *
 * By default the pages after the last record are empty.
 *
 * Arm it for every call of a list, with `rate: 1`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const endlessCursor = (options?: { readonly pages?: EndlessCursor["pages"] | undefined }): EndlessCursor => ({
  _tag: "EndlessCursor",
  pages: options?.pages ?? "empty"
})

/**
 * Applies several faults to one response, in this order.
 *
 * @category constructors
 * @since 0.1.0
 */
export const all = (...faults: ReadonlyArray<AnswerFault>): All => ({ _tag: "All", faults })

/**
 * Common faults of networks and servers.
 *
 * The option `faultRate` of the simulator draws from them.
 *
 * @category constants
 * @since 0.1.0
 */
export const common: ReadonlyArray<Fault> = [
  respond({ status: 503, body: "upstream connect error" }),
  respond({ status: 500, body: { message: "Internal error" }, takesEffect: true }),
  rateLimited(1),
  drop(),
  commitThenDrop,
  drop({ by: "close", takesEffect: true }),
  cut(),
  notJson,
  slow("2 seconds")
]
