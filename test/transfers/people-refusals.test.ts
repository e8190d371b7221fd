/** A refused decision names the operation, the version and the reason. */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { both, event, hidden, inDoubt, notPaid, refusedFor, scene, sent, runReady, author } from "./support/people.ts"
import { has } from "./support/scenario.ts"

const paidAs = (recordId: string, version: number) => ({ as: "paid", recordId, version, ...author }) as const

describe("a refusal of resolve as paid", () => {
  both("names the operation for a record of another transfer", (kind) =>
    Effect.gen(function* () {
      const { intent, reference, transfers, version } = yield* inDoubt(kind)
      const { recordId = "" } = yield* transfers.send({ ...intent, reference: "deposit" })
      const error = yield* refusedFor(transfers.resolve(reference, paidAs(recordId, version)), "record-of-another")
      has(error, { operation: `${kind.service}.resolve`, state: "needsReview", version })
    })
  )

  both("names the operation for a record that differs", (kind) =>
    Effect.gen(function* () {
      const { add, reference, transfers, version } = yield* inDoubt(kind)
      const { id } = yield* add({ amount: 40_000 })
      const error = yield* refusedFor(transfers.resolve(reference, paidAs(id, version)), "record-differs")
      has(error, { operation: `${kind.service}.resolve`, state: "needsReview", version })
    })
  )

  both("names no record if the transfer changed during the request to Palomma", (kind) =>
    Effect.gen(function* () {
      const { intent, journal, made, reference, start, transfers, version } = yield* hidden(kind)
      let isFirst = true
      // Another person's decision is written between the look-up and the write.
      const person = yield* start({
        journal: {
          before: ({ row }) => {
            const isWrite = row?.resolution !== undefined && isFirst
            if (isWrite) isFirst = false
            return isWrite
              ? Effect.asVoid(Effect.orDie(transfers.resolve(reference, paidAs(made.id, version))))
              : Effect.void
          }
        }
      })
      const error = yield* refusedFor(person.resolve(reference, paidAs(made.id, version)), "changed-since")
      has(error, { operation: `${kind.service}.resolve`, state: "accepted", version: version + 1, records: [] })
      assert.strictEqual((yield* transfers.send(intent)).recordId, made.id)
      assert.strictEqual((yield* journal.backup).length, 1)
    })
  )
})

describe("a refusal of resolve as not paid", () => {
  both("names the operation and the state for a transfer that is not in doubt", (kind) =>
    Effect.gen(function* () {
      const { recordId, reference, row, transfers } = yield* sent(kind)
      const { version } = yield* row()
      const error = yield* refusedFor(transfers.resolve(reference, notPaid(version, [recordId])), "wrong-state")
      has(error, { operation: `${kind.service}.resolve`, state: "accepted", version, records: [] })
    })
  )

  both("names the operation for a reference that the journal does not have", (kind) =>
    Effect.gen(function* () {
      const { transfers } = yield* scene(kind)
      const error = yield* refusedFor(transfers.resolve("another", notPaid(1)), "unknown-reference")
      has(error, { operation: `${kind.service}.resolve`, reference: "another" })
    })
  )

  both("names the operation, the state and the version in the quiet time", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers, version } = yield* inDoubt(kind)
      const error = yield* refusedFor(transfers.resolve(reference, notPaid(version)), "quiet-time")
      has(error, { operation: `${kind.service}.resolve`, state: "needsReview", version, records: [] })
    })
  )

  both("names the operation, the state and the version after an incomplete look-up", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, transfers, version } = yield* inDoubt(kind, { lookUpPages: 2 })
      yield* fault("list", Fault.endlessCursor(), { rate: 1 })
      yield* TestClock.adjust("20 minutes")
      const error = yield* refusedFor(transfers.resolve(reference, notPaid(version)), "look-up-incomplete")
      has(error, { operation: `${kind.service}.resolve`, state: "needsReview", version, records: [] })
    })
  )

  both("names the operation and the current version if the transfer changed during the look-up", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, transfers, version } = yield* inDoubt(kind)
      yield* TestClock.adjust("20 minutes")
      yield* fault("list", Fault.slow("5 seconds"))
      const slow = yield* Effect.forkChild(refusedFor(transfers.resolve(reference, notPaid(version)), "changed-since"))
      yield* runReady
      yield* transfers.resolve(reference, notPaid(version))
      yield* TestClock.adjust("5 seconds")
      const error = yield* Fiber.join(slow)
      has(error, { operation: `${kind.service}.resolve`, state: "intended", version: version + 1, records: [] })
    })
  )

  both("names the earlier and the current records, each once", (kind) =>
    Effect.gen(function* () {
      const { add, reference, transfers, write } = yield* scene(kind)
      const seen = yield* add({ reference: null })
      const fresh = yield* add({ reference: null })
      const own = yield* add({ reference: null, amount: 40_000 })
      const { version } = yield* write({ state: "needsReview", recordId: own.id, evidence: ["01HBEFORE", seen.id] })
      yield* TestClock.adjust("20 minutes")
      const error = yield* refusedFor(transfers.resolve(reference, notPaid(version)), "record-shown")
      has(error, { operation: `${kind.service}.resolve` })
      assert.sameMembers(error.records.map(String), [own.id, "01HBEFORE", seen.id, fresh.id])
    })
  )
})

