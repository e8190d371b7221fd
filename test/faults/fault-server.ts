/**
 * A Palomma on loopback that breaks where it is told to, and counts.
 *
 * It speaks HTTP by hand on bare sockets, so that it can stop at any byte. What it counts are facts of its own: a request counts once
 * its last byte was read, a payout once it was made, whatever the client came to believe.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel"
import { once } from "node:events"
import * as http2 from "node:http2"
import * as net from "node:net"
import * as tls from "node:tls"
import { Worker } from "node:worker_threads"
import type { Identity } from "./certificates.ts"

/** What happened at the server. */
export interface Ledger {
  connections: number
  /** Requests received whole. */
  posts: number
  gets: number
  /** Payouts made. */
  payouts: number
  /** Connections to another origin, which nobody has reason to make. */
  elsewhere: number
}

/** A server at work. */
export interface Running {
  readonly baseUrl: string
  readonly ledger: Ledger
  readonly close: () => Promise<void>
}

/** A request that was received whole, and the means to answer it or not. */
export interface Exchange {
  readonly request: Request
  /** How many requests this server has received, this one included. */
  readonly turn: number
  /** What the client reads from and writes to: the TLS socket where TLS is spoken. */
  readonly socket: net.Socket
  /** The TCP socket. */
  readonly wire: net.Socket
  /** The origin that this server must not send anybody to. */
  readonly elsewhere: string
  /** Does what the request asks for, and gives the body of the answer. A POST pays. */
  readonly carryOut: () => string
  /** Runs once the client has read the head of the answer. */
  readonly onceHeadIsRead: (run: () => void) => void
  /** Runs again and again until the connection is closed. */
  readonly often: (run: () => void) => void
}

interface Request {
  readonly method: string
  readonly path: string
  readonly body: string
}

/** What a server does. Where nothing is said, it pays and answers as it should. */
export interface Plan {
  readonly scheme?: "http" | "https"
  /** Speaks TLS. */
  readonly tls?: tls.TlsOptions
  /** Takes over the bare socket as soon as it is there. */
  readonly connected?: (wire: net.Socket) => void
  /** Takes over the bare socket once the first bytes have come, and takes them for all that came. It may pay all the same. */
  readonly begun?: (wire: net.Socket, pay: () => string) => void
  readonly received?: (exchange: Exchange) => void
}

/** An answer, written by hand. */
export const answer = (
  status: number | string,
  body: string | Buffer,
  headers: { readonly [name: string]: string } = {}
): Buffer => {
  const all = { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)), ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Whatever\r\n${lines.join("")}\r\n`), Buffer.from(body)])
}

/** What every row asks for, as a payout and as a debit. */
export const asked = {
  payoutTargetId: "target-1",
  payinSourceId: "source-1",
  amount: 50_000,
  reference: "invoice-1"
}

/** A payout request or payin request as Palomma answers it. */
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
 * Waits until whoever is to read what was written has read it.
 *
 * Client and server share an event loop and a machine: what is written has arrived, and is read a few turns later.
 */
export const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await new Promise((done) => setImmediate(done))
}

const newLedger = (): Ledger => ({ connections: 0, posts: 0, gets: 0, payouts: 0, elsewhere: 0 })

// What a paid or read record holds. Palomma's other documented fields may be missing.
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

// Only undici tells that it has read the head of an answer.
const tellsHeads = navigator.userAgent.startsWith("Node.js/")

// Reads request after request off a socket. Only what `fetch` sends is understood.
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
    // A half-closed connection stays open until somebody closes it here.
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
        often: (run) => {
          const timer = setInterval(run, 5)
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

/** An address at which nobody answers: its name is not known, say. */
export const nowhere = async (baseUrl: string): Promise<Running> => ({ baseUrl, ledger: newLedger(), close: nothing })

/** A port at which nobody listens. */
export const closedPort = async (): Promise<Running> => {
  const server = net.createServer()
  const port = await listen(server)
  await new Promise((done) => server.close(done))
  return nowhere(`http://127.0.0.1:${port}/v0`)
}

/**
 * A port at which nobody listens until the client has been refused once.
 */
export const lateListener = async (plan: Plan = {}): Promise<Running> => {
  const { baseUrl, ledger: before } = await closedPort()
  const { host, port } = new URL(baseUrl)
  let late: Running | undefined
  let starting: Promise<void> | undefined
  const onError = (message: unknown) => {
    const { connectParams } = message as { readonly connectParams: { readonly host: string } }
    if (connectParams.host !== host) return
    starting ??= start(plan, Number(port)).then((running) => {
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
    }
  }
}

/**
 * A port whose queue of connections is full, so that the kernel drops whoever knocks.
 *
 * Node accepts all it can, so the listener is a thread that sleeps.
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
    // On a busy machine the timer may have been first although both were due.
    await turns()
    return !socket.connecting
  }
  while (await knock()) if (queue.length > 50) throw new Error("This system accepts more than was asked for.")
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

/** What an HTTP/2 server does. By default it pays and answers as it should. */
export interface Http2Plan {
  readonly settings?: http2.Settings
  /** As soon as there is a session. */
  readonly connected?: (session: http2.ServerHttp2Session, wire: net.Socket) => void
  /** Once the head of a request has come; its body is not read then. */
  readonly begun?: (stream: http2.ServerHttp2Stream) => void
  /** Once a request was received whole and carried out: `body` is the answer. */
  readonly received?: (stream: http2.ServerHttp2Stream, body: string, wire: net.Socket) => void
}

const respond = (stream: http2.ServerHttp2Stream, body: string) => {
  stream.respond({ ":status": 200, "content-type": "application/json" })
  stream.end(body)
}

/** Starts a server that speaks HTTP/2 and nothing else. */
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
    // A read is answered, whatever happens to creates.
    const method = headers[":method"] ?? ""
    if (method !== "GET" && plan.begun !== undefined) return plan.begun(stream)
    let body = ""
    stream.setEncoding("utf8")
    stream.on("data", (text: string) => {
      body += text
    })
    stream.on("end", () => {
      // A stream that dies ends too.
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
