/** A person withdraws a transfer. */
import { assert, describe } from "@effect/vitest"
import { Transfer, type TransferState } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { both, event, hidden, inDoubt, refusedFor, scene, runReady, author } from "./support/people.ts"
import type { JournalCall } from "./support/journals.ts"
import { inTime } from "./support/scenario.ts"

describe("withdraw", () => {
  for (const state of ["intended", "rejected"] as const) {
    for (const named of [undefined, 2]) {
      both(`withdraws a transfer that is ${state}, by ${named === undefined ? "no" : "its"} version`, (kind) =>
        Effect.gen(function* () {
          const { count, reference, row, transfers, write } = yield* scene(kind)
          yield* write({ state })
          const withdrawn = yield* transfers.withdraw(reference, { ...author, ...(named ? { version: named } : {}) })
          assert.strictEqual(withdrawn.state, "withdrawn")
          assert.deepInclude(withdrawn.resolution, { as: "withdrawn", ...author })
          assert.deepStrictEqual(yield* row(), withdrawn)
          assert.strictEqual(yield* count(), 0)
        })
      )
    }

    both(`refuses another version of a transfer that is ${state}`, (kind) =>
      Effect.gen(function* () {
        const { reference, transfers, write } = yield* scene(kind)
        yield* write({ state })
        const error = yield* refusedFor(transfers.withdraw(reference, { ...author, version: 1 }), "changed-since")
        assert.strictEqual(error.version, 2)
        assert.strictEqual(error.operation, `${kind.service}.withdraw`)
      })
    )
  }

  const others: ReadonlyArray<TransferState> = [
    "sending",
    "unknown",
    "accepted",
    "approved",
    "partial",
    "cancelled",
    "withdrawn"
  ]
  for (const state of others) {
    both(`refuses a transfer that is ${state}`, (kind) =>
      Effect.gen(function* () {
        const { reference, row, transfers, write } = yield* scene(kind)
        const written = yield* write({ state })
        yield* TestClock.adjust("1 hour")
        for (const version of [undefined, written.version]) {
          const withdrawal = { ...author, ...(version === undefined ? {} : { version }) }
          const error = yield* refusedFor(transfers.withdraw(reference, withdrawal), "wrong-state")
          assert.strictEqual(error.state, state)
        }
        assert.deepStrictEqual(yield* row(), written)
      })
    )
  }

  both("fails for a reference that the journal does not have", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers } = yield* scene(kind)
      yield* refusedFor(transfers.withdraw(reference, author), "unknown-reference")
    })
  )

  both("is permanent: the reference is never sent", (kind) =>
    Effect.gen(function* () {
      const { count, intent, reference, row, transfers, write } = yield* scene(kind)
      yield* write({ state: "intended" })
      const withdrawn = yield* transfers.withdraw(reference, author)
      for (const amount of [intent.amount, 60_000]) {
        const error = yield* refusedFor(transfers.send({ ...intent, amount }), "wrong-state")
        assert.strictEqual(error.state, "withdrawn")
        assert.strictEqual(error.operation, `${kind.service}.${kind.verb}`)
      }
      assert.strictEqual(yield* count(), 0)
      assert.deepStrictEqual(yield* row(), withdrawn)
    })
  )
})

