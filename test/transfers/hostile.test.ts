/** Transfers with hostile servers, unusual ids, careless callers and late responses. */
import { assert, describe } from "@effect/vitest"
import {
  TransferAlarm,
  TransferDuplicate,
  TransferJournalError,
  TransferOutcomeUnknown,
  withRetry
} from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import type { WebhookEvent } from "@palomma-effect/schema"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import { TestClock } from "effect/testing"
import { both, notPaid, refusedFor, scene, author } from "./support/people.ts"
import { failure, has, inTime, makeWorld } from "./support/scenario.ts"

describe("a call whose own request was sent", () => {
  both("gets no result of other content that was sent meanwhile, and no error that nothing was sent", (kind) =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const patient = yield* world.start({ transfers: { reconcileTimeout: "2 hours" } })
      const other = yield* world.start()
      // It never reached Palomma, but no process can prove that.
      yield* world.fault("create", Fault.drop())
      const fiber = yield* Effect.forkChild(Effect.flip(patient.send(world.intent("a"))))
      yield* TestClock.adjust("25 minutes")
      const { version } = yield* world.row("a")
      yield* other.resolve("a", { as: "not-paid", version, ...author })
      const corrected = yield* other.send(world.intent("a", { amount: 60_000 }))
      assert.strictEqual(corrected.state, "accepted")
      const error = yield* inTime(Fiber.join(fiber))
      assert.instanceOf(error, TransferOutcomeUnknown)
      has(error, { sent: "yes" })
    })
  )

  both("does not send again if its row was removed", (kind) =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const process = yield* world.start({
        journal: {
          after: ({ row }) => (row?.state === "unknown" ? Effect.scoped(world.journal.restore([])) : Effect.void)
        }
      })
      yield* world.fault("create", Fault.commitThenDrop)
      yield* world.fault("list", Fault.lag("1 day"), { rate: 1 })
      const error = yield* failure(process.send(world.intent("a")))
      assert.strictEqual((yield* world.records("a")).length, 1)
      assert.instanceOf(error, TransferJournalError)
      has(error, { operation: "find", sent: "yes" })
    })
  )
})

describe("a false refusal", () => {
  for (const [what, changes] of [
    ["amount", () => ({ amount: 60_000 })],
    ["account", (accountId: string) => ({ accountId })]
  ] as const) {
    both(`is detected before a corrected ${what} is sent, even if Palomma changed the reference`, (kind) =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind, { simulator: { storeAs: { reference: "lower-case" } } })
        const process = yield* world.start()
        const refusal = Fault.respond({ status: 400, body: { message: "no" }, takesEffect: true })
        yield* world.fault("create", refusal)
        yield* Effect.flip(process.send(world.intent("INVOICE-2026-0117")))
        const corrected = world.intent("INVOICE-2026-0117", changes(yield* kind.addAccount(world.simulator)))
        const error = yield* failure(process.send(corrected))
        assert.strictEqual(error._tag, "TransferConflict")
        assert.strictEqual((yield* kind.all(world.simulator)).length, 1)
        has(yield* world.row("INVOICE-2026-0117"), { state: "needsReview" })
      })
    )
  }
})

describe("claims of programs that generate the same random values", () => {
  both("are distinct: the late result of one is not that of another", (kind) =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const machine = yield* world.machine()
      const gate = yield* Deferred.make<void>()
      const stopped = yield* world.start({
        machine,
        journal: {
          after: ({ row }) =>
            row?.state === "sending"
              ? Effect.andThen(
                  Effect.sync(() => machine.stop("process")),
                  Deferred.await(gate)
                )
              : Effect.void
        }
      })
      const other = yield* world.start()
      const seeded = Random.withSeed("nightly-run")
      const late = yield* Effect.forkChild(Effect.exit(seeded(stopped.send(world.intent("a")))))
      const error = yield* failure(other.send(world.intent("a")))
      assert.strictEqual(error._tag, "TransferOutcomeUnknown")
      yield* TestClock.adjust("25 minutes")
      const { version } = yield* world.row("a")
      yield* other.resolve("a", notPaid(version))
      yield* world.fault("create", Fault.slow("30 seconds", { takesEffect: "after" }))
      const slow = yield* Effect.forkChild(Effect.exit(seeded(other.send(world.intent("a")))))
      yield* TestClock.adjust("1 second")
      machine.resume()
      yield* Deferred.succeed(gate, undefined)
      yield* TestClock.adjust("1 second")
      yield* inTime(Effect.exit((yield* world.start()).send(world.intent("a"))))
      yield* inTime(Fiber.join(slow))
      yield* inTime(Fiber.join(late))
      assert.strictEqual((yield* world.records("a")).length, 1)
    })
  )
})

