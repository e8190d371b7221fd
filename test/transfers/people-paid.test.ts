/** A person decides that a transfer in doubt was paid by one of Palomma's records. */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { both, hidden, inDoubt, one, payins, refusedFor, scene, sent, runReady, author } from "./support/people.ts"
import { has } from "./support/scenario.ts"

const paidAs = (recordId: string, version: number) => ({ as: "paid", recordId, version, ...author }) as const

const otherMerchantAccount = { simulator: { balances: { default: 10_000_000, branch: 10_000_000, other: 10_000_000 } } }

const stored = (add: number) => ({ simulator: { storeAs: { amount: { add } } } })

describe("resolve as paid", () => {
  both("reads the record and takes its status", (kind) =>
    Effect.gen(function* () {
      const { count, intent, made, reference, transfers, version } = yield* hidden(kind)
      const resolved = yield* transfers.resolve(reference, paidAs(made.id, version))
      assert.strictEqual(resolved.state, "accepted")
      assert.strictEqual(resolved.recordId, made.id)
      assert.deepInclude(resolved.resolution, { as: "paid", ...author })
      assert.isUndefined(resolved.differs)
      assert.deepStrictEqual(yield* transfers.send(intent), resolved)
      assert.strictEqual(yield* count("create"), 1)
    })
  )

  for (const status of ["approved", "cancelled"] as const) {
    both(`takes it as ${status} if Palomma returns that status`, (kind) =>
      Effect.gen(function* () {
        const { made, reference, setStatus, transfers, version } = yield* hidden(kind)
        yield* setStatus(made.id, status)
        assert.strictEqual((yield* transfers.resolve(reference, paidAs(made.id, version))).state, status)
      })
    )
  }

  one("Payins.charge: takes what was collected of a debit that was collected in part", () =>
    Effect.gen(function* () {
      const { made, reference, setStatus, transfers, version } = yield* hidden(payins)
      yield* setStatus(made.id, "partial")
      const resolved = yield* transfers.resolve(reference, paidAs(made.id, version))
      assert.strictEqual(resolved.state, "partial")
      assert.strictEqual(resolved.amountCollected, 25_000)
    })
  )

  both("needs no quiet time, and is possible during the search", (kind) =>
    Effect.gen(function* () {
      const { add, reference, transfers, write } = yield* scene(kind)
      const made = yield* add()
      const { version } = yield* write({ state: "unknown" })
      assert.strictEqual((yield* transfers.resolve(reference, paidAs(made.id, version))).state, "accepted")
    })
  )

  both("is refused while it is being sent", (kind) =>
    Effect.gen(function* () {
      const { add, reference, row, transfers, write } = yield* scene(kind)
      const made = yield* add()
      const { version } = yield* write({ state: "sending" })
      yield* refusedFor(transfers.resolve(reference, paidAs(made.id, version)), "wrong-state")
      assert.strictEqual((yield* row()).state, "sending")
    })
  )

  both("is refused for an outdated version, before any request", (kind) =>
    Effect.gen(function* () {
      const { count, made, reference, transfers, version } = yield* hidden(kind)
      const before = yield* count()
      const error = yield* refusedFor(transfers.resolve(reference, paidAs(made.id, version - 1)), "changed-since")
      assert.strictEqual(error.version, version)
      assert.strictEqual(yield* count(), before)
    })
  )

  both("is refused if the transfer changed during the request to Palomma", (kind) =>
    Effect.gen(function* () {
      const { fault, made, reference, transfers, version } = yield* hidden(kind)
      yield* fault("get", Fault.slow("5 seconds"))
      const slow = yield* Effect.forkChild(Effect.flip(transfers.resolve(reference, paidAs(made.id, version))))
      yield* runReady
      yield* transfers.resolve(reference, paidAs(made.id, version))
      yield* TestClock.adjust("5 seconds")
      yield* runReady
      const exit = slow.pollUnsafe()
      const error = exit === undefined ? undefined : yield* exit
      assert.deepInclude(error, { _tag: "TransferInvalidState", reason: "changed-since", version: version + 1 })
    })
  )

  both("fails with Palomma's error if the record does not exist, and decides nothing", (kind) =>
    Effect.gen(function* () {
      const { reference, row, transfers, version } = yield* inDoubt(kind)
      const error = yield* Effect.flip(transfers.resolve(reference, paidAs("01HNONE", version)))
      assert.strictEqual(error._tag, "PalommaNotFound")
      assert.strictEqual((yield* row()).version, version)
    })
  )

  both("is refused with the record of another transfer of the journal", (kind) =>
    Effect.gen(function* () {
      const { intent, reference, row, transfers, version } = yield* inDoubt(kind)
      const theirs = yield* transfers.send({ ...intent, reference: "deposit" })
      const decision = paidAs(theirs.recordId ?? "", version)
      const all = { ...decision, differs: { reference: "deposit" } }
      for (const claimed of [decision, all]) {
        const error = yield* refusedFor(transfers.resolve(reference, claimed), "record-of-another")
        assert.deepStrictEqual(error.records.map(String), [theirs.recordId])
      }
      assert.strictEqual((yield* row()).version, version)
    })
  )
})

