/**
 * A machine that sleeps during a call: a create that was not sent before the sleep is not sent after it, whichever
 * clock shows the sleep.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { CurrentFence } from "../src/internal/http/fence.ts"
import { answering, fetchStub, overFetch, until } from "./support/fetch.ts"
import { aCreate, aGet, creates } from "./support/operations.ts"
import { services, stub } from "./support/stub.ts"
import { errorOf, timed } from "./support/timed.ts"
import { refused, fieldsOf } from "./support/errorFields.ts"

describe("a machine that slept", () => {
  // A clock whose sleeps end an hour late: the pauses between attempts, which are shorter than a second.
  const lateClock = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Clock.clockWith(Effect.succeed), (clock) => {
      const late: Clock.Clock = Object.assign(Object.create(clock) as Clock.Clock, {
        sleep: (duration: Duration.Duration) =>
          clock.sleep(Duration.toMillis(duration) > 1_000 ? duration : Duration.hours(1))
      })
      return Effect.provideService(self, Clock.Clock, late)
    })

  it.effect("during a pause does not send a create after its timeout", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const outcome = yield* timed(lateClock(operation.call), stub(refused))
        assert.strictEqual(outcome.sentAt.length, 1, operation.name)
        assert.strictEqual((yield* errorOf(outcome)).outcome, "not-sent")
      })
    )
  )

  it.effect("reports the failure from before the sleep", () =>
    Effect.gen(function* () {
      const outcome = yield* timed(lateClock(aGet.call), stub({ status: 503 }))
      assert.strictEqual((yield* errorOf(outcome))._tag, "PalommaServerError")
      assert.strictEqual(outcome.sentAt.length, 1)
    })
  )

  // The monotonic clock of some machines stops during sleep, and only the wall clock shows it.
  const jumping = (jump: { by: number }) => (clock: Clock.Clock) =>
    Object.assign(Object.create(clock) as Clock.Clock, {
      currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe() + jump.by,
      currentTimeMillis: Effect.map(clock.currentTimeMillis, (now) => now + jump.by)
    }) as Clock.Clock

  // The monotonic clock of others counts the sleep, and only that clock shows it if the wall clock was set back.
  const jumpingMonotonic =
    (jump: { by: number }) =>
    (clock: Clock.Clock): Clock.Clock =>
      Object.assign(Object.create(clock) as Clock.Clock, {
        monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe() + BigInt(jump.by) * 1_000_000n
      })

  const withJump = <A, E, R>(self: Effect.Effect<A, E, R>, jump: { by: number }): Effect.Effect<A, E, R> =>
    Effect.flatMap(Clock.clockWith(Effect.succeed), (clock) =>
      Effect.provideService(self, Clock.Clock, jumping(jump)(clock))
    )

  it.effect("does not send a create after its end by the wall clock, over any client", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const jump = { by: 0 }
        const palomma = stub(() => {
          jump.by = 3_600_000
          return refused
        })
        const outcome = yield* timed(withJump(operation.call, jump), palomma)
        assert.strictEqual((yield* errorOf(outcome)).outcome, "not-sent")
        assert.strictEqual(palomma.posts(), 1, operation.name)
      })
    )
  )

  it.effect("does not hand over a body after its end by the wall clock, over fetch", () =>
    Effect.gen(function* () {
      const jump = { by: 0 }
      let received = 0
      const answer = answering(aCreate.success)
      const { calls, fetch } = fetchStub(async (call) => {
        // The machine slept while the connection was made.
        jump.by = 3_600_000
        const response = await answer(call)
        received += 1
        return response
      })
      const call = withJump(Effect.provide(aCreate.call, overFetch(fetch)), jump)
      const fiber = yield* Effect.forkChild(Effect.flip(call))
      yield* until(() => calls.length > 0)
      yield* until(() => fiber.pollUnsafe() !== undefined || calls.length > 1)
      yield* TestClock.adjust("2 minutes")
      const error = fieldsOf(yield* Fiber.join(fiber))
      assert.strictEqual(error._tag, "PalommaTimeout")
      assert.strictEqual(error.outcome, "not-sent")
      assert.strictEqual(received, 0)
      assert.strictEqual(calls.length, 1)
    })
  )

  // A check that runs before a create, during which the machine sleeps.
  it.effect.each([
    ["wall clock", jumping],
    ["monotonic clock", jumpingMonotonic]
  ] as const)("sends no request after a check that ended too late by the %s, over any client", ([, jumpingClock]) =>
    Effect.forEach([9_999, 10_000, 3_600_000], (by) =>
      Effect.gen(function* () {
        const jump = { by: 0 }
        const palomma = stub({ json: aCreate.success })
        const layer = services(palomma, { retry: { creates: { timeout: 10_000, attemptTimeout: 10_000 } } })
        const slept = Effect.sync(() => {
          jump.by = by
          return true
        })
        const clock = yield* Clock.clockWith(Effect.succeed)
        const exit = yield* Effect.exit(aCreate.call).pipe(
          Effect.provide(layer),
          Effect.provideService(CurrentFence, { check: slept, onHandedOver: () => {} }),
          Effect.provideService(Clock.Clock, jumpingClock(jump)(clock))
        )
        if (by < 10_000) assert.isTrue(Exit.isSuccess(exit))
        else assert.deepInclude(fieldsOf(yield* Effect.flip(exit)), { _tag: "PalommaTimeout", outcome: "not-sent" })
        assert.strictEqual(palomma.posts(), by < 10_000 ? 1 : 0)
      })
    )
  )

  it.effect("still sends a read, which is harmless", () =>
    Effect.gen(function* () {
      const jump = { by: 0 }
      const palomma = stub((_, number) => {
        jump.by = 3_600_000
        return number === 1 ? { status: 503 } : { json: aGet.success }
      })
      assert.isTrue(Exit.isSuccess((yield* timed(withJump(aGet.call, jump), palomma)).exit))
    })
  )
})
