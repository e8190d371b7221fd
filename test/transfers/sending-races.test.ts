/** Changes of the journal by other processes between a look-up and the decision that is based on it. */
import { assert, describe } from "@effect/vitest"
import { Transfer, TransferConflict, TransferJournalError, TransferOutcomeUnknown } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { both, scene, type Written } from "./support/people.ts"
import { failure, has, inTime, type JournalCall, type Kind } from "./support/scenario.ts"

// Another process changes the row once, just before this process makes the first such call of the journal.
const changedBefore = Effect.fnUntraced(function* (
  kind: Kind,
  first: Written,
  isThen: (call: JournalCall) => boolean,
  patch: (recordId: string) => Written
) {
  const all = yield* scene(kind, { reconcileTimeout: 0 })
  const made = yield* all.add()
  yield* all.write(first)
  let isDone = false
  const process = yield* all.start({
    journal: {
      before: (call) => {
        if (isDone || !isThen(call)) return Effect.void
        isDone = true
        return Effect.flatMap(all.row(), (now) =>
          Effect.asVoid(
            all.journal.service.replace(new Transfer({ ...now, ...patch(made.id), version: now.version + 1 }))
          )
        )
      }
    }
  })
  return { ...all, made, process }
})

const accepted = (recordId: string): Written => ({ state: "accepted", recordId })

describe("a transfer that another process found", () => {
  both("while this one searched the journal for the record's owner is returned", (kind) =>
    Effect.gen(function* () {
      const isThen = ({ operation }: JournalCall) => operation === "findByRecordId"
      const { intent, made, process } = yield* changedBefore(kind, { state: "needsReview" }, isThen, accepted)
      has(yield* inTime(process.send(intent)), { state: "accepted", recordId: made.id })
    })
  )

  both("before this one stopped its search is returned", (kind) =>
    Effect.gen(function* () {
      const isThen = ({ row }: JournalCall) => row?.state === "needsReview"
      const first = { state: "unknown" } as const
      const { fault, intent, made, process } = yield* changedBefore(kind, first, isThen, accepted)
      yield* fault("list", Fault.lag("1 day"), { rate: 1 })
      has(yield* inTime(process.send(intent)), { state: "accepted", recordId: made.id })
    })
  )
})

describe("a transfer that another process changed before this one stopped its search", () => {
  both("stays in doubt: a decision of a look-up is bound to the version that it was made for", (kind) =>
    Effect.gen(function* () {
      const isThen = ({ row }: JournalCall) => row?.state === "needsReview"
      const countLookUps = () => ({ lookUps: 7 })
      const { fault, intent, process, row } = yield* changedBefore(kind, { state: "unknown" }, isThen, countLookUps)
      yield* fault("list", Fault.lag("1 day"), { rate: 1 })
      const error = yield* failure(process.send(intent))
      assert.instanceOf(error, TransferOutcomeUnknown)
      has(error, { state: "unknown" })
      has(yield* row(), { state: "unknown", lookUps: 7 })
    })
  )
})

describe("a transfer that no list shows", () => {
  for (const [what, before, after] of [
    ["", {}, ""],
    [", after any earlier error in the row", { lastError: "The call died." }, "The call died. "]
  ] as const) {
    both(`is reported as shown by none${what}`, (kind) =>
      Effect.gen(function* () {
        const { intent, row, transfers, write } = yield* scene(kind, { reconcileTimeout: 0 })
        yield* write({ state: "unknown", ...before })
        const error = yield* failure(transfers.send(intent))
        assert.instanceOf(error, TransferOutcomeUnknown)
        has(error, { state: "needsReview", lastError: "Palomma's lists do not show the transfer." })
        has(yield* row(), { lastError: `${after}Palomma's lists do not show the transfer.` })
      })
    )
  }
})

describe("a row that was removed", () => {
  both("during the search for its transfer is reported as an error of the journal", (kind) =>
    Effect.gen(function* () {
      const { count, intent, journal, transfers, write } = yield* scene(kind)
      yield* write({ state: "unknown" })
      const fiber = yield* Effect.forkChild(Effect.flip(transfers.send(intent)))
      yield* TestClock.adjust("5 seconds")
      yield* journal.restore([])
      const error = yield* inTime(Fiber.join(fiber))
      assert.instanceOf(error, TransferJournalError)
      has(error, { sent: "no", reference: intent.reference })
      assert.strictEqual(yield* count("create"), 0)
    })
  )
})

describe("the transfer's own record", () => {
  both("is not reported as other content if it cannot be read", (kind) =>
    Effect.gen(function* () {
      const { add, fault, intent, transfers, write } = yield* scene(kind)
      const made = yield* add()
      yield* write({ state: "needsReview", recordId: made.id })
      yield* fault("get", Fault.respond({ status: 404, body: { message: "No" } }), { rate: 1 })
      yield* fault("list", Fault.rewrite("status", undefined), { rate: 1 })
      const error = yield* failure(transfers.send(intent))
      assert.instanceOf(error, TransferOutcomeUnknown)
      has(error, { sent: "no", recordId: made.id })
      // A record that cannot be read by its id is looked up in the lists.
      assert.strictEqual(error.evidence.records[0]?.seenIn, "reference-list")
    })
  )

  both("is recognized without a search in the journal", (kind) =>
    Effect.gen(function* () {
      const { add, intent, transfers, write } = yield* scene(kind)
      const made = yield* add({ amount: 40_000 })
      yield* write({ state: "needsReview", recordId: made.id })
      assert.instanceOf(yield* failure(transfers.send(intent)), TransferConflict)
      assert.notInclude(transfers.steps, "findByRecordId")
      assert.strictEqual(transfers.steps.filter((step) => step === "GET").length, 3)
    })
  )
})
