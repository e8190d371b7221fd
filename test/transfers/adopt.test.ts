/** A payment of another program is added to the journal, and is not sent. */
import { assert, describe } from "@effect/vitest"
import { Transfer, TransferJournalError, type TransferState } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { author, both, notPaid, refusedFor, runReady, scene } from "./support/people.ts"
import { inTime, type JournalCall } from "./support/scenario.ts"

describe("adopt", () => {
  both("adds a transfer in doubt, without a request", (kind) =>
    Effect.gen(function* () {
      const { count, intent, row, transfers } = yield* scene(kind)
      const adopted = yield* transfers.adopt(intent)
      const { claims, createdAt, leftSendingAt, recordId, reference, state } = adopted
      assert.deepStrictEqual([reference, state, claims, recordId], [intent.reference, "unknown", 1, undefined])
      assert.isAtLeast(leftSendingAt ?? -1, createdAt)
      assert.strictEqual(adopted.lastError, "Another program sent the transfer, or may have sent it.")
      assert.deepStrictEqual(yield* row(), adopted)
      assert.strictEqual(yield* count(), 0)
    })
  )

  both("finds what another program made, and does not send it", (kind) =>
    Effect.gen(function* () {
      const { add, count, intent, paid, reference, transfers } = yield* scene(kind)
      const { id } = yield* add({ status: "approved" })
      yield* transfers.adopt(intent)
      const found = yield* transfers.reconcile(reference)
      assert.deepStrictEqual([found.state, found.recordId], ["approved", id])
      assert.deepStrictEqual(yield* transfers.send(intent), found)
      assert.strictEqual(yield* count("create"), 0)
      assert.lengthOf(yield* paid(), 1)
    })
  )

  both("finds a record by its id, if it has another reference", (kind) =>
    Effect.gen(function* () {
      const { add, count, intent, reference, transfers } = yield* scene(kind)
      const { id } = yield* add({ reference: "0d1e-4711", status: "approved" })
      const adopted = yield* transfers.adopt(intent, { recordId: id })
      assert.deepStrictEqual([adopted.state, adopted.recordId], ["unknown", id])
      const found = yield* transfers.reconcile(reference)
      assert.deepStrictEqual([found.state, found.recordId], ["approved", id])
      assert.strictEqual(yield* count("create"), 0)
    })
  )

  both("does not send what Palomma does not show", (kind) =>
    Effect.gen(function* () {
      const { count, intent, row, transfers } = yield* scene(kind)
      yield* transfers.adopt(intent)
      const error = yield* Effect.flip(inTime(transfers.send(intent)))
      assert.strictEqual(error._tag, "TransferOutcomeUnknown")
      assert.strictEqual((yield* row()).state, "needsReview")
      assert.strictEqual(yield* count("create"), 0)
    })
  )

  both("sends it once, after a person decides that it was not paid", (kind) =>
    Effect.gen(function* () {
      const { count, intent, reference, row, transfers } = yield* scene(kind)
      yield* transfers.adopt(intent)
      yield* Effect.flip(inTime(transfers.reconcile(reference)))
      const { version } = yield* row()
      // The other program may have sent it just before.
      yield* refusedFor(transfers.resolve(reference, notPaid(version)), "quiet-time")
      yield* TestClock.adjust("20 minutes")
      yield* transfers.resolve(reference, notPaid(version))
      assert.strictEqual((yield* transfers.send(intent)).state, "accepted")
      assert.strictEqual(yield* count("create"), 1)
    })
  )

  both("never sends what was paid without Palomma, after a person withdraws it", (kind) =>
    Effect.gen(function* () {
      const { count, intent, reference, row, transfers } = yield* scene(kind)
      yield* transfers.adopt(intent)
      yield* Effect.flip(inTime(transfers.reconcile(reference)))
      yield* TestClock.adjust("20 minutes")
      const { version } = yield* row()
      yield* transfers.withdraw(reference, { version, ...author })
      yield* refusedFor(transfers.send(intent), "wrong-state")
      assert.strictEqual(yield* count("create"), 0)
    })
  )

  both("asks a person about a record with other content", (kind) =>
    Effect.gen(function* () {
      const { add, count, intent, reference, row, transfers } = yield* scene(kind)
      const { id } = yield* add({ amount: 49_500, status: "approved" })
      yield* transfers.adopt(intent, { recordId: id })
      yield* Effect.flip(inTime(transfers.reconcile(reference)))
      const { recordId, state } = yield* row()
      assert.deepStrictEqual([state, recordId], ["needsReview", id])
      assert.strictEqual(yield* count("create"), 0)
    })
  )

  both("can run again: it changes nothing", (kind) =>
    Effect.gen(function* () {
      const { add, intent, reference, transfers } = yield* scene(kind)
      const { id } = yield* add({ status: "approved" })
      for (const options of [{}, { recordId: id }]) {
        const first = yield* transfers.adopt(intent, options)
        assert.deepStrictEqual(yield* transfers.adopt(intent, options), first)
      }
      const found = yield* transfers.reconcile(reference)
      assert.deepStrictEqual(yield* transfers.adopt(intent, { recordId: id }), found)
    })
  )

  both("refuses the record of another transfer", (kind) =>
    Effect.gen(function* () {
      const { intent, row, transfers } = yield* scene(kind)
      yield* transfers.adopt(intent, { recordId: "record-1" })
      const other = { ...intent, reference: "rent-2026-12" }
      const error = yield* refusedFor(transfers.adopt(other, { recordId: "record-1" }), "record-of-another")
      assert.deepStrictEqual([error.operation, error.records], [`${kind.service}.adopt`, ["record-1"]])
      assert.strictEqual(error.ownedBy, intent.reference)
      assert.include(error.message, `Records: record-1. It belongs to "${intent.reference}".`)
      assert.strictEqual((yield* row()).recordId, "record-1")
    })
  )

  both("adds several transfers whose records are not known", (kind) =>
    Effect.gen(function* () {
      const { intent, transfers } = yield* scene(kind)
      for (const reference of ["rent-2026-11", "rent-2026-12"]) {
        assert.strictEqual((yield* transfers.adopt({ ...intent, reference })).state, "unknown")
      }
    })
  )

  both("fails for a reference that the journal has with other content", (kind) =>
    Effect.gen(function* () {
      const { intent, row, transfers } = yield* scene(kind)
      for (const recordId of [undefined, "record-1"]) {
        yield* transfers.adopt(intent, { recordId })
        const before = yield* row()
        const error = yield* Effect.flip(transfers.adopt({ ...intent, amount: 60_000 }))
        assert.deepInclude(error, { _tag: "TransferConflict", found: "journal" })
        assert.strictEqual("recordId" in error ? error.recordId : undefined, recordId)
        assert.deepStrictEqual(yield* row(), before)
      }
    })
  )

  for (const state of ["intended", "rejected"] as const) {
    both(`does not change a transfer with other content that is ${state}`, (kind) =>
      Effect.gen(function* () {
        const { intent, row, transfers, write } = yield* scene(kind)
        const written = yield* write({ state })
        const error = yield* Effect.flip(transfers.adopt({ ...intent, amount: 60_000 }))
        assert.deepInclude(error, { _tag: "TransferConflict", found: "journal" })
        assert.deepStrictEqual(yield* row(), written)
      })
    )

    both(`puts a transfer in doubt that is ${state}`, (kind) =>
      Effect.gen(function* () {
        const { intent, transfers, write } = yield* scene(kind)
        yield* write({ state })
        assert.strictEqual((yield* transfers.adopt(intent)).state, "unknown")
      })
    )
  }

  const others: ReadonlyArray<TransferState> = ["unknown", "needsReview", "accepted", "approved", "withdrawn"]
  for (const state of others) {
    both(`does not change a transfer that is ${state}`, (kind) =>
      Effect.gen(function* () {
        const { intent, transfers, write } = yield* scene(kind)
        const written = yield* write({ state })
        assert.deepStrictEqual(yield* transfers.adopt(intent), written)
      })
    )
  }

  both("raises an alarm if the journal has another record of the transfer", (kind) =>
    Effect.gen(function* () {
      const { add, intent, transfers } = yield* scene(kind)
      const { recordId = "" } = yield* transfers.send(intent)
      const { id } = yield* add({ reference: "0d1e-4711", status: "approved" })
      const { alarm } = yield* transfers.adopt(intent, { recordId: id })
      assert.strictEqual(alarm?.kind, "duplicate")
      assert.deepStrictEqual(alarm?.records, [recordId, id])
    })
  )

  both("never makes a transfer sendable, if the journal fails at any write", (kind) =>
    Effect.gen(function* () {
      for (const failing of [1, 2]) {
        for (const isWritten of [false, true]) {
          const { intent, start, world } = yield* scene(kind)
          let writes = 0
          const fail = ({ operation }: { readonly operation: string }) =>
            (operation === "insert" || operation === "replace") && ++writes === failing
              ? Effect.fail(new TransferJournalError({ operation, reason: "the disk is full" }))
              : Effect.void
          const transfers = yield* start({ journal: isWritten ? { after: fail } : { before: fail } })
          const error = yield* Effect.flip(transfers.adopt(intent))
          assert.deepInclude(error, { _tag: "TransferJournalError", sent: "no" })
          // The first write did not happen, so the journal knows nothing. The caller knows that it failed.
          if (failing === 1 && !isWritten) continue
          yield* Effect.flip(inTime(transfers.send(intent)))
          assert.lengthOf(yield* world.requests("create"), 0)
        }
      }
    })
  )

  both("puts a transfer in doubt that another process has sent without effect meanwhile", (kind) =>
    Effect.gen(function* () {
      const { intent, start, write } = yield* scene(kind)
      let isFirst = true
      const before = ({ operation }: JournalCall) => {
        if (operation !== "insert" || !isFirst) return Effect.void
        isFirst = false
        return Effect.asVoid(write({ state: "rejected" }))
      }
      const transfers = yield* start({ journal: { before } })
      assert.strictEqual((yield* transfers.adopt(intent)).state, "unknown")
    })
  )

  for (const state of ["intended", "rejected"] as const) {
    both(`gives up if other processes keep changing a row that is ${state}`, (kind) =>
      Effect.gen(function* () {
        const { intent, journal, row, start, write } = yield* scene(kind)
        yield* write({ state })
        const before = Effect.fnUntraced(function* ({ operation }: JournalCall) {
          if (operation !== "replace") return
          const current = yield* row()
          yield* journal.service.replace(new Transfer({ ...current, version: current.version + 1 }))
        })
        const transfers = yield* start({ journal: { before } })
        const error = yield* refusedFor(transfers.adopt(intent), "changed-since")
        assert.strictEqual(error.operation, `${kind.service}.adopt`)
        assert.strictEqual((yield* row()).state, state)
        // It reads the row 20 times, and once more after each refused change.
        assert.lengthOf(
          transfers.steps.filter((step) => step === "find"),
          40
        )
      })
    )
  }

  both("waits for a process that sends it", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, paid, start, transfers } = yield* scene(kind)
      yield* fault("create", Fault.slow("10 seconds"))
      const sending = yield* Effect.forkChild(transfers.send(intent))
      yield* runReady
      const other = yield* start()
      assert.strictEqual((yield* inTime(other.adopt(intent))).state, "accepted")
      yield* inTime(Fiber.join(sending))
      assert.lengthOf(yield* paid(), 1)
    })
  )

  for (const [proof, response] of [
    ["was not sent", Fault.refuse],
    ["was rejected", Fault.respond({ status: 400, body: { message: "no" } })]
  ] as const) {
    both(`puts a transfer in doubt whose request in progress ${proof}`, (kind) =>
      Effect.gen(function* () {
        const { count, fault, intent, paid, row, start, transfers } = yield* scene(kind)
        yield* fault("create", response, { times: 10 })
        const sender = yield* start({
          request: (method, send) => (method === "POST" ? Effect.delay(send, "10 seconds") : send)
        })
        const sending = yield* Effect.forkChild(Effect.exit(sender.send(intent)))
        yield* runReady
        assert.strictEqual((yield* row()).state, "sending")
        assert.strictEqual((yield* inTime(transfers.adopt(intent))).state, "unknown")
        yield* inTime(Fiber.join(sending))
        const before = yield* count("create")
        const error = yield* Effect.flip(inTime(transfers.send(intent)))
        assert.strictEqual(error._tag, "TransferOutcomeUnknown")
        assert.strictEqual(yield* count("create"), before)
        assert.lengthOf(yield* paid(), 0)
      })
    )
  }

  both("does not count proof that comes after it: another program may have sent the transfer too", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, row, start, transfers } = yield* scene(kind)
      yield* fault("create", Fault.refuse, { times: 10 })
      // The journal is so slow that the sender records its proof when its claim has expired.
      let slow = 2
      const before = ({ operation }: JournalCall) =>
        Effect.suspend(() => (operation === "replace" && slow-- > 0 ? Effect.sleep("90 seconds") : Effect.void))
      const sender = yield* start({ journal: { before } })
      const sending = yield* Effect.forkChild(Effect.exit(sender.send(intent)))
      yield* runReady
      const adopted = yield* inTime(transfers.adopt(intent))
      assert.strictEqual(adopted.state, "unknown")
      yield* inTime(Fiber.join(sending))
      assert.isBelow(slow, 0)
      assert.deepStrictEqual(yield* row(), adopted)
    })
  )

  both("stops a request that is not sent yet, if it names a record", (kind) =>
    Effect.gen(function* () {
      const { add, count, intent, row, start, transfers } = yield* scene(kind)
      const { id } = yield* add({ reference: "0d1e-4711", status: "approved" })
      let adopting: Effect.Effect<unknown> = Effect.void
      const after = Effect.fnUntraced(function* ({ operation }: JournalCall) {
        if (operation !== "insert") return
        const fiber = yield* Effect.forkDetach(Effect.orDie(transfers.adopt(intent, { recordId: id })))
        adopting = Fiber.join(fiber)
        yield* runReady
      })
      const sender = yield* start({ journal: { after } })
      yield* inTime(Effect.exit(sender.send(intent)))
      yield* inTime(adopting)
      const { alarm, recordId, state } = yield* row()
      assert.deepStrictEqual([state, recordId, alarm?.kind], ["needsReview", id, "duplicate"])
      assert.strictEqual(yield* count("create"), 0)
    })
  )

  both("raises no alarm if two processes add the same record at once", (kind) =>
    Effect.gen(function* () {
      const { add, intent, row, start, transfers } = yield* scene(kind)
      const { id } = yield* add({ reference: "0d1e-4711", status: "approved" })
      let isFirst = true
      const before = ({ operation }: JournalCall) => {
        if (operation !== "replace" || !isFirst) return Effect.void
        isFirst = false
        return Effect.asVoid(Effect.orDie(transfers.adopt(intent, { recordId: id })))
      }
      const other = yield* start({ journal: { before } })
      yield* other.adopt(intent, { recordId: id })
      const { alarm, evidence, recordId, state } = yield* row()
      assert.deepStrictEqual([state, recordId, evidence, alarm], ["unknown", id, [], undefined])
    })
  )

  both("reads the transfer again that another process had rejected meanwhile, and takes a new claim", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, row, start, transfers } = yield* scene(kind)
      yield* fault("create", Fault.respond({ status: 400, body: { message: "no" } }))
      const before = ({ operation }: JournalCall) =>
        operation === "insert" ? Effect.asVoid(Effect.exit(transfers.send(intent))) : Effect.void
      const other = yield* start({ journal: { before } })
      yield* other.adopt(intent, { recordId: "record-1" })
      const { claim, claims, recordId, state } = yield* row()
      assert.deepStrictEqual([state, recordId, claims, claim?.length], ["unknown", "record-1", 2, 0])
    })
  )

  for (const state of ["intended", "rejected"] as const) {
    both(`puts a transfer in doubt again that changed to ${state} while it was added`, (kind) =>
      Effect.gen(function* () {
        const { intent, journal, row, start } = yield* scene(kind)
        let isFirst = true
        const before = Effect.fnUntraced(function* ({ operation, row: next }: JournalCall) {
          if (operation !== "replace" || next === undefined || !isFirst) return
          isFirst = false
          yield* journal.service.replace(new Transfer({ ...next, state }))
        })
        const other = yield* start({ journal: { before } })
        const adopted = yield* other.adopt(intent)
        assert.deepStrictEqual([adopted.state, adopted.claims], ["unknown", 2])
        assert.deepStrictEqual(yield* row(), adopted)
      })
    )
  }

  both("names the record of a transfer that changed to other content while it was added", (kind) =>
    Effect.gen(function* () {
      const { intent, journal, row, start } = yield* scene(kind)
      const before = Effect.fnUntraced(function* ({ operation, row: next }: JournalCall) {
        if (operation !== "replace" || next === undefined) return
        const changes = { state: "accepted", amount: 40_000, recordId: "record-9" } as const
        yield* journal.service.replace(new Transfer({ ...next, ...changes }))
      })
      const other = yield* start({ journal: { before } })
      const error = yield* Effect.flip(other.adopt(intent))
      assert.strictEqual(error._tag === "TransferConflict" && error.found, "journal")
      assert.include(error.message, "record-9")
      assert.strictEqual((yield* row()).amount, 40_000)
    })
  )

  both("raises no alarm and does not wait, if it runs again after a crash", (kind) =>
    Effect.gen(function* () {
      const { add, intent, start, transfers } = yield* scene(kind)
      const { id } = yield* add({ reference: "0d1e-4711", status: "approved" })
      const before = ({ operation }: JournalCall) =>
        operation === "replace" ? Effect.fail(new TransferJournalError({ operation, reason: "killed" })) : Effect.void
      const killed = yield* start({ journal: { before } })
      yield* Effect.flip(killed.adopt(intent, { recordId: id }))
      const { alarm, evidence, recordId, state } = yield* transfers.adopt(intent, { recordId: id })
      assert.deepStrictEqual([state, recordId, evidence, alarm], ["unknown", id, [], undefined])
    })
  )

  for (const state of ["intended", "rejected", "unknown", "needsReview", "accepted", "withdrawn"] as const) {
    both(`refuses a record that a person ruled out, of a transfer that is ${state}`, (kind) =>
      Effect.gen(function* () {
        const { intent, row, transfers, write } = yield* scene(kind)
        const written = yield* write({ state, notOurs: ["record-1"] })
        const error = yield* refusedFor(transfers.adopt(intent, { recordId: "record-1" }), "record-of-another")
        assert.deepStrictEqual([error.records, error.state], [["record-1"], state])
        assert.strictEqual(error.operation, `${kind.service}.adopt`)
        assert.deepStrictEqual(yield* row(), written)
      })
    )
  }

  both("takes another record than the one that a person ruled out, or none", (kind) =>
    Effect.gen(function* () {
      const { intent, transfers, write } = yield* scene(kind)
      const { version } = yield* write({ state: "unknown", notOurs: ["record-1"] })
      assert.strictEqual((yield* transfers.adopt(intent)).version, version)
      const { notOurs, recordId } = yield* transfers.adopt(intent, { recordId: "record-2" })
      assert.deepStrictEqual([recordId, notOurs], ["record-2", ["record-1"]])
    })
  )

  both("refuses an invalid transfer or option", (kind) =>
    Effect.gen(function* () {
      const { count, intent, transfers } = yield* scene(kind)
      const invalid = [
        transfers.adopt({ ...intent, amount: 900 }),
        transfers.adopt(intent, { recordId: " " }),
        transfers.adopt(intent, { record: "record-1" } as object)
      ]
      for (const adopt of invalid) {
        const error = yield* Effect.flip(adopt)
        assert.deepInclude(error, { _tag: "PalommaInvalidInput", operation: `${kind.service}.adopt`, outcome: "none" })
      }
      assert.strictEqual(yield* count(), 0)
    })
  )
})
