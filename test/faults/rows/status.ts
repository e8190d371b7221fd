/**
 * Statuses that `fetch` or a socket handles. The meaning of each status and body is tested without sockets, in
 * `packages/client/test/answers*.test.ts`.
 */
import {
  badRequest,
  broken,
  paid,
  rateLimited,
  serverError,
  timedOut,
  unauthorized,
  unexpected,
  unreadable
} from "../expected.ts"
import { answer, type Exchange, start } from "../fault-server.ts"
import { type Expected, impatience, type Row, type Section } from "../matrix.ts"

interface How {
  readonly body?: string
  readonly headers?: Record<string, string>
  /** Pays before it responds. */
  readonly pays?: boolean
}

const html = "<html><body>Bad gateway</body></html>"
const documented = '{"message":"Something is wrong"}'

const respondsWith =
  (status: number, { body = documented, headers = {}, pays = false }: How = {}) =>
  ({ carryOut, wire }: Exchange) => {
    if (pays) carryOut()
    wire.write(answer(status, body, headers))
  }

const row = (
  fault: string,
  received: (exchange: Exchange) => void,
  expected: Expected | ReadonlyArray<Expected>,
  more: Partial<Row> = {}
): Row => ({ fault, server: () => start({ received }), expected: "error" in expected ? [expected] : expected, ...more })

const undocumented = (status: number, what: string, how: How = {}): Row =>
  row(`${status} ${what}`, respondsWith(status, how), unexpected(status, { payouts: how.pays === true ? 1 : 0 }))

// A redirect ends the exchange, so the payment comes first.
const redirect = (status: number, to: "same" | "other"): Row => {
  const pays = status === 303
  return row(
    `${status} to ${to === "same" ? "the same origin" : "another origin"}`,
    (exchange) => {
      const origin = to === "same" ? "" : exchange.elsewhere
      respondsWith(status, { body: "", headers: { location: `${origin}/v0/payoutRequests/payout-1` }, pays })(exchange)
    },
    broken("redirect", { payouts: pays ? 1 : 0, gets: 0, elsewhere: 0 })
  )
}

export const statuses: Section = {
  title: "Statuses",
  rows: [
    row("200", says200(200), paid()),
    row("201", says200(201), paid()),
    row("201 with nothing", respondsWith(201, { body: "", pays: true }), unreadable("not-json")),
    row(
      "204 no content",
      ({ carryOut, wire }) => {
        carryOut()
        wire.write("HTTP/1.1 204 No Content\r\n\r\n")
      },
      unreadable("not-json")
    ),
    row("304 not modified", ({ wire }) => wire.write("HTTP/1.1 304 Not Modified\r\n\r\n"), unexpected(304)),
    row("400 as documented", respondsWith(400), badRequest()),
    row("400 as documented, but cut", ({ wire }) => wire.end(answer(400, documented).subarray(0, -5)), unexpected(400)),
    row(
      "400 as documented, but it never ends",
      ({ wire }) => {
        wire.write(answer(400, documented).subarray(0, -5))
      },
      timedOut({ payouts: 0 }),
      { retry: impatience }
    ),
    row("400 over 1 MiB", respondsWith(400, { body: documented.padEnd(1_100_000) }), unexpected(400)),
    row(
      "401 that asks for credentials",
      respondsWith(401, { headers: { "www-authenticate": "Basic" } }),
      unauthorized()
    ),
    row(
      "407, which fetch reports as a broken connection",
      respondsWith(407, {
        headers: { "proxy-authenticate": "Basic" }
      }),
      broken("other", { payouts: 0 }),
      { onBun: [unexpected(407)] }
    ),
    undocumented(408, "request timeout"),
    undocumented(421, "misdirected"),
    undocumented(421, "after it was paid", { pays: true }),
    row(
      "421, after it was paid, with a custom client on Node's plain fetch: fetch pays twice",
      respondsWith(421, { pays: true }),
      unexpected(421, { posts: 2, payouts: 2 }),
      { fetchResends: true, client: { bare: true }, onBun: [unexpected(421, { payouts: 1 })] }
    ),
    row("429", respondsWith(429), rateLimited(429, { retryAfter: undefined })),
    row(
      "429, Retry-After 1 second",
      respondsWith(429, { headers: { "retry-after": "1" } }),
      rateLimited(429, { retryAfter: 1_000 })
    ),
    row(
      "429, configured as a rejection: sent three times",
      respondsWith(429),
      {
        ...rateLimited(429, { posts: 3 }),
        outcome: "rejected",
        isSafeToResend: true
      },
      { rejectedStatuses: [429] }
    ),
    row(
      "403, configured as a rejection",
      respondsWith(403),
      { ...unexpected(403), outcome: "rejected" },
      {
        rejectedStatuses: [403]
      }
    ),
    row(
      "503, configured as a rejection, that asks to wait, then 200: sent twice",
      (exchange) => {
        if (exchange.turn === 1) respondsWith(503, { headers: { "retry-after": "0" } })(exchange)
        else says200(200)(exchange)
      },
      paid({ posts: 2 }),
      {
        rejectedStatuses: [503],
        // A transfer sends one request, and reports its result.
        onTransfer: [{ tag: "TransferRejected", sent: "yes", state: "rejected", posts: 1, made: 0 }]
      }
    ),
    row(
      "500 with HTML, after it was paid",
      respondsWith(500, { body: html, pays: true }),
      serverError(500, { payouts: 1 })
    ),
    row(
      "500, body cut",
      (exchange) => {
        exchange.carryOut()
        exchange.wire.end(answer(500, documented).subarray(0, -5))
      },
      serverError(500, { payouts: 1 })
    ),
    undocumented(999, "that is undocumented", { pays: true }),
    // The redirect is an error, so that no copy of the body has to be kept, for which fetch would ask too early.
    redirect(303, "same"),
    redirect(307, "other"),
    row("302 to nowhere", respondsWith(302), broken("redirect", { payouts: 0 }))
  ]
}

function says200(status: number) {
  return ({ carryOut, wire }: Exchange) => {
    wire.write(status < 300 ? answer(status, carryOut()) : answer(status, documented))
  }
}
