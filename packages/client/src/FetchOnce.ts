/**
 * A `fetch` that sends each body at most once, as late as possible, and follows no redirect of a request with a body.
 *
 * `Palomma.layerFetch` uses it. A program that builds its own `HttpClient` on a `fetch` can wrap that `fetch` with
 * {@link make} to get the same guarantees: proof that a body was not sent, a check just before it is sent, and no
 * second request after a 421. Node's `fetch` makes such a second request.
 *
 * @since 0.1.0
 */
import * as Predicate from "effect/Predicate"
import * as HandOver from "./HandOver.ts"

type Fetch = typeof globalThis.fetch

/**
 * The options of {@link make}.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options {
  /**
   * How bodies are passed to `fetch`.
   *
   * - `stream`: as a stream that `fetch` reads after the connection is open, with `redirect: "error"`. This proves
   *   whether a body was sent.
   * - `buffer`: as bytes, with `redirect: "manual"`. After `fetch` has the bytes, it cannot be proven that they were
   *   not sent. Node's `fetch` sends them again after a 421.
   *
   * The default is `stream` on Node and Bun, whose `fetch` reads a body only when it can send it, and `buffer` on other
   * runtimes.
   */
  readonly body?: "stream" | "buffer" | undefined
}

const runsOn = (runtimes: RegExp): boolean => {
  const agent: unknown = globalThis.navigator?.userAgent
  return typeof agent === "string" && runtimes.test(agent)
}

// Deno and workerd read a body before the connection is open. Chromium sends no stream over HTTP/1.1. Other runtimes
// were not tested.
const canStream = (): boolean => runsOn(/^(?:Node\.js|Bun)\//)

// If a reused connection breaks, Deno sends a request with bytes a second time. It cannot do that with a Blob, and
// still sends the length of a Blob.
const resendsBytes = (): boolean => runsOn(/^Deno\//)

// A program without types can pass any value, and an unknown mode must not fall back to a known one.
const isStreamMode = (options: Options): boolean => {
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
  check: "the check refused it",
  "wall-clock": "the time was over by the wall clock",
  "monotonic-clock": "the time was over by the monotonic clock"
}

const notHandedOverError = (handOver: HandOver.HandOver): Error => {
  const refusal = handOver.refusal()
  return new Error(`The body was not handed over: ${refusal === undefined ? "the call had ended" : refusals[refusal]}.`)
}

const streamedBody = (body: Uint8Array, handOver: HandOver.HandOver | undefined): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const send = () => {
          controller.enqueue(body)
          controller.close()
        }
        if (handOver === undefined) send()
        else if (!(await handOver.offerPromise(send))) controller.error(notHandedOverError(handOver))
      },
      // `fetch` may cancel the stream while the check runs.
      cancel: () => void handOver?.close()
    },
    // The stream must not request the body before `fetch` does.
    { highWaterMark: 0 }
  )

const streamedInit = (
  init: RequestInit,
  headers: HeadersInit | undefined,
  body: Uint8Array,
  handOver: HandOver.HandOver | undefined
): RequestInit & { readonly duplex: "half" } => {
  const withLength = new Headers(headers)
  // Without a length, the stream would be sent with chunked encoding, which some gateways do not accept.
  withLength.set("content-length", String(body.byteLength))
  return {
    ...init,
    headers: withLength,
    body: streamedBody(body, handOver),
    duplex: "half",
    // With "manual", Node reads the body immediately to keep a copy, even if it cannot connect.
    redirect: "error"
  }
}

// It cannot be observed when `fetch` sends bytes. So the call of `fetch` counts as the hand-over, and the switch proves
// nothing after it.
const sendBuffered = (send: () => Promise<Response>, handOver: HandOver.HandOver): Promise<Response> =>
  new Promise((resolve, reject) => {
    handOver
      .offerPromise(() => {
        handOver.release()
        resolve(send())
      })
      .then((isHandedOver) => {
        if (!isHandedOver) reject(notHandedOverError(handOver))
      }, reject)
  })

/**
 * Wraps a `fetch`, by default that of the runtime.
 *
 * **Gotchas**
 *
 * - Invalid options throw a `TypeError` immediately.
 * - Only a `Uint8Array` body is sent as a stream. Effect's client makes such bodies from JSON and text.
 * - With `stream`, the wrapped `fetch` must accept a `ReadableStream` body. For one that does not, such as node-fetch,
 *   pass `{ body: "buffer" }`.
 *
 * **Example** (An HttpClient of the program)
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
  const isStreamed = isStreamMode(options)
  const needsBlob = resendsBytes()

  const post = (input: Parameters<Fetch>[0], init: RequestInit, handOver: HandOver.HandOver | undefined) => {
    const { body, redirect } = init
    // `fetch` sends a request with an empty body without reading it, so an empty stream would be a false proof.
    if (isStreamed && body instanceof Uint8Array && body.byteLength > 0) {
      const headers = init.headers ?? (input instanceof Request ? input.headers : undefined)
      return fetch(input, streamedInit(init, headers, body, handOver))
    }
    const blob = needsBlob && body instanceof Uint8Array ? { body: new Blob([body.slice()]) } : {}
    const send = () => fetch(input, { ...init, ...blob, redirect: redirect === "error" ? redirect : "manual" })
    return handOver === undefined ? send() : sendBuffered(send, handOver)
  }

  return async (input, init) => {
    const handOver = HandOver.from(init)
    const { [HandOver.key]: _, ...own }: RequestInit & { readonly [HandOver.key]?: unknown } = init ?? {}
    const method = (own.method ?? (input instanceof Request ? input.method : "GET")).toUpperCase()
    if (method === "GET" || method === "HEAD") return fetch(input, own)
    // In both modes, a body is handed over only by an offer.
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
