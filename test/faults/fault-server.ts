/**
 * A Palomma on loopback that fails at a configured point, and counts.
 *
 * It implements HTTP on bare sockets, so that it can stop at any byte. Its counts are independent of the client: a
 * request counts once its last byte was read, a payout once it was made.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel"
import { once } from "node:events"
import * as http2 from "node:http2"
import * as net from "node:net"
import * as tls from "node:tls"
import { Worker } from "node:worker_threads"
import type { Identity } from "./certificates.ts"

/** The counts of a server. */
export interface Ledger {
  connections: number
  /** Requests received completely. */
  posts: number
  gets: number
  /** Payouts made. */
  payouts: number
  /** Connections to another origin, which must not occur. */
  elsewhere: number
}

/** A running server. */
export interface Running {
  readonly baseUrl: string
  readonly ledger: Ledger
  readonly close: () => Promise<void>
}

/** A request that was received completely, with the means to respond or not. */
export interface Exchange {
  readonly request: Request
  /** The number of this request at this server, from 1. */
  readonly turn: number
  /** The socket of the HTTP messages: the TLS socket if TLS is used. */
  readonly socket: net.Socket
  /** The TCP socket. */
  readonly wire: net.Socket
  /** Another origin. A client must not follow a redirect to it. */
  readonly elsewhere: string
  /** Executes the request, and returns the body of the response. A POST pays. */
  readonly carryOut: () => string
  /** Runs a function once the client has read the head of the response. */
  readonly onceHeadIsRead: (run: () => void) => void
  /** Runs a function repeatedly until the connection is closed. */
  readonly often: (run: () => void, everyMillis?: number) => void
}

interface Request {
  readonly method: string
  readonly path: string
  readonly body: string
}

/** The behavior of a server. By default it pays and responds correctly. */
export interface Plan {
  readonly scheme?: "http" | "https"
  /** Uses TLS. */
  readonly tls?: tls.TlsOptions
  /** Gets the bare socket immediately after the connection. */
  readonly connected?: (wire: net.Socket) => void
  /** Gets the bare socket with the first bytes, and reads nothing more. It may still pay. */
  readonly begun?: (wire: net.Socket, pay: () => string) => void
  readonly received?: (exchange: Exchange) => void
}

