/** Faults of a connection that is used a second time, and responses that arrive too early. */
import { once } from "node:events"
import type { Socket } from "node:net"
import { broken, brokenBefore, paid } from "../expected.ts"
import { answer, type Running, start, turns } from "../fault-server.ts"
import type { Row, Section } from "../matrix.ts"

// undici checks an idle socket before it sends since 6.27, 7.28 and 8.5.
const [major = 0, minor = 0] = (process.versions["undici"] ?? "").split(".").map(Number)
const checksIdleSockets = major > 8 || minor >= ({ 6: 27, 7: 28, 8: 5 }[major] ?? Infinity)

/**
 * A first read leaves an idle connection open; this happens to it.
 *
 * Client and server share an event loop: the client has not yet detected synchronous changes when it sends.
 */
const idle = (
  fault: string,
  between: (socket: Socket) => Promise<void> | void,
  expected: Row["expected"],
  more: Partial<Row> = {}
): Row => {
  const sockets = new WeakMap<Running, Socket>()
  return {
    fault: `idle connection ${fault}`,
    server: async () => {
      let first: Socket | undefined
      const server = await start({
        received: ({ carryOut, wire }) => {
          if (first === undefined) sockets.set(server, (first = wire))
          wire.write(answer(200, carryOut()))
        }
      })
      return server
    },
    before: "get",
    between: (server) => {
      const socket = sockets.get(server)
      if (socket === undefined) throw new Error("The first call left no open connection.")
      return between(socket)
    },
    expected,
    ...more
  }
}

const reused = (fault: string, act: (wire: Socket) => void, expected: Row["expected"]): Row => ({
  fault: `connection used again, ${fault}`,
  server: () =>
    start({
      received: ({ carryOut, request, wire }) => {
        const body = carryOut()
        if (request.method === "GET") wire.write(answer(200, body))
        else act(wire)
      }
    }),
  before: "get",
  expected
})

export const keepAlive: Section = {
  title: "Keep-alive",
  rows: [
    idle("is used again", () => {}, [paid({ connections: 1 })]),
    idle(
      "closed, and the client detected it",
      async (socket) => {
        const gone = once(socket, "close")
        socket.end()
        await gone
      },
      [paid({ connections: 2 })]
    ),
    idle(
      "reset, and the client detected it",
      async (socket) => {
        socket.resetAndDestroy()
        await turns()
      },
      [paid({ connections: 2 })]
    ),
    idle(
      "closed, and the client did not detect it",
      (socket) => void socket.end(),
      // If it is not checked first, the server reads the complete request, and pays.
      [checksIdleSockets ? paid({ connections: 2 }) : broken("reset", { connections: 1 })],
      { onBun: [paid(), brokenBefore("reset")] }
    ),
    // The body is requested a moment after the connection is chosen. In between the client detects the reset.
    idle("reset, and the client did not detect it", (socket) => void socket.resetAndDestroy(), [
      paid({ connections: 2 }),
      brokenBefore("reset", { connections: 1 })
    ]),
    reused("reset after the complete request was read", (wire) => wire.resetAndDestroy(), [
      broken("reset", { connections: 1 })
    ]),
    reused("closed after the complete request was read", (wire) => void wire.end(), [
      broken("reset", { connections: 1 })
    ]),
    reused("half a status line, then closed", (wire) => void wire.end("HTTP/1.1 2"), [
      broken("reset", { connections: 1 })
    ])
  ]
}
