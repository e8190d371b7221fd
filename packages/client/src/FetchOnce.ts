/**
 * A `fetch` that sends each body at most once, as late as it can, and follows no redirect with one.
 *
 * `Palomma.layerFetch` uses it. A program that builds its own `HttpClient` on a `fetch` wraps it in {@link make}, and so keeps what
 * `Palomma.layerFetch` gives: proof that a body was not sent, a check in the last moment before it is, and no second request after a
 * 421, which Node's own `fetch` makes.
 *
 * @since 0.1.0
 */
import * as Predicate from "effect/Predicate"
import * as HandOver from "./HandOver.ts"

type Fetch = typeof globalThis.fetch

/**
 * How {@link make} sends bodies.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options {
  /**
   * `stream`: as a stream that is read once the connection stands, with `redirect: "error"`. That proves whether a body was sent.
   *
   * `buffer`: all at once, with `redirect: "manual"`. Once `fetch` has it, nothing is proven. Node's own `fetch` sends such a body again
   * after a 421.
   *
   * By default `stream` on Node and Bun, whose `fetch` asks for a body no sooner than it can send it, and `buffer` anywhere else.
   */
  readonly body?: "stream" | "buffer" | undefined
}

const runsOn = (runtimes: RegExp): boolean => {
  const agent: unknown = globalThis.navigator?.userAgent
  return typeof agent === "string" && runtimes.test(agent)
}

// Deno and workerd ask for a body before they have a connection, Chromium sends no stream over HTTP/1.1, and others are not known.
const canStream = (): boolean => runsOn(/^(?:Node\.js|Bun)\//)

// If a connection that is used again breaks, Deno sends a request a second time, bytes and all. It cannot do so with a Blob, of which it
// tells the length all the same.
const resendsBytes = (): boolean => runsOn(/^Deno\//)

// A program without types passes anything, and a mode that is not known must not mean another one.
const streamsBy = (options: Options): boolean => {
  if (!Predicate.isObject(options)) throw new TypeError("FetchOnce.make: the options must be an object")
  if (Object.keys(options).some((name) => name !== "body")) {
    throw new TypeError("FetchOnce.make: the only option is body")
  }
  const { body } = options
  if (body === undefined) return canStream()
  if (body !== "stream" && body !== "buffer") {
    throw new TypeError('FetchOnce.make: the option body must be "stream" or "buffer"')
  }
  return body === "stream"
}

const refusals: Record<HandOver.Refusal, string> = {
  check: "the check before it refused",
  "wall-clock": "its time was over by the wall clock",
  "monotonic-clock": "its time was over by the monotonic clock"
}

const notHandedOver = (handOver: HandOver.HandOver): Error => {
  const refusal = handOver.refusal()
  return new Error(`The body was not handed over: ${refusal === undefined ? "the call had ended" : refusals[refusal]}.`)
}

const streamedBody = (body: Uint8Array, handOver: HandOver.HandOver | undefined): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const give = () => {
          controller.enqueue(body)
          controller.close()
        }
        if (handOver === undefined) give()
        else if (!(await handOver.offerPromise(give))) controller.error(notHandedOver(handOver))
      },
      // `fetch` went away while the check ran: a stream that was cancelled can be given nothing.
      cancel: () => void handOver?.close()
    },
    // Nothing is read ahead.
    { highWaterMark: 0 }
  )

const streamedInit = (
  init: RequestInit,
  headers: HeadersInit | undefined,
  body: Uint8Array,
  handOver: HandOver.HandOver | undefined
): RequestInit & { readonly duplex: "half" } => {
  const more = new Headers(headers)
  // A stream alone would be sent in chunks, which not every gateway takes.
  more.set("content-length", String(body.byteLength))
  return {
    ...init,
    headers: more,
    body: streamedBody(body, handOver),
    duplex: "half",
    // With "manual", Node keeps a copy of the body and asks for it at once, even if it cannot connect.
    redirect: "error"
  }
}

// What a `fetch` does with bytes nobody sees: the step in which it is called is the one in which they are handed over, and from there
// on the switch knows nothing.
const sendBuffered = (send: () => Promise<Response>, handOver: HandOver.HandOver): Promise<Response> =>
  new Promise((resolve, reject) => {
    handOver
      .offerPromise(() => {
        handOver.release()
        resolve(send())
      })
      .then((isGiven) => {
        if (!isGiven) reject(notHandedOver(handOver))
      }, reject)
  })

/**
 * Makes a `fetch` of another one, by default the runtime's own.
 *
 * **Gotchas**
 *
 * Options that are wrong throw a `TypeError` at once.
 *
 * Only a body that is a `Uint8Array`, as Effect's client makes them of JSON and of text, is handed over late. The other `fetch` must
 * take a `ReadableStream` as the runtime's own does; for one that cannot, such as node-fetch, give `{ body: "buffer" }`.
 *
 * **Example** (An HttpClient of the program's own)
 *
 * ```ts
 * import { FetchOnce, Palomma } from "@palomma-effect/client"
 * import { Layer, Redacted } from "effect"
 * import { FetchHttpClient } from "effect/http"
 *
 * const client = FetchHttpClient.layer.pipe(
 *   Layer.provide(Layer.succeed(FetchHttpClient.Fetch, FetchOnce.make(fetch)))
 * )
 *
 * export const palomma = Palomma.layer({ apiKey: Redacted.make("the key") }).pipe(Layer.provide(client))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (fetch: Fetch = globalThis.fetch, options: Options = {}): Fetch => {
  const isStreamed = streamsBy(options)
  const isBlobbed = resendsBytes()

  const post = (input: Parameters<Fetch>[0], init: RequestInit, handOver: HandOver.HandOver | undefined) => {
    const { body, redirect } = init
    // An empty body is sent without being asked for: a stream of nothing would prove what is not so.
    if (isStreamed && body instanceof Uint8Array && body.byteLength > 0) {
      const headers = init.headers ?? (input instanceof Request ? input.headers : undefined)
      return fetch(input, streamedInit(init, headers, body, handOver))
    }
    const whole = isBlobbed && body instanceof Uint8Array ? { body: new Blob([body.slice()]) } : {}
    const send = () => fetch(input, { ...init, ...whole, redirect: redirect === "error" ? redirect : "manual" })
    return handOver === undefined ? send() : sendBuffered(send, handOver)
  }

  return async (input, init) => {
    const handOver = HandOver.from(init)
    const { [HandOver.key]: _, ...own }: RequestInit & { readonly [HandOver.key]?: unknown } = init ?? {}
    const method = (own.method ?? (input instanceof Request ? input.method : "GET")).toUpperCase()
    if (method === "GET" || method === "HEAD") return fetch(input, own)
    // Late or whole, nothing leaves but by an offer.
    handOver?.take()
    const close = () => void handOver?.close()
    const { signal } = own
    if (signal?.aborted === true) close()
    signal?.addEventListener("abort", close)
    try {
      return await post(input, own, handOver)
    } catch (error) {
      close()
      throw error
    } finally {
      signal?.removeEventListener("abort", close)
    }
  }
}
