/**
 * Law 8: a webhook is accepted exactly if its signature is valid for its text and one of the configured keys.
 */
import { WebhookRejected } from "@palomma-effect/client"
import { PayoutRequestUpdated, UnrecognizedEvent, WebhookEventType } from "@palomma-effect/schema"
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as TestClock from "effect/testing/TestClock"
import * as fc from "fast-check"
import { createHmac } from "node:crypto"
import { inspect } from "node:util"
import { ago, errorOf, keys, reasonOf, verify, watchCrypto } from "./support/webhooks.ts"
import * as fixtures from "./support/webhookFixtures.ts"

const { integrityKey, malformed, otherKey, paid, unknownKind, writtenAt } = fixtures

const wrong = "0".repeat(64)

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

  it.effect("is data if its type is unknown", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const event = yield* verify(unknownKind)
      assert.instanceOf(event, UnrecognizedEvent)
      assert.strictEqual(WebhookEventType.raw(event.eventType), "refund.update")
      assert.deepStrictEqual(event.event, { id: "01JD4ZREFUND", documentNumber: "DOC-SENTINEL" })
    })
  )
})

describe("the signature", () => {
  const forms: ReadonlyArray<readonly [string, string]> = [
    ["empty", ""],
    ["in upper case", paid.signature.toUpperCase()],
    ["with one digit in upper case", paid.signature.replace(/[a-f]/, (digit) => digit.toUpperCase())],
    ["one digit short", paid.signature.slice(1)],
    ["one byte short", paid.signature.slice(2)],
    ["one digit long", `${paid.signature}0`],
    ["twice", paid.signature + paid.signature],
    ["with a space before it", ` ${paid.signature}`],
    ["with a line break behind it", `${paid.signature}\n`],
    ["with a line before it", `sha256\n${paid.signature}`],
    ["with a prefix", `sha256=${paid.signature}`],
    ["in Base64", Buffer.from(paid.signature, "hex").toString("base64")],
    ["not hexadecimal", "z".repeat(64)],
    ["of letters after f", "g".repeat(64)],
    ["of digits that are no ASCII", "٠".repeat(64)],
    ["two of them, as a proxy joins headers", `${paid.signature}, ${paid.signature}`]
  ]
  it.effect.each(forms)("is malformed if it is %s", ([, signature]) =>
    Effect.gen(function* () {
      yield* ago("1 second")
      assert.strictEqual(yield* reasonOf({ ...paid, signature }), "malformed-signature")
    })
  )

  it.effect("is refused if any one of its bits is flipped", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      for (let at = 0; at < 64; at++) {
        for (let bit = 0; bit < 8; bit++) {
          const reason = yield* reasonOf({ ...paid, signature: flipped(paid.signature, at, bit) })
          assert.include(["malformed-signature", "signature-mismatch"], reason, `bit ${bit} of digit ${at}`)
        }
      }
    })
  )

  it.effect("is refused if any one bit of the data is flipped", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const { length } = paid.encodedData
      for (let at = 0; at < length; at++) {
        for (let bit = 0; bit < 8; bit++) {
          const reason = yield* reasonOf({ ...paid, encodedData: flipped(paid.encodedData, at, bit) })
          assert.strictEqual(reason, "signature-mismatch", `bit ${bit} of character ${at}`)
        }
      }
    })
  )

  it.effect("is that of the text, not of its decoded bytes", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const ofBytes = createHmac("sha256", integrityKey).update(paid.json).digest("hex")
      assert.strictEqual(yield* reasonOf({ ...paid, signature: ofBytes }), "signature-mismatch")
      // Another Base64 text of the same bytes is another text.
      for (const encodedData of [
        paid.encodedData.replace(/=+$/, ""),
        ` ${paid.encodedData}`,
        `${paid.encodedData}\n`
      ]) {
        assert.strictEqual(yield* reasonOf({ ...paid, encodedData }), "signature-mismatch")
      }
    })
  )

  it("alone decides whether any text under any keys is accepted", () =>
    fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary" }),
        fc.uniqueArray(
          fc.string({ unit: "grapheme", minLength: 1 }).filter((key) => /^[^\s\p{Cc}]+$/u.test(key)),
          { minLength: 2, maxLength: 4 }
        ),
        async (text, [signer = "", ...others]) => {
          const signed = fixtures.signText(text, signer)
          const reason = (...texts: ReadonlyArray<string>) =>
            Effect.runPromise(reasonOf(signed, { integrityKeys: keys(...texts) }))
          assert.strictEqual(await reason(...others), "signature-mismatch")
          assert.strictEqual(await reason(...others, signer), "malformed-payload")
          assert.strictEqual(await reason(signer, ...others), "malformed-payload")
        }
      ),
      { numRuns: 100 }
    ))

  it("accepts an event exactly if Node's own HMAC is the same, after any change", () => {
    const known = ["ik_a", "ik_b", "ik_c"]
    const spoilers: Record<string, (text: string) => string> = {
      nothing: (text) => text,
      "one character more": (text) => `${text}0`,
      "one character less": (text) => text.slice(0, -1),
      "upper case": (text) => text.toUpperCase(),
      reversed: (text) => Array.from(text).toReversed().join(""),
      nothingness: () => "",
      "another text of the same length": (text) => "A".repeat(text.length)
    }
    const spoiler = fc.constantFrom(...Object.keys(spoilers))
    return fc.assert(
      fc.asyncProperty(
        fc.subarray(known, { minLength: 1 }),
        fc.constantFrom(...known, "ik_d"),
        fc.uuid(),
        fc.oneof(fc.constant("nothing"), spoiler),
        fc.oneof(fc.constant("nothing"), spoiler),
        async (accepted, signer, webhookId, onData, onSignature) => {
          const original = fixtures.sign(fixtures.eventOf(webhookId, new Date(writtenAt).toISOString()), signer)
          const delivery = {
            encodedData: spoilers[onData]?.(original.encodedData) ?? "",
            signature: spoilers[onSignature]?.(original.signature) ?? ""
          }
          const isRight =
            accepted.some((key) => fixtures.signText(delivery.encodedData, key).signature === delivery.signature) &&
            onData === "nothing"
          const exit = await TestClock.setTime(writtenAt).pipe(
            Effect.andThen(Effect.exit(verify(delivery, { integrityKeys: keys(...accepted) }))),
            Effect.provide(TestClock.layer()),
            Effect.runPromise
          )
          assert.strictEqual(Exit.isSuccess(exit), isRight)
        }
      ),
      { numRuns: 300 }
    )
  })

  it.effect("may be of any key during a rotation, and of no removed key", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const bySecond = { ...paid, signature: paid.signatureOfOther }
      for (const integrityKeys of [keys(integrityKey, otherKey), keys(otherKey, integrityKey)]) {
        assert.strictEqual((yield* verify(paid, { integrityKeys })).eventType, "payout-request.update")
        assert.strictEqual((yield* verify(bySecond, { integrityKeys })).eventType, "payout-request.update")
      }
      assert.strictEqual(yield* reasonOf(paid, { integrityKeys: keys(otherKey) }), "signature-mismatch")
      assert.strictEqual(yield* reasonOf(bySecond), "signature-mismatch")
      assert.strictEqual(yield* reasonOf(paid, { integrityKeys: keys(`${integrityKey}x`) }), "signature-mismatch")
    })
  )

  it.effect("is compared by WebCrypto only, which takes constant time", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const crypto = yield* watchCrypto
      assert.strictEqual(yield* reasonOf({ ...paid, signature: wrong }), "signature-mismatch")
      assert.strictEqual(crypto.verify.mock.calls.length, 1)
      for (const [, , mac] of crypto.verify.mock.calls) assert.strictEqual(mac.byteLength, 32)
      assert.strictEqual(crypto.sign.mock.calls.length, 0)
      assert.strictEqual(crypto.digest.mock.calls.length, 0)
      // Its result is decisive.
      crypto.verify.mockImplementation(() => Promise.resolve(true))
      assert.strictEqual((yield* verify({ ...paid, signature: wrong })).eventType, "payout-request.update")
      // Text that cannot be a signature never reaches it.
      crypto.verify.mockClear()
      assert.strictEqual(yield* reasonOf({ ...paid, signature: "" }), "malformed-signature")
      assert.strictEqual(crypto.verify.mock.calls.length, 0)
    })
  )

  it.effect("is compared under every key, also after a match", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const crypto = yield* watchCrypto
      const three = [integrityKey, otherKey, "ik_third"] as const
      for (const signer of [...three, "ik_none"]) {
        crypto.verify.mockClear()
        const signed = fixtures.signText(paid.encodedData, signer)
        yield* Effect.exit(verify(signed, { integrityKeys: keys(...three) }))
        assert.strictEqual(crypto.verify.mock.calls.length, 3, signer)
      }
    })
  )

  it.effect("is verified before the text is read", () =>
    Effect.gen(function* () {
      yield* ago("300 days")
      for (const encodedData of ["", "¡!", btoa("{"), btoa("null"), btoa("[]"), btoa("{}")]) {
        assert.strictEqual(yield* reasonOf({ ...paid, encodedData }), "signature-mismatch")
      }
    })
  )
})

