/** A process that continues after it lost its claim: its result, and its look-up. */
import { assert, describe, it } from "@effect/vitest"
import { TransferDuplicate, TransferOutcomeUnknown } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { failure, has, inTime, kinds, makeWorld, until, type World } from "./support/scenario.ts"

// A process that is stopped just after its request was sent, and gets no response when it continues.
const stoppedAfterSending = Effect.fnUntraced(function* (world: World, fault: Fault.Fault) {
  const machine = yield* world.machine()
  const resumed = yield* Deferred.make<void>()
  yield* world.fault("create", fault)
  const process = yield* world.start({
    machine,
    request: (method, send) =>
      method === "POST"
        ? Effect.onExit(send, () => {
            machine.stop("process")
            return Deferred.await(resumed)
          })
        : send
  })
  const fiber = yield* Effect.forkChild(Effect.result(process.send(world.intent("a"))))
  yield* until(() => process.steps.includes("POST"))
  const resume = Effect.suspend(() => {
    machine.resume()
    return Deferred.succeed(resumed, undefined)
  })
  return { process, result: Effect.andThen(resume, inTime(Fiber.join(fiber))) }
})

// Another process finds nothing, and a person permits another send.
const takeOver = Effect.fnUntraced(function* (world: World) {
  const other = yield* world.start()
  assert.instanceOf(yield* failure(other.send(world.intent("a"))), TransferOutcomeUnknown)
  yield* TestClock.adjust("20 minutes")
  const { version } = yield* world.row("a")
  yield* other.resolve("a", { as: "not-paid", version, by: "ana", note: "not in the list" })
  return other
})

describe.each(kinds)("%s, by a process that lost its claim,", (_, kind) => {
  it.effect("looks it up once, by reference and by account, and raises the alarm for a second record", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const { process, result } = yield* stoppedAfterSending(world, Fault.commitThenDrop)
      yield* world.fault("list", Fault.lag("1 day"), { rate: 1 })
      const other = yield* takeOver(world)
      const second = yield* inTime(other.send(world.intent("a")))
      yield* world.simulator.clearFaults
      process.steps.length = 0
      const ended = yield* result
      const records = (yield* world.records("a")).map(({ id }) => id)
      assert.strictEqual(records.length, 2)
      assert.strictEqual(ended._tag, "Failure")
      if (ended._tag === "Failure") {
        assert.instanceOf(ended.failure, TransferDuplicate)
        assert.sameMembers(ended.failure.records.map(String), records)
      }
      const row = yield* world.row("a")
      has(row, { state: "accepted", recordId: second.recordId })
      assert.strictEqual(row.alarm?.kind, "duplicate")
      assert.sameMembers([...(row.alarm?.records ?? [])], records)
      assert.strictEqual(process.steps.filter((step) => step === "GET").length, 2)
    })
  )

  it.effect("finds its own record in that look-up, and the permitted send does not happen", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const { result } = yield* stoppedAfterSending(world, Fault.commitThenDrop)
      yield* world.fault("list", Fault.lag("1 day"), { rate: 1 })
      const other = yield* takeOver(world)
      yield* world.simulator.clearFaults
      const ended = yield* result
      const [record] = yield* world.records("a")
      assert.strictEqual(ended._tag, "Success")
      has(yield* world.row("a"), { state: "accepted", recordId: record?.id, alarm: undefined })
      has(yield* inTime(other.send(world.intent("a"))), { recordId: record?.id })
      assert.strictEqual(yield* world.creates, 1)
    })
  )

  it.effect("does not send it again, though that is permitted by now, and reports that it sent it", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const { process, result } = yield* stoppedAfterSending(world, Fault.drop())
      yield* takeOver(world)
      const ended = yield* result
      assert.strictEqual(ended._tag, "Failure")
      if (ended._tag === "Failure") {
        assert.instanceOf(ended.failure, TransferOutcomeUnknown)
        has(ended.failure, { sent: "yes", state: "intended" })
      }
      assert.strictEqual(process.steps.filter((step) => step === "POST").length, 1)
      assert.strictEqual(yield* world.creates, 1)
    })
  )

  it.effect("accepts its late response for the transfer, if nothing else was found meanwhile", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const { result } = yield* stoppedAfterSending(world, Fault.slow("1 millis"))
      yield* TestClock.adjust("1 second")
      yield* world.fault("list", Fault.lag("1 day"), { rate: 1 })
      const other = yield* world.start()
      assert.instanceOf(yield* failure(other.send(world.intent("a"))), TransferOutcomeUnknown)
      const ended = yield* result
      const [record] = yield* world.records("a")
      assert.strictEqual(ended._tag, "Success")
      has(yield* world.row("a"), { state: "accepted", recordId: record?.id })
      has(yield* inTime(other.send(world.intent("a"))), { recordId: record?.id })
    })
  )

  it.effect("accepts its late rejection, and ends manual review", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const no = Fault.respond({ status: 400, body: { message: "No" } })
      const { result } = yield* stoppedAfterSending(world, no)
      const other = yield* world.start()
      assert.instanceOf(yield* failure(other.send(world.intent("a"))), TransferOutcomeUnknown)
      has(yield* world.row("a"), { state: "needsReview" })
      const ended = yield* result
      assert.strictEqual(ended._tag === "Failure" ? ended.failure._tag : "", "TransferRejected")
      has(yield* world.row("a"), { state: "rejected" })
      has(yield* inTime(other.send(world.intent("a"))), { state: "accepted", claims: 2 })
    })
  )
})
