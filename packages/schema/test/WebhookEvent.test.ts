import { assert, describe, it } from "@effect/vitest"
import {
  PayinLinkUpdated,
  PayinRequestUpdated,
  PayinSettlementUpdated,
  PayinSourceUpdated,
  PayoutRequestUpdated,
  PayoutTargetUpdated,
  UnrecognizedEvent,
  WebhookEvent,
  WebhookEventType
} from "@palomma-effect/schema"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"
import { notOf, webhookEvent } from "./arbitraries.ts"

const head = { webhookId: "01HPR", timestamp: "2025-11-04T12:00:00.000Z" }
const events = {
  "payin-link.update": [PayinLinkUpdated, { id: "l", status: "approved" }],
  "payin-source.update": [PayinSourceUpdated, { id: "s", status: "active" }],
  "payin-request.update": [PayinRequestUpdated, { id: "r", status: "partial" }],
  "payout-target.update": [PayoutTargetUpdated, { id: "t", status: "active" }],
  "payout-request.update": [PayoutRequestUpdated, { id: "p", status: "approved", payoutTargetId: "t", amount: 50_000 }],
  "payin-settlement.update": [PayinSettlementUpdated, { id: "x", payinSettlementCycle: 11 }]
} as const
const decode = Schema.decodeUnknownSync(WebhookEvent)

describe("a webhook event", () => {
  it("is one of the documented kinds, with the record of its kind", () => {
    assert.deepStrictEqual([...WebhookEventType.values], Object.keys(events))
    for (const [eventType, [kind, event]] of Object.entries(events)) {
      const read = decode({ ...head, eventType, event })
      assert.isTrue(read instanceof kind)
      assert.deepStrictEqual<unknown>(Schema.encodeSync(WebhookEvent)(read), { ...head, eventType, event })
    }
  })

  it("fails where a known kind holds another record, or none", () => {
    for (const eventType of WebhookEventType.values) {
      for (const event of [undefined, null, "p", {}, { id: "" }, { id: 7, status: "approved" }]) {
        assert.throws(() => decode({ ...head, eventType, event }), `"event"`)
      }
    }
    assert.throws(
      () => decode({ ...head, eventType: "payout-request.update", event: events["payin-link.update"][1] }),
      `"event"`
    )
  })

  it("is data where its kind is unknown, whatever it holds", () => {
    fc.assert(
      fc.property(notOf(WebhookEventType), fc.jsonValue(), (eventType, event) => {
        const read = decode({ ...head, eventType, event })
        assert.instanceOf(read, UnrecognizedEvent)
        assert.deepStrictEqual<unknown>(Schema.encodeSync(WebhookEvent)(read), { ...head, eventType, event })
      })
    )
  })

  it("fails without its id, its time or its kind", () => {
    for (const missing of ["webhookId", "timestamp", "eventType"]) {
      for (const wrong of [undefined, null, 7]) {
        const event = {
          ...head,
          eventType: "payin-link.update",
          event: events["payin-link.update"][1],
          [missing]: wrong
        }
        assert.throws(() => decode(event))
        assert.throws(() => decode({ ...event, ...(missing === "eventType" ? {} : { eventType: "other" }) }))
      }
    }
    for (const other of [null, [], "text", 7]) assert.throws(() => decode(other))
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
