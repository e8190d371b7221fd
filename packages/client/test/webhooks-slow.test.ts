/**
 * A slow handler: the answer is in time, the handler continues, and it ends with the layer at the latest.
 */
import { WebhookInbox, Webhooks, type WebhooksOptions } from "@palomma-effect/client"
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Queue from "effect/Queue"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { withKeys } from "./support/webhooks.ts"
import { eventOf, requestOf, sign, writtenAt } from "./support/webhookFixtures.ts"

/** Receives the same webhook as often as it is posted, under the test's clock and in a scope of its own. */
const receive = <E>(
  handler: Effect.Effect<unknown, E>,
  options?: Partial<WebhooksOptions>,
  handleOptions?: Parameters<typeof Webhooks.handle>[2]
) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(writtenAt)
    const arrivals = yield* Queue.unbounded<void>()
    const logged: Array<string> = []
    // WebCrypto completes on another thread: a test has to know when a delivery has reached the inbox.
    const inbox = Layer.effect(
      WebhookInbox,
      WebhookInbox.use((inner) =>
        Effect.succeed<WebhookInbox["Service"]>({
          process: (webhookId, handle) =>
            Effect.andThen(Queue.offer(arrivals, undefined), inner.process(webhookId, handle))
        })
      )
    ).pipe(Layer.provide(WebhookInbox.layerMemory))
    const scope = yield* Scope.make()
    const services = yield* Layer.buildWithScope(
      Layer.mergeAll(
        withKeys(options),
        inbox,
        Logger.layer([
          Logger.make(({ cause, message }) => void logged.push(`${String(message)} ${Cause.pretty(cause)}`))
        ])
      ),
      scope
    )
    const signed = sign(eventOf("01JD4ZA", new Date(writtenAt).toISOString()))
    const post = Webhooks.handle(requestOf(signed), () => handler, handleOptions).pipe(
      Effect.map(({ status }) => status),
      Effect.provide(services)
    )
    /** A delivery that has reached the inbox. */
    const deliver = Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(post)
      yield* Queue.take(arrivals)
      return fiber
    })
    return { deliver, post, scope, logged }
  })

describe("a slow handler", () => {
  it.effect("is answered within 4.5 seconds, continues, and is already handled at the next delivery", () =>
    Effect.gen(function* () {
      let runs = 0
      const slow = Effect.andThen(
        Effect.sync(() => void (runs += 1)),
        Effect.sleep("10 seconds")
      )
      const { deliver, logged, post } = yield* receive(slow)
      const first = yield* deliver
      yield* TestClock.adjust(4_499)
      assert.isUndefined(first.pollUnsafe())
      assert.deepStrictEqual(logged, [])
      yield* TestClock.adjust(1)
      assert.strictEqual(yield* Fiber.join(first), 500)
      assert.deepStrictEqual(logged, [
        "The handler of the webhook has not finished in time. It continues, and Palomma will deliver the webhook again. "
      ])

      const second = yield* deliver
      yield* TestClock.adjust("4500 millis")
      assert.strictEqual(yield* Fiber.join(second), 500)

      const third = yield* deliver
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Fiber.join(third), 200)
      assert.strictEqual(yield* post, 200)
      assert.strictEqual(runs, 1)
      assert.strictEqual(logged.length, 2)
    })
  )

  it.effect("is answered as soon as it ends", () =>
    Effect.gen(function* () {
      const { deliver } = yield* receive(Effect.sleep("4499 millis"))
      const first = yield* deliver
      yield* TestClock.adjust(4_499)
      assert.strictEqual(yield* Fiber.join(first), 200)
    })
  )

  it.effect("is interrupted after a minute, and runs again at the next delivery", () =>
    Effect.gen(function* () {
      let interrupted = 0
      const hanging = Effect.onInterrupt(Effect.never, () => Effect.sync(() => void (interrupted += 1)))
      let runs = 0
      const { deliver, logged, post } = yield* receive(Effect.suspend(() => (++runs === 1 ? hanging : Effect.void)))
      const first = yield* deliver
      yield* TestClock.adjust("4500 millis")
      assert.strictEqual(yield* Fiber.join(first), 500)
      yield* TestClock.adjust(55_499)
      assert.strictEqual(interrupted, 0)
      yield* TestClock.adjust(1)
      assert.strictEqual(interrupted, 1)
      assert.match(logged[1] ?? "", /^Handling the webhook failed\. Palomma will deliver it again\. .*TimeoutError/s)
      assert.strictEqual(yield* post, 200)
      assert.strictEqual(runs, 2)
    })
  )

  it.effect("may have another timeout", () =>
    Effect.gen(function* () {
      const { deliver } = yield* receive(Effect.never, { handlerTimeout: "1 second" })
      const first = yield* deliver
      yield* TestClock.adjust(999)
      assert.isUndefined(first.pollUnsafe())
      yield* TestClock.adjust(1)
      assert.strictEqual(yield* Fiber.join(first), 500)
    })
  )

  it.effect("continues if its caller is interrupted", () =>
    Effect.gen(function* () {
      let done = 0
      const slow = Effect.andThen(
        Effect.sleep("1 second"),
        Effect.sync(() => void (done += 1))
      )
      const { deliver, post } = yield* receive(slow)
      yield* Fiber.interrupt(yield* deliver)
      assert.strictEqual(done, 0)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(done, 1)
      assert.strictEqual(yield* post, 200)
      assert.strictEqual(done, 1)
    })
  )

  it.effect("continues if the scope of its caller is closed", () =>
    Effect.gen(function* () {
      let done = 0
      const { deliver } = yield* receive(
        Effect.andThen(
          Effect.sleep("10 seconds"),
          Effect.sync(() => void (done += 1))
        )
      )
      yield* Effect.scoped(
        Effect.gen(function* () {
          const first = yield* deliver
          yield* TestClock.adjust("4500 millis")
          yield* Fiber.join(first)
        })
      )
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual(done, 1)
    })
  )

  const interruptible = () => {
    const seen = { interrupted: false }
    const handler = Effect.onInterrupt(Effect.never, () => Effect.sync(() => void (seen.interrupted = true)))
    return { seen, handler }
  }

  it.effect("ends with the layer, and does not count as handled", () =>
    Effect.gen(function* () {
      const { handler, seen } = interruptible()
      const { deliver, post, scope } = yield* receive(handler)
      const first = yield* deliver
      yield* Scope.close(scope, Exit.void)
      assert.isTrue(seen.interrupted)
      assert.strictEqual(yield* Fiber.join(first), 500)
      // A later delivery does not start it.
      assert.strictEqual(yield* post, 500)
    })
  )

  it.effect("ends with its scope, and not before", () =>
    Effect.gen(function* () {
      const { handler, seen } = interruptible()
      const mine = yield* Scope.make()
      const { deliver, scope } = yield* receive(handler, {}, { scope: mine })
      const first = yield* deliver
      yield* Scope.close(scope, Exit.void)
      assert.isFalse(seen.interrupted)
      yield* Scope.close(mine, Exit.void)
      assert.isTrue(seen.interrupted)
      assert.strictEqual(yield* Fiber.join(first), 500)
    })
  )

  it.effect("never keeps the caller longer, even if it cannot be interrupted", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const { deliver, scope } = yield* receive(Effect.uninterruptible(Deferred.await(gate)))
      const first = yield* deliver
      yield* TestClock.adjust("2 minutes")
      assert.strictEqual(yield* Fiber.join(first), 500)
      yield* Deferred.succeed(gate, undefined)
      yield* Scope.close(scope, Exit.void)
    })
  )
})
