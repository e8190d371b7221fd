import { assert, describe, it } from "@effect/vitest"
import {
  Drift,
  inputProblems,
  PayinLinkNotice,
  PayinLinkUpdated,
  PayinRequestNotice,
  PayinRequestUpdated,
  PayinSettlement,
  PayinSettlementUpdated,
  PayinSourceNotice,
  PayinSourceUpdated,
  PayoutRequestNotice,
  PayoutRequestUpdated,
  PayoutTargetNotice,
  PayoutTargetUpdated,
  UnrecognizedEvent,
  WebhookEvent,
  WebhookEventType
} from "@palomma-effect/schema"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as fc from "fast-check"
import { notOf, webhookEvent } from "./arbitraries.ts"

const head = { webhookId: "01HPR", timestamp: "2025-11-04T12:00:00.000Z" }
const events = {
  "payin-link.update": [PayinLinkUpdated, PayinLinkNotice, { id: "l", status: "approved" }],
  "payin-source.update": [PayinSourceUpdated, PayinSourceNotice, { id: "s", status: "active" }],
  "payin-request.update": [PayinRequestUpdated, PayinRequestNotice, { id: "r", status: "partial" }],
  "payout-target.update": [PayoutTargetUpdated, PayoutTargetNotice, { id: "t", status: "active" }],
  "payout-request.update": [
    PayoutRequestUpdated,
    PayoutRequestNotice,
    { id: "p", status: "approved", payoutTargetId: "t", amount: 50_000 }
  ],
  "payin-settlement.update": [PayinSettlementUpdated, PayinSettlement, { id: "x", payinSettlementCycle: 11 }]
} as const
const decode = Schema.decodeUnknownSync(WebhookEvent)
const problems = (raw: unknown): ReadonlyArray<string> =>
  Result.match(SchemaParser.decodeUnknownResult(WebhookEvent, { errors: "all" })(raw), {
    onSuccess: () => [],
    onFailure: (issue) => inputProblems(issue).map(({ field, code }) => `${field} ${code}`)
  })

describe("a webhook event", () => {
  it("is one of the documented kinds, with the record of its kind", () => {
    assert.deepStrictEqual([...WebhookEventType.values], Object.keys(events))
    for (const [eventType, [kind, record, event]] of Object.entries(events)) {
      const read = decode({ ...head, eventType, event })
      assert.isTrue(read instanceof kind)
      assert.isTrue(read.event instanceof record)
      assert.deepStrictEqual<unknown>(Schema.encodeSync(WebhookEvent)(read), { ...head, eventType, event })
    }
  })

  it("needs only its kind, its id and the id of its record", () => {
    for (const eventType of WebhookEventType.values) {
      const least = { webhookId: "w", eventType, event: { id: "x" } }
      assert.deepStrictEqual<unknown>(Schema.encodeSync(WebhookEvent)(decode(least)), least)
      const odd = { ...least.event, status: 7, payoutTargetId: false, amount: "50000", createdAt: 1_699_335_116 }
      assert.deepStrictEqual(decode({ ...least, event: odd, timestamp: null }), decode(least))
    }
  })

  it("that is malformed has one problem, the right one", () => {
    for (const eventType of WebhookEventType.values) {
      const event = { webhookId: "w", eventType, event: { id: "x" } }
      assert.deepStrictEqual(problems({ ...event, event: undefined }), ["event required"])
      assert.deepStrictEqual(problems({ ...event, event: null }), ["event object"])
      assert.deepStrictEqual(problems({ ...event, event: "p" }), ["event object"])
      assert.deepStrictEqual(problems({ ...event, event: {} }), ["event.id required"])
      assert.deepStrictEqual(problems({ ...event, event: { id: "" } }), ["event.id non-empty"])
      assert.deepStrictEqual(problems({ ...event, event: { id: {} } }), ["event.id non-empty"])
      assert.deepStrictEqual(problems({ ...event, webhookId: "" }), ["webhookId non-empty"])
      assert.deepStrictEqual(problems({ ...event, timestamp: "yesterday" }), ["timestamp iso-8601"])
    }
    assert.deepStrictEqual(problems({ webhookId: "w", event: {} }), ["eventType required"])
    assert.deepStrictEqual(problems({ webhookId: "w", eventType: 7, event: {} }), ["eventType text"])
    assert.deepStrictEqual(problems({ eventType: "other" }), ["webhookId required"])
    for (const other of [null, [], "text", 7]) assert.deepStrictEqual(problems(other), [" object"])
  })

  it("is decoded if its kind is unknown, with any content and without content", () => {
    fc.assert(
      fc.property(notOf(WebhookEventType).map(WebhookEventType.raw), fc.jsonValue(), (eventType, event) => {
        const read = decode({ ...head, eventType, event })
        assert.instanceOf(read, UnrecognizedEvent)
        assert.deepStrictEqual<unknown>(Schema.encodeSync(WebhookEvent)(read), { ...head, eventType, event })
        assert.deepStrictEqual<unknown>({ ...decode({ ...head, eventType }) }, { ...head, eventType })
      })
    )
  })

  it("of a known kind is never read as one of an unknown kind", () => {
    for (const eventType of WebhookEventType.values) {
      assert.throws(() => Schema.decodeUnknownSync(UnrecognizedEvent)({ ...head, eventType }), /does not list/)
    }
  })

  it("is reported as drift if its kind is unknown", () => {
    const drifts: Array<Drift.Drift> = []
    Drift.decoder(WebhookEvent)({ ...head, eventType: "payout-request.created" }, (drift) => drifts.push(drift))
    assert.deepStrictEqual(drifts, [{ kind: "unrecognized", field: "eventType" }])
  })

  it("runs the branch of its kind", () => {
    const cases = {
      "payin-link.update": (event: WebhookEvent) => event.eventType,
      "payin-source.update": (event: WebhookEvent) => event.eventType,
      "payin-request.update": (event: WebhookEvent) => event.eventType,
      "payout-target.update": (event: WebhookEvent) => event.eventType,
      "payout-request.update": (event: WebhookEvent) => event.eventType,
      "payin-settlement.update": (event: WebhookEvent) => event.eventType,
      Unrecognized: () => "unrecognized"
    }
    fc.assert(
      fc.property(webhookEvent, (event) => {
        const expected = event instanceof UnrecognizedEvent ? "unrecognized" : event.eventType
        assert.strictEqual(WebhookEvent.match(event, cases), expected)
        assert.strictEqual(WebhookEvent.match(cases)(event), expected)
      })
    )
  })
})

