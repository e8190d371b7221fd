/** One step of a worker that sends: `carry` sends only what a worker was given, at most once, and says what it did. */
import { assert, describe } from "@effect/vitest"
import { PalommaConnectionError, TransferAlarm, transferStates } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { author, both, notPaid, refusedFor, scene } from "./support/people.ts"
import { broken, has, inTime, type JournalHooks, until } from "./support/scenario.ts"

const errorOf = (advanced: object): unknown => ("error" in advanced ? advanced.error : undefined)

describe("carry", () => {
  both("sends a transfer that a worker was given, after a look-up, and writes each step once", (kind) =>
    Effect.gen(function* () {
      const { intent, paid, reference, row, transfers } = yield* scene(kind)
      yield* transfers.intend(intent)
      transfers.steps.length = 0
      const advanced = yield* transfers.carry(reference)
      has(advanced, { _tag: "Wait", reason: "in-progress", error: undefined, transfer: yield* row() })
      const [made] = yield* paid()
      has(yield* row(), { state: "accepted", recordId: made?.id, carriedBy: "worker", claims: 1 })
      assert.deepStrictEqual(transfers.steps, [
        "find",
        "GET",
        "replace sending",
        "find",
        "POST",
        "find",
        "replace accepted"
      ])
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("sends the content and the merchant account of the row", (kind) =>
    Effect.gen(function* () {
      const { intent, reference, requests, simulator, transfers } = yield* scene(kind)
      yield* simulator.setBalance("01HBRANCH", 1_000_000)
      yield* transfers.intend({ ...intent, amount: 71_000, merchantAccountId: "01HBRANCH" })
      yield* transfers.carry(reference)
      const bodies = (yield* requests("create")).map(({ body }) => body)
      assert.strictEqual(bodies.length, 1)
      has(JSON.parse(bodies[0] ?? "") as object, {
        amount: 71_000,
        reference,
        [kind.accountField]: intent.accountId,
        [kind.name === "payout" ? "sourceMerchantAccountId" : "targetMerchantAccountId"]: "01HBRANCH"
      })
    })
  )

  both("ends with a final status if Palomma answers with one, or the look-up finds one", (kind) =>
    Effect.gen(function* () {
      const { add, count, intent, reference, transfers } = yield* scene(kind)
      yield* transfers.intend(intent)
      yield* add({ status: "approved" })
      has(yield* transfers.carry(reference), { _tag: "Ended" })
      assert.strictEqual(yield* count("create"), 0)
    })
  )

  both("does not send if the look-up finds a record with other content, and asks a person", (kind) =>
    Effect.gen(function* () {
      const { add, count, intent, reference, transfers } = yield* scene(kind)
      yield* transfers.intend(intent)
      yield* add({ amount: 70_000 })
      has(yield* transfers.carry(reference), { _tag: "NeedsReview" })
      assert.strictEqual(yield* count("create"), 0)
    })
  )

  both("sends again what a person decided was not paid, once", (kind) =>
    Effect.gen(function* () {
      const { creates, fault, intent, paid, reference, row, transfers } = yield* scene(kind)
      yield* transfers.intend(intent)
      yield* fault("create", Fault.drop())
      has(yield* transfers.carry(reference), { _tag: "Wait", reason: "in-doubt" })
      has(yield* transfers.carry(reference, { endSearch: "always" }), { _tag: "NeedsReview" })
      yield* TestClock.adjust("20 minutes")
      yield* transfers.resolve(reference, notPaid((yield* row()).version))
      has(yield* transfers.carry(reference), { _tag: "Wait", reason: "in-progress" })
      assert.strictEqual(yield* creates, 2)
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  for (const state of transferStates.filter((one) => one !== "intended")) {
    both(`starts no request that sends for a transfer that is ${state}`, (kind) =>
      Effect.gen(function* () {
        const { count, reference, transfers, write } = yield* scene(kind)
        yield* write({ state, carriedBy: "worker" })
        yield* transfers.carry(reference)
        assert.strictEqual(yield* count("create"), 0)
      })
    )
  }

  both("makes no request for a transfer that nobody gave to a worker", (kind) =>
    Effect.gen(function* () {
      const { count, reference, row, transfers, write } = yield* scene(kind)
      const before = yield* write({ state: "intended" })
      has(yield* transfers.carry(reference), { _tag: "Wait", reason: "not-sent", transfer: before })
      assert.strictEqual(yield* count(), 0)
      assert.deepStrictEqual(yield* row(), before)
    })
  )

  both("does not send a transfer with a duplicate alarm before a person acknowledges it", (kind) =>
    Effect.gen(function* () {
      const { count, reference, transfers, write } = yield* scene(kind)
      const alarm = new TransferAlarm({ kind: "duplicate", records: ["01HOTHER"], at: 0 })
      const { version } = yield* write({ state: "intended", carriedBy: "worker", alarm })
      has(yield* transfers.carry(reference), { _tag: "Wait", reason: "not-sent" })
      assert.strictEqual(yield* count(), 0)
      yield* transfers.acknowledge(reference, { ...author, version })
      has(yield* transfers.carry(reference), { _tag: "Wait", reason: "in-progress" })
    })
  )

  both("does not send a transfer that is withdrawn while it looks it up", (kind) =>
    Effect.gen(function* () {
      const { count, fault, intent, reference, transfers } = yield* scene(kind)
      yield* transfers.intend(intent)
      yield* fault("list", Fault.slow("5 seconds"))
      const fiber = yield* Effect.forkChild(transfers.carry(reference))
      yield* until(() => transfers.steps.includes("GET"))
      yield* transfers.withdraw(reference, author)
      has(yield* inTime(Fiber.join(fiber)), { _tag: "Ended" })
      assert.strictEqual(yield* count("create"), 0)
    })
  )

  both("fails for a reference that the journal does not have", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers } = yield* scene(kind)
      const error = yield* refusedFor(transfers.carry(reference), "unknown-reference")
      assert.strictEqual(error.operation, `${kind.service}.carry`)
    })
  )

  both("refuses invalid options before it reads the journal", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers } = yield* scene(kind)
      for (const options of [{ lostClaim: "" }, { endSearch: "never" as "always" }, { lostclaim: "x" } as object]) {
        const error = yield* Effect.flip(transfers.carry(reference, options))
        has(error, { _tag: "PalommaInvalidInput", operation: `${kind.service}.carry`, outcome: "none" })
      }
      assert.deepStrictEqual(transfers.steps, [])
    })
  )
})

