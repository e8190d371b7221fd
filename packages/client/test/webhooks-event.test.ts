/**
 * The signed text: optional fields may be wrong or absent. Text that cannot be read is reported as one precise problem.
 */
import {
  PayinLinkUpdated,
  PayinRequestUpdated,
  PayinSettlementUpdated,
  PayinSourceUpdated,
  PayoutRequestUpdated,
  PayoutTargetUpdated
} from "@palomma-effect/schema"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import { createHash } from "node:crypto"
import { CurrentDriftLog, makeLog } from "../src/internal/driftLog.ts"
import { ago, errorOf, verify } from "./support/webhooks.ts"
import * as fixtures from "./support/webhookFixtures.ts"

const { paid, sign, signText, unknownKind, writtenAt } = fixtures

/** The fields of a fixture, some of them changed. Undefined removes a field. */
const changed = (fixture: fixtures.Fixture, fields: Record<string, unknown>) =>
  sign({ ...Object(JSON.parse(fixture.json)), ...fields })

describe("signed text", () => {
  const texts: ReadonlyArray<readonly [string, string, string, string]> = [
    ["nothing", "", "X-Encoded-Data", "json"],
    ["not Base64", "¡!", "X-Encoded-Data", "base64"],
    ["Base64 of an impossible length", "abcde", "X-Encoded-Data", "base64"],
    ["Base64 with padding inside", "YQ==YQ==", "X-Encoded-Data", "base64"],
    ["URL-safe Base64", "-_-_", "X-Encoded-Data", "base64"],
    ["not JSON", btoa("{"), "X-Encoded-Data", "json"]
  ]
  it.effect.each(texts)("is malformed if it is %s", ([, encodedData, field, code]) =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const error = yield* errorOf(signText(encodedData))
      assert.strictEqual(error.reason, "malformed-payload")
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
        assert.strictEqual(error.reason, "malformed-payload")
        assert.strictEqual(error.problems.length, 1)
      })
  )

  it.effect("may be Base64 without padding, and may hold unknown fields", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const { encodedData } = changed(paid, { environment: "production" })
      const event = yield* verify(signText(encodedData.replace(/=+$/, "")))
      assert.strictEqual(event.webhookId, "01JD4ZPAYOUT0000000000000A")
    })
  )
})

describe("an event about money", () => {
  const kinds: ReadonlyArray<readonly [string, unknown]> = [
    ["payin-link.update", PayinLinkUpdated],
    ["payin-source.update", PayinSourceUpdated],
    ["payin-request.update", PayinRequestUpdated],
    ["payout-target.update", PayoutTargetUpdated],
    ["payout-request.update", PayoutRequestUpdated],
    ["payin-settlement.update", PayinSettlementUpdated]
  ]
  it.effect.each(kinds)("%s needs only its type and the id of its record", ([eventType, kind]) =>
    Effect.gen(function* () {
      const event = yield* verify(sign({ eventType, event: { id: "01HPR8QBF5QKA313RPBSKYB7DS" } }))
      assert.instanceOf(event, kind as new () => unknown)
      assert.strictEqual(Object(event.event)["id"], "01HPR8QBF5QKA313RPBSKYB7DS")
      assert.isUndefined(event.timestamp)
      assert.match(event.webhookId, /^sha256-[0-9a-f]{64}$/)
    })
  )

  const without: ReadonlyArray<readonly [string, unknown, ReadonlyArray<string>]> = [
    ["a type", { event: { id: "01A" } }, ["eventType"]],
    ["a readable type", { eventType: 7, event: { id: "01A" } }, ["eventType"]],
    ["a record", { eventType: "payout-request.update" }, ["event"]],
    ["a readable record", { eventType: "payout-request.update", event: "01A" }, ["event"]],
    ["an id", { eventType: "payout-request.update", event: {} }, ["event.id"]],
    ["a readable id", { eventType: "payout-request.update", event: { id: {}, status: 7 } }, ["event.id"]],
    ["a type, a record and a time", { timestamp: "yesterday" }, ["timestamp", "eventType"]]
  ]
  it.effect.each(without)("requires %s, and reports nothing else", ([, event, fields]) =>
    Effect.gen(function* () {
      const error = yield* errorOf(sign(event))
      assert.strictEqual(error.reason, "malformed-payload")
      assert.deepStrictEqual(
        error.problems.map(({ field }) => field),
        fields
      )
    })
  )

  it.effect("reports all its problems in one message", () =>
    Effect.gen(function* () {
      const { message } = yield* errorOf(sign({ timestamp: "yesterday" }))
      assert.match(
        message,
        /documented\. timestamp: must be an ISO 8601 date or time\. eventType: [^.]+\. It was not handled\./
      )
    })
  )

  it.effect("reports each problem once, with its code", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const { problems } = yield* errorOf(fixtures.malformed)
      assert.deepStrictEqual(problems, [{ field: "event.id", code: "non-empty", rule: "must be a non-empty string" }])
    })
  )

  it.effect("reports differences from the documentation as drift of Webhooks.verify", () =>
    Effect.gen(function* () {
      const fields = Effect.map(Metric.snapshot, (metrics) =>
        metrics.flatMap((metric) => (metric.id === "palomma_contract_drift" ? [metric.attributes] : []))
      )
      const event = { id: "01A", status: "returned", amount: "5", paidAt: "2026" }
      for (const signed of [
        sign({ eventType: "payout-request.update", event }),
        sign({ webhookId: "01A", timestamp: {}, event: { id: "01A" } })
      ]) {
        yield* Effect.exit(verify(signed))
      }
      assert.sameDeepMembers(
        yield* fields,
        ["webhookId", "timestamp", "eventType", "event.status", "event.amount", "event.paidAt"].map((field) => ({
          operation: "Webhooks.verify",
          field
        }))
      )
      // A documented event reports nothing.
      yield* ago("1 second")
      const reported = verify(paid).pipe(
        Effect.andThen(fields),
        Effect.provideService(Metric.MetricRegistry, new Map())
      )
      assert.deepStrictEqual(yield* reported, [])
    }).pipe(Effect.provide(Logger.layer([])), Effect.provideService(Metric.MetricRegistry, new Map()))
  )
})

