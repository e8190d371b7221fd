/** Alarms: a contradiction to the journal is reported once, and a person acknowledges it. */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { both, counted, event, one, payouts, refusedFor, scene, sent, runReady, author } from "./support/people.ts"
import { inTime, type Kind } from "./support/scenario.ts"

// A transfer that was approved, and whose record Palomma then gave another status.
const returned = Effect.fnUntraced(function* (kind: Kind, status: string) {
  const all = yield* sent(kind)
  yield* all.setStatus(all.recordId, "approved")
  assert.strictEqual((yield* all.transfers.reconcile(all.reference)).state, "approved")
  yield* all.setStatus(all.recordId, status)
  return all
})

const ways = [
  ["a webhook", "applyWebhook"],
  ["reconcile", "reconcile"]
] as const

// The state that each status of an approved transfer leads to once a person acknowledges it.
const statuses = [
  ["cancelled", "cancelled"],
  ["returned", "accepted"]
] as const

describe("a status that changes after the final one", () => {
  for (const [status, state] of statuses) {
    for (const [by, way] of ways) {
      both(`to "${status}", told by ${by} raises an alarm, reported once`, (kind) =>
        Effect.gen(function* () {
          const { alarms, logged, intent, recordId, reference, row, transfers } = yield* returned(kind, status)
          const hears: Effect.Effect<unknown, unknown> =
            way === "reconcile" ? transfers.reconcile(reference) : transfers.applyWebhook(event(kind, recordId))
          for (let n = 0; n < 5; n++) yield* logged(hears)
          const alarmed = yield* row()
          assert.strictEqual(alarmed.state, "approved")
          assert.deepInclude(alarmed.alarm, { kind: "changed-final", records: [recordId] })
          assert.strictEqual(alarms.length, 1)
          assert.include(alarms[0], reference)
          assert.notInclude(alarms[0], String(intent.amount))
          assert.strictEqual(yield* counted("alarms", kind), 1)
          assert.deepStrictEqual(yield* Stream.runCollect(transfers.list({ alarmed: true })), [alarmed])
          assert.deepStrictEqual(yield* Stream.runCollect(transfers.list({ alarmed: false })), [])
          // Every operation returns the same alarm.
          assert.deepStrictEqual(yield* transfers.send(intent), alarmed)
          assert.deepStrictEqual(yield* transfers.awaitFinal(reference), alarmed)
        })
      )
    }

    both(`to "${status}" is taken when it is acknowledged, and raises no second alarm`, (kind) =>
      Effect.gen(function* () {
        const { alarms, logged, intent, paid, recordId, reference, row, transfers } = yield* returned(kind, status)
        yield* logged(transfers.reconcile(reference))
        const { version } = yield* row()
        const known = yield* transfers.acknowledge(reference, { ...author, version })
        assert.strictEqual(known.state, state)
        assert.isUndefined(known.alarm)
        assert.deepInclude(known.resolution, { as: "acknowledged", ...author })
        for (let n = 0; n < 5; n++) {
          yield* logged(transfers.applyWebhook(event(kind, recordId, reference)))
          yield* logged(transfers.reconcile(reference))
        }
        assert.deepStrictEqual(yield* row(), known)
        assert.deepStrictEqual(yield* transfers.send(intent), known)
        assert.strictEqual(alarms.length, 1)
        assert.strictEqual((yield* paid()).length, 1)
        assert.deepStrictEqual(yield* Stream.runCollect(transfers.list({ alarmed: true })), [])
      })
    )
  }

  one(
    "Payouts.send: a payout whose money the bank returned raises an alarm, and is cancelled after the acknowledgement",
    () =>
      Effect.gen(function* () {
        const { alarms, logged, recordId, reference, row, setStatus, simulator, transfers } = yield* sent(payouts)
        yield* setStatus(recordId, "approved")
        yield* transfers.awaitFinal(reference)
        yield* simulator.returnPayout(recordId)
        for (const delivered of yield* simulator.webhooks.events) yield* logged(transfers.applyWebhook(delivered))
        const { alarm, state, version } = yield* row()
        assert.strictEqual(state, "approved")
        assert.strictEqual(alarm?.kind, "changed-final")
        assert.strictEqual(alarms.length, 1)
        assert.strictEqual((yield* transfers.acknowledge(reference, { ...author, version })).state, "cancelled")
      })
  )

  both("that is processed again after the acknowledgement is followed", (kind) =>
    Effect.gen(function* () {
      const { recordId, reference, row, setStatus, transfers } = yield* returned(kind, "returned")
      yield* transfers.reconcile(reference)
      const { version } = yield* row()
      yield* transfers.acknowledge(reference, { ...author, version })
      yield* setStatus(recordId, "cancelled")
      const followed = yield* transfers.awaitFinal(reference)
      assert.strictEqual(followed.state, "cancelled")
      assert.isUndefined(followed.alarm)
      yield* setStatus(recordId, "approved")
      assert.strictEqual((yield* transfers.reconcile(reference)).alarm?.kind, "changed-final")
    })
  )

  both("raises no alarm if Palomma only processes it again", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers } = yield* returned(kind, "processing")
      const after = yield* transfers.reconcile(reference)
      assert.strictEqual(after.state, "approved")
      assert.isUndefined(after.alarm)
    })
  )
})