describe("carry of a request that failed", () => {
  both("starts one request, and returns why it was not sent", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, reference, row, transfers } = yield* scene(kind)
      yield* transfers.intend(intent)
      yield* fault("create", Fault.refuse, { rate: 1 })
      transfers.steps.length = 0
      const advanced = yield* transfers.carry(reference)
      has(advanced, { _tag: "Wait", reason: "not-sent", transfer: yield* row() })
      const error = errorOf(advanced)
      assert.instanceOf(error, PalommaConnectionError)
      has(error, { outcome: "not-sent", operation: `${kind.service.slice(0, -1)}Requests.create` })
      assert.strictEqual(transfers.steps.filter((step) => step === "POST").length, 1)
      has(yield* row(), { state: "intended", claims: 1, claim: undefined })
    })
  )

  both("is sent by the next step", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, paid, reference, transfers } = yield* scene(kind)
      yield* transfers.intend(intent)
      yield* fault("create", Fault.refuse)
      has(yield* transfers.carry(reference), { _tag: "Wait", reason: "not-sent" })
      has(yield* transfers.carry(reference), { _tag: "Wait", reason: "in-progress" })
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("returns why Palomma rejected it, and does not send it again before another intend", (kind) =>
    Effect.gen(function* () {
      const { creates, fault, intent, reference, row, transfers } = yield* scene(kind)
      yield* transfers.intend(intent)
      yield* fault("create", Fault.respond({ status: 400, body: { message: "No" } }))
      const advanced = yield* transfers.carry(reference)
      has(advanced, { _tag: "Wait", reason: "not-sent", transfer: yield* row() })
      has(errorOf(advanced) as object, { _tag: "PalommaBadRequest", outcome: "rejected" })
      assert.strictEqual((yield* row()).state, "rejected")
      for (const _ of [1, 2]) {
        has(yield* transfers.carry(reference), { _tag: "Wait", reason: "not-sent", error: undefined })
      }
      assert.strictEqual(yield* creates, 1)
      yield* transfers.intend(intent)
      has(yield* transfers.carry(reference), { _tag: "Wait", reason: "in-progress" })
      assert.strictEqual(yield* creates, 2)
    })
  )

  both("is corrected by a plain send, which finds the rejected content too; the worker carries it on", (kind) =>
    Effect.gen(function* () {
      const { add, creates, fault, intent, reference, row, transfers } = yield* scene(kind)
      yield* transfers.intend(intent)
      // Palomma rejects it and has made it all the same, under a reference that it lost.
      yield* fault("create", Fault.respond({ status: 400, body: { message: "No" } }))
      yield* transfers.carry(reference)
      const wrongly = yield* add({ reference: null })
      yield* Effect.flip(inTime(transfers.send({ ...intent, amount: 60_000 })))
      has(yield* row(), { state: "needsReview", evidence: [wrongly.id], amount: intent.amount, carriedBy: "worker" })
      assert.strictEqual(yield* creates, 1)
    })
  )

  both("returns why the look-up before it failed, and sent nothing", (kind) =>
    Effect.gen(function* () {
      const { count, fault, intent, reference, transfers } = yield* scene(kind)
      yield* transfers.intend(intent)
      yield* fault("list", Fault.respond({ status: 401 }))
      const advanced = yield* transfers.carry(reference)
      has(advanced, { _tag: "Wait", reason: "not-sent" })
      has(errorOf(advanced) as object, { _tag: "PalommaUnauthorized", outcome: "none" })
      assert.strictEqual(yield* count("create"), 0)
    })
  )

  both("returns no error of its own request for a row that another process has claimed", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, reference, start, transfers } = yield* scene(kind)
      yield* transfers.intend(intent)
      yield* fault("list", Fault.respond({ status: 401 }))
      yield* fault("create", Fault.slow("10 seconds"))
      const hooks: JournalHooks = {}
      const other = yield* start({ journal: hooks })
      // The other process claims it after this one has failed to look it up.
      hooks.before = ({ operation }) =>
        operation !== "find" || !other.steps.includes("GET")
          ? Effect.void
          : Effect.gen(function* () {
              hooks.before = undefined
              yield* Effect.forkDetach(Effect.exit(transfers.carry(reference)))
              yield* until(() => transfers.steps.includes("POST"))
            })
      has(yield* other.carry(reference), { _tag: "Wait", reason: "claimed", error: undefined })
    })
  )

  both("that did not start, since the row changed during the look-up, is left to the next step", (kind) =>
    Effect.gen(function* () {
      const { count, fault, intent, reference, row, transfers } = yield* scene(kind)
      const { version } = yield* transfers.intend(intent)
      yield* fault("list", Fault.slow("5 seconds"))
      const fiber = yield* Effect.forkChild(transfers.carry(reference))
      yield* until(() => transfers.steps.includes("GET"))
      yield* transfers.markTold(reference, version)
      const advanced = yield* inTime(Fiber.join(fiber))
      assert.deepStrictEqual<unknown>(advanced, { _tag: "Wait", reason: "not-sent", transfer: yield* row() })
      assert.strictEqual(yield* count("create"), 0)
      has(yield* transfers.carry(reference), { _tag: "Wait", reason: "in-progress" })
    })
  )

  both("whose answer was lost is in doubt, and only looked up from then on", (kind) =>
    Effect.gen(function* () {
      const { creates, fault, intent, paid, reference, row, transfers } = yield* scene(kind)
      yield* transfers.intend(intent)
      yield* fault("create", Fault.commitThenDrop)
      has(yield* transfers.carry(reference), { _tag: "Wait", reason: "in-doubt", transfer: yield* row() })
      has(yield* transfers.carry(reference), { _tag: "Wait", reason: "in-progress" })
      assert.strictEqual(yield* creates, 1)
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("with 429 makes no request until the pause is over, and says how long that is", (kind) =>
    Effect.gen(function* () {
      const { count, fault, intent, reference, transfers } = yield* scene(kind)
      yield* transfers.intend(intent)
      yield* fault("list", Fault.rateLimited(30))
      const limited = yield* transfers.carry(reference)
      has(errorOf(limited) as object, { _tag: "PalommaRateLimited" })
      has(yield* transfers.advance(reference), { _tag: "Wait", reason: "not-sent" })
      const before = yield* count("list")
      yield* TestClock.adjust("10 seconds")
      has(yield* transfers.carry(reference), { _tag: "Wait", reason: "not-sent", waitFor: Duration.seconds(20) })
      assert.strictEqual(yield* count("list"), before)
      yield* TestClock.adjust("20 seconds")
      has(yield* transfers.carry(reference), { _tag: "Wait", reason: "in-progress", waitFor: undefined })
    })
  )

  both("with 429 does not ask for a transfer in doubt, or an accepted one, before the pause is over", (kind) =>
    Effect.gen(function* () {
      for (const [state, reason] of [["unknown", "in-doubt"] as const, ["accepted", "in-progress"] as const]) {
        const { add, count, fault, intent, reference, transfers, write } = yield* scene(kind)
        const { id } = yield* add()
        const row = yield* write(state === "accepted" ? { state, recordId: id } : { state })
        yield* transfers.intend({ ...intent, reference: "limited" })
        yield* fault("list", Fault.rateLimited(30))
        yield* transfers.carry("limited")
        const requests = Effect.map(Effect.all([count("list"), count("get")]), ([lists, gets]) => lists + gets)
        const before = yield* requests
        const { version } = row
        has(yield* transfers.carry(reference, { version }), { _tag: "Wait", reason, waitFor: Duration.seconds(30) })
        // Another job has the present version, and waits.
        has(yield* transfers.carry(reference, { version: version + 1 }), { _tag: "Wait", reason, waitFor: undefined })
        assert.strictEqual(yield* requests, before)
      }
    })
  )

  both("with 429 ends a claim that is lost", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, reference, transfers, write } = yield* scene(kind)
      const { claim } = yield* write({ state: "sending" })
      yield* transfers.intend({ ...intent, reference: "limited" })
      yield* fault("list", Fault.rateLimited(30))
      yield* transfers.carry("limited")
      const ended = yield* transfers.carry(reference, { lostClaim: claim?.id })
      has(ended, { _tag: "Wait", reason: "in-doubt", waitFor: undefined })
    })
  )

  both("with 429 does not hold up a step that needs no request", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, reference, transfers, write } = yield* scene(kind)
      yield* write({ state: "approved", recordId: "record-1" })
      yield* transfers.intend({ ...intent, reference: "limited" })
      yield* fault("list", Fault.rateLimited(30))
      yield* transfers.carry("limited")
      has(yield* transfers.carry(reference), { _tag: "Ended" })
    })
  )
})

