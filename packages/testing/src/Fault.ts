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
import type {
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
  Together,
  Transform
} from "./internal/faultTypes.ts"
import type { Transformation } from "./Transformation.ts"

export type * from "./internal/faultTypes.ts"

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
