/** A person decides that a transfer in doubt was not paid. */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { both, inDoubt, notPaid, refusedFor, scene, runReady, author } from "./support/people.ts"
import { inTime } from "./support/scenario.ts"

describe("resolve as not paid", () => {
  both("permits another send, which looks it up by reference and by account and then sends once", (kind) =>
    Effect.gen(function* () {
      const { count, intent, paid, reference, row, simulator, transfers, version } = yield* inDoubt(kind)
      yield* TestClock.adjust("20 minutes")
      const resolved = yield* transfers.resolve(reference, { as: "not-paid", version, ...author })
      assert.strictEqual(resolved.state, "intended")
      assert.strictEqual(resolved.version, version + 1)
      assert.deepInclude(resolved.resolution, { as: "not-paid", ...author })
      assert.deepStrictEqual(yield* row(), resolved)
      const looks = yield* count("list")
      const sent = yield* transfers.send(intent)
      assert.strictEqual(sent.state, "accepted")
      assert.strictEqual((yield* paid()).length, 1)
      const asked = (yield* simulator.ledger.requestsByOperation(kind.list)).slice(looks).map(({ url }) => url)
      assert.strictEqual(asked.length, 2)
      assert.include(asked[0], `reference=${reference}`)
      assert.include(asked[1], `${kind.accountField}=${intent.accountId}`)
    })
  )

  both("is refused for an outdated version, with the current one in the error, and makes no request", (kind) =>
    Effect.gen(function* () {
      const { count, reference, row, transfers, version } = yield* inDoubt(kind)
      yield* TestClock.adjust("20 minutes")
      const before = yield* count()
      for (const stale of [version - 1, version + 1]) {
        const decision = { as: "not-paid", version: stale, ...author } as const
        const error = yield* refusedFor(transfers.resolve(reference, decision), "changed-since")
        assert.strictEqual(error.version, version)
        assert.strictEqual(error.state, "needsReview")
        assert.strictEqual(error.operation, `${kind.service}.resolve`)
      }
      assert.strictEqual(yield* count(), before)
      assert.strictEqual((yield* row()).version, version)
    })
  )

  both("does not count again for a transfer that was sent again in between", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, paid, reference, row, transfers, version } = yield* inDoubt(kind)
      const truthful = notPaid(version)
      yield* TestClock.adjust("20 minutes")
      yield* transfers.resolve(reference, truthful)
      yield* fault("create", Fault.commitThenDrop)
      yield* fault("list", Fault.lag("1 day"), { rate: 1 })
      yield* Effect.flip(inTime(transfers.send(intent)))
      assert.strictEqual((yield* row()).state, "needsReview")
      yield* TestClock.adjust("20 minutes")
      // The decision was true for the first request, but Palomma has the second one.
      const error = yield* refusedFor(transfers.resolve(reference, truthful), "changed-since")
      assert.strictEqual(error.version, (yield* row()).version)
      yield* Effect.flip(inTime(transfers.send(intent)))
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("is accepted from only one of two persons at the same moment", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, paid, reference, row, transfers, version } = yield* inDoubt(kind)
      yield* TestClock.adjust("20 minutes")
      const truthful = notPaid(version)
      yield* fault("list", Fault.slow("5 seconds"))
      const slow = yield* Effect.forkChild(Effect.flip(transfers.resolve(reference, truthful)))
      yield* runReady
      yield* transfers.resolve(reference, truthful)
      yield* transfers.send(intent)
      yield* TestClock.adjust("5 seconds")
      yield* runReady
      const exit = slow.pollUnsafe()
      assert.isDefined(exit)
      const error = exit === undefined ? undefined : yield* exit
      assert.strictEqual(error?._tag, "TransferInvalidState")
      assert.strictEqual((yield* row()).state, "accepted")
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("is refused while a transfer is being sent, with any version", (kind) =>
    Effect.gen(function* () {
      const { count, reference, transfers, write } = yield* scene(kind)
      const { version } = yield* write({ state: "sending" })
      yield* TestClock.adjust("1 hour")
      const before = yield* count()
      const error = yield* refusedFor(
        transfers.resolve(reference, { as: "not-paid", version, ...author }),
        "wrong-state"
      )
      assert.strictEqual(error.state, "sending")
      assert.strictEqual(yield* count(), before)
    })
  )

  for (const state of ["intended", "rejected", "accepted", "approved", "partial", "cancelled", "withdrawn"] as const) {
    both(`is refused for a transfer that is ${state}, which is not in doubt`, (kind) =>
      Effect.gen(function* () {
        const { reference, row, transfers, write } = yield* scene(kind)
        const written = yield* write({ state })
        yield* TestClock.adjust("1 hour")
        const decision = { as: "not-paid", version: written.version, ...author } as const
        yield* refusedFor(transfers.resolve(reference, decision), "wrong-state")
        assert.deepStrictEqual(yield* row(), written)
      })
    )
  }

  both("is accepted for a transfer that is still being looked up", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers, write } = yield* scene(kind)
      const { version } = yield* write({ state: "unknown" })
      yield* TestClock.adjust("20 minutes")
      const resolved = yield* transfers.resolve(reference, { as: "not-paid", version, ...author })
      assert.strictEqual(resolved.state, "intended")
    })
  )

  both("fails for a reference that the journal does not have", (kind) =>
    Effect.gen(function* () {
      const { count, transfers } = yield* scene(kind)
      const error = yield* refusedFor(
        transfers.resolve("another", { as: "not-paid", version: 1, ...author }),
        "unknown-reference"
      )
      assert.isUndefined(error.state)
      assert.strictEqual(yield* count(), 0)
    })
  )
})

