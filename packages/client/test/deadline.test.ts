/**
 * No call outlasts its timeout, with any server, body or clean-up (law 9). An interrupted call returns immediately.
 */
import { assert, describe, it } from "@effect/vitest"
import type { Palomma } from "@palomma-effect/client"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as fc from "fast-check"
import { countdown } from "../src/internal/http/deadline.ts"
import { aCreate, aGet, creates, oneOfEach, type Operation, operations } from "./support/operations.ts"
import { fetchStub, overFetch, until } from "./support/fetch.ts"
import { bytes, type Reply, runTest, services, type Stub, stub } from "./support/stub.ts"
import { assertEndsAt, errorOf, timed, timeoutOf } from "./support/timed.ts"
import { refused, reset, fieldsOf } from "./support/errorFields.ts"

const never: Effect.Effect<never> = Effect.never

describe("a countdown", () => {
  it.effect("returns the time left since its start, and never less than zero", () =>
    Effect.gen(function* () {
      yield* TestClock.adjust("1 hour")
      const left = Effect.map(yield* countdown(Duration.seconds(10)), Duration.toMillis)
      assert.strictEqual(yield* left, 10_000)
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual(yield* left, 7_000)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(yield* left, 0)
    })
  )
})

describe("a call whose socket hangs ends at its timeout", () => {
  const endless = Stream.concat(Stream.make(bytes("{")), Stream.never)

  const hangs: ReadonlyArray<readonly [string, Reply]> = [
    ["before the answer", never],
    ["before the answer, and never ends its clean-up", Effect.onInterrupt(never, () => never)],
    ["before the answer, and cannot be interrupted", Effect.uninterruptible(never)],
    ["in the body", { stream: endless }],
    ["in the body, and never ends its clean-up", { stream: Stream.ensuring(endless, never) }],
    ["in the body, and cannot be interrupted", { stream: Stream.fromEffect(Effect.uninterruptible(never)) }],
    ["in the body of a rejection", { status: 400, stream: endless }],
    ["in the body of a failure", { status: 503, stream: endless }]
  ]

  it.effect.each(hangs)("if it hangs %s", ([, reply]) =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const palomma = stub(reply)
        const outcome = yield* timed(operation.call, palomma)
        assertEndsAt(outcome.took, timeoutOf(operation), operation.name)
        const error = yield* errorOf(outcome)
        assert.strictEqual(error._tag, "PalommaTimeout")
        assert.strictEqual(error.outcome, operation.safety === "create" ? "unknown" : "none")
        if (operation.safety === "create") assert.strictEqual(palomma.posts(), 1)
      })
    )
  )

  it.effect("if its caller cannot be interrupted", () =>
    Effect.forEach(oneOfEach, (operation) =>
      Effect.gen(function* () {
        const palomma = stub(Effect.onInterrupt(never, () => never))
        const outcome = yield* timed(Effect.uninterruptible(operation.call), palomma)
        assertEndsAt(outcome.took, timeoutOf(operation), operation.name)
      })
    )
  )

  it.effect("if a byte arrives each second", () =>
    Effect.forEach(oneOfEach, (operation) =>
      Effect.gen(function* () {
        const dripping = Stream.forever(Stream.fromEffect(Effect.as(Effect.sleep("1 second"), bytes(" "))))
        const { took } = yield* timed(operation.call, stub({ stream: dripping }))
        assertEndsAt(took, timeoutOf(operation), operation.name)
      })
    )
  )

  it.effect("if the clean-up of an answer that is too large never ends", () =>
    Effect.forEach(oneOfEach, (operation) =>
      Effect.gen(function* () {
        const large = Stream.ensuring(Stream.forever(Stream.make(bytes("x".repeat(100_000)))), never)
        const { took } = yield* timed(operation.call, stub({ stream: large }))
        assert.isAtMost(took, timeoutOf(operation), operation.name)
      })
    )
  )
})

