/**
 * A `fetch` that sends each body at most once, as late as it can, and never to where a redirect points.
 *
 * `Palomma.layerFetch` uses it. A program that builds its own `HttpClient` wraps its `fetch` in it, and keeps what it gives: the proof
 * that a body was not sent, the check just before it is, and no second sending after a 421, which Node's own `fetch` does.
 */
import * as HandOver from "./HandOver.ts"

/** How {@link make} sends bodies. */
export interface Options {
  /**
   * `late`: as a stream that is read when the connection stands, with `redirect: "error"`. `whole`: at once, as the bytes they are, with
   * `redirect: "manual"`; nothing is proven then once the request has begun.
   *
   * By default `late` on Node and Bun, which ask for the body of a request no sooner than they can send it, and `whole` elsewhere.
   */
  readonly body?: "late" | "whole" | undefined
}

// Deno and workerd ask for a body before they have a connection, Chromium sends no stream over HTTP/1.1, and others are not known.
const asksLate = (): boolean => {
  const agent: unknown = globalThis.navigator?.userAgent
  return typeof agent === "string" && /^(?:Node\.js|Bun)\//.test(agent)
}

const reasons: Record<HandOver.Refusal, string> = {
  check: "the check before it said no",
  "wall-clock": "its time was over by the wall clock",
  "monotonic-clock": "its time was over by the monotonic clock"
}

const notHandedOver = (handOver: HandOver.HandOver): Error => {
  const refusal = handOver.refusal()
  return new Error(`the body was not handed over: ${refusal === undefined ? "the call had ended" : reasons[refusal]}`)
}

const lateBody = (body: Uint8Array, handOver: HandOver.HandOver | undefined): ReadableStream<Uint8Array> =>
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
      // Whoever asked has gone, while the check was running.
      cancel: () => void handOver?.close()
    },
    { highWaterMark: 0 }
  )

type Fetch = typeof globalThis.fetch

// What `fetch` does once it has the bytes nobody knows, so they are given in the step in which it is called.
const sendWhole = (send: () => Promise<Response>, handOver: HandOver.HandOver): Promise<Response> =>
  new Promise((resolve, reject) => {
    handOver
      .offerPromise(() => resolve(send()))
      .then((isGiven) => {
        if (!isGiven) reject(notHandedOver(handOver))
      }, reject)
  })

const methodOf = (input: Parameters<Fetch>[0], init: RequestInit | undefined): string =>
  (init?.method ?? (input instanceof Request ? input.method : "GET")).toUpperCase()

/** Makes a `fetch` of another, by default the runtime's own. */
export const make = (fetch: Fetch = globalThis.fetch, options: Options = {}): Fetch => {
  const isLate = options.body === undefined ? asksLate() : options.body === "late"

  const post: (
    input: Parameters<Fetch>[0],
    init: RequestInit,
    handOver: HandOver.HandOver | undefined
  ) => Promise<Response> = (input, init, handOver) => {
    const { body } = init
    // An empty body is whole without being asked for, so its stream would prove what is not so.
    if (isLate && body instanceof Uint8Array && body.byteLength > 0) {
      const headers = new Headers(init.headers ?? (input instanceof Request ? input.headers : undefined))
      // A stream alone would be sent in chunks, which not every gateway takes.
      headers.set("content-length", String(body.byteLength))
      const late: RequestInit & { readonly duplex: "half" } = {
        ...init,
        headers,
        body: lateBody(body, handOver),
        duplex: "half",
        redirect: "error"
      }
      return fetch(input, late)
    }
    const send = () => fetch(input, { ...init, redirect: "manual" })
    return handOver === undefined ? send() : sendWhole(send, handOver)
  }

  return async (input, init) => {
    const handOver = HandOver.from(init)
    const { [HandOver.key]: _, ...own }: RequestInit & { readonly [HandOver.key]?: unknown } = init ?? {}
    const method = methodOf(input, init)
    if (method === "GET" || method === "HEAD") return fetch(input, own)
    handOver?.take()
    const { signal } = own
    const close = () => void handOver?.close()
    signal?.addEventListener("abort", close, { once: true })
    if (signal?.aborted === true) close()
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
