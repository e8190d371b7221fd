/** Faults before there is a connection. Only here can it be proven that nothing was sent. */
import type { LookupFunction } from "node:net"
import { brokenBefore, notSent, paid, timedOutBefore } from "../expected.ts"
import { closedPort, fullBacklog, lateListener, nowhere, start } from "../fault-server.ts"
import type { Client } from "../client.ts"
import { impatience, type Row, type Section } from "../matrix.ts"

// Fails as Node's own look-up does, without a request to a resolver.
const failedLookup =
  (code: string): LookupFunction =>
  (hostname, _, done) =>
    done(Object.assign(new Error(code), { code, syscall: "getaddrinfo", hostname }), "", 4)

const twoAddresses: LookupFunction = (_, __, done) =>
  done(null, [
    { address: "127.0.0.1", family: 4 },
    { address: "::1", family: 6 }
  ])

// Windows refuses a connection if the queue is full; elsewhere it is dropped.
const dropping = (rows: ReadonlyArray<Row>): ReadonlyArray<Row> => {
  if (process.platform !== "win32") return rows
  console.log("Windows drops no connection request: the rows about dropped ones are skipped.")
  return []
}

const dead = async (port: string) => nowhere(`https://palomma.example:${port}/v0`)

/**
 * Faults that cannot be made on loopback: a custom client got the complete body, and its `fetch` fails as observed
 * elsewhere. Then only the failure itself can prove anything.
 */
const recorded = (fault: string, error: unknown, expected: Row["expected"][number]): Row => ({
  fault: `${fault} (recorded, another client)`,
  server: async () => nowhere("http://127.0.0.1:4000/v0"),
  client: { fetch: () => Promise.reject(error), bare: true },
  expected: [{ ...expected, handedOver: true }]
})

const fetchFailed = (code: string, syscall: string) =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(`${syscall} ${code}`), { code, syscall }) })

const lookedUp = (fault: string, code: string): Row => ({
  fault,
  server: () => dead("443"),
  client: { lookup: failedLookup(code) },
  expected: [notSent("dns", { codes: [code] })]
})

const connectTimeout: Client = { connectTimeout: 300 }

export const connecting: Section = {
  title: "Before there is a connection",
  rows: [
    {
      fault: "nothing breaks",
      server: start,
      expected: [paid()]
    },
    {
      fault: "refused",
      server: closedPort,
      expected: [notSent("connect", { codes: ["ECONNREFUSED"] })]
    },
    {
      fault: "refused at each of a name's addresses",
      server: async () => {
        const { baseUrl, close } = await closedPort()
        return { ...(await dead(new URL(baseUrl).port)), close }
      },
      client: { lookup: twoAddresses },
      expected: [notSent("connect", { codes: ["ECONNREFUSED"] })]
    },
    {
      fault: "refused once, then listening: sent again",
      needs: "node",
      server: () => lateListener(),
      retry: { maxAttempts: 20 },
      expected: [paid()]
    },
    {
      fault: "no network to this address",
      server: async () => nowhere("https://255.255.255.255:8443/v0"),
      expected: [notSent("connect", { codes: ["ENETUNREACH", "EHOSTUNREACH", "EACCES"] })],
      onBun: [notSent("other")]
    },
    {
      // A label of 64 letters is not a valid name: the resolver rejects it without asking another machine.
      fault: "no such host",
      server: async () => nowhere(`https://${"x".repeat(64)}.invalid/v0`),
      expected: [notSent("dns", { codes: ["ENOTFOUND", "EAI_FAIL"] })]
    },
    lookedUp("the name server knows no such host", "ENOTFOUND"),
    lookedUp("no answer from the name server", "EAI_AGAIN"),
    lookedUp("the name server failed", "EAI_FAIL"),
    ...dropping([
      {
        fault: "connection requests are dropped until undici's timeout",
        server: fullBacklog,
        client: connectTimeout,
        retry: { maxAttempts: 1 },
        expected: [notSent("connect", { codes: ["UND_ERR_CONNECT_TIMEOUT"] })]
      },
      {
        fault: "connection requests are dropped until our timeout",
        needs: "node",
        server: fullBacklog,
        retry: impatience,
        expected: [timedOutBefore()]
      }
    ]),
    recorded("the host name is unknown", fetchFailed("ENOTFOUND", "getaddrinfo"), notSent("dns")),
    recorded("no free file descriptor", fetchFailed("EMFILE", "connect"), notSent("connect")),
    recorded("no route", fetchFailed("EHOSTUNREACH", "connect"), notSent("connect")),
    recorded("the route is lost while reading", fetchFailed("EHOSTUNREACH", "read"), brokenBefore("other")),
    recorded("the connection times out while reading", fetchFailed("ETIMEDOUT", "read"), brokenBefore("other")),
    recorded(
      "one address refused, another reset",
      new TypeError("fetch failed", {
        cause: new AggregateError([
          fetchFailed("ECONNREFUSED", "connect").cause,
          fetchFailed("ECONNRESET", "read").cause
        ])
      }),
      brokenBefore("reset")
    ),
    recorded(
      "refused, with the message of Bun",
      Object.assign(new TypeError("ECONNREFUSED: Unable to connect."), { code: "ECONNREFUSED", errno: 0 }),
      notSent("connect", { codes: ["ECONNREFUSED"] })
    ),
    recorded(
      "broken, with the message of Bun",
      Object.assign(new TypeError("ECONNRESET: The socket connection was closed."), { code: "ECONNRESET", errno: 0 }),
      brokenBefore("reset")
    ),
    recorded("refused, with the message of Deno", new TypeError("client error (Connect)"), brokenBefore("other")),
    recorded("lost, with the message of Workers", new Error("Network connection lost."), brokenBefore("other")),
    recorded("a value that is not an error", undefined, brokenBefore("other")),
    {
      fault: "fetch never ends and never asks for the body, as on Node 20 (recorded)",
      server: async () => nowhere("http://127.0.0.1:4000/v0"),
      client: { fetch: () => new Promise(() => {}) },
      retry: impatience,
      expected: [timedOutBefore()]
    },
    {
      fault: "fetch rejects its options and never asks for the body, as on Workers (recorded)",
      server: async () => nowhere("http://127.0.0.1:4000/v0"),
      client: { fetch: () => Promise.reject(new TypeError("Invalid redirect value, must be one of follow or manual")) },
      expected: [notSent("other")]
    }
  ]
}
