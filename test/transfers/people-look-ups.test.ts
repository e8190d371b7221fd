/** The look-up before a "not paid" decision: the current records at Palomma count, not those that the person saw. */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { both, hidden, inDoubt, notPaid, refusedFor, scene } from "./support/people.ts"
import { has, inTime, type Kind } from "./support/scenario.ts"

// A record in Palomma's list that cannot be read, with the same account and amount.
const unreadable = (kind: Kind, accountId: string) => ({
  amount: 50_000,
  [kind.accountField]: accountId,
  status: { is: "odd" }
})

describe("'not paid' while Palomma shows the record", () => {
  both("is refused, the record is written, and nothing is sent", (kind) =>
    Effect.gen(function* () {
      const { count, intent, made, paid, reference, row, simulator, transfers, version } = yield* hidden(kind)
      yield* TestClock.adjust("20 minutes")
      yield* simulator.clearFaults
      const error = yield* refusedFor(transfers.resolve(reference, notPaid(version)), "record-shown")
      assert.deepStrictEqual(error.records.map(String), [made.id])
      assert.strictEqual(error.state, "accepted")
      const found = yield* row()
      assert.strictEqual(found.recordId, made.id)
      assert.strictEqual(error.version, found.version)
      assert.deepStrictEqual(yield* transfers.send(intent), found)
      assert.strictEqual(yield* count("create"), 1)
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("sends nothing if the list shows it only after the decision", (kind) =>
    Effect.gen(function* () {
      const { intent, made, paid, reference, simulator, transfers, version } = yield* hidden(kind)
      yield* TestClock.adjust("20 minutes")
      assert.strictEqual((yield* transfers.resolve(reference, notPaid(version))).state, "intended")
      yield* simulator.clearFaults
      const sent = yield* transfers.send(intent)
      assert.strictEqual(sent.recordId, made.id)
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("sends nothing if only the list of the account shows it after the decision", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, made, paid, reference, simulator, transfers, version } = yield* hidden(kind)
      yield* TestClock.adjust("20 minutes")
      yield* transfers.resolve(reference, notPaid(version))
      yield* simulator.clearFaults
      yield* fault("list", Fault.lag("1 day", { filter: "reference" }), { rate: 1 })
      assert.strictEqual((yield* transfers.send(intent)).recordId, made.id)
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("is refused if the record has another amount, which keeps its id", (kind) =>
    Effect.gen(function* () {
      const { add, reference, row, transfers, version } = yield* inDoubt(kind)
      yield* TestClock.adjust("20 minutes")
      const other = yield* add({ amount: 40_000 })
      const error = yield* refusedFor(transfers.resolve(reference, notPaid(version)), "record-shown")
      assert.deepStrictEqual(error.records.map(String), [other.id])
      assert.strictEqual((yield* row()).recordId, other.id)
      assert.strictEqual((yield* row()).state, "needsReview")
    })
  )

  both("is refused if a record of the account may match, which is kept as evidence", (kind) =>
    Effect.gen(function* () {
      const { add, reference, row, transfers, version } = yield* inDoubt(kind)
      yield* TestClock.adjust("20 minutes")
      const other = yield* add({ reference: ` ${reference.toUpperCase()} ` })
      const error = yield* refusedFor(transfers.resolve(reference, notPaid(version)), "record-shown")
      assert.deepStrictEqual(error.records.map(String), [other.id])
      assert.deepStrictEqual((yield* row()).evidence, [other.id])
    })
  )

  both("is refused for a record that is known by its id, though no list shows it", (kind) =>
    Effect.gen(function* () {
      const { add, intent, paid, reference, row, transfers, write } = yield* scene(kind)
      const made = yield* add({ reference: "changed-by-palomma", amount: 49_500 })
      const { version } = yield* write({ state: "unknown", recordId: made.id })
      yield* TestClock.adjust("20 minutes")
      const error = yield* refusedFor(transfers.resolve(reference, notPaid(version)), "record-shown")
      assert.deepStrictEqual(error.records.map(String), [made.id])
      assert.strictEqual((yield* row()).recordId, made.id)
      // Once Palomma removes it, it does not block the next request.
      const seen = yield* row()
      const resolved = yield* transfers.resolve(reference, notPaid(seen.version, [made.id]))
      assert.isUndefined(resolved.recordId)
      has(yield* transfers.send(intent), { state: "accepted" })
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("is refused for a record that was seen before and is no longer shown", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers, write } = yield* scene(kind)
      const { version } = yield* write({ state: "needsReview", evidence: ["01HBEFORE"] })
      yield* TestClock.adjust("20 minutes")
      const error = yield* refusedFor(transfers.resolve(reference, notPaid(version)), "record-shown")
      assert.deepStrictEqual(error.records.map(String), ["01HBEFORE"])
      yield* refusedFor(transfers.resolve(reference, notPaid(version, ["01HANOTHER"])), "record-shown")
      const resolved = yield* transfers.resolve(reference, notPaid(version, ["01HBEFORE"]))
      assert.deepStrictEqual(resolved.evidence, [])
      assert.deepStrictEqual(resolved.notOurs, ["01HBEFORE"])
    })
  )

  both("does not say that a record was not found, if it could not be read in time", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, row, transfers, write } = yield* scene(kind, { lookUpTimeout: "2 seconds" })
      yield* write({ state: "unknown", recordId: "01HSLOW" })
      yield* fault("get", Fault.slow("1 hour"), { rate: 1 })
      yield* Effect.flip(inTime(transfers.reconcile(reference)))
      const { lastError = "", state } = yield* row()
      assert.strictEqual(state, "needsReview")
      assert.notInclude(lastError, "was not found at Palomma")
    })
  )

  both("does not say that a record was not found that Palomma shows and a person ruled out", (kind) =>
    Effect.gen(function* () {
      const { add, reference, row, transfers, write } = yield* scene(kind)
      const { id } = yield* add({ reference: "another" })
      yield* write({ state: "unknown", recordId: id, notOurs: [id] })
      yield* Effect.flip(inTime(transfers.reconcile(reference)))
      const { lastError = "", state } = yield* row()
      assert.strictEqual(state, "needsReview")
      assert.notInclude(lastError, "was not found at Palomma")
    })
  )

  both("does not say that Palomma shows a record of which only the journal has the id", (kind) =>
    Effect.gen(function* () {
      const { add, intent, reference, row, transfers } = yield* scene(kind)
      yield* transfers.adopt(intent, { recordId: "01HMISTYPED" })
      const doubt = yield* Effect.flip(inTime(transfers.reconcile(reference)))
      const lastError = (yield* row()).lastError ?? ""
      assert.include(lastError, "Record 01HMISTYPED was not found at Palomma. Palomma's lists do not show")
      assert.notMatch(doubt.message, /Palomma's record is/)
      assert.include(doubt.message, "Record 01HMISTYPED was not found at Palomma.")
      yield* TestClock.adjust("20 minutes")
      const { version } = yield* row()
      const error = yield* refusedFor(transfers.resolve(reference, notPaid(version)), "record-not-found")
      assert.deepStrictEqual([error.records.map(String), error.version], [["01HMISTYPED"], version])
      assert.match(
        error.message,
        /was not found at Palomma\. Records: 01HMISTYPED\. .*may be mistyped.* only if Palomma/
      )
      const asked = transfers.withdraw(reference, { by: "ana", note: "by hand", version })
      yield* refusedFor(asked, "record-not-found")
      // A record that Palomma shows is named alone, and the missing one after it was ruled out.
      const other = yield* add({ reference: null })
      const shown = yield* refusedFor(transfers.resolve(reference, notPaid(version)), "record-shown")
      assert.deepStrictEqual(shown.records.map(String), [other.id])
      const decision = notPaid((yield* row()).version, [other.id])
      yield* refusedFor(transfers.resolve(reference, decision), "record-not-found")
    })
  )

  both("is not needed for a mistyped id: the right one is paid, and raises no alarm", (kind) =>
    Effect.gen(function* () {
      const { add, count, intent, reference, row, transfers } = yield* scene(kind)
      const { id } = yield* add({ reference: "0d1e-4711", status: "approved" })
      yield* transfers.adopt(intent, { recordId: "01HMISTYPED" })
      const { version } = yield* row()
      const right = { recordId: id, notOurs: ["01HMISTYPED"], differs: { reference: "0d1e-4711" } }
      const decision = { as: "paid", by: "ana", note: "typo", version, ...right } as const
      has(yield* transfers.resolve(reference, decision), { state: "approved", recordId: id, alarm: undefined })
      has(yield* transfers.send(intent), { state: "approved", recordId: id })
      assert.strictEqual(yield* count("create"), 0)
    })
  )

  both("is refused for the right id that a second adopt named, after the alarm is closed", (kind) =>
    Effect.gen(function* () {
      const { add, intent, reference, row, transfers } = yield* scene(kind)
      const { id } = yield* add({ reference: "0d1e-4711", status: "approved" })
      yield* transfers.adopt(intent, { recordId: "01HMISTYPED" })
      const { alarm, version } = yield* transfers.adopt(intent, { recordId: id })
      assert.strictEqual(alarm?.kind, "duplicate")
      yield* transfers.acknowledge(reference, { by: "ana", note: "typo", version, notOurs: ["01HMISTYPED"] })
      yield* TestClock.adjust("20 minutes")
      const decision = notPaid((yield* row()).version)
      const error = yield* refusedFor(transfers.resolve(reference, decision), "record-shown")
      assert.deepStrictEqual(error.records.map(String), [id])
    })
  )

  both("says that Palomma shows a record that only its id finds", (kind) =>
    Effect.gen(function* () {
      const { add, fault, intent, reference, row, transfers } = yield* scene(kind)
      const { id } = yield* add({ reference: "0d1e-4711", amount: 40_000 })
      yield* transfers.adopt(intent, { recordId: id })
      yield* fault("list", Fault.lag("1 day"), { rate: 1 })
      yield* TestClock.adjust("20 minutes")
      const { version } = yield* row()
      const error = yield* refusedFor(transfers.resolve(reference, notPaid(version)), "record-shown")
      assert.deepStrictEqual([error.records.map(String), error.state], [[id], "needsReview"])
    })
  )

  both("is refused until one of two records is ruled out", (kind) =>
    Effect.gen(function* () {
      const { add, reference, row, transfers, version } = yield* inDoubt(kind)
      yield* TestClock.adjust("20 minutes")
      const one = yield* add({ reference: null })
      const two = yield* add({ reference: null })
      const error = yield* refusedFor(transfers.resolve(reference, notPaid(version, [one.id])), "record-shown")
      assert.deepStrictEqual(error.records.map(String), [two.id])
      const seen = yield* row()
      const resolved = yield* transfers.resolve(reference, notPaid(seen.version, [one.id, two.id]))
      assert.strictEqual(resolved.state, "intended")
    })
  )
})

describe("ids that a person rules out", () => {
  both("are stored: later look-ups ignore them, and the transfer is sent once", (kind) =>
    Effect.gen(function* () {
      const { add, intent, paid, reference, row, transfers, version } = yield* inDoubt(kind)
      const theirs = yield* add({ amount: 40_000 })
      const similar = yield* add({ reference: null })
      yield* TestClock.adjust("20 minutes")
      const resolved = yield* transfers.resolve(reference, notPaid(version, [theirs.id, similar.id]))
      assert.deepStrictEqual(resolved.notOurs, [theirs.id, similar.id])
      const sent = yield* transfers.send(intent)
      assert.strictEqual(sent.state, "accepted")
      assert.deepStrictEqual(sent.notOurs, [theirs.id, similar.id])
      assert.isUndefined(sent.alarm)
      yield* transfers.reconcile(reference)
      assert.isUndefined((yield* row()).alarm)
      // The payment in the dashboard, and the transfer that was sent.
      assert.strictEqual((yield* paid()).length, 2)
    })
  )

  both("are added to those ruled out before", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers, write } = yield* scene(kind)
      const { version } = yield* write({ state: "needsReview", evidence: ["b"], notOurs: ["a"] })
      yield* TestClock.adjust("20 minutes")
      const resolved = yield* transfers.resolve(reference, notPaid(version, ["b", "b"]))
      assert.deepStrictEqual(resolved.notOurs, ["a", "b"])
    })
  )

  both("may name a record without an id, by a name derived from its text", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, paid, reference, row, transfers, version } = yield* inDoubt(kind)
      const odd = unreadable(kind, intent.accountId)
      yield* fault("list", Fault.insertItem(odd), { rate: 1 })
      yield* TestClock.adjust("20 minutes")
      const error = yield* refusedFor(transfers.resolve(reference, notPaid(version)), "record-shown")
      const [name = ""] = error.records
      assert.match(name, /^unreadable:[0-9a-f]{32}$/)
      const seen = yield* row()
      assert.deepStrictEqual(seen.evidence, [String(name)])
      const resolved = yield* transfers.resolve(reference, notPaid(seen.version, [name]))
      assert.strictEqual(resolved.state, "intended")
      assert.strictEqual((yield* transfers.send(intent)).state, "accepted")
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("rule out no other unreadable record", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, reference, row, transfers, version } = yield* inDoubt(kind)
      yield* fault("list", Fault.insertItem(unreadable(kind, intent.accountId)))
      yield* TestClock.adjust("20 minutes")
      const first = yield* refusedFor(transfers.resolve(reference, notPaid(version)), "record-shown")
      const other = { ...unreadable(kind, intent.accountId), note: "another one" }
      yield* fault("list", Fault.insertItem(other))
      const seen = yield* row()
      const second = yield* refusedFor(
        transfers.resolve(reference, notPaid(seen.version, first.records)),
        "record-shown"
      )
      assert.strictEqual(second.records.length, 1)
      assert.notStrictEqual(second.records[0], first.records[0])
    })
  )

  both("may be ids of Palomma that no error can show, but the row has", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, reference, row, transfers, version } = yield* inDoubt(kind)
      const id = "an id\nof two lines"
      const odd = { ...unreadable(kind, intent.accountId), id }
      yield* fault("list", Fault.insertItem(odd), { rate: 1 })
      yield* TestClock.adjust("20 minutes")
      const error = yield* refusedFor(transfers.resolve(reference, notPaid(version)), "record-shown")
      assert.notInclude(error.message, "two lines")
      const seen = yield* row()
      assert.deepStrictEqual(seen.evidence, [id])
      assert.strictEqual((yield* transfers.resolve(reference, notPaid(seen.version, [id]))).state, "intended")
    })
  )
})

