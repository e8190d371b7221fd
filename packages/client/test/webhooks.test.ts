/**
 * Law 8: a webhook is accepted exactly when its signature is that of its text under one of the configured keys.
 */
import { type WebhookDelivery, WebhookRejected, Webhooks, type WebhooksOptions } from "@palomma-effect/client"
import { PayoutRequestUpdated, UnrecognizedEvent } from "@palomma-effect/schema"
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as TestClock from "effect/testing/TestClock"
import * as fc from "fast-check"
import { createHmac } from "node:crypto"
import { inspect } from "node:util"
import { vi } from "vitest"
import * as fixtures from "./webhooks.fixtures.ts"

const { integrityKey, malformed, otherKey, paid, unknownKind, writtenAt } = fixtures

const keys = (...texts: ReadonlyArray<string>) => texts.map((text) => Redacted.make(text))

const withKeys = (options: Partial<WebhooksOptions> = {}) =>
  Effect.provide(Webhooks.layer({ integrityKeys: keys(integrityKey), ...options }).pipe(Layer.orDie))

const verify = (delivery: WebhookDelivery, options?: Partial<WebhooksOptions>) =>
  Webhooks.verify(delivery).pipe(withKeys(options))

const reasonOf = (delivery: WebhookDelivery, options?: Partial<WebhooksOptions>) =>
  Effect.map(Effect.flip(verify(delivery, options)), ({ reason }) => reason)

const ago = (age: Duration.Input) => TestClock.setTime(writtenAt + Duration.toMillis(Duration.fromInputUnsafe(age)))

describe("a webhook that OpenSSL signed", () => {
  it.effect("is accepted", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const event = yield* verify(paid)
      assert.instanceOf(event, PayoutRequestUpdated)
      assert.strictEqual(event.webhookId, "01JD4ZPAYOUT0000000000000A")
      assert.strictEqual(event.event.status, "approved")
      assert.strictEqual(event.event.customerDetails?.name, "María Muñoz")
    })
  )

  it.effect("is data where its kind is not known", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const event = yield* verify(unknownKind)
      assert.instanceOf(event, UnrecognizedEvent)
      assert.strictEqual(event.eventType, "refund.update")
      assert.deepStrictEqual(event.event, { id: "01JD4ZREFUND", documentNumber: "DOC-SENTINEL" })
    })
  )

  it.effect("is refused where a known kind is malformed, and says which fields are", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const error = yield* Effect.flip(verify(malformed))
      assert.strictEqual(error.reason, "MalformedPayload")
      assert.strictEqual(error.status, 500)
      const fields = error.problems.map(({ field }) => field)
      assert.includeMembers(fields, [
        "event.id",
        "event.status",
        "event.customerDetails.documentNumber",
        "event.amount"
      ])
      assert.include(error.message, "event.amount: is missing")
    })
  )
})

