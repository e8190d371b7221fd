/** What a look-up counts, which requests it makes, and how its result is used. */
import { assert, describe } from "@effect/vitest"
import {
  TransferClaim,
  TransferConflict,
  TransferJournalError,
  TransferNotSent,
  TransferOutcomeUnknown
} from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { both, scene } from "./support/people.ts"
import { broken, failure, has, inTime, type World } from "./support/scenario.ts"

const counted = (steps: ReadonlyArray<string>, step: string): number => steps.filter((one) => one === step).length

const looksOf = (world: World) =>
  Effect.map(world.requests("list"), (requests) =>
    requests.map(({ at, url }) => ({ at, by: url.includes("reference=") ? "reference" : "account" }))
  )

describe("the look-up before a send", () => {
  both("is one request and one read of the journal, and what it found is one write", (kind) =>
    Effect.gen(function* () {
      const { add, intent, transfers } = yield* scene(kind)
      const made = yield* add()
      has(yield* transfers.send(intent), { state: "accepted", recordId: made.id })
      assert.deepStrictEqual(transfers.steps, ["find", "GET", "findByRecordId", "insert accepted"])
    })
  )

  both("finds a final transfer as well, by one request and one read of the journal", (kind) =>
    Effect.gen(function* () {
      const { add, intent, transfers } = yield* scene(kind)
      yield* add({ status: "approved" })
      has(yield* transfers.send(intent), { state: "approved" })
      assert.deepStrictEqual(transfers.steps, ["find", "GET", "findByRecordId", "insert approved"])
    })
  )

  both("leaves a record that may match to manual review, and does not look it up again", (kind) =>
    Effect.gen(function* () {
      const { add, fault, intent, transfers } = yield* scene(kind)
      yield* add({ reference: null })
      yield* fault("list", Fault.ignoreFilters("reference"), { rate: 1 })
      assert.instanceOf(yield* failure(transfers.send(intent)), TransferOutcomeUnknown)
      assert.strictEqual(counted(transfers.steps, "GET"), 1)
    })
  )

  both("finds it in an endless list", (kind) =>
    Effect.gen(function* () {
      const { add, fault, intent, transfers } = yield* scene(kind, { lookUpPages: 3 })
      const made = yield* add()
      yield* fault("list", Fault.endlessCursor(), { rate: 1 })
      has(yield* inTime(transfers.send(intent)), { state: "accepted", recordId: made.id })
    })
  )

  both("fails with the journal's own error if the journal cannot read the owner of a record", (kind) =>
    Effect.gen(function* () {
      const { add, count, intent, start } = yield* scene(kind)
      yield* add()
      const process = yield* start({
        journal: {
          before: ({ operation }) => (operation === "findByRecordId" ? Effect.fail(broken(operation)) : Effect.void)
        }
      })
      const error = yield* failure(process.send(intent))
      assert.instanceOf(error, TransferJournalError)
      has(error, { sent: "no", reference: intent.reference })
      assert.strictEqual(yield* count("create"), 0)
    })
  )

  both("of a corrected transfer finds that the refusal was false, and reports other content", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, paid, row, transfers } = yield* scene(kind)
      yield* fault("create", Fault.respond({ status: 400, body: { message: "no" }, takesEffect: true }))
      yield* Effect.flip(transfers.send(intent))
      const error = yield* failure(transfers.send({ ...intent, amount: 60_000 }))
      const [record, ...others] = yield* paid()
      assert.deepStrictEqual(others, [])
      assert.instanceOf(error, TransferConflict)
      has(error, { recordId: record?.id })
      has(yield* row(), { amount: 50_000, recordId: record?.id })
      // The second call did not even try to claim it.
      assert.strictEqual(transfers.steps.filter((step) => step.endsWith(" sending")).length, 1)
    })
  )
})

describe("a response with the reference that was sent", () => {
  both("is written without a search for the record's owner in the journal", (kind) =>
    Effect.gen(function* () {
      const { intent, transfers } = yield* scene(kind)
      yield* transfers.send(intent)
      assert.strictEqual(counted(transfers.steps, "findByRecordId"), 0)
      assert.strictEqual(transfers.steps.at(-1), "replace accepted")
    })
  )
})