describe("'not paid' after an incomplete look-up", () => {
  both("is refused at the page limit, and recorded if it is repeated", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, row, transfers, version } = yield* inDoubt(kind, { lookUpPages: 3 })
      yield* fault("list", Fault.endlessCursor(), { rate: 1 })
      yield* TestClock.adjust("20 minutes")
      const error = yield* refusedFor(transfers.resolve(reference, notPaid(version)), "look-up-incomplete")
      assert.include(error.message, "incomplete: true")
      assert.strictEqual((yield* row()).version, version)
      const resolved = yield* transfers.resolve(reference, { ...notPaid(version), incomplete: true })
      assert.strictEqual(resolved.state, "intended")
      assert.isTrue(resolved.resolution?.incomplete)
    })
  )

  both("is refused at the timeout, and recorded if it is repeated", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, transfers, version } = yield* inDoubt(kind)
      yield* fault("list", Fault.slow("4 seconds"), { rate: 1 })
      yield* fault("list", Fault.endlessCursor(), { rate: 1 })
      yield* TestClock.adjust("20 minutes")
      const early = inTime(transfers.resolve(reference, notPaid(version)))
      yield* refusedFor(early, "look-up-incomplete")
      const resolved = yield* inTime(transfers.resolve(reference, { ...notPaid(version), incomplete: true }))
      assert.strictEqual(resolved.state, "intended")
      assert.isTrue(resolved.resolution?.incomplete)
    })
  )

  both("is still refused if it found a record", (kind) =>
    Effect.gen(function* () {
      const { fault, made, reference, simulator, transfers, version } = yield* hidden(kind, { lookUpPages: 3 })
      yield* simulator.clearFaults
      yield* fault("list", Fault.endlessCursor(), { rate: 1 })
      yield* TestClock.adjust("20 minutes")
      const decision = { ...notPaid(version), incomplete: true } as const
      const error = yield* refusedFor(transfers.resolve(reference, decision), "record-shown")
      assert.deepStrictEqual(error.records.map(String), [made.id])
    })
  )

  both("is not recorded as incomplete if the look-up was complete", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers, version } = yield* inDoubt(kind)
      yield* TestClock.adjust("20 minutes")
      const resolved = yield* transfers.resolve(reference, { ...notPaid(version), incomplete: true })
      assert.isUndefined(resolved.resolution?.incomplete)
    })
  )

  both("fails with the error of a failed look-up, and decides nothing", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, row, transfers, version } = yield* inDoubt(kind)
      yield* fault("list", Fault.respond({ status: 503 }), { rate: 1 })
      yield* TestClock.adjust("20 minutes")
      const decision = { ...notPaid(version), incomplete: true } as const
      const error = yield* Effect.flip(inTime(transfers.resolve(reference, decision)))
      assert.strictEqual(error._tag, "PalommaServerError")
      assert.strictEqual((yield* row()).version, version)
    })
  )
})