describe("the size", () => {
  // Base64 may hold spaces.
  const padded = (length: number) => fixtures.signText(paid.encodedData.padEnd(length))

  it.effect("of X-Encoded-Data may be 65,536 characters at most", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      assert.strictEqual((yield* verify(padded(65_536))).webhookId, "01JD4ZPAYOUT0000000000000A")
      const error = yield* errorOf(padded(65_537))
      assert.strictEqual(error.reason, "too-large")
      assert.strictEqual(error.status, 431)
    })
  )

  it.effect("is checked before anything is computed", () =>
    Effect.gen(function* () {
      const crypto = yield* watchCrypto
      const large = { encodedData: "A".repeat(100_000_000), signature: wrong }
      assert.strictEqual(yield* reasonOf(large), "too-large")
      assert.strictEqual(yield* reasonOf({ ...large, signature: "A".repeat(100_000_000) }), "too-large")
      assert.strictEqual(crypto.verify.mock.calls.length, 0)
      assert.strictEqual(crypto.digest.mock.calls.length, 0)
    })
  )
})

describe("the age", () => {
  const ages: ReadonlyArray<readonly [Duration.Input, string, Parameters<typeof verify>[1]]> = [
    [0, "accepted", {}],
    ["2 days", "accepted", {}],
    [Duration.toMillis("2 days") + 1, "too-old", {}],
    [-Duration.toMillis("2 days"), "accepted", {}],
    [-Duration.toMillis("2 days") - 1, "malformed-payload", {}],
    ["5 minutes", "accepted", { tolerance: "5 minutes" }],
    [300_001, "too-old", { tolerance: "5 minutes" }],
    ["10000 days", "accepted", { tolerance: "10000 days" }]
  ]
  it.effect.each(ages)("of %s is %s", ([age, expected, options]) =>
    Effect.gen(function* () {
      // A negative duration becomes zero.
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

  it.effect("below zero is reported as a time in the future", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(writtenAt - Duration.toMillis("3 days"))
      const { problems } = yield* errorOf(paid)
      assert.deepStrictEqual(problems, [{ field: "timestamp", code: "future", rule: "must not be in the future" }])
    })
  )
})

describe("an error", () => {
  const failures: ReadonlyArray<
    readonly [WebhookRejected["reason"], number, Parameters<typeof verify>[0], Duration.Input, RegExp]
  > = [
    ["missing-header", 401, { encodedData: paid.encodedData, signature: undefined }, 0, /is missing/],
    ["missing-header", 401, { encodedData: null, signature: paid.signature }, 0, /is missing/],
    ["too-large", 431, { ...paid, encodedData: "DOC-SENTINEL".repeat(10_000) }, 0, /longer than 65,536/],
    ["malformed-signature", 401, { ...paid, signature: `${paid.signature}!` }, 0, /not 64 lower-case/],
    ["signature-mismatch", 401, { ...paid, signature: paid.signatureOfOther }, 0, /does not match/],
    ["too-old", 401, paid, "3 days", /older than the tolerance/],
    ["malformed-payload", 500, malformed, 0, /event\.id: must be a non-empty string\. It was not handled\./],
    [
      "malformed-payload",
      500,
      fixtures.signText(btoa("NOJSON")),
      0,
      /X-Encoded-Data: must hold a JSON text\. It was not handled\./
    ]
  ]
  it.effect.each(failures)(
    "for %s recommends the status %i and holds nothing of the webhook",
    ([reason, status, delivery, age, says]) =>
      Effect.gen(function* () {
        yield* ago(age)
        const exit = yield* Effect.exit(verify(delivery))
        assert.isTrue(Exit.isFailure(exit))
        if (Exit.isSuccess(exit)) return
        const error = Cause.squash(exit.cause)
        assert.instanceOf(error, WebhookRejected)
        assert.strictEqual(error.reason, reason)
        assert.strictEqual(error.status, status)
        assert.match(error.message, /^The webhook was refused: .* It was not handled\. /)
        assert.match(error.message, says)
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
          // Every text contains the empty one, so an absent or empty text cannot be checked.
          ...(delivery.encodedData ? [delivery.encodedData] : []),
          "nomina",
          "01JD4Z",
          "NOJSON"
        ]
        for (const secret of hidden) assert.notInclude(seen, secret)
      })
  )

  it.effect("does not capture the call site of verify, which takes longer than the signature", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(verify({ ...paid, signature: "" }))
      assert.isTrue(Exit.isFailure(exit))
      if (Exit.isSuccess(exit)) return
      assert.match(Cause.pretty(exit.cause), /at Webhooks\.verify$/m)
    })
  )

  it.effect("lists problems of a malformed payload only", () =>
    Effect.gen(function* () {
      yield* ago("3 days")
      for (const delivery of [paid, { ...paid, signature: "" }, { ...paid, signature: wrong }]) {
        assert.deepStrictEqual((yield* errorOf(delivery)).problems, [])
      }
    })
  )
})

const flipped = (text: string, at: number, bit: number): string =>
  text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << bit)) + text.slice(at + 1)