describe("carry while the journal fails", () => {
  both("says that it sent nothing, if it failed before the request", (kind) =>
    Effect.gen(function* () {
      const { count, intent, reference, start, transfers } = yield* scene(kind)
      yield* transfers.intend(intent)
      const process = yield* start({
        journal: { before: ({ operation }) => (operation === "replace" ? Effect.fail(broken(operation)) : Effect.void) }
      })
      const error = yield* Effect.flip(inTime(process.carry(reference)))
      has(error, { _tag: "TransferJournalError", operation: "replace", reference, sent: "no" })
      assert.strictEqual(yield* count("create"), 0)
    })
  )

  both("says that it sent the request, and names the record, if the answer could not be written", (kind) =>
    Effect.gen(function* () {
      const { intent, paid, reference, start, transfers } = yield* scene(kind)
      yield* transfers.intend(intent)
      const process = yield* start({
        journal: { before: ({ row }) => (row?.state === "accepted" ? Effect.fail(broken("replace")) : Effect.void) }
      })
      const error = yield* Effect.flip(inTime(process.carry(reference)))
      const [made] = yield* paid()
      has(error, { _tag: "TransferJournalError", operation: "replace", reference, sent: "yes", recordId: made?.id })
    })
  )

  both("says that it sent the request, if the row cannot be read afterwards", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, reference, start, transfers } = yield* scene(kind)
      yield* transfers.intend(intent)
      yield* fault("create", Fault.commitThenDrop)
      const hooks: JournalHooks = {
        after: ({ row }) =>
          Effect.sync(() => {
            if (row?.state === "unknown") hooks.before = () => Effect.fail(broken("find"))
          })
      }
      const process = yield* start({ journal: hooks })
      const error = yield* Effect.flip(inTime(process.carry(reference)))
      has(error, { _tag: "TransferJournalError", operation: "find", reference, sent: "yes" })
    })
  )

  both("says that it sent the request, if the row is missing afterwards", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, journal, reference, start, transfers } = yield* scene(kind)
      yield* transfers.intend(intent)
      yield* fault("create", Fault.commitThenDrop)
      const process = yield* start({
        journal: { after: ({ row }) => (row?.state === "unknown" ? Effect.scoped(journal.restore([])) : Effect.void) }
      })
      const error = yield* Effect.flip(inTime(process.carry(reference)))
      has(error, { _tag: "TransferJournalError", operation: "find", reference, sent: "yes" })
      assert.include(error.message, "missing")
    })
  )
})

describe("a rejected transfer that the program sends again itself", () => {
  both("is never sent by a worker, since the program was told that nothing was sent", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, paid, reference, row, transfers } = yield* scene(kind)
      yield* transfers.intend(intent)
      yield* fault("create", Fault.respond({ status: 400, body: { message: "no" } }))
      yield* transfers.carry(reference)
      has(yield* row(), { state: "rejected", carriedBy: "worker" })

      yield* fault("create", Fault.refuse, { times: 10 })
      const error = yield* Effect.flip(inTime(transfers.send({ ...intent, amount: 70_000 })))
      assert.strictEqual(error._tag, "TransferNotSent")
      has(yield* row(), { state: "intended", amount: 70_000, carriedBy: undefined })
      yield* TestClock.adjust("1 day")
      has(yield* transfers.carry(reference), { _tag: "Wait", reason: "not-sent" })
      assert.lengthOf(yield* paid(), 0)
    })
  )
})
