/** Faults of HTTP/2, which the `fetch` of Node 26 uses over TLS by default, and that of Node 24 if it is configured. */
import { constants, type ServerHttp2Session } from "node:http2"
import { identities } from "../certificates.ts"
import { broken, paid, timedOut, unreadable } from "../expected.ts"
import { type Http2Plan, type Running, start, startHttp2, turns } from "../fault-server.ts"
import { type Expected, impatience, type Row, type Section } from "../matrix.ts"

const { good } = identities

const { NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = constants

// The error messages of runtimes differ.
const lost = (more: Partial<Expected> = {}): ReadonlyArray<Expected> => [broken("reset", more), broken("other", more)]

const unread = { posts: 0, payouts: 0 }

const row = (fault: string, plan: Http2Plan, expected: ReadonlyArray<Expected>, more: Partial<Row> = {}): Row => ({
  fault: `HTTP/2: ${fault}`,
  server: () => startHttp2(good, plan),
  client: { allowH2: true },
  ...(expected.some(({ error }) => error === "PalommaTimeout") ? { retry: impatience } : {}),
  expected,
  ...more
})

// A transfer is written to the journal before it is sent, and meanwhile the client may detect it.
const seenOrNot: Partial<Row> = {
  onTransfer: [
    { tag: "Accepted", state: "accepted", posts: 1, made: 1 },
    { tag: "TransferOutcomeUnknown", state: "needsReview", posts: 0, made: 0 }
  ]
}

/** A first read leaves an open session; this happens to it before the create. */
const idle = (
  fault: string,
  between: (session: ServerHttp2Session) => Promise<void> | void,
  expected: ReadonlyArray<Expected>,
  more: Partial<Row> = {}
): Row => {
  const sessions = new WeakMap<Running, ServerHttp2Session>()
  return {
    ...row(`idle session ${fault}`, {}, expected, more),
    server: async () => {
      let first: ServerHttp2Session | undefined
      const server = await startHttp2(good, {
        connected: (session) => {
          if (first === undefined) sessions.set(server, (first = session))
        }
      })
      return server
    },
    before: "get",
    between: (server) => {
      const session = sessions.get(server)
      if (session === undefined) throw new Error("The first call left no open session.")
      return between(session)
    }
  }
}

export const http2: Section = {
  title: "HTTP/2",
  rows: [
    row("nothing breaks", {}, [paid()]),
    {
      ...row("no SETTINGS arrive", {}, [timedOut(unread)]),
      // TLS and a choice of protocol, and then nothing more.
      server: () => start({ tls: { ...good, ALPNProtocols: ["h2"] }, received: () => {} })
    },
    // The client knows the window from the second request on. The first request is sent before the settings arrive.
    row("a window of 0", { settings: { initialWindowSize: 0 } }, [timedOut(unread)], {
      before: "get"
    }),
    // The server has the request by then, and executes it: the content of GOAWAY is not reliable.
    row(
      "GOAWAY as soon as there is a session",
      { connected: (session) => session.goaway(NGHTTP2_NO_ERROR, 0) },
      lost()
    ),
    row(
      "GOAWAY with an error as soon as there is a session",
      { connected: (session) => session.goaway(NGHTTP2_ENHANCE_YOUR_CALM, 0) },
      lost()
    ),
    row("closed as soon as there is a session", { connected: (_, wire) => wire.destroy() }, lost()),
    row("reset as soon as there is a session", { connected: (_, wire) => wire.resetAndDestroy() }, lost()),
    idle("is used again", () => {}, [paid({ connections: 1 })]),
    idle(
      "ended, and the client detected it",
      async (session) => {
        session.goaway(NGHTTP2_NO_ERROR)
        await turns()
      },
      [paid({ connections: 2 })]
    ),
    idle(
      "ended, and the client did not detect it",
      (session) => session.goaway(NGHTTP2_NO_ERROR),
      lost(unread),
      seenOrNot
    ),
    idle("destroyed, and the client did not detect it", (session) => session.destroy(), lost(unread), seenOrNot),
    row("GOAWAY before the body was read", { begun: (stream) => stream.session?.goaway(NGHTTP2_NO_ERROR, 0) }, [
      ...lost(unread),
      timedOut(unread)
    ]),
    row(
      "stream refused before the body was read",
      { begun: (stream) => stream.close(NGHTTP2_REFUSED_STREAM) },
      lost(unread)
    ),
    row("stream refused", { received: (stream) => stream.close(NGHTTP2_REFUSED_STREAM) }, lost()),
    row("stream reset", { received: (stream) => stream.close(NGHTTP2_INTERNAL_ERROR) }, lost()),
    // Newer clients continue to wait for the response to a request that the server reports as ignored.
    row("session ended", { received: (stream) => stream.session?.goaway(NGHTTP2_NO_ERROR, 0) }, [
      ...lost(),
      timedOut()
    ]),
    row("connection closed", { received: (_, __, wire) => wire.destroy() }, lost()),
    row("connection reset", { received: (_, __, wire) => wire.resetAndDestroy() }, lost()),
    row(
      "body cut",
      {
        received: (stream, body) => {
          stream.respond({ ":status": 200, "content-type": "application/json" })
          stream.write(body.slice(0, -20), () => stream.close(NGHTTP2_INTERNAL_ERROR))
        }
      },
      [unreadable("cut-short"), unreadable("not-json")]
    )
  ]
}
