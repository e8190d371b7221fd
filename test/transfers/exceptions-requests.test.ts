/**
 * Assumptions about requests in flight. Each is shown to be needed: money moves twice exactly under these faults, and
 * once with one fault fewer.
 */
import { assert, describe } from "@effect/vitest"
import { HandOver } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { TestClock } from "effect/testing"
import { both, event, notPaid, refusedFor, scene } from "./support/people.ts"
import { failure, has, inTime, type Kind } from "./support/scenario.ts"

const late = (by: Duration.Input) => Fault.slow(by, { takesEffect: "after" })

describe("assumption: a request arrives within the quiet time, or never", () => {
  // Sends a transfer whose request arrives late, and lets the quiet time pass.
  const delayed = Effect.fnUntraced(function* (kind: Kind, by: Duration.Input) {
    const all = yield* scene(kind)
    yield* all.fault("create", late(by))
    has(yield* failure(all.transfers.send(all.intent)), { _tag: "TransferOutcomeUnknown" })
    yield* TestClock.adjust("20 minutes")
    return { ...all, version: (yield* all.row()).version }
  })

  both('it is paid twice if Palomma executes the request after a person truthfully recorded "not paid"', (kind) =>
    Effect.gen(function* () {
      const { intent, paid, reference, row, transfers, version } = yield* delayed(kind, "40 minutes")
      assert.strictEqual((yield* paid()).length, 0)
      yield* transfers.resolve(reference, notPaid(version))
      const sent = yield* transfers.send(intent)
      assert.strictEqual((yield* paid()).length, 1)
      yield* TestClock.adjust("30 minutes")
      const records = yield* paid()
      assert.strictEqual(records.length, 2)
      // The duplicate is detected as soon as any source reports the second record.
      const second = records.find(({ id }) => id !== sent.recordId)
      yield* transfers.applyWebhook(event(kind, second?.id ?? ""))
      assert.strictEqual((yield* row()).alarm?.kind, "duplicate")
    })
  )

  both("it is paid once if the request arrives within the quiet time", (kind) =>
    Effect.gen(function* () {
      const { intent, paid, reference, transfers, version } = yield* delayed(kind, "15 minutes")
      yield* refusedFor(transfers.resolve(reference, notPaid(version)), "record-shown")
      has(yield* transfers.send(intent), { state: "accepted" })
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both('it is paid once if no person records "not paid"', (kind) =>
    Effect.gen(function* () {
      const { intent, paid, transfers } = yield* delayed(kind, "40 minutes")
      has(yield* failure(transfers.send(intent)), { _tag: "TransferOutcomeUnknown" })
      yield* TestClock.adjust("30 minutes")
      has(yield* transfers.send(intent), { state: "accepted" })
      assert.strictEqual((yield* paid()).length, 1)
    })
  )
})

describe("assumption: a body is not delayed between the hand-over and the wire for longer than the quiet time", () => {
  // The operating system has the body. The process and the machine stop before it is on the wire.
  const stalled = Effect.fnUntraced(function* (kind: Kind, by: Duration.Input) {
    const all = yield* scene(kind)
    const machine = yield* Effect.scope
    let isFirst = true
    const process = yield* all.start({
      request: (method, send) =>
        Effect.gen(function* () {
          const init = yield* Effect.serviceOption(FetchHttpClient.RequestInit)
          const handOver = HandOver.from(Option.getOrUndefined(init))
          if (method !== "POST" || !isFirst || handOver === undefined) return yield* send
          isFirst = false
          handOver.take()
          assert.isTrue(yield* handOver.offer(() => {}))
          // The operating system holds the body, and does not know that the call was abandoned.
          const onTheWire = Effect.delay(Effect.provideService(send, FetchHttpClient.RequestInit, {}), by)
          yield* Effect.forkIn(Effect.exit(onTheWire), machine)
          return yield* Effect.never
        })
    })
    has(yield* failure(process.send(all.intent)), { _tag: "TransferOutcomeUnknown", sent: "yes" })
    yield* TestClock.adjust("20 minutes")
    return { ...all, version: (yield* all.row()).version }
  })

  both('it is paid twice if a person records "not paid" meanwhile', (kind) =>
    Effect.gen(function* () {
      const { intent, paid, reference, transfers, version } = yield* stalled(kind, "40 minutes")
      yield* transfers.resolve(reference, notPaid(version))
      yield* transfers.send(intent)
      yield* TestClock.adjust("30 minutes")
      assert.strictEqual((yield* paid()).length, 2)
    })
  )

  both("it is paid once if it continues within the quiet time", (kind) =>
    Effect.gen(function* () {
      const { intent, paid, reference, transfers, version } = yield* stalled(kind, "15 minutes")
      yield* refusedFor(transfers.resolve(reference, notPaid(version)), "record-shown")
      yield* transfers.send(intent)
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both('it is paid once if no person records "not paid"', (kind) =>
    Effect.gen(function* () {
      const { intent, paid, transfers } = yield* stalled(kind, "40 minutes")
      yield* failure(transfers.send(intent))
      yield* TestClock.adjust("30 minutes")
      yield* transfers.send(intent)
      assert.strictEqual((yield* paid()).length, 1)
    })
  )
})

describe("assumption: a refusal is true, or Palomma's list shows the record that was made at the next send", () => {
  for (const status of [400, 401, 403]) {
    const client = { rejectedStatuses: [403] }
    const refusal = (takesEffect: boolean) => Fault.respond({ status, body: { message: "No" }, takesEffect })

    both(
      `it is paid twice if Palomma pays and responds with ${status}, and its list does not show the record`,
      (kind) =>
        Effect.gen(function* () {
          const { fault, intent, paid, start } = yield* scene(kind)
          const process = yield* start({ client })
          yield* fault("create", refusal(true))
          has(yield* failure(process.send(intent)), { _tag: "TransferRejected" })
          yield* fault("list", Fault.lag("1 hour"), { rate: 1 })
          has(yield* inTime(process.send(intent)), { state: "accepted" })
          assert.strictEqual((yield* paid()).length, 2)
        })
    )

    both(`it is paid once if the list shows the record that was made with a response of ${status}`, (kind) =>
      Effect.gen(function* () {
        const { fault, intent, paid, start } = yield* scene(kind)
        const process = yield* start({ client })
        yield* fault("create", refusal(true))
        has(yield* failure(process.send(intent)), { _tag: "TransferRejected" })
        has(yield* inTime(process.send(intent)), { state: "accepted" })
        assert.strictEqual((yield* paid()).length, 1)
      })
    )

    both(`it is paid once if a response of ${status} is a true refusal, with or without a complete list`, (kind) =>
      Effect.gen(function* () {
        const { fault, intent, paid, start } = yield* scene(kind)
        const process = yield* start({ client })
        yield* fault("create", refusal(false))
        has(yield* failure(process.send(intent)), { _tag: "TransferRejected" })
        yield* fault("list", Fault.lag("1 hour"), { rate: 1 })
        has(yield* inTime(process.send(intent)), { state: "accepted" })
        assert.strictEqual((yield* paid()).length, 1)
      })
    )
  }
})

describe("assumption: the HTTP client sends each request once", () => {
  // It sends the body again on its own, and does not ask the `HandOver`.
  const ofItsOwn = <A, E, R>(send: Effect.Effect<A, E, R>) =>
    Effect.provideService(send, FetchHttpClient.RequestInit, {})

  both("it is paid twice by a client that repeats a request after the response was lost", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, paid, start } = yield* scene(kind)
      const process = yield* start({ request: (_, send) => Effect.retry(ofItsOwn(send), { times: 1 }) })
      yield* fault("create", Fault.commitThenDrop)
      yield* inTime(Effect.exit(process.send(intent)))
      assert.strictEqual((yield* paid()).length, 2)
    })
  )

  both("it is paid once by that client if no response is lost", (kind) =>
    Effect.gen(function* () {
      const { intent, paid, start } = yield* scene(kind)
      const process = yield* start({ request: (_, send) => Effect.retry(ofItsOwn(send), { times: 1 }) })
      yield* process.send(intent)
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("it is paid once over any other client if the response is lost", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, paid, transfers } = yield* scene(kind)
      yield* fault("create", Fault.commitThenDrop)
      has(yield* inTime(transfers.send(intent)), { state: "accepted" })
      assert.strictEqual((yield* paid()).length, 1)
    })
  )
})
