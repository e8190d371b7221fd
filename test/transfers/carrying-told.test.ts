/** What a program was told of a transfer: `toldAt` never hides a new end, alarm or amount. */
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { author, both, event, one, payins, refusedFor, scene, sent } from "./support/people.ts"
import { broken, has } from "./support/scenario.ts"

describe("markTold", () => {
  both("records when the program was told, changes nothing else, and makes no request", (kind) =>
    Effect.gen(function* () {
      const { count, reference, row, transfers, write } = yield* scene(kind)
      const before = yield* write({ state: "needsReview" })
      yield* TestClock.adjust("5 seconds")
      const told = yield* transfers.markTold(reference, before.version)
      has(told, { ...before, version: before.version + 1, toldAt: 5_000, updatedAt: told.updatedAt })
      assert.deepStrictEqual(yield* row(), told)
      assert.strictEqual(yield* count(), 0)
    })
  )

  both("fails if the transfer has changed since: the program does not know of it", (kind) =>
    Effect.gen(function* () {
      const { recordId, reference, row, setStatus, transfers } = yield* sent(kind)
      const { version } = yield* row()
      yield* setStatus(recordId, "approved")
      yield* transfers.advance(reference)
      const error = yield* refusedFor(transfers.markTold(reference, version), "changed-since")
      has(error, { operation: `${kind.service}.markTold`, state: "approved", version: version + 1 })
      has(yield* row(), { state: "approved", toldAt: undefined })
    })
  )

  both("fails if the transfer changes between its read and its write", (kind) =>
    Effect.gen(function* () {
      const { intent, reference, row, start, transfers } = yield* scene(kind)
      const { version } = yield* transfers.intend(intent)
      const other = yield* start({
        journal: {
          before: ({ operation }) =>
            operation === "replace" ? Effect.orDie(Effect.asVoid(transfers.withdraw(reference, author))) : Effect.void
        }
      })
      yield* refusedFor(other.markTold(reference, version), "changed-since")
      has(yield* row(), { state: "withdrawn", toldAt: undefined })
    })
  )

  both("fails for a reference that the journal does not have, and for input that is no version", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers } = yield* scene(kind)
      const error = yield* refusedFor(transfers.markTold(reference, 1), "unknown-reference")
      assert.strictEqual(error.operation, `${kind.service}.markTold`)
      for (const [of, version] of [
        [reference, 0],
        [reference, 1.5],
        [reference, Number.NaN],
        [reference, undefined as unknown as number],
        ["", 1]
      ] as const) {
        const refused = yield* Effect.flip(transfers.markTold(of, version))
        has(refused, { _tag: "PalommaInvalidInput", operation: `${kind.service}.markTold`, outcome: "none" })
      }
    })
  )

  both("fails if the journal does", (kind) =>
    Effect.gen(function* () {
      const { intent, reference, start } = yield* scene(kind)
      const process = yield* start({
        journal: { before: ({ operation }) => (operation === "replace" ? Effect.fail(broken(operation)) : Effect.void) }
      })
      const { version } = yield* process.intend(intent)
      has(yield* Effect.flip(process.markTold(reference, version)), { _tag: "TransferJournalError", sent: "no" })
    })
  )
})

describe("toldAt", () => {
  both("ends with a new state", (kind) =>
    Effect.gen(function* () {
      const { recordId, reference, row, setStatus, transfers } = yield* sent(kind)
      yield* transfers.markTold(reference, (yield* row()).version)
      has(yield* transfers.advance(reference), { _tag: "Wait" })
      assert.isDefined((yield* row()).toldAt)
      yield* setStatus(recordId, "approved")
      yield* transfers.advance(reference)
      has(yield* row(), { state: "approved", toldAt: undefined })
    })
  )

  both("ends with an alarm, and with each record that is added to it", (kind) =>
    Effect.gen(function* () {
      const { add, reference, row, transfers } = yield* sent(kind)
      for (const _ of [1, 2]) {
        yield* transfers.markTold(reference, (yield* row()).version)
        const second = yield* add()
        yield* transfers.applyWebhook(event(kind, second.id, reference))
        const { alarm, toldAt } = yield* row()
        assert.strictEqual(alarm?.kind, "duplicate")
        assert.isUndefined(toldAt)
      }
      const told = yield* transfers.markTold(reference, (yield* row()).version)
      // The same records once more are no news.
      for (const id of told.alarm?.records ?? []) yield* transfers.applyWebhook(event(kind, id, reference))
      assert.strictEqual((yield* row()).toldAt, told.toldAt)
    })
  )

  both("ends with an alarm that becomes more severe", (kind) =>
    Effect.gen(function* () {
      const { add, recordId, reference, row, setStatus, transfers } = yield* sent(kind)
      for (const status of ["approved", "cancelled"]) {
        yield* setStatus(recordId, status)
        yield* transfers.applyWebhook(event(kind, recordId, reference))
      }
      has(yield* row(), { state: "approved" })
      yield* transfers.markTold(reference, (yield* row()).version)
      const second = yield* add()
      yield* transfers.applyWebhook(event(kind, second.id, reference))
      const { alarm, toldAt } = yield* row()
      assert.strictEqual(alarm?.kind, "duplicate")
      assert.isUndefined(toldAt)
    })
  )

  both("goes if a person closes the alarm, although the state is the same", (kind) =>
    Effect.gen(function* () {
      const { add, reference, row, transfers } = yield* sent(kind)
      const second = yield* add()
      yield* transfers.applyWebhook(event(kind, second.id, reference))
      const told = yield* transfers.markTold(reference, (yield* row()).version)
      const closed = yield* transfers.acknowledge(reference, { ...author, version: told.version })
      has(closed, { alarm: undefined, toldAt: undefined, state: told.state })
    })
  )

  one("Payins.charge: ends with a collected amount that Palomma reports later", () =>
    Effect.gen(function* () {
      const { recordId, reference, row, setStatus, transfers, write } = yield* scene(payins).pipe(
        Effect.flatMap((all) => Effect.map(all.add(), ({ id }) => ({ ...all, recordId: id })))
      )
      yield* setStatus(recordId, "partial")
      const written = yield* write({ state: "partial", recordId })
      yield* transfers.markTold(reference, written.version)
      yield* transfers.applyWebhook(event(payins, recordId, reference))
      has(yield* row(), { state: "partial", amountCollected: 25_000, alarm: undefined, toldAt: undefined })
    })
  )
})
