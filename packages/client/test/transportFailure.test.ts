/**
 * What the failure of a `fetch` proves: `not-sent` only by the allow-list, and a verdict for any thrown value.
 */
import { assert, describe, it } from "@effect/vitest"
import { transportFailure } from "../src/internal/http/transportFailure.ts"
import { wrapped } from "./support/failures.ts"

const fetchFailed = (fields: object): Error =>
  new TypeError("fetch failed", { cause: Object.assign(new Error("no"), fields) })

describe("the measured causes", () => {
  it.each([
    ["ENOTFOUND", "getaddrinfo", "dns", true],
    ["EAI_AGAIN", "getaddrinfo", "dns", true],
    ["EAI_FAIL", "getaddrinfo", "dns", true],
    ["ECONNREFUSED", "connect", "connect", true],
    ["EHOSTUNREACH", "connect", "connect", true],
    ["ENETUNREACH", "connect", "connect", true],
    ["EMFILE", "connect", "connect", true],
    ["ETIMEDOUT", "connect", "connect", true],
    ["ECONNRESET", "connect", "connect", true],
    ["UND_ERR_CONNECT_TIMEOUT", undefined, "connect", true],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", undefined, "tls", true],
    ["SELF_SIGNED_CERT_IN_CHAIN", undefined, "tls", true],
    ["ERR_TLS_CERT_ALTNAME_INVALID", undefined, "tls", true],
    ["CERT_HAS_EXPIRED", undefined, "tls", true],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", undefined, "tls", true],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", undefined, "tls", true],
    ["ERR_SSL_WRONG_VERSION_NUMBER", undefined, "tls", false],
    ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", undefined, "tls", false],
    ["ERR_TLS_HANDSHAKE_TIMEOUT", undefined, "tls", false],
    ["ECONNRESET", "read", "reset", false],
    ["ECONNRESET", "write", "reset", false],
    ["ECONNRESET", undefined, "reset", false],
    ["ECONNABORTED", "read", "reset", false],
    ["EPIPE", "write", "reset", false],
    ["UND_ERR_SOCKET", undefined, "reset", false],
    ["ETIMEDOUT", "read", "other", false],
    ["EHOSTUNREACH", "read", "other", false],
    ["ECONNREFUSED", undefined, "connect", true],
    ["ECONNREFUSED", "", "other", false],
    ["ENETUNREACH", undefined, "other", false],
    ["EPROTO", undefined, "tls", false],
    ["UnexpectedRedirect", undefined, "redirect", false],
    ["ENOTFOUND", undefined, "other", false],
    ["UND_ERR_HEADERS_TIMEOUT", undefined, "other", false],
    ["UND_ERR_BODY_TIMEOUT", undefined, "other", false],
    ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", undefined, "other", false],
    ["UND_ERR_HEADERS_OVERFLOW", undefined, "other", false],
    ["UND_ERR_INFO", undefined, "other", false],
    ["UND_ERR_ABORTED", undefined, "other", false],
    ["HPE_INVALID_CONSTANT", undefined, "other", false],
    ["Z_DATA_ERROR", undefined, "other", false],
    ["ERR_HTTP2_STREAM_ERROR", undefined, "other", false],
    ["ERR_INVALID_URL", undefined, "other", false],
    ["ConnectionRefused", undefined, "other", false],
    ["EPROTOX", undefined, "other", false],
    ["UND_ERR_CONNECT_TIMEOUT", "read", "connect", false],
    ["CERT_HAS_EXPIRED", "read", "tls", false]
  ] as const)("%s of %s is %s, proven not sent: %s", (code, syscall, reason, isNotSent) => {
    const failure = fetchFailed(syscall === undefined ? { code } : { code, syscall })
    for (const thrown of [failure, wrapped(failure), wrapped(wrapped(failure))]) {
      const judged = transportFailure(thrown)
      assert.strictEqual(judged.reason, reason)
      assert.strictEqual(judged.isNotSent, isNotSent)
    }
  })

  it.each([
    ["an abort", new DOMException("This operation was aborted", "AbortError")],
    ["a deadline", new DOMException("The operation was aborted due to timeout", "TimeoutError")],
    ["a refused port", new TypeError("fetch failed", { cause: new Error("bad port") })],
    ["a body that broke", new TypeError("terminated")],
    ["a bare TypeError", new TypeError("fetch failed")],
    ["nothing", undefined],
    ["null", null],
    ["a text", "ECONNREFUSED connect"],
    ["a number", 111],
    ["a symbol", Symbol("connect")],
    ["a function", Object.assign(() => {}, { syscall: "connect", code: "ECONNREFUSED" })],
    ["a list", [{ syscall: "connect" }]]
  ])("%s proves nothing", (_, thrown) => {
    for (const failure of [thrown, wrapped(thrown)]) {
      assert.deepStrictEqual(transportFailure(failure), { reason: "other", code: undefined, isNotSent: false })
    }
  })
})

