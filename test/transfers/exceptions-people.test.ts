/**
 * Assumptions about people and other programs. Each is shown to be needed: money moves twice exactly under these
 * faults, and once with one fault fewer.
 */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { both, event, hidden, notPaid, scene, runReady } from "./support/people.ts"
import { has, inTime } from "./support/scenario.ts"

describe("assumption: a person's decision is true when it is recorded", () => {
  both('it is paid twice if a person records "not paid" for a paid transfer that the list does not show', (kind) =>
    Effect.gen(function* () {
      const { intent, paid, reference, transfers, version } = yield* hidden(kind)
      yield* TestClock.adjust("20 minutes")
      yield* transfers.resolve(reference, notPaid(version))
      has(yield* inTime(transfers.send(intent)), { state: "accepted" })
      assert.strictEqual((yield* paid()).length, 2)
    })
  )

  both("it is paid twice if a person rules out the transfer's own record", (kind) =>
    Effect.gen(function* () {
      const { intent, made, paid, reference, simulator, transfers, version } = yield* hidden(kind)
      yield* TestClock.adjust("20 minutes")
      yield* simulator.clearFaults
      yield* transfers.resolve(reference, notPaid(version, [made.id]))
      has(yield* inTime(transfers.send(intent)), { state: "accepted" })
      assert.strictEqual((yield* paid()).length, 2)
    })
  )

  both("it is paid once if the list shows the record that the person does not know", (kind) =>
    Effect.gen(function* () {
      const { intent, paid, reference, simulator, transfers, version } = yield* hidden(kind)
      yield* TestClock.adjust("20 minutes")
      yield* simulator.clearFaults
      yield* Effect.exit(transfers.resolve(reference, notPaid(version)))
      has(yield* inTime(transfers.send(intent)), { state: "accepted" })
      assert.strictEqual((yield* paid()).length, 1)
    })
  )
})

describe("assumption: no person pays in the dashboard at the same moment", () => {
  both("it is paid twice if a person pays between the look-up and the request", (kind) =>
    Effect.gen(function* () {
      const { add, intent, paid, reference, row, start, transfers } = yield* scene(kind)
      const process = yield* start({
        request: (method, send) => (method === "POST" ? Effect.andThen(add(), send) : send)
      })
      const sent = yield* process.send(intent)
      const records = yield* paid()
      assert.strictEqual(records.length, 2)
      // The duplicate is detected as soon as any source reports the second record.
      const second = records.find(({ id }) => id !== sent.recordId)
      yield* transfers.applyWebhook(event(kind, second?.id ?? "", reference))
      assert.strictEqual((yield* row()).alarm?.kind, "duplicate")
    })
  )

  both("it is paid twice if a person pays in the dashboard afterwards: the library cannot prevent it", (kind) =>
    Effect.gen(function* () {
      const { add, intent, paid, transfers } = yield* scene(kind)
      yield* transfers.send(intent)
      yield* add()
      assert.strictEqual((yield* paid()).length, 2)
    })
  )

  both("it is paid once if a person paid before the look-up", (kind) =>
    Effect.gen(function* () {
      const { add, intent, paid, transfers } = yield* scene(kind)
      const made = yield* add()
      has(yield* transfers.send(intent), { state: "accepted", recordId: made.id })
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("it is paid once if a webhook reports the payment before the hand-over", (kind) =>
    Effect.gen(function* () {
      const { add, intent, paid, reference, start, transfers } = yield* scene(kind)
      const slow = yield* start({
        request: (method, send) => (method === "POST" ? Effect.delay(send, "2 seconds") : send)
      })
      const sending = yield* Effect.forkChild(slow.send(intent))
      yield* runReady
      const made = yield* add()
      yield* transfers.applyWebhook(event(kind, made.id, reference))
      has(yield* inTime(Fiber.join(sending)), { state: "accepted", recordId: made.id })
      assert.strictEqual((yield* paid()).length, 1)
    })
  )
})

describe("assumption: a second payment has the reference that was sent, or the first payment is not found", () => {
  // Two payments of one transfer in doubt, the second under a reference that Palomma may have changed.
  for (const [name, changed, alarm] of [
    [
      "one alarm is missed if Palomma changed the second one's reference, and the first is found unchanged",
      true,
      undefined
    ],
    ["the alarm is raised if Palomma changed neither reference", false, "duplicate"]
  ] as const) {
    both(name, (kind) =>
      Effect.gen(function* () {
        const { add, reference, row, transfers, write } = yield* scene(kind)
        yield* write({ state: "unknown" })
        const first = yield* add()
        yield* add(changed ? { reference: reference.toUpperCase() } : {})
        yield* Effect.exit(transfers.reconcile(reference))
        const found = yield* row()
        assert.strictEqual(found.alarm?.kind, alarm)
        if (changed) assert.strictEqual(found.recordId, first.id)
      })
    )
  }

  both("manual review is requested if neither has the reference that was sent", (kind) =>
    Effect.gen(function* () {
      const { add, reference, row, transfers, write } = yield* scene(kind)
      yield* write({ state: "unknown" })
      for (let n = 0; n < 2; n++) yield* add({ reference: reference.toUpperCase() })
      yield* inTime(Effect.exit(transfers.reconcile(reference)))
      const { evidence, state } = yield* row()
      assert.strictEqual(state, "needsReview")
      assert.strictEqual(evidence.length, 2)
    })
  )
})

describe("what no look-up can prove", () => {
  both(
    "is that no record exists: after a look-up that finds nothing, only a person's decision permits sending again",
    (kind) =>
      Effect.gen(function* () {
        const { count, fault, intent, paid, transfers } = yield* scene(kind)
        yield* fault("create", Fault.drop())
        yield* Effect.exit(inTime(transfers.send(intent)))
        for (let day = 0; day < 3; day++) {
          yield* TestClock.adjust("1 day")
          has(yield* Effect.flip(inTime(transfers.send(intent))), { _tag: "TransferOutcomeUnknown", sent: "no" })
        }
        assert.strictEqual(yield* count("create"), 1)
        assert.strictEqual((yield* paid()).length, 0)
      })
  )
})