describe("resolve as paid by a record that differs", () => {
  const differences = [
    ["another amount", { amount: 40_000 }, { amount: 40_000 }],
    ["another reference", { reference: "deposit" }, { reference: "deposit" }]
  ] as const

  for (const [name, fields, differs] of differences) {
    both(`is refused for ${name}, and accepted if the person repeats it`, (kind) =>
      Effect.gen(function* () {
        const { add, reference, row, transfers, version } = yield* inDoubt(kind)
        const other = yield* add(fields)
        const error = yield* refusedFor(transfers.resolve(reference, paidAs(other.id, version)), "record-differs")
        assert.deepStrictEqual(error.records.map(String), [other.id])
        assert.strictEqual((yield* row()).version, version)
        const wrong = { ...paidAs(other.id, version), differs: { amount: 1, reference: "x", accountId: "x" } }
        yield* refusedFor(transfers.resolve(reference, wrong), "record-differs")
        const resolved = yield* transfers.resolve(reference, { ...paidAs(other.id, version), differs })
        assert.strictEqual(resolved.recordId, other.id)
        assert.strictEqual(resolved.state, "accepted")
        // The requested content stays, beside that of the record.
        assert.strictEqual(resolved.amount, 50_000)
      })
    )
  }

  both("is refused for another account, and accepted if the person repeats it", (kind) =>
    Effect.gen(function* () {
      const { add, intent, reference, simulator, transfers, version } = yield* inDoubt(kind)
      const accountId = yield* kind.addAccount(simulator)
      const other = yield* add({ accountId })
      yield* refusedFor(transfers.resolve(reference, paidAs(other.id, version)), "record-differs")
      const resolved = yield* transfers.resolve(reference, { ...paidAs(other.id, version), differs: { accountId } })
      assert.strictEqual(resolved.accountId, intent.accountId)
      assert.deepInclude(resolved.differs, { recordId: other.id, accountId, amount: 50_000 })
    })
  )

  both("is refused for another merchant account, and accepted if the person repeats it", (kind) =>
    Effect.gen(function* () {
      const { add, reference, transfers, write } = yield* scene(kind, otherMerchantAccount)
      const made = yield* add({ merchantAccountId: "other" })
      const { version } = yield* write({ state: "needsReview", merchantAccountId: "branch" })
      yield* refusedFor(transfers.resolve(reference, paidAs(made.id, version)), "record-differs")
      const differs = { merchantAccountId: "other" }
      const resolved = yield* transfers.resolve(reference, { ...paidAs(made.id, version), differs })
      assert.deepInclude(resolved.differs, { recordId: made.id, merchantAccountId: "other" })
    })
  )

  both("requires no confirmation if the transfer names no merchant account", (kind) =>
    Effect.gen(function* () {
      const { add, reference, transfers, write } = yield* scene(kind, otherMerchantAccount)
      const made = yield* add({ merchantAccountId: "other" })
      const { version } = yield* write({ state: "needsReview" })
      const resolved = yield* transfers.resolve(reference, paidAs(made.id, version))
      assert.strictEqual(resolved.state, "accepted")
    })
  )

  both("requires no confirmation if a server normalized the reference", (kind) =>
    Effect.gen(function* () {
      const { add, reference, transfers, version } = yield* inDoubt(kind)
      const made = yield* add({ reference: `${reference.toUpperCase()} ` })
      assert.strictEqual((yield* transfers.resolve(reference, paidAs(made.id, version))).recordId, made.id)
    })
  )

  both("is stored: later look-ups of that record raise no alarm, and a further change does", (kind) =>
    Effect.gen(function* () {
      const { add, fault, reference, setStatus, transfers, version } = yield* inDoubt(kind)
      const other = yield* add({ amount: 40_000 })
      const decision = { ...paidAs(other.id, version), differs: { amount: 40_000 } }
      const resolved = yield* transfers.resolve(reference, decision)
      assert.deepInclude(resolved.differs, { recordId: other.id, amount: 40_000 })
      assert.deepStrictEqual(yield* transfers.reconcile(reference), resolved)
      yield* setStatus(other.id, "approved")
      assert.strictEqual((yield* transfers.awaitFinal(reference)).state, "approved")
      yield* fault("get", Fault.rewrite("amount", 30_000))
      assert.strictEqual((yield* transfers.reconcile(reference)).alarm?.kind, "differs")
    })
  )

  both("does not finish another transfer with it", (kind) =>
    Effect.gen(function* () {
      const { add, reference, transfers, version } = yield* inDoubt(kind)
      // The record of a larger transfer, which the person confused with this one.
      const theirs = yield* add({ reference: "deposit", amount: 900_000, status: "approved" })
      yield* refusedFor(transfers.resolve(reference, paidAs(theirs.id, version)), "record-differs")
      yield* refusedFor(transfers.awaitFinal(reference), "wrong-state")
    })
  )
})

