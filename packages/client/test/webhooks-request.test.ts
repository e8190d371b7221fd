/**
 * The two headers are found in the requests of any framework. A malformed request is refused, and nothing is thrown.
 */
import { Webhooks } from "@palomma-effect/client"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import { ago, withKeys } from "./support/webhooks.ts"
import { paid, requestOf } from "./support/webhookFixtures.ts"

type Request = Parameters<typeof Webhooks.fromRequest>[0]

const fromRequest = (request: Request) => Webhooks.fromRequest(request).pipe(Effect.provide(withKeys()))

const { encodedData, signature } = paid

const requests: ReadonlyArray<readonly [string, () => Request]> = [
  ["a web-standard Request", () => requestOf(paid)],
  ["Effect's HttpServerRequest", () => HttpServerRequest.fromWeb(requestOf(paid))],
  [
    "Node's IncomingMessage",
    () => ({ headers: { host: "localhost", "x-encoded-data": encodedData, "x-signature": signature, get: "x" } })
  ],
  ["headers as lists", () => ({ headers: { "x-encoded-data": [encodedData], "x-signature": [signature] } })],
  ["headers as Palomma writes them", () => ({ headers: { "X-Encoded-Data": encodedData, "X-Signature": signature } })],
  ["headers in any case", () => ({ headers: { "x-eNCODED-dATA": encodedData, "X-SIGNATURE": [signature] } })],
  [
    "other headers that are absent",
    () => ({ headers: { "x-encoded-data": encodedData, "x-signature": signature, "X-Signature": undefined } })
  ]
]

// A program in JavaScript may pass anything.
const odd: ReadonlyArray<readonly [string, () => unknown]> = [
  ["undefined", () => undefined],
  ["null", () => null],
  ["a number", () => 5],
  ["a text", () => "x-signature"],
  ["an empty object", () => ({})],
  ["a list", () => []],
  ["null headers", () => ({ headers: null })],
  ["headers that are a number", () => ({ headers: 5 })],
  ["headers that are a text", () => ({ headers: "x-signature" })],
  ["headers that are a list", () => ({ headers: ["x-encoded-data", encodedData, "x-signature", signature] })],
  [
    "headers that are a list of pairs",
    () => ({
      headers: [
        ["x-encoded-data", encodedData],
        ["x-signature", signature]
      ]
    })
  ],
  [
    "a getter of headers that throws",
    () => ({
      get headers() {
        throw new Error("SENTINEL")
      }
    })
  ],
  [
    "a getter of a header that throws",
    () => ({
      headers: {
        "x-signature": signature,
        get "x-encoded-data"() {
          throw new Error("SENTINEL")
        }
      }
    })
  ],
  [
    "a get that throws",
    () => ({
      headers: {
        get: () => {
          throw new Error("SENTINEL")
        }
      }
    })
  ],
  ["a get of numbers", () => ({ headers: { get: () => 7 } })],
  ["a get of promises", () => ({ headers: { get: () => Promise.resolve(signature) } })],
  ["a get of nothing", () => ({ headers: { get: () => undefined } })],
  ["a header that is null", () => ({ headers: { "x-encoded-data": null, "x-signature": null } })],
  [
    "a header that is a symbol",
    () => ({ headers: { "x-encoded-data": Symbol("SENTINEL"), "x-signature": [Symbol("SENTINEL")] } })
  ],
  [
    "headers behind a proxy that was revoked",
    () => {
      const { proxy, revoke } = Proxy.revocable({}, {})
      revoke()
      return { headers: proxy }
    }
  ]
]

describe("fromRequest", () => {
  it.effect.each(requests)("reads %s", ([, request]) =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const event = yield* fromRequest(request())
      assert.strictEqual(event.webhookId, "01JD4ZPAYOUT0000000000000A")
    })
  )

  it.effect("never reads the body", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const request = requestOf(paid)
      yield* fromRequest(request)
      assert.isFalse(request.bodyUsed)
    })
  )

  it.effect.each(["x-encoded-data", "x-signature"])("refuses a request without %s", (name) =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const web = requestOf(paid)
      web.headers.delete(name)
      const headers: Record<string, string> = { "x-encoded-data": encodedData, "x-signature": signature }
      delete headers[name]
      for (const request of [web, HttpServerRequest.fromWeb(web), { headers }]) {
        const error = yield* Effect.flip(fromRequest(request))
        assert.strictEqual(error.reason, "missing-header")
      }
    })
  )

  it.effect("refuses headers that came more than once", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const reason = (headers: Request["headers"]) => Effect.map(Effect.flip(fromRequest({ headers })), (e) => e.reason)
      const once = { "x-encoded-data": encodedData, "x-signature": signature }
      assert.strictEqual(yield* reason({ ...once, "x-encoded-data": [encodedData, encodedData] }), "signature-mismatch")
      assert.strictEqual(yield* reason({ ...once, "X-Encoded-Data": encodedData }), "signature-mismatch")
      assert.strictEqual(yield* reason({ ...once, "x-signature": [signature, signature] }), "malformed-signature")
      assert.strictEqual(yield* reason({ ...once, "X-Signature": signature }), "malformed-signature")
      // Also if they are valid when joined.
      const halves = (text: string) => [text.slice(0, 32), text.slice(32)]
      assert.strictEqual(yield* reason({ ...once, "x-encoded-data": halves(encodedData) }), "signature-mismatch")
      assert.strictEqual(yield* reason({ ...once, "x-signature": halves(signature) }), "malformed-signature")
    })
  )

  it.effect.each(odd)("refuses %s", ([, request]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(fromRequest(request() as Request))
      assert.strictEqual(error.reason, "missing-header")
      assert.notInclude(error.message, "SENTINEL")
    })
  )

  const deliveries: ReadonlyArray<readonly [string, unknown]> = [
    ["undefined", undefined],
    ["null", null],
    ["a text", encodedData],
    ["an empty object", {}],
    [
      "a getter that throws",
      {
        signature,
        get encodedData() {
          throw new Error("SENTINEL")
        }
      }
    ]
  ]
  it.effect.each(deliveries)("is refused by verify if the delivery is %s", ([, delivery]) =>
    Effect.gen(function* () {
      // Values that a program without types may pass.
      const verifying = Webhooks.verify(delivery as Parameters<typeof Webhooks.verify>[0])
      const error = yield* Effect.flip(verifying.pipe(Effect.provide(withKeys())))
      assert.strictEqual(error.reason, "missing-header")
    })
  )

  it.effect("refuses a header that is neither a string nor a list of strings", () =>
    Effect.gen(function* () {
      for (const value of [5, {}, [{}], [[signature, signature]], true]) {
        const request: unknown = { headers: { "x-encoded-data": encodedData, "x-signature": value } }
        assert.strictEqual((yield* Effect.flip(fromRequest(request as Request))).reason, "malformed-signature")
      }
    })
  )
})
