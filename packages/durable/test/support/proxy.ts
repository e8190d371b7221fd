/**
 * A server in front of PostgreSQL that can stop answering or cut its connections.
 */
import * as Effect from "effect/Effect"
import { connect, createServer, type Socket } from "node:net"
import * as Postgres from "./postgres.ts"

export const proxy = Effect.acquireRelease(
  Effect.promise(async () => {
    const { hostname, port } = new URL(Postgres.url)
    let isQuiet = false
    const sockets: Array<Socket> = []
    const server = createServer((near) => {
      const far = connect({ host: hostname, port: Number(port || 5432) })
      sockets.push(near, far)
      near.on("data", (part) => isQuiet || far.write(part))
      far.on("data", (part) => near.write(part))
      for (const socket of [near, far]) socket.on("error", () => {})
    })
    await new Promise<void>((resume) => server.listen(0, "127.0.0.1", resume))
    const address = server.address()
    const url = new URL(Postgres.url)
    url.hostname = "127.0.0.1"
    url.port = String(typeof address === "object" ? address?.port : "")
    const cut = () => {
      for (const socket of sockets.splice(0)) socket.destroy()
    }
    const end = () => {
      cut()
      server.close()
    }
    /** Accepts connections again, at the same address. */
    const begin = () => void server.listen(Number(url.port), "127.0.0.1")
    return { begin, cut, end, url: url.href, quiet: () => void (isQuiet = true), speak: () => void (isQuiet = false) }
  }),
  ({ end }) => Effect.sync(end)
)