describe("withdraw of a transfer in manual review", () => {
  both("needs the version that the person saw", (kind) =>
    Effect.gen(function* () {
      const { count, reference, transfers, version } = yield* inDoubt(kind)
      yield* TestClock.adjust("20 minutes")
      const before = yield* count()
      const error = yield* Effect.flip(transfers.withdraw(reference, author))
      assert.strictEqual(error._tag, "PalommaInvalidInput")
      yield* refusedFor(transfers.withdraw(reference, { ...author, version: version - 1 }), "changed-since")
      assert.strictEqual(yield* count(), before)
      assert.strictEqual((yield* transfers.withdraw(reference, { ...author, version })).state, "withdrawn")
    })
  )

  both("is refused until the quiet time is over", (kind) =>
    Effect.gen(function* () {
      const { reference, row, transfers, version } = yield* inDoubt(kind)
      const { leftSendingAt = 0 } = yield* row()
      yield* TestClock.setTime(leftSendingAt + Duration.toMillis("19 minutes"))
      const error = yield* refusedFor(transfers.withdraw(reference, { ...author, version }), "quiet-time")
      assert.deepStrictEqual(error.waitFor, Duration.minutes(1))
    })
  )

  both("is refused if Palomma shows the record, which is written", (kind) =>
    Effect.gen(function* () {
      const { made, reference, row, simulator, transfers, version } = yield* hidden(kind)
      yield* TestClock.adjust("20 minutes")
      yield* simulator.clearFaults
      const error = yield* refusedFor(transfers.withdraw(reference, { ...author, version }), "record-shown")
      assert.strictEqual(error.operation, `${kind.service}.withdraw`)
      assert.strictEqual((yield* row()).recordId, made.id)
      assert.strictEqual((yield* row()).state, "accepted")
    })
  )

  both("is refused if the transfer changed during the look-up", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, transfers, version } = yield* inDoubt(kind)
      yield* TestClock.adjust("20 minutes")
      yield* fault("list", Fault.slow("5 seconds"))
      const slow = yield* Effect.forkChild(Effect.flip(transfers.withdraw(reference, { ...author, version })))
      yield* runReady
      yield* transfers.resolve(reference, { as: "not-paid", version, ...author })
      yield* TestClock.adjust("5 seconds")
      const error = yield* Fiber.join(slow)
      assert.deepInclude(error, { _tag: "TransferInvalidState", reason: "changed-since" })
    })
  )

  both("is refused after an incomplete look-up, even if it is repeated", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, transfers, version } = yield* inDoubt(kind, { lookUpPages: 2 })
      yield* TestClock.adjust("20 minutes")
      yield* fault("list", Fault.endlessCursor(), { rate: 1 })
      yield* refusedFor(transfers.withdraw(reference, { ...author, version }), "look-up-incomplete")
    })
  )

  both("requires ruling out each record found by its id, and stores the ids", (kind) =>
    Effect.gen(function* () {
      const { add, reference, transfers, write } = yield* scene(kind)
      const theirs = yield* add({ amount: 40_000 })
      const { version } = yield* write({ state: "needsReview", recordId: theirs.id, evidence: ["01HSEEN"] })
      yield* TestClock.adjust("20 minutes")
      const withdrawal = { ...author, version, notOurs: [theirs.id] }
      yield* refusedFor(transfers.withdraw(reference, withdrawal), "record-shown")
      const notOurs = [theirs.id, "01HSEEN"]
      const withdrawn = yield* transfers.withdraw(reference, { ...withdrawal, notOurs })
      assert.deepStrictEqual(withdrawn.notOurs, notOurs)
      assert.deepStrictEqual(withdrawn.evidence, [])
      assert.isUndefined(withdrawn.recordId)
    })
  )
})

describe("withdraw at the same moment as a send", () => {
  both("is refused after the send has its claim", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, reference, row, transfers, write } = yield* scene(kind)
      yield* write({ state: "intended" })
      yield* fault("create", Fault.slow("5 seconds"))
      const sending = yield* Effect.forkChild(transfers.send(intent))
      yield* runReady
      assert.strictEqual((yield* row()).state, "sending")
      yield* refusedFor(transfers.withdraw(reference, author), "wrong-state")
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual((yield* Fiber.join(sending)).state, "accepted")
    })
  )

  both("prevents the send during its look-up", (kind) =>
    Effect.gen(function* () {
      const { count, fault, intent, reference, transfers, write } = yield* scene(kind)
      yield* write({ state: "intended" })
      yield* fault("list", Fault.slow("5 seconds"))
      const sending = yield* Effect.forkChild(Effect.flip(transfers.send(intent)))
      yield* runReady
      yield* transfers.withdraw(reference, author)
      yield* TestClock.adjust("5 seconds")
      assert.deepInclude(yield* Fiber.join(sending), { _tag: "TransferInvalidState", reason: "wrong-state" })
      assert.strictEqual(yield* count("create"), 0)
    })
  )

  both("loses against a claim that is written between its read and its write", (kind) =>
    Effect.gen(function* () {
      const { intent, paid, reference, start, transfers, write } = yield* scene(kind)
      yield* write({ state: "intended" })
      const journal = {
        before: (call: JournalCall) =>
          call.row?.state === "withdrawn" ? Effect.andThen(Effect.orDie(transfers.send(intent)), clear) : Effect.void
      }
      const clear = Effect.sync(() => void (journal.before = () => Effect.void))
      const person = yield* start({ journal })
      const error = yield* refusedFor(person.withdraw(reference, author), "wrong-state")
      assert.strictEqual(error.state, "accepted")
      assert.strictEqual((yield* paid()).length, 1)
    })
  )
})