describe("the time of a webhook event", () => {
  const timed = (timestamp: unknown): unknown => decode({ webhookId: "w", eventType: "other", timestamp }).timestamp
  const driftOf = (timestamp: unknown): ReadonlyArray<string> => {
    const drifts: Array<string> = []
    Drift.decoder(WebhookEvent)(
      { webhookId: "w", eventType: "payin-link.update", timestamp, event: { id: "l" } },
      ({ field, kind }) => drifts.push(`${kind} ${field}`)
    )
    return drifts
  }

  it.each([
    "2025-11-04T12:00:00.000Z",
    "2025-11-04T12:00:00Z",
    "2025-11-04T12:00:00.123456Z",
    "2025-11-04T07:00:00-05:00",
    "2025-11-04T07:00:00.123456789-0500",
    "2025-11-04T12:00Z",
    "2025-11-04T12:00:00",
    "2025-11-04"
  ])("may be %s, and is kept unchanged", (timestamp) => {
    assert.strictEqual(timed(timestamp), timestamp)
    assert.deepStrictEqual(driftOf(timestamp), [])
  })

  it.each([
    " ",
    "yesterday",
    "Tue, 04 Nov 2025 12:00:00 GMT",
    "04/11/2025",
    "2025-11-04 12:00:00",
    "1762257600",
    "2025-13-04T12:00:00Z",
    "2026-02-30T12:00:00Z",
    "2025-02-29",
    "2025-11-04T25:00:00Z",
    "2025-11-04T12:00:00Z\n",
    " 2025-11-04T12:00:00Z"
  ])("is refused if it is another text: %j", (timestamp) => {
    assert.throws(() => timed(timestamp), /must be an ISO 8601 date or time/)
  })

  it("is converted from a number of seconds or milliseconds since 1970, which is reported as drift", () => {
    assert.strictEqual(timed(1_762_257_600), "2025-11-04T12:00:00.000Z")
    assert.strictEqual(timed(1_762_257_600.5), "2025-11-04T12:00:00.500Z")
    assert.strictEqual(timed(1_762_257_600_000), "2025-11-04T12:00:00.000Z")
    assert.deepStrictEqual(driftOf(1_762_257_600), ["unreadable timestamp"])
  })

  it("is absent if it is null, missing, empty or of another type; the latter two are reported as drift", () => {
    for (const timestamp of [undefined, null, "", true, {}, [], 1e300]) assert.isUndefined(timed(timestamp))
    assert.deepStrictEqual([undefined, null].flatMap(driftOf), [])
    assert.deepStrictEqual(["", true, {}, [], 1e300].flatMap(driftOf), Array(5).fill("unreadable timestamp"))
  })
})
