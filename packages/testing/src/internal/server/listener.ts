/**
 * The transport of the simulator on a port: a Node server that applies faults to its sockets.
 */
import * as Http from "node:http"
import * as Net from "node:net"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Headers from "effect/http/Headers"
import { ServeError } from "effect/http/HttpServerError"
import { maxBodySize, tooLong } from "../http/answer.ts"
import type { Exchange, Outcome } from "../http/exchange.ts"

const headersOf = (request: Http.IncomingMessage): Headers.Headers =>
  Headers.fromInput(
    Object.entries(request.headers).map(([name, value]) => [name, [value ?? ""].flat().join(", ")] as const)
  )

const end = (socket: Net.Socket, by: "reset" | "close"): void => {
  if (by === "reset") socket.resetAndDestroy()
  else socket.destroy()
}

const perform = (outcome: Outcome, response: Http.ServerResponse, socket: Net.Socket): void => {
  switch (outcome._tag) {
    case "Answer": {
      const { body, headers, status } = outcome.answer
      const length = status === 204 || status === 304 ? {} : { "content-length": Buffer.byteLength(body) }
      response.writeHead(status, { ...headers, ...length }).end(body)
      return
    }
    case "Refuse":
    case "NotHandedOver":
      return end(socket, "reset")
    case "Drop":
      return end(socket, outcome.by)
    case "Cut": {
      const { body, headers, status } = outcome.answer
      const bytes = Buffer.from(body)
      const { by } = outcome
      response.writeHead(status, { ...headers, "content-length": bytes.length })
      // The first part must be written before the connection ends.
      response.write(bytes.subarray(0, Math.floor(bytes.length * outcome.keep)), () => {
        if (by !== "stall") end(socket, by)
      })
    }
  }
}

// A client is sure to read the 413 only after it has sent its whole body, so a longer body is read and discarded up to
// this size. After that the 413 is sent immediately and the connection ends.
const maxDiscarded = 16 * maxBodySize

/** A running server. */
export interface Listener {
  readonly port: number
  readonly pause: Effect.Effect<void>
  readonly resume: Effect.Effect<void, ServeError>
}

/** Starts to listen. The server stops when the scope closes. */
export const listen = Effect.fnUntraced(function* (
  exchange: Exchange["exchange"],
  options: { readonly port: number; readonly host: string }
) {
  const run = Effect.runForkWith(yield* Effect.context<never>())
  const running = new Set<Fiber.Fiber<unknown, unknown>>()

  const server = Http.createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const parts: Array<Buffer> = []
    let size = 0
    const sendTooLong = () => {
      if (response.headersSent) return
      response.setHeader("connection", "close")
      perform({ _tag: "Answer", answer: tooLong }, response, request.socket)
    }
    request.on("data", (part: Buffer) => {
      size += part.length
      if (size <= maxBodySize) parts.push(part)
      else parts.length = 0
      if (size > maxDiscarded) sendTooLong()
    })
    request.on("end", () => {
      const { method = "GET", socket, url = "/" } = request
      if (size > maxBodySize) return sendTooLong()
      const body = Buffer.concat(parts).toString("utf8")
      const fiber = run(
        exchange({ method, url, headers: headersOf(request), body }).pipe(
          Effect.map((outcome) => perform(outcome, response, socket)),
          // HTTP cannot express every armed response, such as one with status 99. The body of the 500 reports that
          // mistake of the test.
          Effect.catchDefect((defect) => Effect.sync(() => void response.writeHead(500).end(String(defect))))
        )
      )
      running.add(fiber)
      fiber.addObserver(() => running.delete(fiber))
      response.on("close", () => fiber.interruptUnsafe())
    })
  })

  const start = (port: number) =>
    Effect.callback<number, ServeError>((resume) => {
      const failed = (cause: Error) => resume(Effect.fail(new ServeError({ cause })))
      server.once("error", failed)
      server.listen(port, options.host, () => {
        server.off("error", failed)
        resume(Effect.succeed((server.address() as Net.AddressInfo).port))
      })
    })

  const sockets = new Set<Net.Socket>()
  server.on("connection", (socket) => {
    sockets.add(socket)
    socket.on("close", () => sockets.delete(socket))
  })

  const stop = Effect.callback<void>((resume) => {
    server.close(() => resume(Effect.void))
    server.closeAllConnections()
  })

  // A client may still use an idle connection until it notices that it is closed, and then its call is lost, not
  // refused. So every connection is ended in an orderly way first, which the `close` of an HTTP server does not wait
  // for.
  const pause = Effect.callback<void>((resume) => {
    Net.Server.prototype.close.call(server, () => resume(Effect.void))
    for (const socket of sockets) socket.end()
  }).pipe(Effect.timeoutOrElse({ duration: "1 second", orElse: () => stop }))

  const port = yield* Effect.acquireRelease(start(options.port), () =>
    Effect.andThen(Fiber.interruptAll(running), stop)
  )
  const listener: Listener = { port, pause, resume: Effect.asVoid(start(port)) }
  return listener
})
