/**
 * A webhook is handled once, however often and however closely together it is delivered.
 */
import { SafeText, WebhookInbox, WebhookInboxError } from "@palomma-effect/client"
import { WebhookId } from "@palomma-effect/schema"
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import * as fc from "fast-check"

const id = WebhookId.make("01JD4ZA")
const other = WebhookId.make("01JD4ZB")

const inMemory = Effect.provide(WebhookInbox.layerMemory)

const deliver = <E, R>(webhookId: WebhookId, handle: Effect.Effect<unknown, E, R>) =>
  WebhookInbox.use((inbox) => inbox.process(webhookId, handle))

const counter = () => {
  const seen = { runs: 0 }
  return Object.assign(seen, { run: Effect.sync(() => void (seen.runs += 1)) })
}

describe("WebhookInbox.layerMemory", () => {
  it.effect("handles a webhook once, and others concurrently", () =>
    Effect.gen(function* () {
      const counted = counter()
      assert.strictEqual(yield* deliver(id, counted.run), "handled")
      assert.strictEqual(yield* deliver(id, counted.run), "already-handled")
      assert.strictEqual(counted.runs, 1)
      assert.strictEqual(yield* deliver(other, counted.run), "handled")
      assert.strictEqual(counted.runs, 2)
    }).pipe(inMemory)
  )

  it.effect("forgets its webhooks when the layer closes", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* inMemory(deliver(id, Effect.void)), "handled")
      assert.strictEqual(yield* inMemory(deliver(id, Effect.void)), "handled")
    })
  )

  it.effect("makes concurrent deliveries wait for the first", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const counted = counter()
      const slow = Effect.andThen(counted.run, Deferred.await(gate))
      const fibers = yield* Effect.forEach(Array.from({ length: 50 }), () =>
        Effect.forkChild(deliver(id, slow), { startImmediately: true })
      )
      yield* TestClock.adjust("1 minute")
      for (const fiber of fibers) assert.isUndefined(fiber.pollUnsafe())
      assert.strictEqual(counted.runs, 1)
      yield* Deferred.succeed(gate, undefined)
      const outcomes = yield* Fiber.joinAll(fibers)
      assert.deepStrictEqual(outcomes, ["handled", ...Array.from({ length: 49 }, () => "already-handled" as const)])
      assert.strictEqual(counted.runs, 1)
    }).pipe(inMemory)
  )

  it.effect("does not make one webhook wait for another", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(deliver(id, Effect.never), { startImmediately: true })
      assert.strictEqual(yield* deliver(other, Effect.void), "handled")
      yield* Fiber.interrupt(fiber)
    }).pipe(inMemory)
  )

  const failures: ReadonlyArray<readonly [string, Effect.Effect<never, string>]> = [
    ["fails", Effect.fail("failed")],
    ["dies", Effect.die("died")],
    ["interrupts itself", Effect.interrupt]
  ]
  it.effect.each(failures)("runs the handler again at the next delivery if it %s", ([, failing]) =>
    Effect.gen(function* () {
      const counted = counter()
      const first = yield* Effect.exit(deliver(id, Effect.andThen(counted.run, failing)))
      assert.isTrue(Exit.isFailure(first))
      assert.strictEqual(yield* deliver(id, counted.run), "handled")
      assert.strictEqual(yield* deliver(id, counted.run), "already-handled")
      assert.strictEqual(counted.runs, 2)
    }).pipe(inMemory)
  )

  it.effect("fails if the handler fails, with the same error", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* Effect.flip(deliver(id, Effect.fail("mine" as const))), "mine")
    }).pipe(inMemory)
  )

  it.effect.each(failures)("runs the handler of a delivery that waited if the first %s", ([, failing]) =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const counted = counter()
      const first = yield* Effect.forkChild(deliver(id, Effect.andThen(Deferred.await(gate), failing)), {
        startImmediately: true
      })
      const waiting = yield* Effect.forEach([1, 2, 3], () =>
        Effect.forkChild(deliver(id, counted.run), { startImmediately: true })
      )
      yield* Deferred.succeed(gate, undefined)
      assert.isTrue(Exit.isFailure(yield* Fiber.await(first)))
      assert.deepStrictEqual((yield* Fiber.joinAll(waiting)).toSorted(), [
        "already-handled",
        "already-handled",
        "handled"
      ])
      assert.strictEqual(counted.runs, 1)
    }).pipe(inMemory)
  )

  it.effect("runs the handler of a delivery that waited if the first is interrupted from outside", () =>
    Effect.gen(function* () {
      const counted = counter()
      const first = yield* Effect.forkChild(deliver(id, Effect.never), { startImmediately: true })
      const second = yield* Effect.forkChild(deliver(id, counted.run), { startImmediately: true })
      yield* Fiber.interrupt(first)
      assert.strictEqual(yield* Fiber.join(second), "handled")
      assert.strictEqual(counted.runs, 1)
    }).pipe(inMemory)
  )

  it.effect("lets a waiting delivery be interrupted immediately, and the first continues", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const first = yield* Effect.forkChild(deliver(id, Deferred.await(gate)), { startImmediately: true })
      const second = yield* Effect.forkChild(deliver(id, Effect.void), { startImmediately: true })
      yield* Fiber.interrupt(second)
      assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(second)))
      yield* Deferred.succeed(gate, undefined)
      assert.strictEqual(yield* Fiber.join(first), "handled")
      assert.strictEqual(yield* deliver(id, Effect.die("again")), "already-handled")
    }).pipe(inMemory)
  )

  it.effect("remembers for 30 days", () =>
    Effect.gen(function* () {
      yield* deliver(id, Effect.void)
      yield* TestClock.adjust(Duration.toMillis("30 days") - 1)
      yield* deliver(other, Effect.void)
      assert.strictEqual(yield* deliver(id, Effect.void), "already-handled")
      yield* TestClock.adjust(1)
      assert.strictEqual(yield* deliver(id, Effect.void), "handled")
      assert.strictEqual(yield* deliver(id, Effect.void), "already-handled")
      assert.strictEqual(yield* deliver(other, Effect.void), "already-handled")
    }).pipe(inMemory)
  )

  it.effect("remembers 100,000 webhooks, and forgets the oldest first", () =>
    Effect.gen(function* () {
      const inbox = yield* WebhookInbox
      const nth = (n: number) => WebhookId.make(`01JD4Z-${n}`)
      for (let n = 0; n < 100_000; n++) yield* inbox.process(nth(n), Effect.void)
      assert.strictEqual(yield* inbox.process(nth(0), Effect.void), "already-handled")
      yield* inbox.process(nth(100_000), Effect.void)
      assert.strictEqual(yield* inbox.process(nth(1), Effect.void), "already-handled")
      assert.strictEqual(yield* inbox.process(nth(99_999), Effect.void), "already-handled")
      assert.strictEqual(yield* inbox.process(nth(0), Effect.void), "handled")
      assert.strictEqual(yield* inbox.process(nth(1), Effect.void), "handled")
    }).pipe(inMemory)
  )

  it.effect("forgets the most recently handled webhook last, also if it was handled before", () =>
    Effect.gen(function* () {
      const inbox = yield* WebhookInbox
      yield* inbox.process(id, Effect.void)
      yield* TestClock.adjust("1 day")
      for (let n = 1; n < 100_000; n++) yield* inbox.process(WebhookId.make(`01JD4Z-${n}`), Effect.void)
      yield* TestClock.adjust("29 days")
      assert.strictEqual(yield* inbox.process(id, Effect.void), "handled")
      yield* inbox.process(other, Effect.void)
      assert.strictEqual(yield* inbox.process(id, Effect.void), "already-handled")
      assert.strictEqual(yield* inbox.process(WebhookId.make("01JD4Z-1"), Effect.void), "handled")
    }).pipe(inMemory)
  )

  it("never runs two handlers of a webhook concurrently, nor one after a success, in any order", () => {
    const delivery = fc.record({
      webhookId: fc.constantFrom(id, other),
      at: fc.nat({ max: 20 }),
      takes: fc.nat({ max: 10 }),
      hangsUpAfter: fc.option(fc.nat({ max: 10 })),
      ends: fc.constantFrom("succeeds", "fails", "dies")
    })
    return fc.assert(
      fc.asyncProperty(fc.array(delivery, { minLength: 1, maxLength: 12 }), (deliveries) =>
        Effect.gen(function* () {
          const running = new Set<WebhookId>()
          const done = new Set<WebhookId>()
          const fibers = yield* Effect.forEach(deliveries, ({ at, ends, hangsUpAfter, takes, webhookId }) => {
            const handle = Effect.suspend(() => {
              assert.isFalse(running.has(webhookId), "two handlers at the same time")
              assert.isFalse(done.has(webhookId), "again after a success")
              running.add(webhookId)
              return Effect.sleep(takes).pipe(
                Effect.andThen(
                  ends === "succeeds" ? Effect.void : ends === "fails" ? Effect.fail("failed") : Effect.die("died")
                ),
                Effect.onExit((exit) =>
                  Effect.sync(() => {
                    running.delete(webhookId)
                    if (Exit.isSuccess(exit)) done.add(webhookId)
                  })
                )
              )
            })
            const delivered = deliver(webhookId, handle).pipe(
              Effect.tap((outcome) => Effect.sync(() => assert.isTrue(done.has(webhookId), outcome)))
            )
            return Effect.sleep(at).pipe(
              Effect.andThen(hangsUpAfter === null ? delivered : Effect.timeout(delivered, hangsUpAfter)),
              Effect.forkChild
            )
          })
          yield* TestClock.adjust("1 second")
          for (const fiber of fibers) {
            const exit = fiber.pollUnsafe()
            assert.isDefined(exit, "a delivery never ends")
            const defect =
              exit !== undefined && Exit.isFailure(exit)
                ? exit.cause.reasons.find(({ _tag }) => _tag === "Die")
                : undefined
            assert.isTrue(defect === undefined || (defect._tag === "Die" && defect.defect === "died"), String(exit))
          }
          for (const webhookId of [id, other]) {
            assert.strictEqual(
              yield* deliver(webhookId, Effect.void),
              done.has(webhookId) ? "already-handled" : "handled"
            )
          }
        }).pipe(inMemory, Effect.provide(TestClock.layer()), Effect.runPromise)
      ),
      { numRuns: 300 }
    )
  })
})

describe("WebhookInboxError", () => {
  it("prints an id only if it has the form of an id", () => {
    const raw = "ana@mail.co\n3007654321"
    const error = new WebhookInboxError({ webhookId: SafeText.id(raw), reason: "the disk is full" })
    assert.match(error.message, /^The webhook inbox failed for <redacted>: the disk is full\. It/)
    assert.notMatch(String(error), /mail|300/)
  })

  it("has a webhookId that is safe to print", () => {
    const error = new WebhookInboxError({ webhookId: SafeText.id("01JD4ZA"), reason: "the disk is full" })
    const safe: SafeText.SafeText = error.webhookId
    assert.strictEqual<string>(safe, "01JD4ZA")
  })

  it("states what is not known, and what to do", () => {
    const error = new WebhookInboxError({ webhookId: SafeText.id("01JD4ZA"), reason: "the disk is full" })
    assert.strictEqual(error._tag, "WebhookInboxError")
    assert.strictEqual(
      error.message,
      "The webhook inbox failed for 01JD4ZA: the disk is full. It is not known whether the webhook was handled. " +
        "Repair the store. Palomma will deliver the webhook again."
    )
  })
})
