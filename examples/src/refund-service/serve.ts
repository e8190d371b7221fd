/**
 * Serves a handler of web requests with Node. With `@effect/platform-node`, `HttpRouter.serve(routes)` and
 * `NodeHttpServer.layer` do this.
 */
import { Config, Console, Effect } from "effect"
import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"

type Handler = (request: Request) => Promise<Response>

const limit = 100_000

const answer = async (handler: Handler, message: IncomingMessage, response: ServerResponse) => {
  const chunks: Array<Buffer> = []
  let size = 0
  for await (const chunk of message) {
    size += chunk.length
    if (size > limit) return void response.writeHead(413, { connection: "close" }).end()
    chunks.push(chunk)
  }
  const { headers, method = "GET", url = "/" } = message
  const init: RequestInit = { method, headers: Object.entries(headers).map(([name, value]) => [name, String(value)]) }
  if (method !== "GET" && method !== "HEAD") init.body = Buffer.concat(chunks)
  const answered = await handler(new Request(new URL(url, "http://localhost"), init))
  response.writeHead(answered.status, Object.fromEntries(answered.headers))
  response.end(Buffer.from(await answered.arrayBuffer()))
}

/** Listens on the port `PORT` of this machine until the scope closes, which waits for the requests that run. */
export const serve = Effect.fnUntraced(function* (handler: Handler) {
  const port = yield* Config.withDefault(Config.Int("PORT"), 3000)
  const server = yield* Effect.acquireRelease(
    Effect.promise(async () => {
      const server = createServer((message, response) => {
        answer(handler, message, response).catch(() => response.destroy())
      })
      server.listen(port, "127.0.0.1")
      await once(server, "listening")
      return server
    }),
    (server) => Effect.promise(() => new Promise((resolve) => server.close(resolve)))
  )
  const address = server.address()
  yield* Console.log(`Listening on http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`)
})