/** A response, as raw bytes. */
export const answer = (
  status: number | string,
  body: string | Buffer,
  headers: { readonly [name: string]: string } = {}
): Buffer => {
  const all = { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)), ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Whatever\r\n${lines.join("")}\r\n`), Buffer.from(body)])
}

/** The request of every row, as a payout and as a debit. */
export const asked = {
  payoutTargetId: "target-1",
  payinSourceId: "source-1",
  amount: 50_000,
  reference: "invoice-1"
}

/** A payout request or payin request in the form of Palomma's response. */
export const recordOf = (id: string, asked: object): object => ({
  id,
  status: "processing",
  amountSent: 50_000,
  fee: 1_000,
  createdAt: "2026-11-20T12:00:00.000Z",
  updatedAt: "2026-11-20T12:00:00.000Z",
  ...asked
})

/**
 * Waits until the reader of written bytes has read them.
 *
 * Client and server share an event loop and a machine: written bytes have arrived, and are read a few rounds of the
 * loop later.
 */
export const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await new Promise((done) => setImmediate(done))
}

const newLedger = (): Ledger => ({ connections: 0, posts: 0, gets: 0, payouts: 0, elsewhere: 0 })

// The fields of a paid or read record. Palomma's other documented fields may be missing.
const carryOut = (ledger: Ledger, { body, method, path }: Request): string => {
  if (method === "POST") {
    ledger.payouts += 1
    return JSON.stringify(recordOf(`payout-${ledger.payouts}`, JSON.parse(body) as object))
  }
  const record = recordOf("payout-1", asked)
  const isList = new URL(path, "http://127.0.0.1").pathname.endsWith("/payoutRequests")
  return JSON.stringify(isList ? { items: [record], cursor: null, count: 1 } : record)
}

const countWhole = (ledger: Ledger, method: string | undefined) => {
  if (method === "POST") ledger.posts += 1
  else ledger.gets += 1
}

// Only undici reports that it has read the head of a response.
const tellsHeads = navigator.userAgent.startsWith("Node.js/")

// Reads one request after the other from a socket. Only the format of `fetch` is understood.
const readRequests = (socket: net.Socket, whole: (request: Request) => void) => {
  let read = Buffer.alloc(0)
  socket.on("data", (bytes) => {
    read = Buffer.concat([read, bytes])
    for (;;) {
      const headEnd = read.indexOf("\r\n\r\n")
      if (headEnd < 0) return
      const head = read.subarray(0, headEnd).toString("latin1")
      const length = Number(/^content-length: *(\d+)$/im.exec(head)?.[1] ?? 0)
      const end = headEnd + 4 + length
      if (read.length < end) return
      const [method = "", path = ""] = head.split(" ")
      const body = read.subarray(headEnd + 4, end).toString()
      read = read.subarray(end)
      whole({ method, path, body })
    }
  })
}

const listen = async (server: net.Server, port = 0): Promise<number> => {
  server.listen({ port, host: "127.0.0.1" })
  await once(server, "listening")
  return (server.address() as net.AddressInfo).port
}

/** Starts a server. */
export const start = async (plan: Plan = {}, port = 0): Promise<Running> => {
  const ledger = newLedger()
  const wires = new Set<net.Socket>()
  const endings: Array<() => void> = []
  const keep = (wire: net.Socket) => {
    wires.add(wire)
    wire.on("error", () => {})
    wire.on("close", () => wires.delete(wire))
  }

  const other = net.createServer((wire) => {
    keep(wire)
    ledger.elsewhere += 1
    readRequests(wire, () => wire.write(answer(200, "{}")))
  })
  const elsewhere = `http://127.0.0.1:${await listen(other)}`

  const pay = () => {
    ledger.payouts += 1
    return JSON.stringify(recordOf("payout-1", asked))
  }

  const serve = (wire: net.Socket, socket: net.Socket) => {
    // A half-closed connection stays open until this server closes it.
    socket.on("end", () => socket.end())
    readRequests(socket, (request) => {
      countWhole(ledger, request.method)
      const exchange: Exchange = {
        request,
        turn: ledger.posts + ledger.gets,
        socket,
        wire,
        elsewhere,
        carryOut: () => carryOut(ledger, request),
        onceHeadIsRead: (run) => {
          if (!tellsHeads) return void turns().then(run)
          const onHead = (message: unknown) => {
            const { request } = message as { readonly request: { readonly origin: unknown } }
            if (String(request.origin) !== origin) return
            unsubscribe("undici:request:headers", onHead)
            run()
          }
          subscribe("undici:request:headers", onHead)
          endings.push(() => unsubscribe("undici:request:headers", onHead))
        },
        often: (run, everyMillis = 5) => {
          const timer = setInterval(run, everyMillis)
          socket.on("close", () => clearInterval(timer))
        }
      }
      if (plan.received === undefined) socket.write(answer(200, exchange.carryOut()))
      else plan.received(exchange)
    })
  }

  const secure = plan.tls === undefined ? undefined : tls.createServer({ allowHalfOpen: true, ...plan.tls })
  const wireOf = new Map<number | undefined, net.Socket>()
  secure?.on("tlsClientError", () => {})
  secure?.on("secureConnection", (socket) => {
    socket.on("error", () => {})
    const wire = wireOf.get(socket.remotePort)
    if (wire !== undefined) serve(wire, socket)
  })

  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (wire) => {
    keep(wire)
    ledger.connections += 1
    if (plan.connected !== undefined) plan.connected(wire)
    else if (plan.begun !== undefined) wire.once("data", () => plan.begun?.(wire, pay))
    else if (secure === undefined) serve(wire, wire)
    else {
      wireOf.set(wire.remotePort, wire)
      secure.emit("connection", wire)
    }
  })
  const origin = `${plan.scheme ?? (plan.tls === undefined ? "http" : "https")}://127.0.0.1:${await listen(server, port)}`

  return {
    baseUrl: `${origin}/v0`,
    ledger,
    close: async () => {
      for (const end of endings) end()
      for (const wire of wires) wire.destroy()
      await Promise.all([server, other].map((one) => new Promise((done) => one.close(done))))
    }
  }
}

const nothing = async () => {}

/** An address without a server, such as an unknown host name. */
export const nowhere = async (baseUrl: string): Promise<Running> => ({ baseUrl, ledger: newLedger(), close: nothing })

/** A port without a listener. A connection from it keeps it, so that no other program listens there meanwhile. */
export const closedPort = async (): Promise<Running> => {
  const server = net.createServer((socket) => socket.on("error", () => {}).resume())
  const keeper = net.connect(await listen(server), "127.0.0.1")
  await once(keeper, "connect")
  return {
    ...(await nowhere(`http://127.0.0.1:${keeper.localPort}/v0`)),
    close: async () => {
      // A reset frees the port at once.
      keeper.resetAndDestroy()
      await once(keeper, "close")
      await new Promise((done) => server.close(done))
    }
  }
}

// A port without a listener, which only a listener can get. The system gives the port of an accepted connection to no
// client, but `closedPort` would have to free its port first.
const portToListen = async () => {
  const server = net.createServer()
  const accepted = once(server, "connection")
  const keeper = net.connect(await listen(server), "127.0.0.1")
  const [connection]: Array<net.Socket> = await accepted
  for (const end of [keeper, connection]) end?.on("error", () => {}).resume()
  const { port } = server.address() as net.AddressInfo
  const closed = new Promise((done) => server.close(done))
  return {
    port,
    free: async () => {
      keeper.resetAndDestroy()
      connection?.destroy()
      await closed
    }
  }
}

