/**
 * What a signed text may say: tolerant of what is not needed, and one true problem for what cannot be read.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { createHash } from "node:crypto"
import { ago, errorOf, verify } from "./support/webhooks.ts"
import * as fixtures from "./webhooks.fixtures.ts"

const { paid, sign, signText, unknownKind } = fixtures

/** The fields of a fixture, some of them changed; undefined takes a field away. */
const changed = (fixture: fixtures.Fixture, fields: Record<string, unknown>) =>
  sign({ ...Object(JSON.parse(fixture.json)), ...fields })

describe("what was signed", () => {
  const texts: ReadonlyArray<readonly [string, string, string, string]> = [
    ["nothing", "", "X-Encoded-Data", "json"],
    ["no Base64", "¡!", "X-Encoded-Data", "base64"],
    ["Base64 of an impossible length", "abcde", "X-Encoded-Data", "base64"],
    ["Base64 with padding inside", "YQ==YQ==", "X-Encoded-Data", "base64"],
    ["URL-safe Base64", "-_-_", "X-Encoded-Data", "base64"],
    ["no JSON", btoa("{"), "X-Encoded-Data", "json"]
  ]
  it.effect.each(texts)("is malformed if it is %s", ([, encodedData, field, code]) =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const error = yield* errorOf(signText(encodedData))
      assert.strictEqual(error.reason, "MalformedPayload")
      const rule = code === "json" ? "must hold a JSON text" : "must be Base64"
      assert.deepStrictEqual(error.problems, [{ field, code, rule }])
    })
  )

  it.effect.each(["null", "[]", "[{}]", "{}", '"text"', "7", "true", "[".repeat(20_000) + "]".repeat(20_000)])(
    "is malformed if it is %.20s",
    (json) =>
      Effect.gen(function* () {
        yield* ago("1 second")
        const error = yield* errorOf(signText(btoa(json)))
        assert.strictEqual(error.reason, "MalformedPayload")
        assert.isAbove(error.problems.length, 0)
      })
  )

  it.effect("may be Base64 without padding, and may hold fields that this version does not know", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const { encodedData } = changed(paid, { environment: "production" })
      const event = yield* verify(signText(encodedData.replace(/=+$/, "")))
      assert.strictEqual(event.webhookId, "01JD4ZPAYOUT0000000000000A")
    })
  )
})

describe("webhookId", () => {
  it.effect.each([undefined, null, "", {}, [], true, 1.5, 1e300])(
    "is made of the signed text if it is %j",
    (webhookId) =>
      Effect.gen(function* () {
        yield* ago("1 second")
        for (const fixture of [paid, unknownKind]) {
          const signed = changed(fixture, { webhookId })
          const id = `sha256-${createHash("sha256").update(signed.encodedData).digest("hex")}`
          assert.strictEqual((yield* verify(signed)).webhookId, id)
          // The next delivery of the same event has the same one.
          assert.strictEqual((yield* verify(signed)).webhookId, id)
        }
      })
  )

  it.effect("is taken as it came otherwise", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      assert.strictEqual((yield* verify(changed(paid, { webhookId: " " }))).webhookId, " ")
    })
  )
})

describe("timestamp", () => {
  const accepted = [
    "2026-11-20T12:00:00.000Z",
    "2026-11-20T12:00:00Z",
    "2026-11-20T12:00Z",
    "2026-11-20T12:00:00.123456Z",
    "2026-11-20T07:00:00-05:00",
    "2026-11-20T07:00:00.5-0500",
    "2026-11-20T12:00:00",
    "2026-11-20"
  ]
  it.effect.each(accepted)("may be %s", (timestamp) =>
    Effect.gen(function* () {
      yield* ago("1 second")
      for (const fixture of [paid, unknownKind]) {
        assert.strictEqual((yield* verify(changed(fixture, { timestamp }))).timestamp, timestamp)
      }
    })
  )

  const refused = [
    "",
    "yesterday",
    "2026",
    "1763640000",
    "Fri, 20 Nov 2026 12:00:00 GMT",
    "20 Nov 2026",
    "11/20/2026",
    "2026-13-01T00:00:00Z",
    "2026-11-20T25:00:00Z",
    "2026-11-20 12:00:00",
    "x2026-11-20T12:00:00Z",
    "2026-11-20T12:00:00Zx",
    "2026-11-20T12:00:00Z\n"
  ]
  it.effect.each(refused)("is refused if it is %j", (timestamp) =>
    Effect.gen(function* () {
      yield* ago("1 second")
      for (const fixture of [paid, unknownKind]) {
        const error = yield* errorOf(changed(fixture, { timestamp }))
        assert.strictEqual(error.reason, "MalformedPayload")
        assert.deepStrictEqual(
          error.problems.map(({ field }) => field),
          ["timestamp"]
        )
        if (timestamp !== "") assert.notInclude(error.message, timestamp)
      }
    })
  )
})
