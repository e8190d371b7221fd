/** Faults between the connection and the end of the response's head. */
import type { Socket } from "node:net"
import { broken, brokenBefore, notSent, paid, serverError, timedOut, unexpected, unreadable } from "../expected.ts"
import { answer, type Exchange, type Plan, start } from "../fault-server.ts"
import { type Expected, impatience, type Row, type Section } from "../matrix.ts"

const row = (
  fault: string,
  plan: Plan,
  expected: Expected | ReadonlyArray<Expected>,
  more: Partial<Row> = {}
): Row => ({
  fault,
  server: () => start(plan),
  expected: "error" in expected ? [expected] : expected,
  ...more
})

// Bun continues to wait for the missing bytes.
const waitedFor: Partial<Row> = { retry: impatience, onBun: [timedOut()] }

const reset = (wire: Socket) => wire.resetAndDestroy()
const close = (wire: Socket) => wire.end()

// Pays, and responds with these bytes.
const respondsWith =
  (bytes: string | Buffer, then: (wire: Socket) => void = () => {}) =>
  ({ carryOut, wire }: Exchange) => {
    carryOut()
    wire.write(bytes, () => then(wire))
  }

// Pays, and responds correctly except for the head.
const withHead =
  (head: (body: string) => string) =>
  ({ carryOut, wire }: Exchange) => {
    const body = carryOut()
    wire.write(`${head(body)}\r\n\r\n${body}`)
  }

const ok = "HTTP/1.1 200 OK\r\ncontent-type: application/json"