describe("resolve as paid looks up a second record", () => {
  both("and raises the alarm if the reference has another one", (kind) =>
    Effect.gen(function* () {
      const { add, alarms, logged, intent, made, reference, row, simulator, transfers, version } = yield* hidden(kind)
      yield* simulator.clearFaults
      const second = yield* add()
      const resolved = yield* logged(transfers.resolve(reference, paidAs(made.id, version)))
      assert.strictEqual(resolved.state, "accepted")
      assert.strictEqual(resolved.recordId, made.id)
      assert.strictEqual(resolved.alarm?.kind, "duplicate")
      assert.deepStrictEqual([...(resolved.alarm?.records ?? [])].sort(), [made.id, second.id].sort())
      assert.strictEqual(alarms.length, 1)
      assert.deepStrictEqual(yield* row(), resolved)
      assert.strictEqual((yield* Effect.flip(transfers.send(intent)))._tag, "TransferDuplicate")
    })
  )

  both("raises the alarm for a record that the journal knew before", (kind) =>
    Effect.gen(function* () {
      const { add, reference, transfers, write } = yield* scene(kind)
      const made = yield* add()
      const { version } = yield* write({ state: "needsReview", recordId: "01HBEFORE" })
      const resolved = yield* transfers.resolve(reference, paidAs(made.id, version))
      assert.deepStrictEqual(resolved.alarm?.records, ["01HBEFORE", made.id])
      assert.strictEqual(resolved.recordId, made.id)
    })
  )

  both("raises none for records that the person ruled out", (kind) =>
    Effect.gen(function* () {
      const { add, reference, transfers, write } = yield* scene(kind)
      const made = yield* add()
      const second = yield* add({ amount: 40_000 })
      const { version } = yield* write({ state: "needsReview", recordId: "01HBEFORE" })
      const decision = { ...paidAs(made.id, version), notOurs: ["01HBEFORE", second.id] }
      const resolved = yield* transfers.resolve(reference, decision)
      assert.isUndefined(resolved.alarm)
      assert.deepStrictEqual(resolved.notOurs, ["01HBEFORE", second.id])
      assert.isUndefined((yield* transfers.reconcile(reference)).alarm)
    })
  )

  both("accepts a record that was ruled out before, if a person decides so now", (kind) =>
    Effect.gen(function* () {
      const { add, reference, setStatus, transfers, write } = yield* scene(kind)
      const made = yield* add()
      const { version } = yield* write({ state: "needsReview", notOurs: [made.id, "01HBEFORE"] })
      const resolved = yield* transfers.resolve(reference, paidAs(made.id, version))
      assert.strictEqual(resolved.recordId, made.id)
      assert.deepStrictEqual(resolved.notOurs, ["01HBEFORE"])
      yield* setStatus(made.id, "approved")
      assert.strictEqual((yield* transfers.reconcile(reference)).state, "approved")
    })
  )
})

describe("a server that changes the amount", () => {
  both("leads to manual review, and a person may still decide that it is paid", (kind) =>
    Effect.gen(function* () {
      const { intent, paid, reference, row, transfers } = yield* scene(kind, stored(-500))
      const error = yield* Effect.flip(transfers.send(intent))
      const [made] = yield* paid()
      has(error, { _tag: "TransferOutcomeUnknown", sent: "yes", recordId: made?.id })
      const { state, version } = yield* row()
      assert.strictEqual(state, "needsReview")
      const differs = { amount: 49_500 }
      const resolved = yield* transfers.resolve(reference, { ...paidAs(made?.id ?? "", version), differs })
      assert.strictEqual(resolved.state, "accepted")
      assert.deepStrictEqual(yield* transfers.send(intent), resolved)
      assert.strictEqual((yield* paid()).length, 1)
    })
  )
})

describe("a transfer with a known record", () => {
  both("cannot be resolved again", (kind) =>
    Effect.gen(function* () {
      const { recordId, reference, row, transfers } = yield* sent(kind)
      const { version } = yield* row()
      yield* refusedFor(transfers.resolve(reference, paidAs(recordId, version)), "wrong-state")
    })
  )
})