describe("a record", () => {
  both("of another transfer is not accepted as the response to a request", (kind) =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const process = yield* world.start()
      const { recordId: first } = yield* process.send(world.intent("a"))
      const another = Fault.all(Fault.rewrite("id", first), Fault.rewrite("reference", undefined))
      yield* world.fault("create", another)
      const { recordId } = yield* inTime(process.send(world.intent("b")))
      const [made] = yield* world.records("b")
      assert.strictEqual(recordId, made?.id)
      assert.notStrictEqual(recordId, first)
    })
  )

  both("is used in the form of the list that shows most of it", (kind) =>
    Effect.gen(function* () {
      const { add, fault, intent, row, transfers, write } = yield* scene(kind)
      const { id } = yield* add()
      yield* write({ state: "needsReview", evidence: [id] })
      yield* fault("list", Fault.rewrite("reference", undefined), { rate: 1, containing: "reference=" })
      yield* transfers.send(intent)
      has(yield* row(), { state: "accepted", recordId: id })
    })
  )
})

describe("an error message", () => {
  both("does not mention two records if there may be one", (kind) =>
    Effect.gen(function* () {
      const { intent, transfers, write } = yield* scene(kind)
      const alarm = new TransferAlarm({ kind: "duplicate", records: ["01HR1"], at: 0 })
      yield* write({ state: "needsReview", evidence: ["01HR1"], alarm })
      const error = yield* Effect.flip(transfers.send(intent))
      assert.instanceOf(error, TransferDuplicate)
      has(error, { records: ["01HR1"] })
      assert.notInclude(error.message, "more than one record")
      assert.include(error.message, "may be two")
    })
  )

  both("is one line of limited length for any reference", (kind) =>
    Effect.gen(function* () {
      const { transfers } = yield* scene(kind)
      const error = yield* Effect.flip(transfers.reconcile(`a\n\u001b[2J\u202e${"x".repeat(10_000)}`))
      assert.match(error.message, /^[^\p{C}]{1,1000}$/u)
    })
  )

  both("ends each sentence before it begins the next", (kind) =>
    Effect.gen(function* () {
      const { intent, transfers } = yield* scene(kind)
      const error = yield* Effect.flip(withRetry(transfers.send(intent), { reads: { maxAttempts: 0 } }))
      assert.strictEqual(error._tag, "TransferNotSent")
      assert.include(error.message, "from 1 to 20. This call sent nothing. Correct this, then send the same reference")
    })
  )

  both("advises nothing that withdraw rejects", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, transfers, write } = yield* scene(kind, { lookUpPages: 1 })
      const { version } = yield* write({ state: "needsReview" })
      yield* fault("list", Fault.endlessCursor(), { rate: 1 })
      yield* TestClock.adjust("20 minutes")
      const error = yield* refusedFor(transfers.withdraw(reference, { ...author, version }), "look-up-incomplete")
      assert.include(error.message, "resolve it as not paid with incomplete: true")
    })
  )
})

describe("ids that a server generated", () => {
  both("are found in the lists if no URL can hold them", (kind) =>
    Effect.gen(function* () {
      const { add, fault, intent, row, transfers, write } = yield* scene(kind)
      yield* write({ state: "unknown", recordId: ".." })
      yield* add()
      yield* fault("list", Fault.rewrite("id", ".."), { rate: 1 })
      yield* inTime(Effect.exit(transfers.send(intent)))
      has(yield* row(), { state: "accepted", recordId: ".." })
    })
  )

  both("can be ruled out if they are blank", (kind) =>
    Effect.gen(function* () {
      const { add, fault, intent, reference, row, transfers } = yield* scene(kind)
      yield* add({ reference: null })
      yield* fault("list", Fault.all(Fault.ignoreFilters(), Fault.rewrite("id", " ")), { rate: 1 })
      yield* Effect.flip(inTime(transfers.send(intent)))
      const { evidence, state, version } = yield* row()
      assert.strictEqual(state, "needsReview")
      yield* TestClock.adjust("20 minutes")
      const resolved = yield* transfers.resolve(reference, notPaid(version, evidence))
      has(resolved, { state: "intended", notOurs: evidence })
    })
  )
})

