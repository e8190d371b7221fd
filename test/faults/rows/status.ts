/**
 * Every status. It decides first, the body second.
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
  /** Pays before it answers. */
  readonly pays?: boolean
}

const html = "<html><body>Bad gateway</body></html>"
const documented = '{"message":"Something is wrong"}'

const says =
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
  row(`${status} ${what}`, says(status, how), unexpected(status, { payouts: how.pays === true ? 1 : 0 }))

const failed = (status: number, what: string, how: How = {}): Row =>
  row(`${status} ${what}`, says(status, how), serverError(status, { payouts: how.pays === true ? 1 : 0 }))

const waiting = (what: string, retryAfter: string, expected: number | undefined): Row =>
  row(
    `429, Retry-After ${what}`,
    says(429, { headers: { "retry-after": retryAfter } }),
    rateLimited(429, {
      retryAfter: expected
    })
  )

// Nothing may follow it, so what pays does so before.
const redirect = (status: number, to: "same" | "other"): Row => {
  const pays = status === 303
  return row(
    `${status} to ${to === "same" ? "the same origin" : "another origin"}`,
    (exchange) => {
      const origin = to === "same" ? "" : exchange.elsewhere
      says(status, { body: "", headers: { location: `${origin}/v0/payoutRequests/payout-1` }, pays })(exchange)
    },
    broken("redirect", { payouts: pays ? 1 : 0, gets: 0, elsewhere: 0 })
  )
}

