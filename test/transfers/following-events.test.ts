/** A webhook event is read once. An invalid event is rejected before any request. */
import { assert, describe } from "@effect/vitest"
import type { WebhookEvent } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { both, event, sent } from "./support/people.ts"
import type { Kind } from "./support/scenario.ts"

// An untyped program may pass any value.
const untyped = (value: unknown): WebhookEvent => value as WebhookEvent

const update = ({ name }: Kind, notice: unknown): unknown => ({
  _tag: `${name}-request.update`,
  webhookId: "01HWEBHOOK",
  eventType: `${name}-request.update`,
  event: notice
})

const wrong: ReadonlyArray<readonly [string, (kind: Kind, id: string) => unknown]> = [
  ["nothing", () => undefined],
  ["null", () => null],
  ["a text", () => "payout-request.update"],
  ["an update of nothing", (kind) => update(kind, null)],
  ["an update without an id", (kind) => update(kind, { reference: "rent-2026-11" })],
  ["an update of an empty id", (kind) => update(kind, { id: "" })],
  ["an update of an id that is not a string", (kind) => update(kind, { id: 7 })],
  ["an update whose reference is not a string", (kind, id) => update(kind, { id, reference: 7 })],
  ["an update whose reference is null", (kind, id) => update(kind, { id, reference: null })]
]

describe("applyWebhook", () => {
  for (const [what, make] of wrong) {
    both(`refuses ${what}, and makes no request`, (kind) =>
      Effect.gen(function* () {
        const { count, recordId, row, transfers } = yield* sent(kind)
        const before = [yield* count(), yield* row()]
        const error = yield* Effect.flip(transfers.applyWebhook(untyped(make(kind, recordId))))
        assert.deepInclude(error, {
          _tag: "PalommaInvalidInput",
          operation: `${kind.service}.applyWebhook`,
          outcome: "none",
          problems: [{ field: "", code: "object", rule: "must be an event as Webhooks returns it" }]
        })
        assert.deepStrictEqual([yield* count(), yield* row()], before)
      })
    )
  }

  both("accepts an event whose reference is undefined", (kind) =>
    Effect.gen(function* () {
      const { recordId, row, setStatus, transfers } = yield* sent(kind)
      yield* setStatus(recordId, "approved")
      const applied = yield* transfers.applyWebhook(untyped(update(kind, { id: recordId, reference: undefined })))
      assert.deepStrictEqual(applied, Option.some(yield* row()))
      assert.strictEqual((yield* row()).state, "approved")
    })
  )

  both("uses the event as it was at the call", (kind) =>
    Effect.gen(function* () {
      const { recordId, row, setStatus, transfers } = yield* sent(kind)
      yield* setStatus(recordId, "approved")
      const notice = { id: recordId }
      const asked = transfers.applyWebhook(untyped(update(kind, notice)))
      notice.id = "01HANOTHER"
      assert.deepStrictEqual(yield* asked, Option.some(yield* row()))
      assert.strictEqual((yield* row()).state, "approved")
    })
  )

  both("ignores an event of the other kind", (kind) =>
    Effect.gen(function* () {
      const { count, recordId, transfers } = yield* sent(kind)
      const before = yield* count()
      const other = update(kind, { id: recordId })
      const type = kind.name === "payout" ? "payin-request.update" : "payout-request.update"
      const foreign = untyped({ ...(other as object), _tag: type, eventType: type })
      assert.deepStrictEqual(yield* transfers.applyWebhook(foreign), Option.none())
      assert.strictEqual(yield* count(), before)
      assert.strictEqual((yield* transfers.applyWebhook(event(kind, recordId)))._tag, "Some")
    })
  )
})
