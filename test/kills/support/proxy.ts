/** A proxy of a database that loses responses: the statement was executed, and the client gets a broken connection. */
import * as Effect from "effect/Effect"
import { once } from "node:events"
import * as net from "node:net"

/** A proxy of a database. */
export interface Proxy {
  readonly port: number
  /** Loses one of every so many responses from now on, up to a maximum. */
  readonly lose: (every: number, atMost: number) => void
  /** The number of lost responses. */
  readonly lost: () => number
}

const open = async (host: string, port: number) => {
  let every = 0
  let most = 0
  let answers = 0
  let lost = 0
  const sockets = new Set<net.Socket>()
  const keep = (socket: net.Socket, other: net.Socket) => {
    sockets.add(socket)
    socket.on("error", () => {})
    socket.on("close", () => {
      sockets.delete(socket)
      other.destroy()
    })
  }
  const server = net.createServer((client) => {
    const database = net.connect(port, host)
    keep(client, database)
    keep(database, client)
    client.on("data", (bytes) => database.write(bytes))
    database.on("data", (bytes) => {
      if (lost < most && ++answers % every === 0) {
        lost += 1
        client.resetAndDestroy()
      } else client.write(bytes)
    })
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const proxy: Proxy = {
    port: (server.address() as net.AddressInfo).port,
    lose: (next, atMost) => {
      every = next
      most = atMost
    },
    lost: () => lost
  }
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((done) => server.close(done))
  }
  return { proxy, close }
}

/** Opens a proxy to the database at a URL. It is closed with the scope. */
export const proxyTo = ({ hostname, port }: URL) =>
  Effect.acquireRelease(
    Effect.promise(() => open(hostname, Number(port === "" ? 5432 : port))),
    ({ close }) => Effect.promise(close)
  ).pipe(Effect.map(({ proxy }) => proxy))
