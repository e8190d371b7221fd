/** Giving a transfer to a worker: what `intend` writes, and what it refuses. It never makes a request. */
import { assert, describe } from "@effect/vitest"
import { transferStates } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { author, both, refusedFor, scene } from "./support/people.ts"
import { broken, failure, has, type JournalHooks } from "./support/scenario.ts"

describe("intend", () => {
  both("writes a new transfer for a worker, and makes no request", (kind) =>
    Effect.gen(function* () {
      const { count, intent, row, transfers } = yield* scene(kind)
      const written = yield* transfers.intend({ ...intent, merchantAccountId: "01HMERCHANT" })
      has(written, {
        state: "intended",
        carriedBy: "worker",
        version: 1,
        claims: 0,
        accountId: intent.accountId,
        amount: intent.amount,
        merchantAccountId: "01HMERCHANT",
        claim: undefined,
        toldAt: undefined
      })
      assert.deepStrictEqual(yield* row(), written)
      assert.deepStrictEqual(transfers.steps, ["insert intended"])
      assert.strictEqual(yield* count(), 0)
    })
  )

  both("returns the same row if it is called again, and writes nothing", (kind) =>
    Effect.gen(function* () {
      const { intent, transfers } = yield* scene(kind)
      const first = yield* transfers.intend(intent)
      assert.deepStrictEqual(yield* transfers.intend(intent), first)
    })
  )

  for (const state of transferStates.filter((one) => one !== "withdrawn" && one !== "rejected")) {
    both(`gives a worker a transfer that is ${state} as it is`, (kind) =>
      Effect.gen(function* () {
        const { count, intent, transfers, write } = yield* scene(kind)
        const before = yield* write({ state })
        const after = yield* transfers.intend(intent)
        has(after, { ...before, carriedBy: "worker", version: before.version + 1, updatedAt: after.updatedAt })
        assert.strictEqual(yield* count(), 0)
      })
    )
  }

  both("reopens a transfer that Palomma rejected", (kind) =>
    Effect.gen(function* () {
      const { intent, transfers, write } = yield* scene(kind)
      yield* write({ state: "rejected", lastError: "400" })
      has(yield* transfers.intend(intent), { state: "intended", carriedBy: "worker", lastError: undefined })
    })
  )

  for (const state of transferStates.filter((one) => one !== "withdrawn")) {
    both(`refuses other content for a transfer that is ${state}, and changes nothing`, (kind) =>
      Effect.gen(function* () {
        const { count, intent, row, transfers, write } = yield* scene(kind)
        const before = yield* write({ state })
        for (const other of [{ amount: 60_000 }, { accountId: "01HOTHER" }, { merchantAccountId: "01HMERCHANT" }]) {
          const error = yield* Effect.flip(transfers.intend({ ...intent, ...other }))
          has(error, { _tag: "TransferConflict", found: "journal" })
        }
        assert.deepStrictEqual(yield* row(), before)
        assert.strictEqual(yield* count(), 0)
      })
    )
  }

  both("does not bring a withdrawn transfer back, with any content", (kind) =>
    Effect.gen(function* () {
      const { intent, reference, row, transfers } = yield* scene(kind)
      yield* transfers.intend(intent)
      const withdrawn = yield* transfers.withdraw(reference, author)
      for (const content of [intent, { ...intent, amount: 60_000 }]) {
        const error = yield* refusedFor(transfers.intend(content), "wrong-state")
        has(error, { operation: `${kind.service}.intend`, state: "withdrawn", version: withdrawn.version })
      }
      assert.deepStrictEqual(yield* row(), withdrawn)
    })
  )

  both("refuses invalid input before it reads the journal", (kind) =>
    Effect.gen(function* () {
      const { intent, transfers } = yield* scene(kind)
      const error = yield* Effect.flip(transfers.intend({ ...intent, amount: 0.5 }))
      has(error, { _tag: "PalommaInvalidInput", operation: `${kind.service}.intend`, outcome: "not-sent" })
      assert.deepStrictEqual(transfers.steps, [])
    })
  )

  both("reads its intent when it is called, not when it runs", (kind) =>
    Effect.gen(function* () {
      const { intent, transfers } = yield* scene(kind)
      const changing = { ...intent }
      const call = transfers.intend(changing)
      changing.amount = 60_000
      assert.strictEqual((yield* call).amount, intent.amount)
    })
  )

  both("fails if the journal does, and says that it sent nothing; the next call has no second row", (kind) =>
    Effect.gen(function* () {
      const hooks: JournalHooks = { after: ({ operation }) => Effect.fail(broken(operation)) }
      const { intent, rows, start } = yield* scene(kind)
      const process = yield* start({ journal: hooks })
      const error = yield* Effect.flip(process.intend(intent))
      has(error, { _tag: "TransferJournalError", operation: "insert", sent: "no" })
      hooks.after = undefined
      has(yield* process.intend(intent), { version: 1, carriedBy: "worker" })
      assert.strictEqual((yield* rows).length, 1)
    })
  )

  both("is applied to the present row if another process changes it meanwhile", (kind) =>
    Effect.gen(function* () {
      const { intent, reference, start, transfers, write } = yield* scene(kind)
      yield* write({ state: "intended" })
      let changes = 0
      const process = yield* start({
        journal: {
          before: ({ operation }) =>
            operation === "replace" && changes++ === 0
              ? Effect.orDie(Effect.asVoid(transfers.withdraw(reference, author)))
              : Effect.void
        }
      })
      const error = yield* refusedFor(process.intend(intent), "wrong-state")
      assert.strictEqual(error.state, "withdrawn")
    })
  )

  both("gives up if other processes keep changing the row, and decides nothing", (kind) =>
    Effect.gen(function* () {
      const { intent, row, start, transfers, write } = yield* scene(kind)
      yield* write({ state: "needsReview" })
      const process = yield* start({
        journal: {
          before: ({ operation }) =>
            operation === "replace"
              ? Effect.flatMap(Effect.andThen(TestClock.adjust(1), row()), ({ reference, version }) =>
                  Effect.orDie(Effect.asVoid(transfers.markTold(reference, version)))
                )
              : Effect.void
        }
      })
      const { version } = yield* row()
      const error = yield* refusedFor(process.intend(intent), "changed-since")
      // The first call is an insert. Each of the others saw a new version.
      has(error, { operation: `${kind.service}.intend`, version: version + 19 })
      assert.isUndefined((yield* row()).carriedBy)
    })
  )

  both("gives a worker a transfer that a plain send left, and only then does a worker send it", (kind) =>
    Effect.gen(function* () {
      const { count, fault, intent, paid, reference, simulator, transfers } = yield* scene(kind)
      yield* fault("create", Fault.refuse, { rate: 1 })
      has(yield* failure(transfers.send(intent)), { _tag: "TransferNotSent" })
      yield* simulator.clearFaults
      const before = yield* count()
      has(yield* transfers.carry(reference), { _tag: "Wait", reason: "not-sent", error: undefined })
      assert.strictEqual(yield* count(), before)
      yield* transfers.intend(intent)
      has(yield* transfers.carry(reference), { _tag: "Wait", reason: "in-progress" })
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("of a transfer in doubt does not send it: the worker looks it up", (kind) =>
    Effect.gen(function* () {
      const { count, fault, intent, reference, transfers } = yield* scene(kind)
      yield* fault("create", Fault.drop())
      yield* failure(transfers.send(intent))
      has(yield* transfers.intend(intent), { state: "needsReview", carriedBy: "worker" })
      has(yield* transfers.carry(reference), { _tag: "NeedsReview" })
      assert.strictEqual(yield* count("create"), 1)
    })
  )
})
