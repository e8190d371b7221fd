/** Two records of one transfer: no operation succeeds before a person decides. */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { both, counted, event, hidden, inDoubt, scene, sent, author } from "./support/people.ts"
import { has, type Kind } from "./support/scenario.ts"

// A transfer that was sent, and a record under its reference that was made in the dashboard.
const duplicated = Effect.fnUntraced(function* (kind: Kind) {
  const all = yield* sent(kind)
  const second = yield* all.add()
  yield* all.logged(all.transfers.applyWebhook(event(kind, second.id, all.reference)))
  return { ...all, second }
})

describe("a second record of a transfer", () => {
  both("raises an alarm, reported once by any operation", (kind) =>
    Effect.gen(function* () {
      const { alarms, logged, recordId, reference, row, second, transfers } = yield* duplicated(kind)
      const alarmed = yield* row()
      assert.strictEqual(alarmed.recordId, recordId)
      assert.deepInclude(alarmed.alarm, { kind: "duplicate", records: [recordId, second.id] })
      for (let n = 0; n < 5; n++) yield* logged(transfers.applyWebhook(event(kind, second.id, reference)))
      yield* logged(Effect.exit(transfers.reconcile(reference)))
      assert.deepStrictEqual(yield* row(), alarmed)
      assert.strictEqual(alarms.length, 1)
      assert.include(alarms[0], second.id)
      assert.strictEqual(yield* counted("alarms", kind), 1)
      assert.deepStrictEqual(yield* Stream.runCollect(transfers.list({ alarmed: true })), [alarmed])
    })
  )

  both("fails every operation on the transfer, with both ids, until it is acknowledged", (kind) =>
    Effect.gen(function* () {
      const { intent, recordId, reference, second, transfers } = yield* duplicated(kind)
      const asks: ReadonlyArray<Effect.Effect<unknown, unknown>> = [
        transfers.send(intent),
        transfers.reconcile(reference),
        transfers.awaitFinal(reference)
      ]
      for (const asked of asks) {
        const error = yield* Effect.flip(asked)
        assert.deepInclude(error, { _tag: "TransferDuplicate", reference, kind: kind.name })
        has(error as object, { records: [recordId, second.id] })
        assert.include(String(error), `${kind.service}.acknowledge`)
      }
    })
  )

  both("stays acknowledged: the row is returned again", (kind) =>
    Effect.gen(function* () {
      const { alarms, count, logged, intent, recordId, reference, row, second, setStatus, transfers } =
        yield* duplicated(kind)
      const { version } = yield* row()
      const known = yield* transfers.acknowledge(reference, { ...author, version })
      assert.isUndefined(known.alarm)
      assert.deepStrictEqual(known.notOurs, [second.id])
      const creates = yield* count("create")
      assert.deepStrictEqual(yield* transfers.send(intent), known)
      assert.strictEqual(yield* count("create"), creates)
      yield* setStatus(second.id, "approved")
      for (let n = 0; n < 3; n++) {
        yield* logged(transfers.applyWebhook(event(kind, second.id, reference)))
        yield* logged(transfers.applyWebhook(event(kind, recordId)))
        yield* logged(transfers.reconcile(reference))
      }
      assert.deepStrictEqual(yield* row(), known)
      assert.strictEqual(alarms.length, 1)
      yield* setStatus(recordId, "approved")
      assert.strictEqual((yield* transfers.awaitFinal(reference)).state, "approved")
    })
  )

  both("may be followed by a third one, which raises a new alarm", (kind) =>
    Effect.gen(function* () {
      const { add, alarms, logged, reference, row, transfers } = yield* duplicated(kind)
      const third = yield* add({ amount: 40_000 })
      yield* logged(transfers.applyWebhook(event(kind, third.id, reference)))
      assert.strictEqual(alarms.length, 2)
      const { version } = yield* row()
      yield* transfers.acknowledge(reference, { ...author, version })
      const fourth = yield* add()
      yield* logged(transfers.applyWebhook(event(kind, fourth.id, reference)))
      assert.strictEqual(alarms.length, 3)
      assert.include(yield* Effect.map(row(), ({ alarm }) => alarm?.records ?? []), fourth.id)
    })
  )

  both("replaces an alarm of a less severe kind, and never the reverse", (kind) =>
    Effect.gen(function* () {
      const { add, alarms, fault, logged, recordId, reference, row, transfers } = yield* sent(kind)
      yield* fault("get", Fault.rewrite("amount", 49_500))
      yield* logged(transfers.reconcile(reference))
      assert.strictEqual((yield* row()).alarm?.kind, "differs")
      const second = yield* add()
      yield* logged(transfers.applyWebhook(event(kind, second.id, reference)))
      assert.deepInclude((yield* row()).alarm, { kind: "duplicate", records: [recordId, second.id] })
      yield* fault("get", Fault.rewrite("amount", 49_000))
      yield* logged(Effect.exit(transfers.reconcile(reference)))
      assert.strictEqual((yield* row()).alarm?.kind, "duplicate")
      assert.strictEqual(alarms.length, 2)
    })
  )

  both("that a look-up shows while it is in doubt is found by any look-up", (kind) =>
    Effect.gen(function* () {
      const { add, made, reference, row, simulator, transfers } = yield* hidden(kind)
      const second = yield* add()
      yield* simulator.clearFaults
      const error = yield* Effect.flip(transfers.reconcile(reference))
      assert.strictEqual(error._tag, "TransferDuplicate")
      const alarmed = yield* row()
      assert.deepStrictEqual([...(alarmed.alarm?.records ?? [])].sort(), [made.id, second.id].sort())
      const known = yield* transfers.acknowledge(reference, { ...author, version: alarmed.version })
      assert.strictEqual(known.state, "accepted")
      assert.strictEqual(known.recordId, alarmed.recordId)
    })
  )

  both("that is shown on two pages is one record, and raises no alarm", (kind) =>
    Effect.gen(function* () {
      const { fault, made, reference, simulator, transfers } = yield* hidden(kind)
      yield* simulator.clearFaults
      yield* fault("list", Fault.repeatRecord, { rate: 1 })
      const found = yield* transfers.reconcile(reference)
      assert.strictEqual(found.recordId, made.id)
      assert.isUndefined(found.alarm)
    })
  )

  both("of the other kind of transfer raises no alarm: payouts and debits have separate references", (kind) =>
    Effect.gen(function* () {
      const { intent, recordId, reference, row, simulator, transfers } = yield* sent(kind)
      const added = { reference, amount: intent.amount }
      const theirs = kind.name === "payout" ? simulator.addPayinRequest(added) : simulator.addPayoutRequest(added)
      yield* theirs
      for (const delivered of yield* simulator.webhooks.events) yield* transfers.applyWebhook(delivered)
      assert.isUndefined((yield* transfers.reconcile(reference)).alarm)
      assert.strictEqual((yield* row()).recordId, recordId)
    })
  )
})