describe("a redirect that is not followed", () => {
  it("is recognised by the message of Node, which has no code for it", () => {
    const failure = new TypeError("fetch failed", { cause: new Error("unexpected redirect") })
    for (const thrown of [failure, wrapped(failure)]) {
      assert.deepStrictEqual(transportFailure(thrown), { reason: "redirect", code: undefined, isNotSent: false })
    }
  })

  it("is recognised by the message of Bun", () => {
    const failure = Object.assign(new TypeError("UnexpectedRedirect fetching"), {
      code: "UnexpectedRedirect",
      errno: 0
    })
    assert.deepStrictEqual(transportFailure(wrapped(failure)), {
      reason: "redirect",
      code: undefined,
      isNotSent: false
    })
  })

  it("removes the proof of an aggregate with another member", () => {
    const refused = Object.assign(new Error(), { code: "ECONNREFUSED", syscall: "connect" })
    const failure = new AggregateError([refused, new Error("unexpected redirect")])
    assert.deepInclude(transportFailure(failure), { reason: "redirect", isNotSent: false })
  })

  it("is not recognised by the name of another error", () => {
    const failure = Object.assign(new Error("unexpected redirect"), { code: "ECONNRESET", syscall: "read" })
    assert.strictEqual(transportFailure(failure).reason, "reset")
  })
})

describe("a refused connection in the message of Bun, which names no system call", () => {
  const refused = { code: "ECONNREFUSED", errno: 0, path: "https://palomma.example/v0" }

  it("is proof", () => {
    const failure = wrapped(Object.assign(new TypeError("ECONNREFUSED: Unable to connect."), refused))
    assert.deepStrictEqual(transportFailure(failure), { reason: "connect", code: "ECONNREFUSED", isNotSent: true })
  })

  it.each([
    ["a cause", { cause: undefined }],
    ["a cause without a code", { cause: new Error("no code") }],
    ["members", { errors: [] }],
    ["a reason", { reason: undefined }]
  ])("is the message of another source if there is %s, and proves nothing", (_, more) => {
    assert.isFalse(transportFailure(wrapped(Object.assign(new Error(), refused, more))).isNotSent)
  })

  it("proves nothing if its other properties cannot be read", () => {
    const hidden = new Proxy(Object.assign(new Error(), refused), {
      has: () => {
        throw new Error("unreadable")
      }
    })
    assert.isFalse(transportFailure(hidden).isNotSent)
  })
})

describe("an aggregate", () => {
  const refused = Object.assign(new Error(), { code: "ECONNREFUSED", syscall: "connect" })
  const reset = Object.assign(new Error(), { code: "ECONNRESET", syscall: "read" })
  const withoutCode = new Error("no code")
  const aggregate = (errors: Array<unknown>, fields: object = {}): Error =>
    new TypeError("fetch failed", { cause: Object.assign(new AggregateError(errors), fields) })

  it("is proven not sent if every member is", () => {
    const judged = transportFailure(aggregate([refused, refused], { code: "ECONNREFUSED" }))
    assert.deepStrictEqual(judged, { reason: "connect", code: "ECONNREFUSED", isNotSent: true })
  })

  it.each([
    ["one member was reset", [refused, reset], {}],
    ["one member has no code", [refused, withoutCode], {}],
    ["one member is not an error", [refused, undefined], {}],
    ["one member is an aggregate of which one was reset", [refused, new AggregateError([refused, reset])], {}],
    ["the cause of a member was reset", [refused, new Error("", { cause: reset })], {}],
    ["it has no members", [], {}],
    ["it has no members but a code", [], { code: "ECONNREFUSED" }],
    ["its code is the code of no member", [refused], { code: "ECONNRESET" }],
    ["it names the system call read itself", [refused], { code: "ECONNREFUSED", syscall: "read" }]
  ])("is not proven if %s", (_, errors, fields) => {
    assert.isFalse(transportFailure(aggregate(errors, fields)).isNotSent)
  })

  it("reports the member that proves nothing", () => {
    assert.deepStrictEqual(transportFailure(aggregate([refused, reset])), {
      reason: "reset",
      code: "ECONNRESET",
      isNotSent: false
    })
  })
})
