/** Two workers over one journal, one of which stops: one claim allows one request, and nothing is paid twice. */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { both, notPaid, scene } from "./support/people.ts"
import { has, inTime, type Kind, until, untilEnd } from "./support/scenario.ts"

// A transfer that was given to a worker, which has claimed it and stands just before its request.
const standing = Effect.fnUntraced(function* (kind: Kind) {
  const all = yield* scene(kind)
  yield* all.transfers.intend(all.intent)
  const gate = yield* Deferred.make<void>()
  const machine = yield* all.machine()
  const worker = yield* all.start({
    machine,
    request: (method, send) => (method === "POST" ? Effect.andThen(Deferred.await(gate), send) : send)
  })
  const fiber = yield* Effect.forkChild(Effect.result(worker.carry(all.reference)))
  yield* until(() => worker.steps.includes("replace sending"))
  const { claim = assert.fail("no claim") } = yield* all.row()
  return { ...all, machine, worker, fiber, claim: claim.id, goOn: Deferred.succeed(gate, undefined) }
})

describe("two workers", () => {
  both("that carry a transfer at the same time send it once", (kind) =>
    Effect.gen(function* () {
      const { creates, intent, paid, reference, start, transfers } = yield* scene(kind)
      yield* transfers.intend(intent)
      const workers = [transfers, yield* start(), yield* start()]
      const steps = yield* Effect.all(
        workers.map((worker) => worker.carry(reference)),
        { concurrency: "unbounded" }
      )
      // The others return what the row says then, and no error of their own.
      for (const step of steps) has(step, { _tag: "Wait", error: undefined })
      assert.strictEqual(yield* creates, 1)
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("and a program that sends the same transfer itself send it once", (kind) =>
    Effect.gen(function* () {
      const { creates, intent, paid, reference, start, transfers } = yield* scene(kind)
      yield* transfers.intend(intent)
      const worker = yield* start()
      const carried = yield* Effect.forkChild(worker.carry(reference))
      has(yield* inTime(transfers.send(intent)), { state: "accepted", carriedBy: "worker" })
      yield* untilEnd(carried)
      assert.strictEqual(yield* creates, 1)
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("do not send the transfer of a worker that is stopped before its request", (kind) =>
    Effect.gen(function* () {
      const { claim, creates, fiber, goOn, machine, paid, reference, row, transfers } = yield* standing(kind)
      machine.stop("process")
      yield* TestClock.adjust("70 seconds")
      has(yield* transfers.carry(reference), { _tag: "Wait", reason: "claimed" })
      has(yield* transfers.carry(reference, { lostClaim: claim }), { _tag: "Wait", reason: "in-doubt" })
      has(yield* transfers.carry(reference, { endSearch: "if-complete" }), { _tag: "NeedsReview" })
      machine.resume()
      yield* goOn
      yield* untilEnd(fiber)
      // The stopped worker proves that its request did not leave, so the next step sends it.
      has(yield* row(), { state: "intended", claim: undefined })
      assert.strictEqual(yield* creates, 0)
      has(yield* transfers.carry(reference), { _tag: "Wait", reason: "in-progress" })
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("send it once if the stopped one goes on after a person decided and the other one sent it", (kind) =>
    Effect.gen(function* () {
      const { claim, creates, fiber, goOn, machine, paid, reference, row, transfers } = yield* standing(kind)
      // None of the clocks of a paused machine shows the pause, so only the row stops its request.
      machine.stop("pause")
      yield* transfers.carry(reference, { lostClaim: claim })
      yield* transfers.carry(reference, { endSearch: "if-complete" })
      yield* TestClock.adjust("20 minutes")
      yield* transfers.resolve(reference, notPaid((yield* row()).version))
      has(yield* transfers.carry(reference), { _tag: "Wait", reason: "in-progress" })
      machine.resume()
      yield* goOn
      yield* untilEnd(fiber)
      const stopped = yield* Fiber.join(fiber)
      // It reports the transfer that the other one sent, and no error of its own request.
      assert.strictEqual(stopped._tag, "Success")
      if (stopped._tag === "Success") has(stopped.success, { _tag: "Wait", reason: "in-progress", error: undefined })
      assert.strictEqual(yield* creates, 1)
      assert.strictEqual((yield* paid()).length, 1)
    })
  )
})

describe("a worker that is interrupted", () => {
  both("during its look-up sends nothing", (kind) =>
    Effect.gen(function* () {
      const { creates, fault, intent, reference, row, transfers } = yield* scene(kind)
      const before = yield* transfers.intend(intent)
      yield* fault("list", Fault.slow("5 seconds"))
      const fiber = yield* Effect.forkChild(transfers.carry(reference))
      yield* until(() => transfers.steps.includes("GET"))
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* row(), before)
      assert.strictEqual(yield* creates, 0)
    })
  )

  both("during its request records the answer before it ends", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, paid, reference, row, transfers } = yield* scene(kind)
      yield* transfers.intend(intent)
      yield* fault("create", Fault.slow("5 seconds"))
      const fiber = yield* Effect.forkChild(transfers.carry(reference))
      yield* until(() => transfers.steps.includes("POST"))
      yield* inTime(Fiber.interrupt(fiber))
      const [made] = yield* paid()
      has(yield* row(), { state: "accepted", recordId: made?.id })
    })
  )
})

describe("a claim that a worker calls lost too early", () => {
  both("stops a request that has not begun, and the transfer is sent by a later step", (kind) =>
    Effect.gen(function* () {
      const { claim, creates, fiber, goOn, paid, reference, row, transfers } = yield* standing(kind)
      has(yield* transfers.carry(reference, { lostClaim: claim }), { _tag: "Wait", reason: "in-doubt" })
      yield* goOn
      yield* untilEnd(fiber)
      assert.strictEqual(yield* creates, 0)
      has(yield* row(), { state: "intended" })
      yield* inTime(transfers.carry(reference))
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("does not hide the answer of a request that is in progress", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, paid, reference, row, start, transfers } = yield* scene(kind)
      yield* transfers.intend(intent)
      yield* fault("create", Fault.slow("20 seconds", { takesEffect: "after" }))
      const worker = yield* start()
      const fiber = yield* Effect.forkChild(worker.carry(reference))
      yield* until(() => worker.steps.includes("POST"))
      yield* TestClock.adjust("1 second")
      const { claim = assert.fail("no claim") } = yield* row()
      yield* transfers.carry(reference, { lostClaim: claim.id })
      has(yield* transfers.carry(reference, { endSearch: "always" }), { _tag: "NeedsReview" })
      // Nothing is sent again without a person, and a person cannot decide before the quiet time is over.
      const decided = yield* Effect.flip(transfers.resolve(reference, notPaid((yield* row()).version)))
      has(decided, { _tag: "TransferInvalidState", reason: "quiet-time" })
      has(yield* inTime(Fiber.join(fiber)), { _tag: "Wait", reason: "in-progress" })
      const [made] = yield* paid()
      has(yield* row(), { state: "accepted", recordId: made?.id })
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("of an earlier request ends no later one", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, reference, row, transfers, write } = yield* scene(kind)
      yield* transfers.intend({ ...intent, reference: "other" })
      const before = yield* write({ state: "sending", carriedBy: "worker" })
      yield* fault("create", Fault.refuse)
      has(yield* transfers.carry(reference, { lostClaim: "claim-0" }), { _tag: "Wait", reason: "claimed" })
      assert.deepStrictEqual(yield* row(), before)
    })
  )
})
