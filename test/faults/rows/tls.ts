/** Faults of TLS: certificates, handshakes, and the steps after them. */
import type { Socket } from "node:net"
import { identities, type Identity } from "../certificates.ts"
import { broken, brokenBefore, notSent, paid, timedOut, timedOutBefore, unreadable, untrusted } from "../expected.ts"
import { answer, type Exchange, type Plan, start } from "../fault-server.ts"
import { type Expected, impatience, type Row, type Section } from "../matrix.ts"

const { good } = identities

const certificate = (fault: string, identity: Identity, codes?: ReadonlyArray<string>): Row => ({
  fault: `certificate: ${fault}`,
  server: () => start({ tls: identity }),
  expected: [untrusted(codes)]
})

const handshake = (fault: string, begun: (wire: Socket) => void, expected: Expected, more: Partial<Row> = {}): Row => ({
  fault,
  server: () => start({ scheme: "https", begun }),
  expected: [expected],
  ...more
})

const alert = (description: number) => Buffer.from([0x15, 3, 3, 0, 2, 2, description])

const after = (
  fault: string,
  received: (exchange: Exchange) => void,
  expected: Expected,
  more: Partial<Row> = {}
): Row => ({
  fault: `TLS: ${fault}`,
  server: () => start({ tls: good, received }),
  expected: [expected],
  ...more
})

const demanding = (version: "TLSv1.2" | "TLSv1.3"): Plan => ({
  tls: { ...good, requestCert: true, rejectUnauthorized: true, minVersion: version, maxVersion: version }
})

const cut = (exchange: Exchange) => {
  const body = exchange.carryOut()
  exchange.socket.write(answer(200, body).subarray(0, -20))
}

export const secure: Section = {
  title: "TLS",
  rows: [
    { fault: "TLS: nothing breaks", server: () => start({ tls: good }), expected: [paid()] },
    certificate("self-signed", identities.selfSigned, ["DEPTH_ZERO_SELF_SIGNED_CERT"]),
    certificate("expired", identities.expired, ["CERT_HAS_EXPIRED"]),
    certificate("not yet valid", identities.notYetValid, ["CERT_NOT_YET_VALID"]),
    certificate("for another host", identities.otherHost, ["ERR_TLS_CERT_ALTNAME_INVALID"]),
    certificate("for no host", identities.noHost, ["ERR_TLS_CERT_ALTNAME_INVALID"]),
    certificate("by an unknown authority", identities.unknownAuthority, ["UNABLE_TO_VERIFY_LEAF_SIGNATURE"]),
    certificate("by an unknown authority that is sent with it", identities.unknownAuthorityShown, [
      "SELF_SIGNED_CERT_IN_CHAIN"
    ]),
    certificate("by a certificate that is no authority", identities.signedByNoAuthority),
    certificate("with a forged signature", identities.forged),
    certificate("for clients, not for servers", identities.forAnotherPurpose),
    handshake(
      "hang in the handshake until undici's timeout",
      () => {},
      notSent("connect", {
        codes: ["UND_ERR_CONNECT_TIMEOUT"]
      }),
      { client: { connectTimeout: 300 }, retry: { maxAttempts: 1 } }
    ),
    handshake("hang in the handshake until our timeout", () => {}, timedOutBefore(), {
      retry: impatience
    }),
    handshake("reset in the handshake", (wire) => wire.resetAndDestroy(), notSent("reset")),
    handshake("closed in the handshake", (wire) => wire.end(), notSent("reset")),
    handshake("plain HTTP on the TLS port", (wire) => wire.end(answer(400, "{}")), notSent("tls")),
    handshake("no common TLS version", (wire) => wire.end(alert(70)), notSent("tls")),
    handshake("the handshake is rejected", (wire) => wire.end(alert(40)), notSent("tls")),
    {
      fault: "TLS on the plain port",
      server: () => start({ scheme: "http", tls: good }),
      expected: [brokenBefore("other"), brokenBefore("reset")]
    },
    {
      fault: "a client certificate is required (TLS 1.2)",
      server: () => start(demanding("TLSv1.2")),
      expected: [notSent("tls")]
    },
    {
      // For the client the handshake is complete before the server rejects it.
      fault: "a client certificate is required (TLS 1.3)",
      server: () => start(demanding("TLSv1.3")),
      expected: [brokenBefore("tls"), brokenBefore("reset")]
    },
    after(
      "reset after the complete request was read",
      ({ carryOut, wire }) => {
        carryOut()
        wire.resetAndDestroy()
      },
      broken("reset")
    ),
    after(
      "closed after the complete request was read",
      ({ carryOut, socket }) => {
        carryOut()
        socket.end()
      },
      broken("reset")
    ),
    after(
      "closed without close_notify after the complete request was read",
      ({ carryOut, wire }) => {
        carryOut()
        wire.end()
      },
      broken("reset")
    ),
    after(
      "a corrupt record in place of the response",
      ({ carryOut, wire }) => {
        carryOut()
        wire.write(Buffer.concat([Buffer.from([0x17, 3, 3, 0, 64]), Buffer.alloc(64, 7)]))
      },
      timedOut(),
      { retry: impatience, onBun: [broken("tls")] }
    ),
    after(
      "a fatal alert in place of the response",
      ({ carryOut, wire }) => {
        carryOut()
        wire.end(alert(80))
      },
      broken("reset"),
      { onBun: [broken("tls")] }
    ),
    after(
      "body cut, closed",
      (exchange) => {
        cut(exchange)
        exchange.socket.end()
      },
      unreadable("cut-short")
    ),
    after(
      "body cut, closed without close_notify",
      (exchange) => {
        cut(exchange)
        exchange.wire.end()
      },
      unreadable("cut-short")
    )
  ]
}