/** A port without a listener, which gets one after the client was refused once. */
export const lateListener = async (plan: Plan = {}): Promise<Running> => {
  const { free, port } = await portToListen()
  const { baseUrl, ledger: before } = await nowhere(`http://127.0.0.1:${port}/v0`)
  const { host } = new URL(baseUrl)
  let late: Running | undefined
  let starting: Promise<void> | undefined
  const onError = (message: unknown) => {
    const { connectParams } = message as { readonly connectParams: { readonly host: string } }
    if (connectParams.host !== host) return
    starting ??= start(plan, port).then((running) => {
      late = running
    })
  }
  subscribe("undici:client:connectError", onError)
  return {
    baseUrl,
    get ledger() {
      return late?.ledger ?? before
    },
    close: async () => {
      unsubscribe("undici:client:connectError", onError)
      await starting
      await late?.close()
      await free()
    }
  }
}

/**
 * A port whose queue of connections is full, so that the kernel drops new ones.
 *
 * Node accepts every connection it can, so the listener is a thread that sleeps.
 */
export const fullBacklog = async (): Promise<Running> => {
  const bell = new Int32Array(new SharedArrayBuffer(4))
  const source = `
    const { parentPort, workerData } = require("node:worker_threads")
    const server = require("node:net").createServer()
    server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
      parentPort.postMessage(server.address().port)
      setImmediate(() => {
        Atomics.wait(workerData, 0, 0)
        process.exit()
      })
    })`
  const worker = new Worker(source, { eval: true, workerData: bell })
  const [port] = (await once(worker, "message")) as [number]
  const queue: Array<net.Socket> = []
  const knock = async (): Promise<boolean> => {
    const socket = net.connect(port, "127.0.0.1")
    socket.on("error", () => {})
    queue.push(socket)
    await Promise.race([once(socket, "connect"), new Promise((done) => setTimeout(done, 200))])
    // On a busy machine the timer may have run first although both were due.
    await turns()
    return !socket.connecting
  }
  while (await knock()) if (queue.length > 50) throw new Error("This system accepts more connections than requested.")
  return {
    ...(await nowhere(`http://127.0.0.1:${port}/v0`)),
    close: async () => {
      for (const socket of queue) socket.destroy()
      const exit = once(worker, "exit")
      Atomics.store(bell, 0, 1)
      Atomics.notify(bell, 0)
      await exit
    }
  }
}

/** The behavior of an HTTP/2 server. By default it pays and responds correctly. */
export interface Http2Plan {
  readonly settings?: http2.Settings
  /** Runs once a session exists. */
  readonly connected?: (session: http2.ServerHttp2Session, wire: net.Socket) => void
  /** Runs once the head of a request has arrived. Its body is not read then. */
  readonly begun?: (stream: http2.ServerHttp2Stream) => void
  /** Runs once a request was received completely and executed: `body` is the response. */
  readonly received?: (stream: http2.ServerHttp2Stream, body: string, wire: net.Socket) => void
}

const respond = (stream: http2.ServerHttp2Stream, body: string) => {
  stream.respond({ ":status": 200, "content-type": "application/json" })
  stream.end(body)
}

/** Starts a server that supports only HTTP/2. */
export const startHttp2 = async (identity: Identity, plan: Http2Plan = {}): Promise<Running> => {
  const ledger = newLedger()
  const sessions = new Set<http2.ServerHttp2Session>()
  const wireOf = new Map<number | undefined, net.Socket>()
  const server = http2.createSecureServer({ ...identity, allowHTTP1: false, settings: plan.settings ?? {} })
  server.on("connection", (wire) => {
    ledger.connections += 1
    wire.on("error", () => {})
    wireOf.set(wire.remotePort, wire)
  })
  server.on("session", (session) => {
    sessions.add(session)
    session.on("error", () => {})
    const wire = wireOf.get(session.socket.remotePort)
    if (wire !== undefined) plan.connected?.(session, wire)
  })
  server.on("sessionError", () => {})
  server.on("stream", (stream, headers) => {
    stream.on("error", () => {})
    // Reads get a correct response, with any fault of creates.
    const method = headers[":method"] ?? ""
    if (method !== "GET" && plan.begun !== undefined) return plan.begun(stream)
    let body = ""
    stream.setEncoding("utf8")
    stream.on("data", (text: string) => {
      body += text
    })
    stream.on("end", () => {
      // A stream that fails also ends.
      if (Buffer.byteLength(body) !== Number(headers["content-length"] ?? 0)) return
      const request = { method, path: headers[":path"] ?? "", body }
      countWhole(ledger, method)
      const wire = wireOf.get(stream.session?.socket.remotePort)
      const answer = carryOut(ledger, request)
      if (method === "GET" || plan.received === undefined || wire === undefined) respond(stream, answer)
      else plan.received(stream, answer, wire)
    })
  })
  const port = await listen(server)
  return {
    baseUrl: `https://127.0.0.1:${port}/v0`,
    ledger,
    close: async () => {
      for (const session of sessions) session.destroy()
      await new Promise((done) => server.close(done))
    }
  }
}