describe("a refusal of withdraw or acknowledge", () => {
  both("names the operation for a reference that the journal does not have", (kind) =>
    Effect.gen(function* () {
      const { transfers } = yield* scene(kind)
      const withdraw = yield* refusedFor(transfers.withdraw("another", author), "unknown-reference")
      has(withdraw, { operation: `${kind.service}.withdraw` })
      const asked = transfers.acknowledge("another", { ...author, version: 1 })
      has(yield* refusedFor(asked, "unknown-reference"), { operation: `${kind.service}.acknowledge` })
    })
  )

  both("names the version of a transfer in manual review", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers, version } = yield* inDoubt(kind)
      const asked = transfers.withdraw(reference, { ...author, version: version + 1 })
      has(yield* refusedFor(asked, "changed-since"), {
        operation: `${kind.service}.withdraw`,
        state: "needsReview",
        version
      })
    })
  )
})

describe("resolve as paid", () => {
  both("trusts the record that was read, whatever a list shows", (kind) =>
    Effect.gen(function* () {
      const { fault, made, reference, setStatus, simulator, transfers, version } = yield* hidden(kind)
      yield* simulator.clearFaults
      yield* setStatus(made.id, "approved")
      yield* fault("list", Fault.rewrite("status", "cancelled"), { rate: 1 })
      const resolved = yield* transfers.resolve(reference, paidAs(made.id, version))
      has(resolved, { state: "approved", alarm: undefined })
    })
  )

  both("raises the alarm for a second record that only the list of the account shows", (kind) =>
    Effect.gen(function* () {
      const { add, fault, made, reference, simulator, transfers, version } = yield* hidden(kind)
      yield* simulator.clearFaults
      const second = yield* add()
      yield* fault("list", Fault.lag("1 day", { filter: "reference" }), { rate: 1 })
      const { alarm } = yield* transfers.resolve(reference, paidAs(made.id, version))
      assert.strictEqual(alarm?.kind, "duplicate")
      assert.sameMembers([...(alarm?.records ?? [])], [made.id, second.id])
    })
  )

  both("ignores a record that is only similar", (kind) =>
    Effect.gen(function* () {
      const { add, made, reference, simulator, transfers, version } = yield* hidden(kind)
      yield* simulator.clearFaults
      yield* add({ reference: null })
      has(yield* transfers.resolve(reference, paidAs(made.id, version)), { alarm: undefined, evidence: [] })
    })
  )

  both("accepts a decision that repeats equal fields beside the differing ones", (kind) =>
    Effect.gen(function* () {
      const { add, intent, reference, transfers, version } = yield* inDoubt(kind)
      const { id } = yield* add({ amount: 40_000 })
      const differs = { accountId: intent.accountId, amount: 40_000, reference, merchantAccountId: "default" }
      has(yield* transfers.resolve(reference, { ...paidAs(id, version), differs }), { recordId: id, state: "accepted" })
    })
  )

  both("accepts a record without a reference", (kind) =>
    Effect.gen(function* () {
      const { fault, made, reference, transfers, version } = yield* hidden(kind)
      yield* fault("get", Fault.rewrite("reference", undefined))
      has(yield* transfers.resolve(reference, paidAs(made.id, version)), { recordId: made.id, state: "accepted" })
    })
  )
})

describe("acknowledge", () => {
  both("makes no request to Palomma for a transfer without a known record", (kind) =>
    Effect.gen(function* () {
      const { add, count, reference, row, transfers, write } = yield* scene(kind)
      yield* write({ state: "sending" })
      const theirs = yield* add({ amount: 40_000 })
      yield* transfers.applyWebhook(event(kind, theirs.id, reference))
      const { alarm, version } = yield* row()
      assert.strictEqual(alarm?.kind, "differs")
      const before = yield* count()
      has(yield* transfers.acknowledge(reference, { ...author, version }), { state: "sending", alarm: undefined })
      assert.strictEqual(yield* count(), before)
    })
  )

  both("rules out nothing that the person does not name", (kind) =>
    Effect.gen(function* () {
      const { add, reference, row, transfers, write } = yield* scene(kind)
      yield* write({ state: "sending" })
      const theirs = yield* add({ amount: 40_000 })
      yield* transfers.applyWebhook(event(kind, theirs.id, reference))
      const { version } = yield* row()
      const known = yield* transfers.acknowledge(reference, { ...author, version })
      assert.deepStrictEqual([[...known.notOurs], [...known.evidence]], [[], [theirs.id]])
    })
  )
})

describe("evidence that no decision rules out", () => {
  both("is ruled out by none of them", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers, version } = yield* inDoubt(kind)
      yield* TestClock.adjust("20 minutes")
      const decision = { as: "not-paid", version, ...author } as const
      assert.deepStrictEqual((yield* transfers.resolve(reference, decision)).notOurs, [])
      assert.deepStrictEqual((yield* transfers.withdraw(reference, author)).notOurs, [])
    })
  )

  both("is not ruled out by the withdrawal of a transfer in manual review", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers, version } = yield* inDoubt(kind)
      yield* TestClock.adjust("20 minutes")
      assert.deepStrictEqual((yield* transfers.withdraw(reference, { ...author, version })).notOurs, [])
    })
  )

  both("is not ruled out by a paid decision", (kind) =>
    Effect.gen(function* () {
      const { made, reference, transfers, version } = yield* hidden(kind)
      assert.deepStrictEqual((yield* transfers.resolve(reference, paidAs(made.id, version))).notOurs, [])
    })
  )
})