describe("an interrupted caller", () => {
  const interruptedAfter = (operation: Operation, palomma: Stub) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Effect.provide(operation.call, services(palomma)))
      yield* TestClock.adjust("1 second")
      assert.strictEqual(palomma.requests.length, 1, operation.name)
      const interrupted = yield* Effect.forkChild(Fiber.interrupt(fiber))
      yield* TestClock.adjust(0)
      return { returned: interrupted.pollUnsafe() !== undefined, exit: fiber.pollUnsafe() }
    })

  it.effect.each([
    ["before the answer", never],
    ["in the body", { stream: Stream.never }]
  ] as ReadonlyArray<readonly [string, Reply]>)("aborts the request %s", ([, reply]) =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const palomma = stub(reply)
        const { exit, returned } = yield* interruptedAfter(operation, palomma)
        assert.isTrue(returned, operation.name)
        assert.isTrue(exit !== undefined && Exit.hasInterrupts(exit))
        assert.isTrue(palomma.requests[0]?.signal.aborted)
      })
    )
  )

  it.effect.each([
    ["the clean-up of the socket never ends", Effect.onInterrupt(never, () => never)],
    ["the socket cannot be interrupted", Effect.uninterruptible(never)],
    ["the clean-up of the body never ends", { stream: Stream.ensuring(Stream.never, never) }]
  ] as ReadonlyArray<readonly [string, Reply]>)("returns immediately if %s", ([, reply]) =>
    Effect.forEach(oneOfEach, (operation) =>
      Effect.gen(function* () {
        assert.isTrue((yield* interruptedAfter(operation, stub(reply))).returned, operation.name)
      })
    )
  )

  it.effect("sends nothing afterwards", () =>
    Effect.gen(function* () {
      const palomma = stub(Effect.andThen(Effect.sleep("5 seconds"), reset))
      yield* interruptedAfter(aGet, palomma)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(palomma.requests.length, 1)
    })
  )
})

describe("an attempt that timed out", () => {
  it.effect("is aborted before the next one", () =>
    Effect.gen(function* () {
      const palomma = stub((_, number) => (number === 1 ? never : { json: aGet.success }))
      const { exit } = yield* timed(aGet.call, palomma)
      assert.isTrue(Exit.isSuccess(exit))
      assert.isTrue(palomma.requests[0]?.signal.aborted)
    })
  )

  it.effect("does not answer for the next one", () =>
    Effect.gen(function* () {
      const late = Effect.as(Effect.sleep("8 seconds"), { status: 401, json: { message: "late" } })
      const palomma = stub((_, number) =>
        number === 1 ? Effect.uninterruptible(late) : Effect.as(Effect.sleep("3 seconds"), { json: aGet.success })
      )
      assert.isTrue(Exit.isSuccess((yield* timed(aGet.call, palomma)).exit))
    })
  )
})

// Counts the sleeps that were started and neither ended nor interrupted.
const counting = <A, E, R>(self: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const clock = yield* Clock.clockWith(Effect.succeed)
    let sleeping = 0
    const counted: Clock.Clock = Object.assign(Object.create(clock) as Clock.Clock, {
      sleep: (duration: Duration.Duration) =>
        Effect.suspend(() => {
          sleeping += 1
          return Effect.ensuring(
            clock.sleep(duration),
            Effect.sync(() => void (sleeping -= 1))
          )
        })
    })
    yield* Effect.exit(Effect.provideService(self, Clock.Clock, counted))
    // An interrupted fiber ends in a later turn.
    yield* TestClock.adjust(0)
    return sleeping
  })

describe("a call that has ended", () => {
  it.effect.each([
    ["succeeded", { json: aCreate.success }],
    ["was refused", { status: 400, json: {} }],
    ["failed", { status: 503 }],
    ["never left", refused]
  ] as ReadonlyArray<readonly [string, Reply]>)("and %s leaves no timer behind", ([, reply]) =>
    Effect.gen(function* () {
      const layer = services(stub(reply), { retry: { reads: { maxAttempts: 1 }, creates: { maxAttempts: 1 } } })
      for (const operation of [aCreate, aGet]) {
        assert.strictEqual(yield* counting(Effect.provide(operation.call, layer)), 0)
      }
    })
  )
})

describe("a call that was interrupted", () => {
  it.effect.each([
    ["immediately", never],
    ["never", Effect.uninterruptible(never)]
  ] as const)("leaves no timer behind if its request ends %s", ([, reply]) =>
    Effect.gen(function* () {
      const palomma = stub(reply)
      const interrupted = Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(Effect.provide(aCreate.call, services(palomma)))
        yield* Effect.yieldNow
        yield* Fiber.interrupt(fiber)
      })
      assert.strictEqual(yield* counting(interrupted), 0)
      assert.strictEqual(palomma.requests.length, 1)
    })
  )
})

