/** Results of a call if other processes and people change its transfer meanwhile. */
import { assert, describe } from "@effect/vitest"
import {
  Transfer,
  TransferClaim,
  TransferJournalError,
  TransferNotSent,
  TransferOutcomeUnknown
} from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { both, scene, author } from "./support/people.ts"
import { broken, failure, has, inTime, type Kind } from "./support/scenario.ts"

const counted = (steps: ReadonlyArray<string>, step: string): number => steps.filter((one) => one === step).length

describe("a row that other processes keep changing", () => {
  both("is read twenty times, and then the call fails with nothing sent", (kind) =>
    Effect.gen(function* () {
      const { count, intent, journal, row, start, write } = yield* scene(kind)
      yield* write({ state: "rejected" })
      const process = yield* start({
        journal: {
          // Between each look-up and the claim that follows it.
          before: (call) =>
            call.operation === "replace"
              ? Effect.flatMap(row(), (now) =>
                  Effect.asVoid(journal.service.replace(new Transfer({ ...now, version: now.version + 1 })))
                )
              : Effect.void
        }
      })
      const error = yield* failure(process.send(intent))
      assert.instanceOf(error, TransferNotSent)
      assert.strictEqual(error.cause._tag, "TransferClaimEnded")
      assert.strictEqual(counted(process.steps, "replace sending"), 20)
      // Each time before the look-up and after the failed claim, and once at the end: no request begins without a
      // claim.
      assert.strictEqual(counted(process.steps, "find"), 41)
      assert.strictEqual(yield* count("create"), 0)
    })
  )

  // Other processes claim it again and again after the response was lost. After `most` claims its row is removed too.
  const claimedByOthers = Effect.fnUntraced(function* (kind: Kind, most = Number.POSITIVE_INFINITY) {
    const { fault, intent, journal, row, start } = yield* scene(kind)
    yield* fault("create", Fault.drop())
    let claims = 0
    let isLost = false
    const claimIt = Effect.gen(function* () {
      if (claims === most) return yield* Effect.scoped(journal.restore([]))
      claims += 1
      const now = yield* row()
      const claim = new TransferClaim({ id: `other-${claims}`, length: 65_000, at: 0 })
      yield* journal.service.replace(new Transfer({ ...now, state: "sending", claim, version: now.version + 1 }))
    })
    const process = yield* start({
      journal: {
        before: ({ operation }) => (isLost && operation === "find" ? claimIt : Effect.void),
        after: (call) => Effect.sync(() => void (isLost ||= call.row?.state === "unknown"))
      }
    })
    const error = yield* failure(process.send(intent))
    return { error, claims }
  })

  both("ends the call that sent it in doubt", (kind) =>
    Effect.gen(function* () {
      const { error } = yield* claimedByOthers(kind)
      assert.instanceOf(error, TransferOutcomeUnknown)
      has(error, { sent: "yes", state: "sending", lastError: "Other processes keep changing the transfer." })
    })
  )

  both("is reported as removed to the call that sent it if it is removed in the end", (kind) =>
    Effect.gen(function* () {
      const { claims } = yield* claimedByOthers(kind)
      const { error } = yield* claimedByOthers(kind, claims - 1)
      assert.instanceOf(error, TransferJournalError)
      has(error, { operation: "find", sent: "yes", reason: "the row that this call wrote is missing" })
    })
  )
})

describe("a call whose own request was sent", () => {
  // It searches for two hours, and after twenty-five minutes a person records "not paid".
  const notPaidMeanwhile = Effect.fnUntraced(function* (kind: Kind) {
    const all = yield* scene(kind)
    yield* all.fault("create", Fault.drop())
    const patient = yield* all.start({ transfers: { reconcileTimeout: "2 hours" } })
    const fiber = yield* Effect.forkChild(Effect.flip(patient.send(all.intent)))
    yield* TestClock.adjust("25 minutes")
    const { version } = yield* all.row()
    yield* all.transfers.resolve(all.reference, { as: "not-paid", version, ...author })
    return { ...all, error: inTime(Fiber.join(fiber)) }
  })

  both("reports it if a person withdrew it meanwhile", (kind) =>
    Effect.gen(function* () {
      const { error, reference, transfers } = yield* notPaidMeanwhile(kind)
      yield* transfers.withdraw(reference, author)
      const outcome = yield* error
      assert.instanceOf(outcome, TransferOutcomeUnknown)
      has(outcome, { sent: "yes", state: "withdrawn", lastError: "A person withdrew the transfer during this call." })
    })
  )

  both("reports it if a person permitted another send meanwhile", (kind) =>
    Effect.gen(function* () {
      const { error } = yield* notPaidMeanwhile(kind)
      const outcome = yield* error
      assert.instanceOf(outcome, TransferOutcomeUnknown)
      const lastError = 'A person decided "not paid" during this call.'
      has(outcome, { sent: "yes", state: "intended", lastError })
    })
  )

  both("reports it if it was sent with other content meanwhile", (kind) =>
    Effect.gen(function* () {
      const { error, intent, transfers } = yield* notPaidMeanwhile(kind)
      yield* transfers.send({ ...intent, amount: 60_000 })
      const outcome = yield* error
      assert.instanceOf(outcome, TransferOutcomeUnknown)
      has(outcome, { sent: "yes", state: "accepted", lastError: "The transfer has other content now." })
    })
  )
})