describe("webhookId", () => {
  it.effect.each([undefined, null, "", {}, [], true, 1.5, 1e300])(
    "is made from the signed text if it is %j",
    (webhookId) =>
      Effect.gen(function* () {
        yield* ago("1 second")
        for (const fixture of [paid, unknownKind]) {
          const signed = changed(fixture, { webhookId })
          const id = `sha256-${createHash("sha256").update(signed.encodedData).digest("hex")}`
          assert.strictEqual((yield* verify(signed)).webhookId, id)
          // The next delivery of the same event has the same id.
          assert.strictEqual((yield* verify(signed)).webhookId, id)
        }
      })
  )

  it.effect("is reported as drift if it was made", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const lines: Array<string> = []
      yield* verify(changed(paid, { webhookId: undefined })).pipe(
        Effect.provide(Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))])),
        Effect.provideServiceEffect(CurrentDriftLog, Effect.sync(makeLog))
      )
      assert.strictEqual(lines.length, 1)
      assert.match(
        lines[0] ?? "",
        /^Webhooks\.verify: the field webhookId of Palomma's response could not be read as documented\./
      )
    })
  )

  it.effect("is otherwise unchanged, a number as its text", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      assert.strictEqual((yield* verify(changed(paid, { webhookId: 4711 }))).webhookId, "4711")
      assert.strictEqual((yield* verify(changed(paid, { webhookId: " " }))).webhookId, " ")
    })
  )
})

describe("timestamp", () => {
  it.effect.each([undefined, null, "", {}, [], true])("may be %j: then there is no age to check", (timestamp) =>
    Effect.gen(function* () {
      yield* ago("300 days")
      for (const fixture of [paid, unknownKind]) {
        assert.isUndefined((yield* verify(changed(fixture, { timestamp }))).timestamp)
      }
    })
  )

  it.effect("may be seconds or milliseconds since 1970, and its age is checked", () =>
    Effect.gen(function* () {
      for (const timestamp of [writtenAt, writtenAt / 1_000]) {
        yield* ago("1 second")
        assert.strictEqual((yield* verify(changed(paid, { timestamp }))).timestamp, "2026-11-20T12:00:00.000Z")
        yield* ago("3 days")
        assert.strictEqual((yield* errorOf(changed(paid, { timestamp }))).reason, "too-old")
      }
    })
  )

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
    " ",
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
        assert.strictEqual(error.reason, "malformed-payload")
        assert.deepStrictEqual(error.problems, [
          { field: "timestamp", code: "iso-8601", rule: "must be an ISO 8601 date or time" }
        ])
        if (timestamp !== " ") assert.notInclude(error.message, timestamp)
      }
    })
  )
})
