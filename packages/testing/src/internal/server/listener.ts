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
    case "Kept":
      return end(socket, "reset")
    case "Drop":
      return end(socket, outcome.by)
    case "Cut": {
      const { body, headers, status } = outcome.answer
      const bytes = Buffer.from(body)
      const { by } = outcome
      response.writeHead(status, { ...headers, "content-length": bytes.length })
      // The first part has to be on its way before the connection goes.
      response.write(bytes.subarray(0, Math.floor(bytes.length * outcome.keep)), () => {
        if (by !== "stall") end(socket, by)
      })
    }
  }
}

// A client hears of a refusal surely only after it has sent its whole body. Of one that goes on and on the connection ends all the same.
const maxDiscarded = 16 * maxBodySize

/** A server on a port of this machine. */
export interface Listener {
  readonly port: number
  readonly pause: Effect.Effect<void>
  readonly resume: Effect.Effect<void, ServeError>
}

/** Starts to listen; it stops with the scope. */
export const listen = Effect.fnUntraced(function* (
  exchange: Exchange["exchange"],
  options: { readonly port: number; readonly host: string }
) {
  const run = Effect.runForkWith(yield* Effect.context<never>())
  const running = new Set<Fiber.Fiber<unknown, unknown>>()

  const server = Http.createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const parts: Array<Buffer> = []
    let size = 0
    const refuse = () => {
      if (response.headersSent) return
      response.setHeader("connection", "close")
      perform({ _tag: "Answer", answer: tooLong }, response, request.socket)
    }
    request.on("data", (part: Buffer) => {
      size += part.length
      if (size <= maxBodySize) parts.push(part)
      else parts.length = 0
      if (size > maxDiscarded) refuse()
    })
    request.on("end", () => {
      const { method = "GET", socket, url = "/" } = request
      if (size > maxBodySize) return refuse()
      const body = Buffer.concat(parts).toString("utf8")
      const fiber = run(
        exchange({ method, url, headers: headersOf(request), body }).pipe(
          Effect.map((outcome) => perform(outcome, response, socket)),
          // An answer that HTTP cannot carry, such as one of status 99, is a mistake of the test that armed it, which is told so.
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

  // A client may use an idle connection once more until it has seen the end of it, and then its call is not refused but lost. So the
  // connections end in good order, which an HTTP server's own `close` does not wait for.
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
