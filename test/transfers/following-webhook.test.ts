/** A webhook event is a hint: the record is read from Palomma, and its current status is written. */
import { assert, describe } from "@effect/vitest"
import type { TransferState } from "@palomma-effect/client"
import { UnrecognizedEvent, WebhookEventType, WebhookId } from "@palomma-effect/schema"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { TestClock } from "effect/testing"
import { both, event, one, payins, payouts, scene, sent, runReady } from "./support/people.ts"
import { inTime } from "./support/scenario.ts"

const open: ReadonlyArray<TransferState> = ["intended", "sending", "unknown", "needsReview", "rejected"]

describe("a webhook event", () => {
  both("finds its transfer by the id of the record, the only field it needs", (kind) =>
    Effect.gen(function* () {
      const { recordId, row, setStatus, transfers } = yield* sent(kind)
      yield* setStatus(recordId, "approved")
      const applied = yield* transfers.applyWebhook(event(kind, recordId))
      assert.deepStrictEqual(applied, Option.some(yield* row()))
      assert.strictEqual((yield* row()).state, "approved")
    })
  )

  for (const named of [true, false]) {
    both(`finds it by the reference ${named ? " of the event" : " of the record in the event"}`, (kind) =>
      Effect.gen(function* () {
        const { add, reference, row, transfers, write } = yield* scene(kind)
        yield* write({ state: "unknown" })
        const made = yield* add({ status: "approved" })
        yield* transfers.applyWebhook(event(kind, made.id, ...(named ? [reference] : [])))
        assert.strictEqual((yield* row()).recordId, made.id)
        assert.strictEqual((yield* row()).state, "approved")
      })
    )
  }

  both("finds it by the id if Palomma changed the reference", (kind) =>
    Effect.gen(function* () {
      const { add, row, transfers, write } = yield* scene(kind)
      const made = yield* add({ reference: "RENT", status: "approved" })
      yield* write({ state: "accepted", recordId: made.id })
      yield* transfers.applyWebhook(event(kind, made.id, "RENT"))
      assert.strictEqual((yield* row()).state, "approved")
    })
  )

  both("is ignored for a reference that the journal does not have, without a request to Palomma", (kind) =>
    Effect.gen(function* () {
      const { add, count, reference, rows, transfers } = yield* scene(kind)
      const made = yield* add()
      assert.deepStrictEqual(yield* transfers.applyWebhook(event(kind, made.id, reference)), Option.none())
      assert.strictEqual(yield* count(), 0)
      assert.deepStrictEqual(yield* rows, [])
    })
  )

  both("is ignored if its record belongs to no transfer", (kind) =>
    Effect.gen(function* () {
      const { add, row, transfers, write } = yield* scene(kind)
      yield* write({ state: "unknown" })
      for (const of of ["deposit", null]) {
        const made = yield* add({ reference: of })
        assert.deepStrictEqual(yield* transfers.applyWebhook(event(kind, made.id)), Option.none())
      }
      assert.strictEqual((yield* row()).version, 2)
    })
  )

  both("is ignored if it is about something else, without a request to Palomma", (kind) =>
    Effect.gen(function* () {
      const { count, intent, reference, row, simulator, transfers } = yield* sent(kind)
      const before = yield* count()
      const other = kind === payouts ? payins : payouts
      yield* other.addAccount(simulator)
      yield* other.addRecord(simulator, { reference, amount: intent.amount, status: "approved" })
      const events = yield* simulator.webhooks.events
      const theirs = events.filter(({ eventType }) => eventType !== `${kind.name}-request.update`)
      assert.isNotEmpty(theirs)
      const unknown = new UnrecognizedEvent({
        webhookId: WebhookId.make("01HNEW"),
        eventType: Schema.decodeUnknownSync(WebhookEventType.unrecognized)("payout-batch.update"),
        event: { id: "01HBATCH", reference }
      })
      for (const delivered of [...theirs, unknown]) {
        assert.deepStrictEqual(yield* transfers.applyWebhook(delivered), Option.none())
      }
      assert.strictEqual(yield* count(), before)
      assert.strictEqual((yield* row()).state, "accepted")
    })
  )

  both("is not trusted: the status that Palomma returns is written", (kind) =>
    Effect.gen(function* () {
      const { recordId, row, setStatus, simulator, transfers } = yield* sent(kind)
      yield* setStatus(recordId, "approved")
      const [approved] = (yield* simulator.webhooks.events).filter(
        ({ eventType }) => eventType === `${kind.name}-request.update`
      )
      yield* setStatus(recordId, "processing")
      if (approved !== undefined) yield* transfers.applyWebhook(approved)
      assert.isDefined(approved)
      assert.strictEqual((yield* row()).state, "accepted")
    })
  )

  both("fails with the error of the read, so that it is delivered again", (kind) =>
    Effect.gen(function* () {
      const { fault, recordId, row, setStatus, transfers } = yield* sent(kind)
      yield* setStatus(recordId, "approved")
      yield* fault("get", Fault.respond({ status: 401 }))
      const error = yield* Effect.flip(transfers.applyWebhook(event(kind, recordId)))
      assert.strictEqual(error._tag, "PalommaUnauthorized")
      assert.strictEqual((yield* row()).state, "accepted")
      yield* transfers.applyWebhook(event(kind, recordId))
      assert.strictEqual((yield* row()).state, "approved")
    })
  )
})

