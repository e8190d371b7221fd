/**
 * The in-process client asks for the body of a create as a `fetch` does: through the `HandOver` of the call, once the
 * connection is open.
 */
import { assert, describe, it } from "@effect/vitest"
import { type CreateError, Customers, HandOver, withRetry } from "@palomma-effect/client"
import { Fault, type FaultInjection, PalommaSimulator } from "@palomma-effect/testing"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as TestClock from "effect/testing/TestClock"
import { ana, get, pay, target } from "./support.ts"

const switchOf = (options: Partial<HandOver.HandOverOptions> = {}) =>
  Effect.map(Clock.Clock, (clock) =>
    HandOver.make(
      { wallClockEnd: Number.POSITIVE_INFINITY, monotonicEnd: 2n ** 63n, ...options },
      Context.empty(),
      clock
    )
  )

const through = (handOver: HandOver.HandOver) =>
  Effect.provideService(FetchHttpClient.RequestInit, HandOver.into({}, handOver))

const ledger = Effect.gen(function* () {
  const simulator = yield* PalommaSimulator
  const requests = yield* simulator.ledger.requestsByOperation("payoutRequests.create")
  const payouts = yield* simulator.ledger.payoutsByReference("r-1")
  return { received: requests.length, payouts: payouts.length }
})

const simulated = Effect.provide(PalommaSimulator.layer({ seed: 1 }))

/** Sends money while a fault is active, for at most two minutes. */
const sent = (handOver: HandOver.HandOver, kind?: FaultInjection["kind"]) =>
  Effect.gen(function* () {
    const simulator = yield* PalommaSimulator
    const account = yield* target
    if (kind !== undefined) yield* simulator.fault({ operation: "payoutRequests.create", kind })
    const fiber = yield* Effect.forkChild(Effect.exit(pay(account, "r-1").pipe(through(handOver))))
    yield* TestClock.adjust("2 minutes")
    yield* Fiber.interrupt(fiber)
    return { isProven: handOver.close(), ...(yield* ledger) }
  })

describe("the body of a create", () => {
  it.effect.each<[string, FaultInjection["kind"] | undefined, number]>([
    ["nothing fails", undefined, 1],
    ["the connection drops before it takes effect", Fault.drop(), 0],
    ["the connection drops after it took effect", Fault.commitThenDrop, 1],
    ["the response is cut", Fault.cut(), 1],
    ["the response is replaced", Fault.respond({ status: 503 }), 0],
    ["the response is late", Fault.slow("10 seconds"), 1],
    ["it takes effect late", Fault.slow("10 seconds", { takesEffect: "after" }), 1],
    ["no response arrives, before it takes effect", Fault.hang({ at: "before" }), 0],
    ["no response arrives, after it took effect", Fault.hang({ at: "after" }), 1],
    ["the response stops", Fault.hang({ at: "body" }), 1]
  ])("is handed over when %s", ([_, kind, payouts]) =>
    Effect.gen(function* () {
      const handOver = yield* switchOf()
      assert.deepStrictEqual(yield* sent(handOver, kind), { isProven: false, received: 1, payouts })
      assert.isTrue(handOver.isTaken())
    }).pipe(simulated)
  )

  it.effect.each<[string, FaultInjection["kind"]]>([
    ["is refused", Fault.refuse],
    ["never stands", Fault.hang({ at: "connect" })]
  ])("is never requested if the connection %s", ([_, kind]) =>
    Effect.gen(function* () {
      const handOver = yield* switchOf({ check: Effect.die(new Error("nobody should ask")) })
      assert.deepStrictEqual(yield* sent(handOver, kind), { isProven: true, received: 0, payouts: 0 })
      assert.isUndefined(handOver.refusal())
    }).pipe(simulated)
  )

  it.effect("is not received if the check rejects it, and the call fails", () =>
    Effect.gen(function* () {
      const handOver = yield* switchOf({ check: Effect.succeed(false) })
      const account = yield* target
      const error = yield* Effect.flip(pay(account, "r-1").pipe(through(handOver)))
      assert.strictEqual(error.reason._tag, "TransportError")
      assert.deepStrictEqual(yield* ledger, { received: 0, payouts: 0 })
      assert.isTrue(handOver.close())
    }).pipe(simulated)
  )

  it.effect("is not received if the hand-over was refused while the check ran", () =>
    Effect.gen(function* () {
      const handOver = yield* switchOf({ check: Effect.as(Effect.sleep("2 seconds"), true) })
      const account = yield* target
      const sending = yield* Effect.forkChild(Effect.exit(pay(account, "r-1").pipe(through(handOver))))
      yield* TestClock.adjust("1 second")
      assert.isTrue(handOver.close())
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(sending)
      assert.deepStrictEqual(yield* ledger, { received: 0, payouts: 0 })
    }).pipe(simulated)
  )

  it.effect("is not received after the timeout by the test's clock", () =>
    Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      const handOver = yield* switchOf({ wallClockEnd: now + 1_000, check: Effect.as(Effect.sleep("1 second"), true) })
      assert.deepStrictEqual(yield* sent(handOver), { isProven: true, received: 0, payouts: 0 })
      assert.strictEqual(handOver.refusal(), "wall-clock")
    }).pipe(simulated)
  )

  it.effect("is received once if two requests share a hand-over", () =>
    Effect.gen(function* () {
      const handOver = yield* switchOf()
      const account = yield* target
      yield* pay(account, "r-1").pipe(through(handOver))
      yield* Effect.flip(pay(account, "r-1").pipe(through(handOver)))
      assert.deepStrictEqual(yield* ledger, { received: 1, payouts: 1 })
    }).pipe(simulated)
  )
})

describe("a request without a body", () => {
  it.effect("does not promise to ask, since that would prove nothing", () =>
    Effect.gen(function* () {
      const handOver = yield* switchOf({ check: Effect.succeed(false) })
      const { status } = yield* get("/customers").pipe(through(handOver))
      assert.strictEqual(status, 200)
      assert.isFalse(handOver.isTaken())
    }).pipe(simulated)
  )
})

describe("the library's report of a create", () => {
  const create = Customers.use((customers) => customers.create({ ...ana, documentType: "cc" })).pipe(
    withRetry({ creates: { maxAttempts: 1 } })
  )

  it.effect.each<[string, FaultInjection["kind"], CreateError["_tag"], CreateError["outcome"]]>([
    ["the connection is refused", Fault.refuse, "PalommaConnectionError", "not-sent"],
    ["the connection never opens", Fault.hang({ at: "connect" }), "PalommaTimeout", "not-sent"],
    ["the connection drops before it takes effect", Fault.drop(), "PalommaConnectionError", "unknown"],
    ["nothing comes", Fault.hang({ at: "before" }), "PalommaTimeout", "unknown"]
  ])("if %s is what was proven", ([_, kind, _tag, outcome]) =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      yield* simulator.fault({ kind })
      const failing = yield* Effect.forkChild(Effect.flip(create))
      yield* TestClock.adjust("5 minutes")
      assert.deepInclude(yield* Fiber.join(failing), { _tag, outcome })
    }).pipe(simulated)
  )
})
