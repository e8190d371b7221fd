/**
 * A `fetch` that sends each request once.
 *
 * Node's own sends a request again after a 421, whatever its method, and pays twice if the server paid before it answered so. No option
 * turns that off, but a body that comes from a stream cannot be sent a second time.
 */

// Other runtimes do not resend, and some cannot send streams: Chromium refuses them over HTTP/1.1.
const isNode = (): boolean => {
  const agent: unknown = globalThis.navigator?.userAgent
  return typeof agent === "string" && agent.startsWith("Node.js/")
}

/** Makes a `fetch` send each request once. */
export const fetchOnce =
  (fetch: typeof globalThis.fetch): typeof globalThis.fetch =>
  (input, init) => {
    const body = init?.body
    if (!(body instanceof Uint8Array) || !isNode()) return fetch(input, init)
    const headers = new Headers(init?.headers)
    // A stream alone would be sent in chunks, which not every gateway takes.
    headers.set("content-length", String(body.byteLength))
    const streamed: RequestInit & { readonly duplex: "half" } = {
      ...init,
      headers,
      body: new ReadableStream({
        start: (controller) => {
          controller.enqueue(body)
          controller.close()
        }
      }),
      duplex: "half"
    }
    return fetch(input, streamed)
  }