describe("the quiet time", () => {
  both("refuses 'not paid' until it is over, and reports how long to wait", (kind) =>
    Effect.gen(function* () {
      const { count, reference, row, transfers, version } = yield* inDoubt(kind)
      const { leftSendingAt = 0 } = yield* row()
      yield* TestClock.setTime(leftSendingAt + Duration.toMillis("20 minutes") - 1)
      const decision = notPaid(version)
      const before = yield* count()
      const error = yield* refusedFor(transfers.resolve(reference, decision), "quiet-time")
      assert.deepStrictEqual(error.waitFor, Duration.millis(1))
      assert.include(error.message, "Wait 1ms.")
      assert.strictEqual(yield* count(), before)
      yield* TestClock.adjust(error.waitFor ?? 0)
      assert.strictEqual((yield* transfers.resolve(reference, decision)).state, "intended")
    })
  )

  both("is as long as the option says", (kind) =>
    Effect.gen(function* () {
      const { reference, row, transfers, version } = yield* inDoubt(kind, { quietTime: "3 hours" })
      const { leftSendingAt = 0 } = yield* row()
      yield* TestClock.setTime(leftSendingAt + Duration.toMillis("1 hour"))
      const decision = notPaid(version)
      const error = yield* refusedFor(transfers.resolve(reference, decision), "quiet-time")
      assert.deepStrictEqual(error.waitFor, Duration.hours(2))
    })
  )

  both("does not start again with further look-ups", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, reference, row, transfers, version } = yield* inDoubt(kind)
      const { leftSendingAt = 0 } = yield* row()
      for (let n = 0; n < 3; n++) {
        yield* TestClock.adjust("4 minutes")
        yield* Effect.flip(transfers.reconcile(reference))
        yield* Effect.flip(transfers.send(intent))
        yield* transfers.advance(reference)
      }
      // A look-up that finds a record updates the row, and does not start it again either.
      const strange = {
        id: "01HSTRANGE",
        [kind.accountField]: intent.accountId,
        amount: intent.amount,
        status: "processing"
      }
      yield* fault("list", Fault.insertItem(strange))
      yield* Effect.flip(transfers.reconcile(reference))
      const after = yield* row()
      assert.deepStrictEqual(after.evidence, ["01HSTRANGE"])
      assert.isAbove(after.version, version)
      assert.strictEqual(after.leftSendingAt, leftSendingAt)
      yield* TestClock.setTime(leftSendingAt + Duration.toMillis("20 minutes"))
      const decision = { as: "not-paid", version: after.version, notOurs: ["01HSTRANGE"], ...author } as const
      assert.strictEqual((yield* transfers.resolve(reference, decision)).state, "intended")
    })
  )

  both("is measured by the journal's clock, and by no machine's clock", (kind) =>
    Effect.gen(function* () {
      const { machine, reference, start, version } = yield* inDoubt(kind)
      const month = Duration.toMillis("30 days")
      for (const wall of [month, -month]) {
        const other = yield* start({ machine: yield* machine(wall) })
        yield* refusedFor(other.resolve(reference, notPaid(version)), "quiet-time")
      }
      yield* TestClock.adjust("20 minutes")
      const behind = yield* start({ machine: yield* machine(-month) })
      assert.strictEqual((yield* behind.resolve(reference, notPaid(version))).state, "intended")
    })
  )
})

describe("resolveAll", () => {
  both("returns a result for each decision in order, and continues after a refusal", (kind) =>
    Effect.gen(function* () {
      const { add, transfers, write } = yield* scene(kind)
      yield* write({ reference: "b", state: "needsReview" })
      yield* write({ reference: "c", state: "unknown" })
      const made = yield* add({ reference: "c" })
      yield* write({ reference: "d", state: "needsReview" })
      yield* TestClock.adjust("20 minutes")
      const results = yield* transfers.resolveAll([
        { reference: "a", as: "not-paid", version: 2, ...author },
        { reference: "b", as: "not-paid", version: 2, ...author },
        { reference: "c", as: "paid", recordId: made.id, version: 2, ...author },
        { reference: "d", as: "not-paid", version: 1, ...author },
        { reference: "", as: "not-paid", version: 2, ...author }
      ])
      const outcomes = results.map((result) =>
        result._tag === "Resolved"
          ? [result.transfer.reference, result.transfer.state]
          : [result.reference, result.error._tag, "reason" in result.error ? result.error.reason : undefined]
      )
      assert.deepStrictEqual(outcomes, [
        ["a", "TransferInvalidState", "unknown-reference"],
        ["b", "intended"],
        ["c", "accepted"],
        ["d", "TransferInvalidState", "changed-since"],
        ["", "PalommaInvalidInput", undefined]
      ])
    })
  )
})