describe("a look-up", () => {
  both("ends at its timeout, even if the record cannot be read and reads would be retried all day", (kind) =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const reads = { maxAttempts: 1, attemptTimeout: "1 day", timeout: "1 day" } as const
      const process = yield* world.start({
        client: { retry: { reads } },
        transfers: { reconcileTimeout: "30 seconds" }
      })
      yield* world.fault("create", Fault.rewrite("status", undefined))
      yield* world.fault("get", Fault.hang(), { rate: 1 })
      yield* world.fault("list", Fault.lag("1 day"), { rate: 1 })
      const begun = yield* Clock.currentTimeMillis
      const error = yield* failure(process.send(world.intent("a")))
      assert.instanceOf(error, TransferOutcomeUnknown)
      assert.isBelow((yield* Clock.currentTimeMillis) - begun, 120_000)
    })
  )
})

describe("a malformed list", () => {
  both("fails the look-up without a defect if an item is too deeply nested to be named", (kind) =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const deep = `{"items":[${"[".repeat(200_000)}${"]".repeat(200_000)}]}`
      yield* world.fault(
        "list",
        Fault.respond({ status: 200, body: deep, headers: { "content-type": "application/json" } }),
        { rate: 1 }
      )
      const process = yield* world.start()
      const error = yield* failure(process.send(world.intent("a")))
      assert.strictEqual(error._tag, "TransferNotSent")
      assert.strictEqual(yield* world.creates, 0)
    })
  )

  both("with thousands of items that may match the transfer does not fill the row", (kind) =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const items = Array.from({ length: 5_000 }, (_, i) => ({ id: `odd-${i}` }))
      yield* world.fault("list", Fault.respond({ status: 200, body: { items } }), { rate: 1 })
      const process = yield* world.start()
      const error = yield* failure(process.send(world.intent("a")))
      assert.instanceOf(error, TransferOutcomeUnknown)
      const { evidence, version } = yield* world.row("a")
      assert.isAtMost(evidence.length, 200)
      assert.isAtMost(version, 200)
      assert.isAtMost(error.message.length, 10_000)
    })
  )
})

/** As deep as requested, and wide: each level holds the next one twice. */
const wide = (depth: number): object =>
  Array.from({ length: depth }).reduce<object>((below) => ({ left: below, right: below }), {})

/** Each read of its fields returns two new objects. */
class Endless {
  get left(): Endless {
    return new Endless()
  }
  get right(): Endless {
    return new Endless()
  }
}

describe("a caller without types", () => {
  for (const [what, extra] of [
    ["may pass one value many times", wide(200)],
    ["never ends", new Endless()]
  ] as const) {
    both(`gets an error that a decision has an extra field, even if that ${what}`, (kind) =>
      Effect.gen(function* () {
        const { reference, transfers } = yield* scene(kind)
        const error = yield* Effect.flip(transfers.resolve(reference, Object.assign(notPaid(1), { extra })))
        assert.strictEqual(error._tag, "PalommaInvalidInput")
        assert.include(error.message, "extra")
      })
    )
  }

  for (const [what, input] of [
    ["null", null],
    ["nothing", undefined],
    ["a text", "payout-request.update"],
    ["an object without an event", { eventType: "payout-request.update" }],
    ["an object whose event is null", { eventType: "payout-request.update", event: null }],
    ["an event without an id", { eventType: "payin-request.update", event: {} }],
    ["an event whose id is empty", { eventType: "payout-request.update", event: { id: "" } }],
    ["an event whose id is a number", { eventType: "payin-request.update", event: { id: 5 } }]
  ] as const) {
    both(`gets an error for a webhook event that is ${what}`, (kind) =>
      Effect.gen(function* () {
        const { transfers } = yield* scene(kind)
        // An untyped program may pass any value.
        const event = input as unknown as WebhookEvent
        const exit = yield* Effect.exit(Effect.suspend(() => transfers.applyWebhook(event)))
        assert.isFalse(Exit.hasDies(exit), String(exit))
      })
    )
  }
})