describe("a webhook event about a transfer", () => {
  for (const state of open) {
    for (const [status, becomes] of [
      ["processing", "accepted"],
      ["approved", "approved"],
      ["cancelled", "cancelled"],
      ["on hold", "accepted"]
    ] as const) {
      both(`that is ${state} makes it ${becomes} if Palomma returns "${status}"`, (kind) =>
        Effect.gen(function* () {
          const { add, count, reference, row, setStatus, transfers, write } = yield* scene(kind)
          const made = yield* add()
          yield* setStatus(made.id, status)
          yield* write({ state })
          yield* transfers.applyWebhook(event(kind, made.id, reference))
          const after = yield* row()
          assert.strictEqual(after.state, becomes)
          assert.strictEqual(after.recordId, made.id)
          assert.isUndefined(after.claim)
          assert.isUndefined(after.alarm)
          assert.strictEqual(yield* count("create"), 0)
        })
      )
    }

    both(`that is ${state} leaves a record with another amount to manual review`, (kind) =>
      Effect.gen(function* () {
        const { add, reference, row, transfers, write } = yield* scene(kind)
        const made = yield* add({ amount: 40_000 })
        yield* write({ state })
        yield* transfers.applyWebhook(event(kind, made.id, reference))
        const { alarm, recordId, state: after, ...seen } = yield* row()
        const evidence = [...seen.evidence]
        assert.deepStrictEqual<unknown>(
          { after, recordId, evidence, alarm: alarm?.kind },
          state === "sending"
            ? { after: "sending", recordId: undefined, evidence: [made.id], alarm: "differs" }
            : { after: "needsReview", recordId: made.id, evidence: [], alarm: undefined }
        )
      })
    )
  }

  for (const state of ["approved", "cancelled", "withdrawn"] as const) {
    both(`that is ${state} changes nothing if its record is unchanged`, (kind) =>
      Effect.gen(function* () {
        const { add, intent, row, setStatus, transfers, write } = yield* scene(kind)
        const made = yield* add()
        if (state !== "withdrawn") yield* setStatus(made.id, state)
        const collected = kind === payins && state === "approved" ? { amountCollected: intent.amount } : {}
        const written = yield* write({ state, recordId: made.id, ...collected })
        yield* transfers.applyWebhook(event(kind, made.id))
        assert.deepStrictEqual(yield* row(), written)
      })
    )
  }

  one("Payins.charge: raises an alarm if Palomma collects more of a debit that ended as partial", () =>
    Effect.gen(function* () {
      const { recordId, row, simulator, transfers } = yield* sent(payins)
      for (const amountCollected of [20_000, 35_000]) {
        yield* simulator.setPayinStatus(recordId, { status: "partial", amountCollected })
        yield* transfers.applyWebhook(event(payins, recordId))
      }
      const { alarm, amountCollected, state } = yield* row()
      assert.deepStrictEqual([state, amountCollected, alarm?.kind], ["partial", 20_000, "changed-final"])
    })
  )

  one("Payins.charge: returns the collected amount, and nothing changes afterwards", () =>
    Effect.gen(function* () {
      const { recordId, row, setStatus, transfers } = yield* sent(payins)
      yield* setStatus(recordId, "partial")
      yield* transfers.applyWebhook(event(payins, recordId))
      const updated = yield* row()
      assert.strictEqual(updated.state, "partial")
      assert.strictEqual(updated.amountCollected, 25_000)
      yield* transfers.applyWebhook(event(payins, recordId))
      assert.deepStrictEqual(yield* row(), updated)
    })
  )

  both("raises an alarm for a transfer that Palomma has if the record has another amount now", (kind) =>
    Effect.gen(function* () {
      const { fault, recordId, row, transfers } = yield* sent(kind)
      yield* fault("get", Fault.rewrite("amount", 49_500))
      const applied = yield* transfers.applyWebhook(event(kind, recordId))
      assert.strictEqual(applied._tag, "Some")
      assert.strictEqual((yield* row()).state, "accepted")
      assert.strictEqual((yield* row()).alarm?.kind, "differs")
    })
  )
})

describe("a webhook that arrives before the response", () => {
  both("marks it accepted while its claim is valid, and the response confirms it", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, paid, row, setStatus, simulator, transfers } = yield* scene(kind)
      yield* fault("create", Fault.slow("10 seconds"))
      const sending = yield* Effect.forkChild(transfers.send(intent))
      yield* runReady
      assert.strictEqual((yield* row()).state, "sending")
      const [made] = yield* paid()
      yield* setStatus(made?.id ?? "", "approved")
      for (const delivered of yield* simulator.webhooks.events) yield* transfers.applyWebhook(delivered)
      const applied = yield* row()
      assert.strictEqual(applied.state, "approved")
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(yield* Fiber.join(sending), applied)
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("reports a record that another program made, and the request is withheld", (kind) =>
    Effect.gen(function* () {
      const { add, count, fault, intent, paid, reference, start, transfers, write } = yield* scene(kind)
      const made = yield* add({ reference: "later" })
      yield* write({ state: "intended" })
      // Palomma shows it under the reference just before the request is made.
      const process = yield* start({
        request: (method, send) =>
          method === "POST"
            ? Effect.andThen(
                Effect.orDie(
                  Effect.andThen(
                    fault("get", Fault.rewrite("reference", reference)),
                    transfers.applyWebhook(event(kind, made.id))
                  )
                ),
                send
              )
            : send
      })
      const answered = yield* inTime(process.send(intent))
      assert.strictEqual(answered.recordId, made.id)
      assert.strictEqual(yield* count("create"), 0)
      assert.strictEqual((yield* paid()).length, 0)
    })
  )
})
