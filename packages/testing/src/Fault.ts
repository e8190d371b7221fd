/**
 * What can go wrong between a program and Palomma, as data.
 *
 * A fault is armed with `PalommaSimulator.fault` and strikes through both doors alike: in process it becomes the error that Node's
 * `fetch` would throw, on the server it happens to the socket.
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"

/** Another answer than the one Palomma would give. */
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
 */
export interface Refuse {
  readonly _tag: "Refuse"
}

/** The connection ends without an answer. */
export interface Drop {
  readonly _tag: "Drop"
  /** `reset` is an RST (`ECONNRESET`), `close` an orderly FIN (`UND_ERR_SOCKET`). */
  readonly by: "reset" | "close"
  /** Whether the request takes effect first. */
  readonly effect: boolean
}

/** The answer is cut off in its body. The request has taken effect. */
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
 */
export interface Hang {
  readonly _tag: "Hang"
  /**
   * Where it stops: before there is a connection, so that the body of the request is never asked for; before the request takes effect;
   * after that; or half-way through the body of the answer.
   */
  readonly at: "connect" | "before" | "after" | "body"
}

/** The answer is late. */
export interface Slow {
  readonly _tag: "Slow"
  readonly by: Duration.Duration
  /** Whether the request takes effect at once, or only after the delay, even if nobody waits for the answer by then. */
  readonly effect: "first" | "last"
}

/** One field of the answer holds something else; in a list, that field of every item, or of the page: `cursor`, `count`, `items`. */
export interface Rewrite {
  readonly _tag: "Rewrite"
  /** The field, such as `status` or `customerDetails.documentType`. */
  readonly field: string
  /** What it holds instead; `undefined` takes the field away. */
  readonly value: unknown
}

/** A list does not show yet what was created lately. */
export interface Lag {
  readonly _tag: "Lag"
  readonly by: Duration.Duration
}

/** What can go wrong. */
export type Fault = Respond | Refuse | Drop | Cut | Hang | Slow | Rewrite | Lag

/** Answers with any status, headers and body; an object is written as JSON. By default the request takes no effect. */
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

/** Answers 429, with `Retry-After` in seconds, as a date, or as any text. */
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

/** Takes effect, and answers 200 with something that is not JSON. */
export const notJson: Respond = respond({
  status: 200,
  headers: { "content-type": "text/html" },
  body: "<html><body>502 Bad Gateway</body></html>",
  effect: true
})

/** Lets no connection come about. */
export const refuse: Refuse = { _tag: "Refuse" }

/** Drops the connection before the request takes effect. */
export const drop = (options?: {
  readonly by?: "reset" | "close" | undefined
  readonly effect?: boolean | undefined
}): Drop => ({ _tag: "Drop", by: options?.by ?? "reset", effect: options?.effect ?? false })

/** Takes effect and drops the connection without an answer: the fault that makes naive programs pay twice. */
export const commitThenDrop: Drop = drop({ effect: true })

/** Takes effect and cuts the answer off, by default half-way through its body. */
export const cut = (options?: {
  readonly by?: "reset" | "close" | undefined
  readonly keep?: number | undefined
}): Cut => ({ _tag: "Cut", by: options?.by ?? "reset", keep: options?.keep ?? 0.5 })

/** Never answers; by default the request has taken effect. */
export const hang = (options?: { readonly at?: Hang["at"] | undefined }): Hang => ({
  _tag: "Hang",
  at: options?.at ?? "after"
})

/** Answers late; by default the request takes effect at once. */
export const slow = (by: Duration.Input, options?: { readonly effect?: Slow["effect"] | undefined }): Slow => ({
  _tag: "Slow",
  by: Duration.fromInputUnsafe(by),
  effect: options?.effect ?? "first"
})

/** Puts another value into one field of the answer, such as a status Palomma never documented. */
export const rewrite = (field: string, value: unknown): Rewrite => ({ _tag: "Rewrite", field, value })

/** Keeps what was created within the last `by` out of a list. */
export const lag = (by: Duration.Input): Lag => ({ _tag: "Lag", by: Duration.fromInputUnsafe(by) })

/** The faults of an ordinary bad day, among which a fault rate draws. */
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
