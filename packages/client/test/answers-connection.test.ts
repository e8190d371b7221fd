/**
 * Operations without an answer, or with a late one: what is proven about the money, and what is not.
 */
import { assert, describe, it } from "@effect/vitest"
import type { Outcome } from "@palomma-effect/client"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { aCreate, aGet, creates, oneOfEach, operations } from "./support/operations.ts"
import { bytes } from "./support/stub.ts"
import { failing, fetchFailed, maxAttempts, refused } from "./support/errorFields.ts"

interface Failure {
  readonly what: string
  readonly fields: { readonly code?: string; readonly syscall?: string }
  readonly reason: string
  /** What is known about a create. */
  readonly outcome: Outcome
  /** Whether a create is sent again. */
  readonly again: boolean
}

const failures: ReadonlyArray<Failure> = (
  [
    ["a failed look-up of the name", { code: "ENOTFOUND", syscall: "getaddrinfo" }, "dns", "not-sent", true],
    ["a look-up that fails for now", { code: "EAI_AGAIN", syscall: "getaddrinfo" }, "dns", "not-sent", true],
    ["a refused connection", { code: "ECONNREFUSED", syscall: "connect" }, "connect", "not-sent", true],
    ["a network out of reach", { code: "ENETUNREACH", syscall: "connect" }, "connect", "not-sent", true],
    ["a connection that is never made", { code: "UND_ERR_CONNECT_TIMEOUT" }, "connect", "not-sent", true],
    ["another host's certificate", { code: "ERR_TLS_CERT_ALTNAME_INVALID" }, "tls", "not-sent", false],
    ["a self-signed certificate", { code: "DEPTH_ZERO_SELF_SIGNED_CERT" }, "tls", "not-sent", false],
    ["an expired certificate", { code: "CERT_HAS_EXPIRED" }, "tls", "not-sent", false],
    ["a broken handshake", { code: "ERR_SSL_WRONG_VERSION_NUMBER" }, "tls", "unknown", false],
    ["a reset", { code: "ECONNRESET", syscall: "read" }, "reset", "unknown", false],
    ["a reset while writing", { code: "EPIPE", syscall: "write" }, "reset", "unknown", false],
    ["a closed socket", { code: "UND_ERR_SOCKET" }, "reset", "unknown", false],
    ["headers that never came", { code: "UND_ERR_HEADERS_TIMEOUT" }, "other", "unknown", false],
    ["an answer that is not HTTP", { code: "HPE_INVALID_CONSTANT" }, "other", "unknown", false],
    ["anything else", {}, "other", "unknown", false]
  ] as const
).map(([what, fields, reason, outcome, again]) => ({ what, fields, reason, outcome, again }))

const check = ({ again, fields, outcome, reason }: Failure, among: typeof operations) =>
  Effect.forEach(among, (operation) =>
    Effect.gen(function* () {
      const { error, sent } = yield* failing(operation, Effect.fail(fetchFailed(fields)))
      const isCreate = operation.safety === "create"
      const isAgain = isCreate ? again : reason !== "tls"
      assert.deepStrictEqual(
        {
          tag: error._tag,
          reason: error.reason,
          code: error.code,
          outcome: error.outcome,
          isSafeToResend: error.isSafeToResend,
          status: error.status,
          sent
        },
        {
          tag: "PalommaConnectionError",
          reason,
          code: fields.code,
          outcome: isCreate ? outcome : "none",
          isSafeToResend: isAgain,
          status: undefined,
          sent: isAgain ? maxAttempts : 1
        },
        operation.name
      )
    })
  )

describe("no answer", () => {
  it.effect.each(failures)("because of $what: the reason is $reason, a create is $outcome, sent again: $again", (row) =>
    check(row, oneOfEach)
  )

  it.effect.each(failures.filter(({ what }) => ["a refused connection", "a reset"].includes(what)))(
    "because of $what is the same for every operation",
    (row) => check(row, operations)
  )

  it.effect("to a create with an unknown outcome asks for a look-up, and does not advise to configure a status", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const { error } = yield* failing(operation, Effect.fail(fetchFailed({ code: "ECONNRESET" })))
        assert.match(
          error.message,
          /The request may have taken effect\. Look up the record before you send the request again/
        )
        assert.notInclude(error.message, "rejectedStatuses")
      })
    )
  )

  it.effect.each([
    [
      { syscall: "getaddrinfo" },
      /host name could not be resolved\. Nothing was sent\. Check the network and the base URL\. Try again\.$/
    ],
    [
      { syscall: "connect" },
      /connection could not be opened\. Nothing was sent\. Check the network and the base URL\. Try again\.$/
    ],
    [{ code: "CERT_HAS_EXPIRED" }, /Nothing was sent\. Do not retry\. .*tell your security team\.$/],
    [
      { code: "ECONNRESET" },
      /connection was interrupted\. The request may have taken effect\. Look up .*does that\)\.$/
    ],
    [{}, /The request may have taken effect/]
  ] as const)("to a create states what to do: %j", ([fields, pattern]) =>
    Effect.gen(function* () {
      const { error } = yield* failing(aCreate, Effect.fail(fetchFailed(fields)))
      assert.match(error.message, pattern)
    })
  )

  it.effect("to a read does not mention an effect", () =>
    Effect.gen(function* () {
      const { error } = yield* failing(aGet, refused)
      assert.notMatch(error.message, /effect|sent/)
    })
  )

  it.effect("shows no code that is not an error code", () =>
    Effect.forEach(["the account 3001234567", "e", "econnreset", "E".repeat(100), "E CONN", ""], (code) =>
      Effect.gen(function* () {
        const { error } = yield* failing(aGet, Effect.fail(fetchFailed({ code })))
        assert.strictEqual(error._tag, "PalommaConnectionError")
        assert.strictEqual(error.code, undefined)
      })
    )
  )
})

describe("no answer in time", () => {
  const endless = Stream.concat(Stream.make(bytes("{")), Stream.never)

  it.effect.each([
    ["the answer", Effect.never],
    ["the rest of its body", { stream: endless }],
    ["the rest of the body of a refusal", { status: 400, stream: endless }]
  ] as const)("because of %s means unknown for a create, which is not sent again", ([, reply]) =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const { error, sent } = yield* failing(operation, reply)
        const isCreate = operation.safety === "create"
        assert.strictEqual(error._tag, "PalommaTimeout")
        assert.strictEqual(error.outcome, isCreate ? "unknown" : "none")
        assert.strictEqual(error.isSafeToResend, !isCreate)
        if (isCreate) {
          assert.strictEqual(sent, 1, operation.name)
          assert.match(
            error.message,
            /within 1m\. The request may have taken effect\. Look up the record before you send the request again/
          )
        }
      })
    )
  )
})