export const statuses: Section = {
  title: "Statuses",
  rows: [
    row("200", says200(200), paid()),
    row("201", says200(201), paid()),
    row("201 with nothing", says(201, { body: "", pays: true }), unreadable("not-json")),
    row("202 accepted, with the record", says200(202), paid()),
    row("203 from a proxy, with the record", says200(203), paid()),
    row("202 with something else", says(202, { pays: true }), unreadable("wrong-shape", { recordId: undefined })),
    row(
      "204 no content",
      ({ carryOut, wire }) => {
        carryOut()
        wire.write("HTTP/1.1 204 No Content\r\n\r\n")
      },
      unreadable("not-json")
    ),
    row("304 not modified", ({ wire }) => wire.write("HTTP/1.1 304 Not Modified\r\n\r\n"), unexpected(304)),
    row("400 as documented", says(400), badRequest()),
    row("400 with HTML", says(400, { body: html }), unexpected(400)),
    row("400 with nothing", says(400, { body: "" }), unexpected(400)),
    row("400 with JSON of another shape", says(400, { body: '{"errors":[]}' }), badRequest()),
    row("400 as documented, but cut", ({ wire }) => wire.end(answer(400, documented).subarray(0, -5)), unexpected(400)),
    row(
      "400 as documented, but it never ends",
      ({ wire }) => {
        wire.write(answer(400, documented).subarray(0, -5))
      },
      timedOut({ payouts: 0 }),
      { retry: impatience }
    ),
    row("400 over 1 MiB", says(400, { body: documented.padEnd(1_100_000) }), unexpected(400)),
    row("401 as documented", says(401), unauthorized()),
    row("401 that asks for credentials", says(401, { headers: { "www-authenticate": "Basic" } }), unauthorized()),
    row("401 with HTML", says(401, { body: html }), unexpected(401)),
    undocumented(403, "from a firewall", { body: html }),
    undocumented(403, "with Palomma's body"),
    undocumented(404, "with Palomma's body"),
    undocumented(404, "from a gateway", { body: html }),
    row(
      "407, of which fetch makes a broken connection",
      says(407, {
        headers: { "proxy-authenticate": "Basic" }
      }),
      broken("other", { payouts: 0 }),
      { onBun: [unexpected(407)] }
    ),
    undocumented(408, "request timeout"),
    undocumented(409, "after it was paid", { pays: true }),
    undocumented(413, "after the body was read"),
    undocumented(421, "misdirected"),
    undocumented(421, "after it was paid", { pays: true }),
    row(
      "421, after it was paid, with a client of one's own on Node's bare fetch: fetch pays twice",
      says(421, { pays: true }),
      unexpected(421, { posts: 2, payouts: 2 }),
      { fetchResends: true, client: { bare: true }, onBun: [unexpected(421, { payouts: 1 })] }
    ),
    undocumented(422, "unprocessable"),
    row("429", says(429), rateLimited(429, { retryAfter: undefined })),
    waiting("1 second", "1", 1_000),
    waiting("0 seconds", "0", 0),
    waiting("a day", "86400", 86_400_000),
    waiting("a date long past", "Wed, 21 Oct 2015 07:28:00 GMT", 0),
    row(
      "429, Retry-After a date to come",
      says(429, { headers: { "retry-after": "Fri, 31 Dec 9999 23:59:59 GMT" } }),
      rateLimited(429)
    ),
    waiting("nonsense", "soon", undefined),
    waiting("below zero", "-5", undefined),
    row("429 with HTML, after it was paid", says(429, { body: html, pays: true }), rateLimited(429, { payouts: 1 })),
    row(
      "429, by the merchant's word a refusal: sent three times",
      says(429),
      {
        ...rateLimited(429, { posts: 3 }),
        outcome: "rejected",
        isSafeToResend: true
      },
      { rejectedStatuses: [429] }
    ),
    row(
      "429 as a refusal, but Retry-After is past our deadline: sent once",
      says(429, {
        headers: { "retry-after": "3600" }
      }),
      {
        ...rateLimited(429, { posts: 1, retryAfter: 3_600_000 }),
        outcome: "rejected",
        isSafeToResend: true
      },
      { rejectedStatuses: [429] }
    ),
    row(
      "403, by the merchant's word a refusal",
      says(403),
      { ...unexpected(403), outcome: "rejected" },
      {
        rejectedStatuses: [403]
      }
    ),
    row(
      "503, by the merchant's word a refusal, that asks to wait, then 200: sent twice",
      (exchange) => {
        if (exchange.turn === 1) says(503, { headers: { "retry-after": "0" } })(exchange)
        else says200(200)(exchange)
      },
      paid({ posts: 2 }),
      {
        rejectedStatuses: [503],
        // A transfer sends one request, and says what came of it.
        onTransfer: [{ tag: "TransferRejected", sent: "yes", state: "rejected", posts: 1, made: 0 }]
      }
    ),
    row(
      "503, by the merchant's word a refusal, that asks for nothing: sent once",
      says(503),
      { ...serverError(503), outcome: "rejected", isSafeToResend: true },
      { rejectedStatuses: [503] }
    ),
    failed(500, "as documented, before it was paid"),
    failed(500, "as documented, after it was paid", { pays: true }),
    failed(500, "with HTML, after it was paid", { body: html, pays: true }),
    failed(502, "from a gateway, after it was paid", { body: html, pays: true }),
    failed(503, "with Retry-After, after it was paid", { headers: { "retry-after": "1" }, pays: true }),
    row(
      "500, body cut",
      (exchange) => {
        exchange.carryOut()
        exchange.wire.end(answer(500, documented).subarray(0, -5))
      },
      serverError(500, { payouts: 1 })
    ),
    failed(599, "that nobody knows", { pays: true }),
    undocumented(999, "that nobody knows", { pays: true }),
    // The redirect is an error, so that no copy of the body has to be kept, which fetch would ask for too early.
    redirect(301, "other"),
    redirect(303, "same"),
    redirect(307, "same"),
    redirect(307, "other"),
    redirect(308, "other"),
    row("302 to nowhere", says(302), broken("redirect", { payouts: 0 }))
  ]
}

function says200(status: number) {
  return ({ carryOut, wire }: Exchange) => {
    wire.write(status < 300 ? answer(status, carryOut()) : answer(status, documented))
  }
}