describe("a look-up among all records of the account", () => {
  both("reports a record of both lists as shown by the list by reference", (kind) =>
    Effect.gen(function* () {
      const { add, fault, intent, transfers, write } = yield* scene(kind)
      const made = yield* add({ reference: null })
      yield* write({ state: "needsReview" })
      yield* fault("list", Fault.ignoreFilters("reference"), { rate: 1 })
      const error = yield* failure(transfers.send(intent))
      assert.instanceOf(error, TransferOutcomeUnknown)
      assert.deepStrictEqual(
        error.evidence.records.map(({ id, seenIn }) => [String(id), seenIn]),
        [[made.id, "reference-list"]]
      )
    })
  )

  for (const place of ["before", "behind"] as const) {
    both(`stores a hundred records that may match, and finds its own ${place} them`, (kind) =>
      Effect.gen(function* () {
        const { add, fault, intent, transfers, write } = yield* scene(kind)
        yield* write({ state: "needsReview" })
        yield* fault("list", Fault.ignoreFilters("reference"), { rate: 1 })
        if (place === "before") yield* add()
        for (let n = 0; n < 120; n++) yield* add({ reference: null })
        if (place === "behind") yield* add()
        const found = yield* transfers.send(intent)
        assert.strictEqual(found.state, "accepted")
        assert.isUndefined(found.alarm)
      })
    )
  }

  both("stores at most a hundred records that may match", (kind) =>
    Effect.gen(function* () {
      const { add, intent, row, transfers, write } = yield* scene(kind)
      yield* write({ state: "needsReview" })
      for (let n = 0; n < 120; n++) yield* add({ reference: null })
      assert.instanceOf(yield* failure(transfers.send(intent)), TransferOutcomeUnknown)
      assert.lengthOf((yield* row()).evidence, 100)
    })
  )

  both("finds its own record, although the list of the reference omits the reference of that record", (kind) =>
    Effect.gen(function* () {
      const { add, fault, intent, transfers, write } = yield* scene(kind)
      const made = yield* add()
      yield* write({ state: "needsReview" })
      yield* fault("list", Fault.rewrite("reference", undefined), { nth: 1 })
      has(yield* transfers.send(intent), { state: "accepted", recordId: made.id })
    })
  )

  both("alone decides whether a later transfer was shown", (kind) =>
    Effect.gen(function* () {
      const { add, fault, intent, transfers, world, write } = yield* scene(kind)
      const claim = new TransferClaim({ id: "claim-1", length: 65_000, at: 0 })
      yield* write({ state: "unknown", claim })
      yield* TestClock.adjust("1 minute")
      yield* add({ reference: null })
      yield* fault("list", Fault.ignoreFilters("reference"), { rate: 1 })
      const first = yield* failure(transfers.send(intent))
      assert.deepStrictEqual(
        (yield* looksOf(world)).map(({ by }) => by),
        ["reference"]
      )
      assert.instanceOf(first, TransferOutcomeUnknown)
      assert.isFalse(first.evidence.laterTransferShown)
      const second = yield* failure(transfers.send(intent))
      assert.instanceOf(second, TransferOutcomeUnknown)
      assert.isTrue(second.evidence.laterTransferShown)
    })
  )

  both("finds the rejected content of a corrected transfer without its reference, and sends nothing", (kind) =>
    Effect.gen(function* () {
      const { add, count, intent, row, transfers, write } = yield* scene(kind)
      yield* write({ state: "rejected" })
      const made = yield* add({ reference: null })
      has(yield* failure(transfers.send({ ...intent, amount: 60_000 })), { _tag: "TransferConflict" })
      has(yield* row(), { state: "needsReview", evidence: [made.id] })
      assert.strictEqual(yield* count("create"), 0)
    })
  )

  both("records at most a hundred records with its own reference", (kind) =>
    Effect.gen(function* () {
      const { add, intent, row, transfers, write } = yield* scene(kind)
      yield* write({ state: "needsReview" })
      for (let n = 0; n < 120; n++) yield* add()
      has(yield* failure(transfers.send(intent)), { _tag: "TransferDuplicate" })
      assert.lengthOf((yield* row()).alarm?.records ?? [], 100)
    })
  )

  both("reports where a record with other content was shown first", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, paid, transfers } = yield* scene(kind, {
        reconcileTimeout: 0,
        simulator: { storeAs: { amount: { add: -500 } } }
      })
      yield* fault("create", Fault.commitThenDrop)
      const error = yield* failure(transfers.send(intent))
      const [record] = yield* paid()
      assert.instanceOf(error, TransferOutcomeUnknown)
      assert.deepStrictEqual(
        error.evidence.records.map(({ id, seenIn }) => [String(id), seenIn]),
        [[record?.id, "reference-list"]]
      )
    })
  )

  both("does not read the page that only shows that its limit is exceeded", (kind) =>
    Effect.gen(function* () {
      const { add, count, fault, intent, transfers } = yield* scene(kind, { lookUpPages: 1 })
      yield* fault("list", Fault.ignoreFilters("reference"), { rate: 1 })
      // It is in the middle of the list, on the second page.
      for (let n = 0; n < 150; n++) yield* add({ reference: "another" })
      yield* add()
      for (let n = 0; n < 150; n++) yield* add({ reference: "another" })
      const error = yield* failure(transfers.send(intent))
      assert.instanceOf(error, TransferNotSent)
      has(error.cause, { limit: "lookUpPages", pages: 1 })
      assert.strictEqual(yield* count("list"), 2)
    })
  )
})

