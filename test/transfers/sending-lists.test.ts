/** R6: look-ups end, and classify each record correctly. */
import { assert, describe, it } from "@effect/vitest"
import { TransferConflict, TransferNotSent, TransferOutcomeUnknown } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { amount, failure, has, inTime, kinds, makeWorld, scenario } from "./support/scenario.ts"

const always = { rate: 1 } as const

// A client that waits any time for one response of a list.
const patient = { retry: { reads: { maxAttempts: 1, attemptTimeout: "1 hour", timeout: "1 hour" } } } as const

describe.each(kinds)("%s, by R6,", (_, kind) => {
  for (const pages of ["empty", "repeated"] as const) {
    scenario(
      `ends a look-up in an endless list, and continues with ${pages} pages, at lookUpPages`,
      kind,
      function* ({ process, world }) {
        yield* world.fault("list", Fault.endlessCursor({ pages }), always)
        const error = yield* failure(process.send(world.intent("a")))
        assert.instanceOf(error, TransferNotSent)
        has(error.cause, { _tag: "TransferLookUpIncomplete", limit: "lookUpPages" })
        assert.include(error.message, "lookUpPages")
        // One page above the limit shows that there are more.
        assert.strictEqual((yield* world.requests("list")).length, 8)
        assert.deepStrictEqual(yield* world.rows, [])
      },
      { start: { transfers: { lookUpPages: 7 } } }
    )
  }

  scenario(
    "ends a look-up in an endless list at lookUpTimeout",
    kind,
    function* ({ process, world }) {
      yield* world.fault("list", Fault.endlessCursor(), always)
      yield* world.fault("list", Fault.slow("2 seconds"), always)
      const error = yield* failure(process.send(world.intent("a")))
      assert.instanceOf(error, TransferNotSent)
      has(error.cause, { _tag: "TransferLookUpIncomplete", limit: "lookUpTimeout", pages: 4 })
      assert.include(error.message, "lookUpTimeout")
      assert.deepStrictEqual(yield* world.rows, [])
    },
    { start: { client: patient, transfers: { lookUpTimeout: "9 seconds" } } }
  )

  scenario(
    "ends the search for a transfer in doubt in an endless list, and leaves it to manual review",
    kind,
    function* ({ process, world }) {
      yield* world.fault("create", Fault.drop())
      yield* world.fault("list", Fault.endlessCursor(), { nth: 2, times: 99 })
      const error = yield* failure(process.send(world.intent("a")))
      assert.instanceOf(error, TransferOutcomeUnknown)
      has(error, { state: "needsReview", sent: "yes" })
      assert.include(error.message, "lookUpPages")
      // One before the send, and six of the search: each ends at its limit.
      assert.strictEqual((yield* world.requests("list")).length, 7)
    },
    { start: { transfers: { lookUpPages: 5 } } }
  )

  it.effect("reads a list of exactly lookUpPages pages to its end", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      for (let n = 0; n < 250; n++) yield* kind.addRecord(world.simulator, world.intent("b", { amount: 60_000 }))
      yield* world.fault("list", Fault.ignoreFilters(), always)
      const process = yield* world.start({ transfers: { lookUpPages: 3 } })
      yield* process.send(world.intent("a"))
      assert.strictEqual((yield* world.requests("list")).length, 3)
      const impatient = yield* world.start({ transfers: { lookUpPages: 2 } })
      const error = yield* failure(impatient.send(world.intent("c")))
      assert.instanceOf(error, TransferNotSent)
      has(error.cause, { limit: "lookUpPages" })
    })
  )

  scenario("counts a record once if a shifting list shows it on two pages", kind, function* ({ process, world }) {
    yield* world.fault("create", Fault.commitThenDrop)
    yield* world.fault("list", Fault.repeatRecord, always)
    const transfer = yield* inTime(process.send(world.intent("a")))
    const [record] = yield* world.records("a")
    has(transfer, { state: "accepted", recordId: record?.id, alarm: undefined })
    // It was shown twice.
    assert.isAtLeast((yield* world.requests("list")).length, 3)
  })

  scenario("counts a record once if both lists show it", kind, function* ({ process, world }) {
    yield* world.fault("create", Fault.refuse, { times: 3 })
    yield* failure(process.send(world.intent("a")))
    const made = yield* kind.addRecord(world.simulator, world.intent("a"))
    const transfer = yield* inTime(process.send(world.intent("a")))
    has(transfer, { state: "accepted", recordId: made.id, alarm: undefined })
    assert.strictEqual(process.steps.filter((step) => step === "replace accepted").length, 1)
  })

  it.effect("finds its own record among all others if a list ignores its filter", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const elsewhere = yield* kind.addAccount(world.simulator)
      yield* kind.addRecord(world.simulator, world.intent("b"))
      yield* kind.addRecord(world.simulator, world.intent("c", { amount: 60_000 }))
      yield* kind.addRecord(world.simulator, { accountId: elsewhere, amount })
      yield* kind.addRecord(world.simulator, { accountId: world.account, amount: 60_000 })
      const process = yield* world.start()
      yield* world.fault("list", Fault.ignoreFilters(), always)
      yield* world.fault("create", Fault.commitThenDrop)
      const transfer = yield* inTime(process.send(world.intent("a")))
      const records = yield* world.records("a")
      assert.strictEqual(records.length, 1)
      has(transfer, { state: "accepted", recordId: records[0]?.id, alarm: undefined, evidence: [] })
    })
  )

  it.effect(
    "leaves a record without a reference but with its account and amount to manual review, and sends nothing",
    () =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind)
        const made = yield* kind.addRecord(world.simulator, { accountId: world.account, amount })
        yield* world.fault("list", Fault.ignoreFilters("reference"), always)
        const process = yield* world.start()
        const error = yield* failure(process.send(world.intent("a")))
        assert.instanceOf(error, TransferOutcomeUnknown)
        has(error, { state: "needsReview", sent: "no", recordId: undefined })
        assert.deepStrictEqual(
          error.evidence.records.map(({ id, seenIn }) => [String(id), seenIn]),
          [[made.id, "reference-list"]]
        )
        has(yield* world.row("a"), { state: "needsReview", evidence: [made.id], recordId: undefined })
        // The next look-up continues with the list of the account, which shows it too: the first list counts.
        const again = yield* failure(process.send(world.intent("a")))
        assert.instanceOf(again, TransferOutcomeUnknown)
        assert.deepStrictEqual(again.evidence, error.evidence)
        assert.strictEqual(yield* world.creates, 0)
      })
  )

  scenario(
    "never sends again, and leaves it to manual review, if lists omit references",
    kind,
    function* ({ process, world }) {
      yield* world.fault("create", Fault.commitThenDrop)
      yield* world.fault("list", Fault.transform("reference", "remove"), always)
      const error = yield* failure(process.send(world.intent("a")))
      assert.instanceOf(error, TransferOutcomeUnknown)
      const [record] = yield* world.records("a")
      has(yield* world.row("a"), { state: "needsReview", evidence: [record?.id] })
      yield* failure(process.send(world.intent("a")))
      assert.strictEqual((yield* world.records("a")).length, 1)
    }
  )

  for (const [what, item] of [
    ["with an id", { id: "UNREADABLE" }],
    ["without an id", {}]
  ] as const) {
    it.effect(
      `leaves an item ${what} that cannot be read and may match to manual review, where it can be ruled out`,
      () =>
        Effect.gen(function* () {
          const world = yield* makeWorld(kind)
          const unreadable = { ...item, [kind.accountField]: world.account, amount, createdAt: "2026-11-01" }
          yield* world.fault("list", Fault.insertItem(unreadable), always)
          const process = yield* world.start()
          const error = yield* Effect.flip(process.send(world.intent("a")))
          assert.instanceOf(error, TransferOutcomeUnknown)
          const { evidence, version } = yield* world.row("a")
          assert.strictEqual(evidence.length, 1)
          assert.match(evidence[0] ?? "", "id" in item ? /^UNREADABLE$/ : /^unreadable:[0-9a-f]{32}$/)
          // The same item has the same name each time, and can be ruled out by it.
          yield* Effect.flip(process.send(world.intent("a")))
          assert.deepStrictEqual((yield* world.row("a")).evidence, evidence)
          assert.deepStrictEqual(
            error.evidence.records.map(({ id }) => String(id)),
            evidence
          )
          yield* process.resolve("a", { as: "not-paid", version, by: "ana", note: "of another", notOurs: evidence })
          has(yield* process.send(world.intent("a")), { state: "accepted" })
          assert.strictEqual(yield* world.creates, 1)
        })
    )
  }

  scenario(
    "does not report that lists do not show it if they show an unreadable item",
    kind,
    function* ({ process, world }) {
      yield* world.fault("create", Fault.commitThenDrop)
      yield* world.fault("list", Fault.rewrite("status", undefined), { nth: 2, times: 99 })
      const error = yield* failure(process.send(world.intent("a")))
      const [record] = yield* world.records("a")
      assert.instanceOf(error, TransferOutcomeUnknown)
      assert.notInclude(error.message, "do not show")
      assert.include(error.message, record?.id ?? "")
      has(yield* world.row("a"), { state: "needsReview", evidence: [record?.id] })
    }
  )

  for (const [what, item] of [
    ["another reference", { reference: "another" }],
    ["another amount", { amount: 60_000 }]
  ] as const) {
    it.effect(`ignores an item with ${what} that cannot be read`, () =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind)
        yield* world.fault("list", Fault.insertItem({ [kind.accountField]: world.account, amount, ...item }), always)
        const process = yield* world.start()
        has(yield* process.send(world.intent("a")), { state: "accepted" })
      })
    )
  }

  // One reference is the beginning of the other, so each record may match both.
  it.effect("never accepts the record of another row, however similar they are", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const [short, long] = ["salary-2026-11-ana", "salary-2026-11-ana-and-bonus"] as const
      const process = yield* world.start()
      yield* world.fault("list", Fault.ignoreFilters("reference"), always)
      has(yield* process.send(world.intent(short)), { state: "accepted" })
      has(yield* process.send(world.intent(long)), { state: "accepted" })
      assert.strictEqual((yield* world.records(long)).length, 1)
    })
  )

  it.effect("leaves a record whose reference is the beginning of its own and that no row has to manual review", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      yield* kind.addRecord(world.simulator, world.intent("salary-2026-11-ana"))
      yield* world.fault("list", Fault.ignoreFilters("reference"), always)
      const process = yield* world.start()
      const error = yield* failure(process.send(world.intent("salary-2026-11-ana-and-bonus")))
      assert.instanceOf(error, TransferOutcomeUnknown)
      assert.strictEqual(yield* world.creates, 0)
    })
  )

  scenario(
    "is not sent again because no look-up finds it, at any number of later calls",
    kind,
    function* ({ process, world }) {
      yield* world.fault("create", Fault.commitThenDrop)
      yield* world.fault("list", Fault.lag("30 days"), always)
      for (let day = 0; day < 5; day++) {
        const error = yield* failure(process.send(world.intent("a")))
        assert.instanceOf(error, TransferOutcomeUnknown)
        has(error, { state: "needsReview", sent: day === 0 ? "yes" : "no" })
        yield* TestClock.adjust("1 day")
      }
      assert.strictEqual(yield* world.creates, 1)
      yield* world.simulator.clearFaults
      const [record] = yield* world.records("a")
      has(yield* inTime(process.send(world.intent("a"))), { state: "accepted", recordId: record?.id })
    }
  )

  it.effect("reports other content at Palomma to a call that found it, and to the sender that it was sent", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind, { simulator: { storeAs: { amount: { add: -500 } } } })
      const process = yield* world.start()
      yield* world.fault("create", Fault.commitThenDrop)
      const first = yield* failure(process.send(world.intent("a")))
      const [record] = yield* world.records("a")
      assert.instanceOf(first, TransferOutcomeUnknown)
      has(first, { sent: "yes", recordId: record?.id, state: "needsReview" })
      const second = yield* failure(process.send(world.intent("a")))
      assert.instanceOf(second, TransferConflict)
      has(second, { found: "palomma", recordId: record?.id })
    })
  )
})