describe("an alarm of a transfer in manual review", () => {
  both("may rule a record out, which is then ignored: the right one is found without an alarm", (kind) =>
    Effect.gen(function* () {
      const { add, reference, row, transfers } = yield* inDoubt(kind)
      const theirs = yield* add({ amount: 40_000 })
      yield* transfers.applyWebhook(event(kind, theirs.id, reference))
      const second = yield* add({ amount: 30_000 })
      yield* transfers.applyWebhook(event(kind, second.id, reference))
      const alarmed = yield* row()
      assert.strictEqual(alarmed.recordId, theirs.id)
      assert.strictEqual(alarmed.alarm?.kind, "duplicate")
      const decision = { ...author, version: alarmed.version, notOurs: [theirs.id, second.id] }
      const known = yield* transfers.acknowledge(reference, decision)
      assert.strictEqual(known.state, "needsReview")
      assert.isUndefined(known.recordId)
      const ours = yield* add()
      const found = yield* transfers.reconcile(reference)
      assert.strictEqual(found.recordId, ours.id)
      assert.isUndefined(found.alarm)
    })
  )

  both("is raised again until its records are ruled out", (kind) =>
    Effect.gen(function* () {
      const { add, reference, row, transfers, write } = yield* scene(kind)
      yield* write({ state: "needsReview" })
      for (const amount of [40_000, 30_000]) yield* add({ amount })
      yield* Effect.flip(transfers.reconcile(reference))
      const alarmed = yield* row()
      yield* transfers.acknowledge(reference, { ...author, version: alarmed.version })
      assert.strictEqual((yield* Effect.flip(transfers.reconcile(reference)))._tag, "TransferDuplicate")
    })
  )
})