export const request: Section = {
  title: "Until the head of the response",
  rows: [
    row("accepted, then reset", { connected: reset }, [
      brokenBefore("reset"),
      // `connect` itself may happen to report it.
      notSent("connect")
    ]),
    row("accepted, then closed", { connected: close }, brokenBefore("reset")),
    row("accepted, then nothing is read", { connected: () => {} }, timedOut({ posts: 0, payouts: 0 }), {
      retry: impatience
    }),
    row("reset after a part of the request was read", { begun: reset }, brokenBefore("reset")),
    row("closed after a part of the request was read", { begun: close }, brokenBefore("reset")),
    row(
      "the complete request, then reset",
      {
        received: ({ carryOut, wire }) => {
          carryOut()
          reset(wire)
        }
      },
      broken("reset")
    ),
    row("the complete request, then closed", { received: respondsWith("", close) }, broken("reset")),
    row(
      "the complete request, then reset, and nothing paid",
      { received: ({ wire }) => reset(wire) },
      broken("reset", {
        payouts: 0
      })
    ),
    row("half a status line, then reset", { received: respondsWith("HTTP/1.1 20", reset) }, broken("reset")),
    row("half a status line, then closed", { received: respondsWith("HTTP/1.1 20", close) }, broken("reset")),
    row("half the headers, then reset", { received: respondsWith(`${ok}\r\ncontent-le`, reset) }, broken("reset")),
    row("half the headers, then closed", { received: respondsWith(`${ok}\r\ncontent-le`, close) }, broken("reset")),
    row("no response until our timeout", { received: respondsWith("") }, timedOut(), { retry: impatience }),
    row(
      "no response until undici's timeout",
      { received: respondsWith("") },
      broken("other", {
        codes: ["UND_ERR_HEADERS_TIMEOUT"]
      }),
      { client: { headersTimeout: 500 } }
    ),
    row("half a status line until our timeout", { received: respondsWith("HTTP/1.1 20") }, timedOut(), {
      retry: impatience
    }),
    row("half the headers until our timeout", { received: respondsWith(`${ok}\r\ncontent-le`) }, timedOut(), {
      retry: impatience
    }),
    row(
      "a response without end, one header after the other",
      {
        received: ({ carryOut, often, wire }) => {
          carryOut()
          wire.write(ok)
          // Slow enough that the timeout comes before the limit of headers that each runtime has.
          often(() => wire.write("\r\nx: y"), 50)
        }
      },
      timedOut(),
      { retry: impatience }
    ),
    row("not HTTP at all", { received: respondsWith("220 mail.example ESMTP\r\n") }, broken("other")),
    row("random bytes", { received: respondsWith(Buffer.from("9b1d00ff7e0a3c41", "hex")) }, broken("other"), waitedFor),
    row(
      "HTTP/2 without TLS",
      { received: respondsWith(Buffer.from("000000040000000000", "hex")) },
      broken("other"),
      waitedFor
    ),
    row("a version that does not exist", { received: respondsWith("HTTP/9.9 200 OK\r\n\r\n") }, broken("other")),
    row("status 0", { received: respondsWith("HTTP/1.1 0 Zero\r\n\r\n") }, broken("other")),
    row("status 20", { received: respondsWith("HTTP/1.1 20 Short\r\n\r\n") }, broken("other")),
    row("status 2000", { received: respondsWith("HTTP/1.1 2000 Long\r\n\r\n") }, broken("other")),
    row("status OK", { received: respondsWith("HTTP/1.1 OK\r\n\r\n") }, broken("other"), waitedFor),
    row("a header without a colon", { received: withHead(() => `${ok}\r\nnonsense`) }, broken("other")),
    row(
      "a header of 40 kB",
      { received: withHead(() => `${ok}\r\nx: ${"y".repeat(40_000)}`) },
      broken("other", {
        codes: ["UND_ERR_HEADERS_OVERFLOW"]
      }),
      waitedFor
    ),
    row(
      "two lengths",
      {
        received: withHead(({ length }) => `${ok}\r\ncontent-length: ${length}\r\ncontent-length: 9${length}`)
      },
      broken("other")
    ),
    row(
      "a length and chunks",
      {
        received: withHead(({ length }) => `${ok}\r\ncontent-length: ${length}\r\ntransfer-encoding: chunked`)
      },
      broken("other"),
      { onBun: [unreadable("cut-short")] }
    ),
    row(
      "a length that is not a number",
      { received: withHead(() => `${ok}\r\ncontent-length: much`) },
      broken("other")
    ),
    row(
      "a switch to another protocol",
      {
        received: respondsWith("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n")
      },
      broken("reset"),
      { onBun: [broken("other")] }
    ),
    row(
      "103 early hints, then 200",
      {
        received: ({ carryOut, wire }) => {
          wire.write("HTTP/1.1 103 Early Hints\r\nlink: </style.css>\r\n\r\n")
          wire.write(answer(200, carryOut()))
        }
      },
      paid()
    ),
    row(
      "102 processing without end",
      {
        received: ({ carryOut, often, wire }) => {
          carryOut()
          often(() => wire.write("HTTP/1.1 102 Processing\r\n\r\n"))
        }
      },
      timedOut(),
      { retry: impatience }
    ),
    row(
      "100 continue that was not requested, then 200",
      {
        received: ({ carryOut, wire }) => {
          wire.write("HTTP/1.1 100 Continue\r\n\r\n")
          wire.write(answer(200, carryOut()))
        }
      },
      broken("reset"),
      { onBun: [paid()] }
    ),
    row(
      "413 before the body is read, then closed",
      {
        begun: (wire) => wire.end(answer(413, "{}", { connection: "close" }))
      },
      unexpected(413, { posts: 0 })
    ),
    row(
      "408 immediately after the connection",
      {
        connected: (wire) => wire.end(answer(408, "", { connection: "close" }))
      },
      unexpected(408, { posts: 0 })
    ),
    row("200 before the body was read", { begun: (wire, pay) => wire.write(answer(200, pay())) }, paid({ posts: 0 })),
    row(
      "200 before the body was read, then reset in the middle",
      {
        begun: (wire, pay) => wire.write(answer(200, pay()).subarray(0, -20), () => reset(wire))
      },
      [broken("reset", { posts: 0 }), unreadable("cut-short", { posts: 0 })]
    ),
    row(
      "503 immediately after the connection, then reset",
      {
        connected: (wire) => wire.write(answer(503, "{}"), () => reset(wire))
      },
      [brokenBefore("reset"), notSent("connect"), serverError(503, { posts: 0 })]
    )
  ]
}