describe("the search for a transfer in doubt", () => {
  both("lists by reference, and finally all records of the account, after growing pauses", (kind) =>
    Effect.gen(function* () {
      const { intent, transfers, world, write } = yield* scene(kind, { reconcileTimeout: "2 minutes" })
      yield* write({ state: "unknown" })
      assert.instanceOf(yield* failure(transfers.send(intent)), TransferOutcomeUnknown)
      const looks = yield* looksOf(world)
      assert.deepStrictEqual(
        looks.map(({ by }) => by),
        [...looks.slice(1).map(() => "reference"), "account"]
      )
      const times = looks.slice(0, -1).map(({ at }) => at)
      const pauses = times.slice(1).map((at, i) => at - (times[i] ?? 0))
      let longest = 1_000
      let areShorter = false
      for (const pause of pauses) {
        assert.isAtMost(pause, longest + 1)
        assert.isAtLeast(pause, 0.75 * longest - 1)
        areShorter ||= pause < longest - 1
        longest = Math.min(1.5 * longest, 15_000)
      }
      assert.strictEqual(longest, 15_000)
      // The jitter keeps processes from requesting at the same time.
      assert.isTrue(areShorter)
    })
  )

  both("reads it by its id, and skips the lists if that is sufficient", (kind) =>
    Effect.gen(function* () {
      const { add, count, intent, transfers, write } = yield* scene(kind)
      const made = yield* add()
      yield* write({ state: "unknown", recordId: made.id })
      has(yield* transfers.send(intent), { state: "accepted", recordId: made.id })
      assert.strictEqual(yield* count("get"), 1)
      assert.strictEqual(yield* count("list"), 0)
    })
  )

  both("fails with the journal's own error if the journal fails in a look-up, and reports what was sent", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, start } = yield* scene(kind)
      yield* fault("create", Fault.commitThenDrop)
      let failures = 0
      const process = yield* start({
        journal: {
          before: ({ operation }) => {
            if (operation !== "findByRecordId") return Effect.void
            failures += 1
            return Effect.fail(broken(operation))
          }
        }
      })
      const error = yield* failure(process.send(intent))
      assert.instanceOf(error, TransferJournalError)
      has(error, { sent: "yes", reference: intent.reference })
      assert.strictEqual(failures, 1)
    })
  )

  both("ends immediately if a look-up would fail again, and leaves it to the next call", (kind) =>
    Effect.gen(function* () {
      const { count, fault, intent, row, transfers, write } = yield* scene(kind)
      yield* write({ state: "unknown" })
      yield* fault("list", Fault.respond({ status: 401, body: { message: "No" } }), { rate: 1 })
      const error = yield* failure(transfers.send(intent))
      assert.instanceOf(error, TransferOutcomeUnknown)
      has(error, { state: "unknown", lastErrorTag: "PalommaUnauthorized" })
      assert.strictEqual(yield* count("list"), 1)
      has(yield* row(), { state: "unknown" })
    })
  )

  both("pauses a run if Palomma asks it to slow down", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, transfers, world } = yield* scene(kind, { reconcileTimeout: 0 })
      yield* fault("create", Fault.drop())
      yield* fault("list", Fault.rateLimited(60), { nth: 2 })
      const intents = Stream.make({ ...intent, reference: "first" }, { ...intent, reference: "second" })
      const results = yield* inTime(Stream.runCollect(transfers.sendAll(intents, { concurrency: 1 })))
      assert.deepStrictEqual(
        results.map(({ _tag }) => _tag),
        ["Failed", "Accepted"]
      )
      const [, refused, next] = yield* world.requests("list")
      assert.isAtLeast((next?.at ?? 0) - (refused?.at ?? 0), 60_000)
    })
  )
})