describe("acknowledge", () => {
  both("fails without an alarm, and makes no request", (kind) =>
    Effect.gen(function* () {
      const { count, reference, row, transfers } = yield* sent(kind)
      const { version } = yield* row()
      const before = yield* count()
      const error = yield* refusedFor(transfers.acknowledge(reference, { ...author, version }), "no-alarm")
      assert.strictEqual(error.operation, `${kind.service}.acknowledge`)
      assert.strictEqual(yield* count(), before)
    })
  )

  both("fails for another version, and the alarm stays", (kind) =>
    Effect.gen(function* () {
      const { reference, row, transfers } = yield* returned(kind, "cancelled")
      const alarmed = yield* transfers.reconcile(reference)
      const version = alarmed.version - 1
      const error = yield* refusedFor(transfers.acknowledge(reference, { ...author, version }), "changed-since")
      assert.strictEqual(error.version, alarmed.version)
      assert.deepStrictEqual(yield* row(), alarmed)
    })
  )

  both("fails for a reference that the journal does not have", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers } = yield* scene(kind)
      yield* refusedFor(transfers.acknowledge(reference, { ...author, version: 1 }), "unknown-reference")
    })
  )

  both("takes the current status, not the one that raised the alarm", (kind) =>
    Effect.gen(function* () {
      const { recordId, reference, setStatus, transfers } = yield* returned(kind, "cancelled")
      const { version } = yield* transfers.reconcile(reference)
      yield* setStatus(recordId, "approved")
      const known = yield* transfers.acknowledge(reference, { ...author, version })
      assert.strictEqual(known.state, "approved")
      assert.isUndefined(known.alarm)
    })
  )

  both("fails with Palomma's error, and the alarm stays", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, row, transfers } = yield* returned(kind, "cancelled")
      const alarmed = yield* transfers.reconcile(reference)
      yield* fault("get", Fault.respond({ status: 401 }))
      const error = yield* Effect.flip(transfers.acknowledge(reference, { ...author, version: alarmed.version }))
      assert.strictEqual(error._tag, "PalommaUnauthorized")
      assert.deepStrictEqual(yield* row(), alarmed)
    })
  )

  both("closes the alarm of a record that no longer exists, and the state stays", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, transfers } = yield* returned(kind, "cancelled")
      const { version } = yield* transfers.reconcile(reference)
      yield* fault("get", Fault.respond({ status: 404, body: { message: "Not found" } }))
      const known = yield* transfers.acknowledge(reference, { ...author, version })
      assert.strictEqual(known.state, "approved")
      assert.isUndefined(known.alarm)
    })
  )

  both("cannot rule out the transfer's own record", (kind) =>
    Effect.gen(function* () {
      const { recordId, reference, transfers } = yield* returned(kind, "cancelled")
      const { version } = yield* transfers.reconcile(reference)
      const decision = { ...author, version, notOurs: [recordId] }
      const error = yield* refusedFor(transfers.acknowledge(reference, decision), "record-shown")
      assert.deepStrictEqual(error.records.map(String), [recordId])
    })
  )

  both("accepts the content of a changed record, until it changes again", (kind) =>
    Effect.gen(function* () {
      const { alarms, fault, logged, recordId, reference, transfers } = yield* sent(kind)
      const shows = (amount: number) => fault("get", Fault.rewrite("amount", amount))
      yield* shows(49_500)
      const alarmed = yield* logged(transfers.reconcile(reference))
      assert.deepInclude(alarmed.alarm, { kind: "differs", records: [recordId] })
      assert.strictEqual(alarmed.state, "accepted")
      yield* shows(49_500)
      const known = yield* transfers.acknowledge(reference, { ...author, version: alarmed.version })
      assert.deepInclude(known.differs, { recordId, amount: 49_500 })
      yield* shows(49_500)
      assert.deepStrictEqual(yield* logged(transfers.reconcile(reference)), known)
      yield* shows(49_000)
      assert.strictEqual((yield* logged(transfers.reconcile(reference))).alarm?.kind, "differs")
      assert.strictEqual(alarms.length, 2)
    })
  )

  both("does not change a transfer that is being sent", (kind) =>
    Effect.gen(function* () {
      const { add, fault, intent, reference, row, transfers } = yield* scene(kind)
      yield* fault("create", Fault.hang({ at: "before" }))
      const sending = yield* Effect.forkChild(Effect.exit(transfers.send(intent)))
      yield* runReady
      const theirs = yield* add({ amount: 40_000 })
      yield* transfers.applyWebhook(event(kind, theirs.id, reference))
      const alarmed = yield* row()
      assert.strictEqual(alarmed.state, "sending")
      assert.strictEqual(alarmed.alarm?.kind, "differs")
      const decision = { ...author, version: alarmed.version, notOurs: [theirs.id] }
      const known = yield* transfers.acknowledge(reference, decision)
      assert.strictEqual(known.state, "sending")
      assert.strictEqual(known.claim?.id, alarmed.claim?.id)
      assert.isUndefined(known.alarm)
      assert.deepStrictEqual(known.evidence, [])
      assert.isUndefined(sending.pollUnsafe())
      yield* inTime(Fiber.join(sending))
    })
  )
})
