/** Reconciling all open transfers, with one result for each. */
import { assert, describe } from "@effect/vitest"
import type { ReconcileResult, TransferState } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { broken } from "./support/journals.ts"
import { both, scene } from "./support/people.ts"
import { inTime } from "./support/scenario.ts"

const summaryOf = (results: ReadonlyArray<ReconcileResult>) =>
  results
    .map((result) =>
      result._tag === "Reconciled"
        ? `${result.transfer.reference} is ${result.transfer.state}`
        : `${result.reference} failed: ${result.error._tag}`
    )
    .sort()

const name = (n: number): string => `r-${String(n).padStart(3, "0")}`

describe("reconcileAll", () => {
  both("refreshes accepted transfers and looks up those in doubt, with one result for each", (kind) =>
    Effect.gen(function* () {
      const { add, count, intent, row, setStatus, transfers, write } = yield* scene(kind)
      for (const reference of ["a", "b"]) yield* transfers.send({ ...intent, reference })
      // The webhook of `a` was lost.
      yield* setStatus((yield* row("a")).recordId ?? "", "approved")
      yield* write({ reference: "c", state: "unknown" })
      yield* add({ reference: "c" })
      yield* write({ reference: "d", state: "needsReview" })
      yield* write({ reference: "e", state: "unknown" })
      yield* write({ reference: "f", state: "sending" })
      yield* TestClock.adjust("1 minute")
      const results = yield* inTime(Stream.runCollect(transfers.reconcileAll()))
      assert.deepStrictEqual(summaryOf(results), [
        "a is approved",
        "b is accepted",
        "c is accepted",
        "d failed: TransferOutcomeUnknown",
        "e failed: TransferOutcomeUnknown",
        "f failed: TransferOutcomeUnknown"
      ])
      assert.strictEqual((yield* row("a")).state, "approved")
      assert.strictEqual(yield* count("create"), 2)
    })
  )

  both("skips transfers that were not sent or are final", (kind) =>
    Effect.gen(function* () {
      const { count, transfers, write } = yield* scene(kind)
      const states: ReadonlyArray<TransferState> = [
        "intended",
        "rejected",
        "approved",
        "partial",
        "cancelled",
        "withdrawn"
      ]
      for (const state of states) yield* write({ reference: state, state })
      yield* TestClock.adjust("1 day")
      assert.deepStrictEqual(yield* Stream.runCollect(transfers.reconcileAll()), [])
      assert.strictEqual(yield* count(), 0)
    })
  )

  both("continues after a failure, and reports it", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, row, transfers } = yield* scene(kind)
      for (const reference of ["a", "b", "c"]) yield* transfers.send({ ...intent, reference })
      yield* fault("get", Fault.respond({ status: 401 }), { containing: (yield* row("b")).recordId })
      const results = yield* Stream.runCollect(transfers.reconcileAll({ olderThan: 0 }))
      assert.deepStrictEqual(summaryOf(results), ["a is accepted", "b failed: PalommaUnauthorized", "c is accepted"])
    })
  )

  both("takes only those that did not change for a duration, a minute by default", (kind) =>
    Effect.gen(function* () {
      const { intent, transfers } = yield* scene(kind)
      yield* transfers.send({ ...intent, reference: "old" })
      yield* TestClock.adjust("2 minutes")
      yield* transfers.send({ ...intent, reference: "new" })
      const all = (options?: { readonly olderThan: Duration.Input }) =>
        Effect.map(Stream.runCollect(transfers.reconcileAll(options)), summaryOf)
      yield* TestClock.adjust("59 seconds")
      assert.deepStrictEqual(yield* all(), ["old is accepted"])
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* all(), ["new is accepted", "old is accepted"])
      assert.deepStrictEqual(yield* all({ olderThan: "2 minutes" }), ["old is accepted"])
      assert.deepStrictEqual(yield* all({ olderThan: "3 minutes" }), ["old is accepted"])
      assert.deepStrictEqual(yield* all({ olderThan: "1 hour" }), [])
    })
  )

  both("measures the age by the journal's clock, though machines' clocks differ by a month", (kind) =>
    Effect.gen(function* () {
      const { intent, machine, start } = yield* scene(kind)
      const month = Duration.toMillis("30 days")
      const ahead = yield* start({ machine: yield* machine(month) })
      const behind = yield* start({ machine: yield* machine(-month) })
      yield* ahead.send({ ...intent, reference: "a" })
      yield* behind.send({ ...intent, reference: "b" })
      for (const process of [ahead, behind]) {
        assert.deepStrictEqual(yield* Stream.runCollect(process.reconcileAll()), [])
      }
      yield* TestClock.adjust("1 minute")
      for (const process of [ahead, behind]) {
        const results = yield* Stream.runCollect(process.reconcileAll())
        assert.deepStrictEqual(summaryOf(results), ["a is accepted", "b is accepted"])
      }
    })
  )

  both("reads page by page, and misses none that changes meanwhile", (kind) =>
    Effect.gen(function* () {
      const { add, setStatus, transfers, write } = yield* scene(kind)
      const names = Array.from({ length: 250 }, (_, n) => name(n))
      for (const reference of names) {
        const { id } = yield* add({ reference })
        yield* write({ reference, state: "accepted", recordId: id })
        // A final transfer is no longer listed, which shifts the pages of a list that counts.
        yield* setStatus(id, "approved")
      }
      const results = yield* Stream.runCollect(transfers.reconcileAll({ olderThan: 0, concurrency: 1 }))
      assert.deepStrictEqual(
        summaryOf(results),
        names.map((reference) => `${reference} is approved`)
      )
      assert.deepStrictEqual(transfers.steps.filter((step) => step === "list").length, 3)
    })
  )

  for (const [options, most] of [
    [{}, 4],
    [{ concurrency: 1 }, 1],
    [{ concurrency: 7 }, 7]
  ] as const) {
    both(`asks ${most} at once${most === 4 ? " by default" : ""}`, (kind) =>
      Effect.gen(function* () {
        const { add, start, write } = yield* scene(kind)
        let running = 0
        let highest = 0
        const process = yield* start({
          request: (_, send) =>
            Effect.suspend(() => {
              running += 1
              highest = Math.max(highest, running)
              return Effect.delay(send, "1 second")
            }).pipe(Effect.ensuring(Effect.sync(() => void (running -= 1))))
        })
        for (let n = 0; n < 20; n++) {
          const { id } = yield* add({ reference: name(n) })
          yield* write({ reference: name(n), state: "accepted", recordId: id })
        }
        const results = yield* inTime(Stream.runCollect(process.reconcileAll({ ...options, olderThan: 0 })))
        assert.strictEqual(results.length, 20)
        assert.strictEqual(highest, most)
      })
    )
  }

  both("fails if the journal does", (kind) =>
    Effect.gen(function* () {
      const { start } = yield* scene(kind)
      const process = yield* start({
        journal: {
          before: ({ operation }) => (operation === "list" ? Effect.fail(broken("list")) : Effect.void)
        }
      })
      const error = yield* Effect.flip(Stream.runCollect(process.reconcileAll()))
      assert.strictEqual(error._tag, "TransferJournalError")
    })
  )

  const wrong: ReadonlyArray<readonly [string, unknown, ReadonlyArray<string>]> = [
    ["null", null, [""]],
    ["a number", 4, [""]],
    ["a negative age", { olderThan: -1 }, ["olderThan"]],
    ["an age that is not a number", { olderThan: Number.NaN }, ["olderThan"]],
    ["an age in words", { olderThan: "long" }, ["olderThan"]],
    ["a concurrency of zero", { concurrency: 0 }, ["concurrency"]],
    ["a concurrency that is too high", { concurrency: 101 }, ["concurrency"]],
    ["a concurrency of one half", { concurrency: 1.5, olderThan: {} }, ["concurrency", "olderThan"]],
    ["an unknown option", { older: 1 }, ["older"]]
  ]

  both("rejects invalid options before any request", (kind) =>
    Effect.gen(function* () {
      const { transfers } = yield* scene(kind)
      for (const [what, options, fields] of wrong) {
        const error = yield* Effect.flip(Stream.runCollect(transfers.reconcileAll(options as never)))
        assert.strictEqual(error._tag, "PalommaInvalidInput", what)
        if (error._tag !== "PalommaInvalidInput") continue
        assert.strictEqual(error.operation, `${kind.service}.reconcileAll`)
        assert.deepStrictEqual(error.problems.map(({ field }) => field).sort(), [...fields], what)
      }
      assert.deepStrictEqual(transfers.steps, [])
    })
  )
})