describe("the signature", () => {
  const upper = paid.signature.toUpperCase()
  const forms: ReadonlyArray<readonly [string, string]> = [
    ["empty", ""],
    ["in upper case", upper],
    ["with one digit in upper case", paid.signature.replace(/[a-f]/, (digit) => digit.toUpperCase())],
    ["one digit short", paid.signature.slice(1)],
    ["one byte short", paid.signature.slice(2)],
    ["one digit long", `${paid.signature}0`],
    ["twice", paid.signature + paid.signature],
    ["with a space before it", ` ${paid.signature}`],
    ["with a line break behind it", `${paid.signature}\n`],
    ["with a prefix", `sha256=${paid.signature}`],
    ["in Base64", Buffer.from(paid.signature, "hex").toString("base64")],
    ["not hexadecimal", "z".repeat(64)],
    ["of digits that are no ASCII", "٠".repeat(64)],
    ["two of them, as a proxy joins headers", `${paid.signature}, ${paid.signature}`]
  ]
  it.effect.each(forms)("is malformed where it is %s", ([, signature]) =>
    Effect.gen(function* () {
      yield* ago("1 second")
      assert.strictEqual(yield* reasonOf({ ...paid, signature }), "MalformedSignature")
    })
  )

  it.effect("is refused with any one of its bits flipped", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      for (let at = 0; at < 64; at++) {
        for (let bit = 0; bit < 8; bit++) {
          const reason = yield* reasonOf({ ...paid, signature: flipped(paid.signature, at, bit) })
          assert.include(["MalformedSignature", "SignatureMismatch"], reason, `bit ${bit} of digit ${at}`)
        }
      }
    })
  )

  it.effect("is refused with any one bit of the data flipped", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const { length } = paid.encodedData
      for (let at = 0; at < length; at++) {
        for (let bit = 0; bit < 8; bit++) {
          const reason = yield* reasonOf({ ...paid, encodedData: flipped(paid.encodedData, at, bit) })
          assert.strictEqual(reason, "SignatureMismatch", `bit ${bit} of character ${at}`)
        }
      }
    })
  )

  it.effect("is that of the text, not of what it decodes to", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const ofBytes = createHmac("sha256", integrityKey).update(paid.json).digest("hex")
      assert.strictEqual(yield* reasonOf({ ...paid, signature: ofBytes }), "SignatureMismatch")
      // The same bytes in another Base64 are another text.
      for (const encodedData of [
        paid.encodedData.replace(/=+$/, ""),
        ` ${paid.encodedData}`,
        `${paid.encodedData}\n`
      ]) {
        assert.strictEqual(yield* reasonOf({ ...paid, encodedData }), "SignatureMismatch")
      }
    })
  )

  it("decides alone what any text under any keys is worth", () =>
    fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary" }),
        fc.uniqueArray(
          fc.string({ unit: "grapheme", minLength: 1 }).filter((key) => /^[^\s\p{Cc}]+$/u.test(key)),
          {
            minLength: 2,
            maxLength: 4
          }
        ),
        async (text, [signer = "", ...others]) => {
          const signed = fixtures.signText(text, signer)
          const reason = (...texts: ReadonlyArray<string>) =>
            Effect.runPromise(reasonOf(signed, { integrityKeys: keys(...texts) }))
          assert.strictEqual(await reason(...others), "SignatureMismatch")
          assert.strictEqual(await reason(...others, signer), "MalformedPayload")
          assert.strictEqual(await reason(signer, ...others), "MalformedPayload")
        }
      ),
      { numRuns: 100 }
    ))

  it.effect("may be of any key during a rotation, and of none that was taken out", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const bySecond = { ...paid, signature: paid.signatureOfOther }
      for (const integrityKeys of [keys(integrityKey, otherKey), keys(otherKey, integrityKey)]) {
        assert.strictEqual((yield* verify(paid, { integrityKeys })).eventType, "payout-request.update")
        assert.strictEqual((yield* verify(bySecond, { integrityKeys })).eventType, "payout-request.update")
      }
      assert.strictEqual(yield* reasonOf(paid, { integrityKeys: keys(otherKey) }), "SignatureMismatch")
      assert.strictEqual(yield* reasonOf(bySecond), "SignatureMismatch")
      assert.strictEqual(yield* reasonOf(paid, { integrityKeys: keys(`${integrityKey}x`) }), "SignatureMismatch")
    })
  )

  it.effect("is compared by WebCrypto, which takes constant time, and by nothing else", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const { subtle } = globalThis.crypto
      const compare = vi.spyOn(subtle, "verify")
      const compute = vi.spyOn(subtle, "sign")
      yield* Effect.addFinalizer(() =>
        Effect.sync(() => {
          compare.mockRestore()
          compute.mockRestore()
        })
      )
      const outcome = yield* reasonOf(
        { ...paid, signature: "0".repeat(64) },
        { integrityKeys: keys(otherKey, integrityKey) }
      )
      assert.strictEqual(outcome, "SignatureMismatch")
      assert.strictEqual(compare.mock.calls.length, 2)
      for (const [, , tag] of compare.mock.calls) assert.strictEqual(tag.byteLength, 32)
      assert.strictEqual(compute.mock.calls.length, 0)
      // What it says is what counts.
      compare.mockImplementation(() => Promise.resolve(true))
      assert.strictEqual((yield* verify({ ...paid, signature: "0".repeat(64) })).eventType, "payout-request.update")
      // A text that cannot be a signature never reaches it.
      compare.mockClear()
      assert.strictEqual(yield* reasonOf({ ...paid, signature: "" }), "MalformedSignature")
      assert.strictEqual(compare.mock.calls.length, 0)
    })
  )
})