describe("a record of a transfer that was withdrawn", () => {
  both("that appears later raises an alarm, and its status is taken when the alarm is acknowledged", (kind) =>
    Effect.gen(function* () {
      const { alarms, logged, intent, made, paid, reference, row, setStatus, simulator, transfers, version } =
        yield* hidden(kind)
      yield* TestClock.adjust("20 minutes")
      const withdrawn = yield* transfers.withdraw(reference, { ...author, version })
      yield* simulator.clearFaults
      const applied = yield* logged(transfers.applyWebhook(event(kind, made.id, reference)))
      assert.strictEqual(applied._tag, "Some")
      const alarmed = yield* row()
      assert.strictEqual(alarmed.state, "withdrawn")
      assert.strictEqual(alarmed.recordId, made.id)
      assert.deepInclude(alarmed.alarm, { kind: "changed-final", records: [made.id] })
      assert.strictEqual(alarms.length, 1)
      yield* refusedFor(transfers.send(intent), "wrong-state")
      yield* setStatus(made.id, "approved")
      yield* logged(transfers.applyWebhook(event(kind, made.id, reference)))
      assert.deepStrictEqual(yield* row(), alarmed)
      yield* refusedFor(transfers.acknowledge(reference, { ...author, version: withdrawn.version }), "changed-since")
      const known = yield* transfers.acknowledge(reference, { ...author, version: alarmed.version })
      assert.strictEqual(known.state, "approved")
      assert.isUndefined(known.alarm)
      assert.deepStrictEqual(yield* transfers.send(intent), known)
      assert.strictEqual(alarms.length, 1)
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("with other content raises the alarm too", (kind) =>
    Effect.gen(function* () {
      const { add, reference, row, transfers, write } = yield* scene(kind)
      yield* write({ state: "rejected" })
      yield* transfers.withdraw(reference, author)
      const other = yield* add({ amount: 40_000 })
      yield* transfers.applyWebhook(event(kind, other.id, reference))
      assert.deepInclude((yield* row()).alarm, { kind: "changed-final", records: [other.id] })
      assert.strictEqual((yield* row()).state, "withdrawn")
    })
  )

  both("that a person ruled out raises none", (kind) =>
    Effect.gen(function* () {
      const { add, reference, row, transfers, version } = yield* inDoubt(kind)
      const theirs = yield* add({ amount: 40_000 })
      yield* TestClock.adjust("20 minutes")
      const withdrawn = yield* transfers.withdraw(reference, { ...author, version, notOurs: [theirs.id] })
      yield* transfers.applyWebhook(event(kind, theirs.id, reference))
      assert.deepStrictEqual(yield* row(), withdrawn)
    })
  )

  both("in a late response raises an alarm", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, journal, paid, reference, row, rows, transfers } = yield* scene(kind)
      yield* fault("create", Fault.slow("30 seconds"))
      const sending = yield* Effect.forkChild(Effect.exit(transfers.send(intent)))
      yield* runReady
      // A restored backup has the row as never sent, and a person withdraws it.
      yield* journal.restore((yield* rows).map((one) => new Transfer({ ...one, state: "intended" })))
      yield* transfers.withdraw(reference, author)
      yield* inTime(Fiber.join(sending))
      const after = yield* row()
      assert.strictEqual(after.state, "withdrawn")
      assert.strictEqual(after.recordId, (yield* paid())[0]?.id)
      assert.strictEqual(after.alarm?.kind, "changed-final")
    })
  )
})