describe("the result of the search", () => {
  for (const [status, state] of [
    [undefined, "accepted"],
    ["approved", "approved"]
  ] as const) {
    both(`is returned immediately if it is ${state}: nothing is read again`, (kind) =>
      Effect.gen(function* () {
        const { add, fault, intent, transfers } = yield* scene(kind)
        yield* fault("create", Fault.drop())
        const fiber = yield* Effect.forkChild(transfers.send(intent))
        // After the first look-up of the search.
        yield* TestClock.adjust("100 millis")
        yield* add(status === undefined ? {} : { status })
        has(yield* inTime(Fiber.join(fiber)), { state })
        const { steps } = transfers
        assert.deepStrictEqual(steps.slice(steps.lastIndexOf("GET") + 1), [
          "findByRecordId",
          `replace ${state}`,
          "find"
        ])
      })
    )
  }

  both("is returned immediately if it is manual review: the lists are not read again", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, transfers } = yield* scene(kind)
      yield* fault("create", Fault.commitThenDrop)
      yield* fault("list", Fault.rewrite("reference", undefined), { rate: 1 })
      assert.instanceOf(yield* failure(transfers.send(intent)), TransferOutcomeUnknown)
      // One look-up before the send, and one after it.
      assert.strictEqual(counted(transfers.steps, "GET"), 2)
    })
  )
})

describe("a reference in manual review", () => {
  both("is looked up by account, though it was never claimed", (kind) =>
    Effect.gen(function* () {
      const { add, fault, intent, reference, row, transfers } = yield* scene(kind)
      const theirs = yield* add({ amount: 40_000 })
      yield* Effect.flip(transfers.send(intent))
      const { version } = yield* row()
      yield* transfers.resolve(reference, { as: "not-paid", version, notOurs: [theirs.id], ...author })
      const made = yield* add()
      yield* fault("list", Fault.lag("1 day", { filter: "reference" }), { rate: 1 })
      has(yield* inTime(transfers.send(intent)), { state: "accepted", recordId: made.id, claims: 0 })
    })
  )
})

describe("a late response under a reference that Palomma changed", () => {
  both("is accepted for the transfer if a person has decided so meanwhile, and no look-up follows", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, journal, paid, reference, row, start, transfers } = yield* scene(kind, {
        simulator: { storeAs: { reference: "upper-case" } }
      })
      yield* fault("create", Fault.slow("20 seconds"))
      const other = yield* start()
      const fiber = yield* Effect.forkChild(other.send(intent))
      yield* TestClock.adjust("1 second")
      const sending = yield* row()
      const version = sending.version + 1
      // Another process treated its claim as lost.
      yield* journal.service.replace(new Transfer({ ...sending, state: "unknown", version }))
      const [record] = yield* paid()
      yield* transfers.resolve(reference, {
        as: "paid",
        recordId: record?.id ?? "",
        differs: { reference: reference.toUpperCase() },
        version,
        ...author
      })
      const before = counted(other.steps, "GET")
      has(yield* inTime(Fiber.join(fiber)), { state: "accepted", recordId: record?.id })
      assert.strictEqual(counted(other.steps, "GET"), before)
    })
  )

  both("is accepted though the journal cannot immediately read the record's owner", (kind) =>
    Effect.gen(function* () {
      let failures = 0
      const { intent, paid, start } = yield* scene(kind, { simulator: { storeAs: { reference: "upper-case" } } })
      const process = yield* start({
        journal: {
          before: ({ operation }) => {
            if (operation !== "findByRecordId" || failures > 0) return Effect.void
            failures += 1
            return Effect.fail(broken(operation))
          }
        }
      })
      const [transfer, [record]] = yield* Effect.zip(inTime(process.send(intent)), paid())
      has(transfer, { state: "accepted", recordId: record?.id })
      assert.strictEqual(failures, 1)
    })
  )
})