describe("what was signed", () => {
  const bodies: ReadonlyArray<readonly [string, string]> = [
    ["nothing", ""],
    ["no Base64", "¡!"],
    ["no JSON", btoa("{")],
    ["null", btoa("null")],
    ["a list", btoa("[]")],
    ["an object without fields", btoa("{}")],
    ["an event without an id", btoa(JSON.stringify({ ...Object(JSON.parse(unknownKind.json)), webhookId: "" }))],
    ["an event without a kind", btoa(JSON.stringify({ ...Object(JSON.parse(unknownKind.json)), eventType: null }))],
    ["an event whose time cannot be read", btoa(JSON.stringify(fixtures.eventOf("01A", "yesterday")))]
  ]
  it.effect.each(bodies)("is malformed where it is %s", ([, encodedData]) =>
    Effect.gen(function* () {
      yield* ago("1 second")
      assert.strictEqual(yield* reasonOf(fixtures.signText(encodedData)), "MalformedPayload")
    })
  )

  it.effect("is not looked at before it is believed", () =>
    Effect.gen(function* () {
      yield* ago("300 days")
      for (const [, encodedData] of bodies) {
        assert.strictEqual(yield* reasonOf({ ...paid, encodedData }), "SignatureMismatch")
      }
    })
  )

  it.effect("may hold fields that this version does not know", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const event = { ...Object(JSON.parse(paid.json)), environment: "production" }
      assert.strictEqual((yield* verify(fixtures.sign(event))).webhookId, "01JD4ZPAYOUT0000000000000A")
    })
  )
})

describe("the age", () => {
  const ages: ReadonlyArray<readonly [Duration.Input, string, Partial<WebhooksOptions>]> = [
    [0, "accepted", {}],
    ["2 days", "accepted", {}],
    [Duration.toMillis("2 days") + 1, "TooOld", {}],
    [-Duration.toMillis("2 days"), "accepted", {}],
    [-Duration.toMillis("2 days") - 1, "MalformedPayload", {}],
    ["5 minutes", "accepted", { tolerance: "5 minutes" }],
    [300_001, "TooOld", { tolerance: "5 minutes" }],
    ["10000 days", "accepted", { tolerance: Duration.infinity }]
  ]
  it.effect.each(ages)("of %s is %s", ([age, expected, options]) =>
    Effect.gen(function* () {
      // A negative duration is none at all.
      yield* typeof age === "number" ? TestClock.setTime(writtenAt + age) : ago(age)
      const outcome = yield* verify(paid, options).pipe(
        Effect.match({
          onFailure: ({ reason }): string => reason,
          onSuccess: () => "accepted"
        })
      )
      assert.strictEqual(outcome, expected)
    })
  )
})

describe("fromRequest", () => {
  const requests: ReadonlyArray<readonly [string, () => Parameters<typeof Webhooks.fromRequest>[0]]> = [
    ["a web-standard Request", () => fixtures.requestOf(paid)],
    ["Effect's HttpServerRequest", () => HttpServerRequest.fromWeb(fixtures.requestOf(paid))],
    [
      "Node's IncomingMessage",
      () => ({ headers: { "x-encoded-data": paid.encodedData, "x-signature": paid.signature, get: "x" } })
    ],
    ["headers as lists", () => ({ headers: { "x-encoded-data": [paid.encodedData], "x-signature": [paid.signature] } })]
  ]
  it.effect.each(requests)("reads %s", ([, request]) =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const event = yield* Webhooks.fromRequest(request()).pipe(withKeys())
      assert.strictEqual(event.webhookId, "01JD4ZPAYOUT0000000000000A")
    })
  )

  it.effect("never reads the body", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const request = fixtures.requestOf(paid)
      yield* Webhooks.fromRequest(request).pipe(withKeys())
      assert.isFalse(request.bodyUsed)
    })
  )

  const without: ReadonlyArray<readonly [string, string]> = [
    ["X-Encoded-Data", "x-encoded-data"],
    ["X-Signature", "x-signature"]
  ]
  it.effect.each(without)("misses %s", ([, name]) =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const web = fixtures.requestOf(paid)
      web.headers.delete(name)
      const headers: Record<string, string> = { "x-encoded-data": paid.encodedData, "x-signature": paid.signature }
      delete headers[name]
      for (const request of [web, HttpServerRequest.fromWeb(web), { headers }]) {
        const error = yield* Webhooks.fromRequest(request).pipe(withKeys(), Effect.flip)
        assert.strictEqual(error.reason, "MissingHeader")
      }
    })
  )

  it.effect("refuses headers that were joined", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const request = {
        headers: { "x-encoded-data": [paid.encodedData, paid.encodedData], "x-signature": [paid.signature] }
      }
      const error = yield* Webhooks.fromRequest(request).pipe(withKeys(), Effect.flip)
      assert.strictEqual(error.reason, "SignatureMismatch")
    })
  )
})