describe("a call over fetch that times out", () => {
  const ended = (layer: Layer.Layer<Palomma.Services>, operation: Operation) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Effect.flip(Effect.provide(operation.call, layer)))
      yield* TestClock.adjust("2 minutes")
      return fieldsOf(yield* Fiber.join(fiber))
    })
  const retry = { creates: { maxAttempts: 1 } }

  it.effect("was not sent if the connection never pulled its body", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const { fetch } = fetchStub(() => new Promise(() => {}))
        const error = yield* ended(overFetch(fetch, { retry }), operation)
        assert.strictEqual(error._tag, "PalommaTimeout")
        assert.strictEqual(error.outcome, "not-sent", operation.name)
        assert.isTrue(error.isSafeToResend)
        assert.match(error.message, /within 1m\. Nothing was sent\./)
      })
    )
  )

  it.effect("hands over no body afterwards", () =>
    Effect.gen(function* () {
      const { calls, fetch } = fetchStub(() => new Promise(() => {}))
      yield* ended(overFetch(fetch, { retry }), aCreate)
      const pulled = yield* Effect.exit(Effect.tryPromise(() => calls[0]?.readBody() ?? Promise.resolve("none")))
      assert.isTrue(Exit.isFailure(pulled))
    })
  )

  it.effect("is unknown after its body was handed over", () =>
    Effect.gen(function* () {
      const { calls, fetch } = fetchStub(async ({ readBody }) => {
        await readBody()
        return new Promise(() => {})
      })
      const fiber = yield* Effect.forkChild(Effect.flip(Effect.provide(aCreate.call, overFetch(fetch))))
      yield* until(() => calls.length === 1)
      yield* Effect.promise(() => Promise.resolve())
      yield* TestClock.adjust("1 minute")
      const error = fieldsOf(yield* Fiber.join(fiber))
      assert.strictEqual(error._tag, "PalommaTimeout")
      assert.strictEqual(error.outcome, "unknown")
      assert.strictEqual(calls.length, 1)
    })
  )

  it.effect("has no outcome to report if it is a read", () =>
    Effect.gen(function* () {
      const { fetch } = fetchStub(() => new Promise(() => {}))
      const error = yield* ended(overFetch(fetch, { retry: { reads: { maxAttempts: 1 } } }), aGet)
      assert.strictEqual(error._tag, "PalommaTimeout")
      assert.strictEqual(error.outcome, "none")
    })
  )
})

// Law 9, and the client's half of law 6: for any answers in any order.
const anyReply: fc.Arbitrary<readonly [isNotSent: boolean, Reply]> = fc.oneof(
  fc
    .record({
      status: fc.oneof(
        fc.constantFrom(200, 400, 401, 403, 404, 408, 429, 500, 503),
        fc.integer({ min: 200, max: 599 })
      ),
      wait: fc.oneof(
        fc.constantFrom("0", "1", "14", "9999999", "soon"),
        fc.nat({ max: 100 }).map(String),
        fc.string({ unit: "grapheme-ascii" })
      ),
      text: fc.constantFrom("", "{}", '{"message":"no"}', "<html>"),
      delay: fc.oneof(fc.constant(0), fc.nat({ max: 80_000 }))
    })
    .map(
      ({ delay, status, text, wait }) =>
        [false, Effect.as(Effect.sleep(delay), { status, text, headers: { "retry-after": wait.trim() } })] as const
    ),
  fc.nat({ max: 30_000 }).map((delay) => [true, Effect.andThen(Effect.sleep(delay), refused)] as const),
  fc.nat({ max: 30_000 }).map((delay) => [false, Effect.andThen(Effect.sleep(delay), reset)] as const),
  fc.constantFrom<readonly [boolean, Reply]>(
    [false, never],
    [false, Effect.uninterruptible(never)],
    [false, { stream: Stream.never }],
    [false, { status: 503, stream: Stream.never }]
  )
)

describe("with any behaviour of Palomma", () => {
  it("no call outlasts its timeout, and a create is sent again only after an attempt that was not sent", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyReply, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(...operations),
        fc.integer(),
        async (replies, operation, seed) => {
          let notSent = 0
          const palomma = stub((_, number) => {
            const [isNotSent, reply] = replies[(number - 1) % replies.length] ?? [false, {}]
            if (isNotSent) notSent += 1
            return reply
          })
          const outcome = await runTest(timed(Random.withSeed(operation.call, seed), palomma))
          assert.isFalse(Exit.hasInterrupts(outcome.exit) || Exit.hasDies(outcome.exit))
          assert.isAtMost(outcome.took, timeoutOf(operation))
          assert.isAtMost(outcome.sentAt.length, 3)
          if (operation.safety === "create") assert.isAtMost(palomma.posts() - notSent, 1)
        }
      ),
      { numRuns: 1_000 }
    )
  })
})
