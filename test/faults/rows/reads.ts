/** The same faults in reads, which may be retried and are: three attempts here. */
import { identities } from "../certificates.ts"
import { read } from "../expected.ts"
import { answer, closedPort, type Exchange, type Plan, start } from "../fault-server.ts"
import { type Expected, impatience, type Row, type Section } from "../matrix.ts"

const documented = '{"message":"Something is wrong"}'

const respondsWith =
  (status: number, body = documented, headers: Record<string, string> = {}) =>
  ({ wire }: Exchange) => {
    wire.write(answer(status, body, headers))
  }

const both = (fault: string, plan: Plan, expected: Expected, more: Partial<Row> = {}): ReadonlyArray<Row> =>
  (["get", "list"] as const).map((call) => ({
    fault: `${call}: ${fault}`,
    call,
    server: () => start(plan),
    expected: [expected],
    ...more
  }))

const get = (fault: string, plan: Plan, expected: Expected, more: Partial<Row> = {}): Row => ({
  fault: `get: ${fault}`,
  call: "get",
  server: () => start(plan),
  expected: [expected],
  ...more
})

// Fails the first time, and responds correctly the second time.
const once = (fault: (exchange: Exchange) => void): Plan => ({
  received: (exchange) => {
    if (exchange.turn === 1) fault(exchange)
    else exchange.wire.write(answer(200, exchange.carryOut()))
  }
})

export const reads: Section = {
  title: "Reads",
  rows: [
    ...both("nothing breaks", {}, read("success", "", 1, false)),
    get("refused", {}, read("PalommaConnectionError", "connect", 0, true), { server: closedPort }),
    get(
      "an expired certificate: never retried",
      { tls: identities.expired },
      {
        ...read("PalommaConnectionError", "tls", 0, false),
        connections: 1
      }
    ),
    ...both(
      "reset after the request was read",
      {
        received: ({ wire }) => wire.resetAndDestroy()
      },
      read("PalommaConnectionError", "reset", 3, true)
    ),
    ...both(
      "closed once, then answered",
      once(({ wire }) => wire.end()),
      read("success", "", 2, false)
    ),
    ...both("no response until our timeout", { received: () => {} }, read("PalommaTimeout", "", 2, true), {
      retry: { ...impatience, maxAttempts: 2 }
    }),
    get(
      "body cut once, then complete",
      once(({ carryOut, wire }) => wire.end(answer(200, carryOut()).subarray(0, -20))),
      read("success", "", 2, false)
    ),
    get(
      "body stops until our timeout",
      {
        received: ({ carryOut, wire }) => wire.write(answer(200, carryOut()).subarray(0, -20))
      },
      read("PalommaTimeout", "", 2, true),
      { retry: { ...impatience, maxAttempts: 2 } }
    ),
    get(
      "body: HTML",
      { received: respondsWith(200, "<html></html>") },
      read("PalommaInvalidResponse", "not-json", 3, true)
    ),
    ...both(
      "body: wrong shape",
      { received: respondsWith(200, "{}") },
      read("PalommaInvalidResponse", "wrong-shape", 1, false)
    ),
    get(
      "body: over 1 MiB",
      { received: respondsWith(200, "{}".padEnd(1_100_000)) },
      read("PalommaInvalidResponse", "too-large", 1, false)
    ),
    get("400 as documented", { received: respondsWith(400) }, read("PalommaBadRequest", "400", 1, false)),
    ...both("401 as documented", { received: respondsWith(401) }, read("PalommaUnauthorized", "401", 1, false)),
    get("404 as documented", { received: respondsWith(404) }, read("PalommaNotFound", "404", 1, false)),
    get(
      "404 from a gateway",
      { received: respondsWith(404, "<html></html>") },
      read("PalommaUnexpectedStatus", "404", 1, false)
    ),
    get("408", { received: respondsWith(408) }, read("PalommaUnexpectedStatus", "408", 3, true)),
    get("409", { received: respondsWith(409) }, read("PalommaUnexpectedStatus", "409", 1, false)),
    get(
      "421: fetch itself repeats the request",
      { received: respondsWith(421) },
      read("PalommaUnexpectedStatus", "421", 2, false),
      {
        onBun: [read("PalommaUnexpectedStatus", "421", 1, false)]
      }
    ),
    ...both(
      "429 once, then answered",
      once(respondsWith(429, documented, { "retry-after": "0" })),
      read("success", "", 2, false)
    ),
    get(
      "429, Retry-After a day: fails immediately",
      { received: respondsWith(429, documented, { "retry-after": "86400" }) },
      read("PalommaRateLimited", "429", 1, true)
    ),
    ...both("500 once, then answered", once(respondsWith(500)), read("success", "", 2, false)),
    get("503", { received: respondsWith(503) }, read("PalommaServerError", "503", 3, true)),
    ...[301, 308].map((status) =>
      get(
        `${status} to another origin`,
        {
          received: (exchange) =>
            respondsWith(status, "", { location: `${exchange.elsewhere}/v0/payoutRequests/payout-1` })(exchange)
        },
        read("PalommaUnexpectedStatus", String(status), 1, false)
      )
    )
  ]
}