describe("an error", () => {
  const failures: ReadonlyArray<readonly [WebhookRejected["reason"], 401 | 500, WebhookDelivery, Duration.Input]> = [
    ["MissingHeader", 401, { encodedData: paid.encodedData, signature: undefined }, 0],
    ["MalformedSignature", 401, { ...paid, signature: `${paid.signature}!` }, 0],
    ["SignatureMismatch", 401, { ...paid, signature: paid.signatureOfOther }, 0],
    ["TooOld", 401, paid, "3 days"],
    ["MalformedPayload", 500, malformed, 0],
    ["MalformedPayload", 500, fixtures.signText(btoa("NOJSON")), 0]
  ]
  it.effect.each(failures)("for %s asks for a %i and holds nothing of the webhook", ([reason, status, delivery, age]) =>
    Effect.gen(function* () {
      yield* ago(age)
      const exit = yield* Effect.exit(verify(delivery))
      assert.isTrue(Exit.isFailure(exit))
      if (Exit.isSuccess(exit)) return
      const error = Cause.squash(exit.cause)
      assert.instanceOf(error, WebhookRejected)
      assert.strictEqual(error.reason, reason)
      assert.strictEqual(error.status, status)
      const seen = [
        error.message,
        String(error),
        JSON.stringify(error),
        inspect(error, { depth: 10, showHidden: true }),
        inspect(exit, { depth: 10 }),
        Cause.pretty(exit.cause),
        error.stack
      ].join("\n")
      const hidden = [
        ...fixtures.secrets,
        paid.signature,
        paid.signatureOfOther,
        delivery.encodedData ?? "",
        "nomina",
        "01JD4Z",
        "NOJSON"
      ]
      for (const secret of hidden) assert.notInclude(seen, secret)
    })
  )
})

describe("layer", () => {
  const bad: ReadonlyArray<readonly [string, WebhooksOptions, ReadonlyArray<string>]> = [
    ["no keys", { integrityKeys: [] }, ["integrityKeys"]],
    ["an empty key", { integrityKeys: keys("") }, ["integrityKeys.0"]],
    ["a line break behind a key", { integrityKeys: keys("good", "ik_BADSENTINEL\n") }, ["integrityKeys.1"]],
    ["a space before a key", { integrityKeys: keys(" ik_BADSENTINEL") }, ["integrityKeys.0"]],
    ["a control character in a key", { integrityKeys: keys("ik_BAD\u0000SENTINEL") }, ["integrityKeys.0"]],
    ["a tolerance of nothing", { integrityKeys: keys("good"), tolerance: 0 }, ["tolerance"]],
    [
      "everything at once",
      { integrityKeys: keys("", " "), tolerance: 0 },
      ["integrityKeys.0", "integrityKeys.1", "tolerance"]
    ]
  ]
  it.effect.each(bad)("refuses %s", ([, options, fields]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Effect.scoped(Layer.build(Webhooks.layer(options))))
      assert.strictEqual(error._tag, "PalommaInvalidInput")
      assert.deepStrictEqual(
        error.problems.map(({ field }) => field),
        fields
      )
      assert.notInclude(inspect(error) + error.message, "SENTINEL")
    })
  )

  const configured = (environment: Record<string, string>) =>
    Webhooks.layerConfig().pipe(Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(environment))))

  it.effect.each([integrityKey, ` ${integrityKey}\n`, `${otherKey},${integrityKey}`, `${integrityKey} , ${otherKey}`])(
    "reads PALOMMA_INTEGRITY_KEY=%j",
    (PALOMMA_INTEGRITY_KEY) =>
      Effect.gen(function* () {
        yield* ago("1 second")
        const event = yield* Webhooks.verify(paid).pipe(Effect.provide(configured({ PALOMMA_INTEGRITY_KEY })))
        assert.strictEqual(event.webhookId, "01JD4ZPAYOUT0000000000000A")
      })
  )

  it.effect.each([
    {},
    ...["", " ", ",", `ik_BADSENTINEL,`, `ik_BADSENTINEL,,other`, "ik_BAD\u0001SENTINEL"].map((key) => ({
      PALOMMA_INTEGRITY_KEY: key
    }))
  ])("refuses %j", (environment) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Effect.scoped(Layer.build(configured(environment))))
      assert.strictEqual(error._tag, "PalommaInvalidInput")
      assert.include(error.message, "PALOMMA_INTEGRITY_KEY")
      assert.notInclude(inspect(error) + error.message, "SENTINEL")
    })
  )
})

const flipped = (text: string, at: number, bit: number): string =>
  text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << bit)) + text.slice(at + 1)
