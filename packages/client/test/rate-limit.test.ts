/**
 * The limit on the number of requests: for all services together, in the order of their calls.
 */
import { assert, describe, it } from "@effect/vitest"
import { type Palomma, RateLimit, withRetry } from "@palomma-effect/client"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as RateLimiter from "effect/persistence/RateLimiter"
import * as TestClock from "effect/testing/TestClock"
import { aCreate, aGet, aList, call, creates, type Operation, operations, reads } from "./support/operations.ts"
import { services, type Stub, stub } from "./support/stub.ts"
import { errorOf, timed } from "./support/timed.ts"
import { fieldsOf } from "./support/errorFields.ts"

const answeringAll = (): Stub =>
  stub(({ method, url }) => ({
    json: operations.find(
      (operation) =>
        operation.method === method && new RegExp(`${operation.path.replaceAll(/:\w+/g, "[^/]+")}$`).test(url.pathname)
    )?.success
  }))

/** Runs calls in this order, concurrently, and returns when each request was sent. */
const together = (calls: ReadonlyArray<Operation["call"]>, palomma: Stub, options: Partial<Palomma.PalommaOptions>) =>
  Effect.gen(function* () {
    const start = yield* Clock.currentTimeMillis
    const all = Effect.forEach(calls, Effect.exit, { concurrency: "unbounded" })
    const fiber = yield* Effect.forkChild(Effect.provide(all, services(palomma, options)))
    yield* TestClock.adjust("1 hour")
    const exits = yield* Fiber.join(fiber)
    return { exits, sentAt: palomma.requests.map(({ at }) => at - start) }
  })

const many = (operation: Operation, count: number) => Array.from({ length: count }, () => operation.call)

describe("a rate limit", () => {
  it.effect("sends as many requests immediately as it allows, and the others one by one as the window refills", () =>
    Effect.gen(function* () {
      const rateLimit = RateLimit.make({ limit: 4, window: "1 second" })
      const { exits, sentAt } = yield* together(many(aGet, 10), stub({ json: aGet.success }), { rateLimit })
      assert.isTrue(exits.every(Exit.isSuccess))
      assert.deepStrictEqual(sentAt, [0, 0, 0, 0, 250, 500, 750, 1_000, 1_250, 1_500])
    })
  )

  it.effect("counts the requests of all services together", () =>
    Effect.gen(function* () {
      const rateLimit = RateLimit.make({ limit: 1, window: "1 second" })
      const palomma = answeringAll()
      const calls = [...creates, ...reads]
      const { exits, sentAt } = yield* together(
        calls.map((operation) => withRetry(operation.call, { reads: { timeout: "10 minutes" } })),
        palomma,
        { rateLimit }
      )
      assert.isTrue(exits.every(Exit.isSuccess))
      assert.deepStrictEqual(
        sentAt,
        calls.map((_, i) => i * 1_000)
      )
    })
  )

  it.effect("counts the requests of all layers that share it", () =>
    Effect.gen(function* () {
      const rateLimit = RateLimit.make({ limit: 1, window: "1 second" })
      const palomma = stub({ json: aGet.success })
      const start = yield* Clock.currentTimeMillis
      const fibers = yield* Effect.forEach(["one", "two", "three"], () =>
        Effect.forkChild(Effect.provide(aGet.call, services(palomma, { rateLimit })))
      )
      yield* TestClock.adjust("1 minute")
      yield* Effect.forEach(fibers, Fiber.join)
      assert.deepStrictEqual(
        palomma.requests.map(({ at }) => at - start),
        [0, 1_000, 2_000]
      )
    })
  )

  it.effect("is independent of another limit", () =>
    Effect.gen(function* () {
      for (let i = 0; i < 3; i++) {
        const rateLimit = RateLimit.make({ limit: 1, window: "1 minute" })
        assert.strictEqual((yield* timed(aGet.call, stub({ json: aGet.success }), { rateLimit })).took, 0)
      }
    })
  )

  it.effect("sends requests in the order of their calls", () =>
    Effect.gen(function* () {
      const rateLimit = RateLimit.make({ limit: 1, window: "100 millis" })
      const ids = Array.from({ length: 20 }, (_, i) => `01ID${i}`)
      const palomma = stub({ json: aGet.success })
      yield* together(
        ids.map((id) => call("payoutRequests", "get", id)),
        palomma,
        { rateLimit }
      )
      assert.deepStrictEqual(
        palomma.requests.map(({ url }) => url.pathname.split("/").at(-1)),
        ids
      )
    })
  )

  it.effect("lets no new call overtake one whose wait is over but whose timer has not fired yet", () =>
    Effect.gen(function* () {
      const clock = yield* Clock.clockWith(Effect.succeed)
      // On a busy machine a timer fires late.
      const late: Clock.Clock = Object.assign(Object.create(clock) as Clock.Clock, {
        sleep: (duration: Duration.Duration) => clock.sleep(Duration.sum(duration, Duration.millis(100)))
      })
      const rateLimit = RateLimit.make({ limit: 1, window: "1 second" })
      const palomma = stub({ json: aGet.success })
      const layer = services(palomma, { rateLimit })
      const ask = (id: string) =>
        call("payoutRequests", "get", id).pipe(
          Effect.provide(layer),
          Effect.provideService(Clock.Clock, late),
          Effect.forkChild
        )
      yield* Effect.forEach(["01A", "01B", "01C"], ask)
      yield* TestClock.adjust("1050 millis")
      yield* ask("01D")
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(
        palomma.requests.map(({ url }) => url.pathname.split("/").at(-1)),
        ["01A", "01B", "01C", "01D"]
      )
    })
  )

  it.effect("counts each attempt and each page, not each call", () =>
    Effect.gen(function* () {
      const rateLimit = RateLimit.make({ limit: 1, window: "2 seconds" })
      const palomma = stub((_, number) =>
        number < 3 ? { status: 503 } : { json: { ...aList.success, cursor: number === 3 ? "next" : null } }
      )
      const { sentAt } = yield* timed(call("payoutRequests", "stream"), palomma, { rateLimit })
      assert.deepStrictEqual(sentAt, [0, 2_000, 4_000, 6_000])
    })
  )
})

describe("a call that waits for the rate limit", () => {
  const full = () => ({ rateLimit: RateLimit.make({ limit: 1, window: "2 minutes" }) })

  it.effect.each([aCreate, aGet, aList])("ends at its timeout, and nothing was sent: $name", (operation) =>
    Effect.gen(function* () {
      const options = full()
      const palomma = stub({ json: operation.success })
      const { exits, sentAt } = yield* together(many(operation, 2), palomma, options)
      const [, second] = exits
      const error = fieldsOf(yield* Effect.flip(second ?? Exit.void))
      assert.strictEqual(error._tag, "PalommaTimeout")
      assert.strictEqual(error.outcome, operation.safety === "create" ? "not-sent" : "none")
      assert.isTrue(error.isSafeToResend)
      assert.deepStrictEqual(sentAt, [0])
    })
  )

  it.effect("reports the failure from before its wait, if there was one", () =>
    Effect.gen(function* () {
      const outcome = yield* timed(aGet.call, stub({ status: 503 }), full())
      assert.strictEqual((yield* errorOf(outcome))._tag, "PalommaServerError")
      assert.strictEqual(outcome.sentAt.length, 1)
      assert.isAtMost(outcome.took, 15_000)
    })
  )

  it.effect("uses no request of the limit if it times out or is interrupted", () =>
    Effect.gen(function* () {
      const rateLimit = RateLimit.make({ limit: 1, window: "10 seconds" })
      const palomma = stub({ json: aGet.success })
      const layer = services(palomma, { rateLimit })
      const start = yield* Clock.currentTimeMillis
      const ask = (self: Operation["call"]) => Effect.forkChild(Effect.exit(Effect.provide(self, layer)))
      yield* ask(aGet.call)
      yield* ask(withRetry(aGet.call, { reads: { timeout: "3 seconds" } }))
      const interrupted = yield* ask(aGet.call)
      yield* ask(aGet.call)
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.interrupt(interrupted)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(
        palomma.requests.map(({ at }) => at - start),
        [0, 10_000]
      )
    })
  )

  it.effect("has the rest of its time for its request, not the full timeout", () =>
    Effect.gen(function* () {
      const rateLimit = RateLimit.make({ limit: 1, window: "40 seconds" })
      const palomma = stub((_, number) => (number === 1 ? { json: aCreate.success } : Effect.never))
      const start = yield* Clock.currentTimeMillis
      const end = Effect.andThen(Effect.exit(aCreate.call), Clock.currentTimeMillis)
      const both = Effect.all([aCreate.call, end], { concurrency: 2 })
      const fiber = yield* Effect.forkChild(Effect.provide(both, services(palomma, { rateLimit })))
      yield* TestClock.adjust("1 hour")
      const [, at] = yield* Fiber.join(fiber)
      assert.strictEqual(palomma.posts(), 2)
      assert.strictEqual(at - start, 60_000)
    })
  )
})

describe("a custom store of the rate limit", () => {
  const broken = (tokenBucket: RateLimiter.RateLimiterStore["Service"]["tokenBucket"]) =>
    RateLimiter.RateLimiterStore.of({
      tokenBucket,
      fixedWindow: () => Effect.die("not used"),
      adaptiveConsume: () => Effect.die("not used"),
      adaptiveFeedback: () => Effect.die("not used")
    })

  const failing = broken(() =>
    Effect.fail(
      new RateLimiter.RateLimiterError({
        reason: new RateLimiter.RateLimitStoreError({ message: "no connection", cause: "redis" })
      })
    )
  )

  it.effect("gets the key, the limit and the window's share of one request", () =>
    Effect.gen(function* () {
      const seen: Array<unknown> = []
      const store = broken((options) =>
        Effect.sync(() => {
          seen.push(options)
          return [1, 0] as const
        })
      )
      const options = { rateLimit: RateLimit.make({ limit: 5, window: "1 second", store }) }
      yield* timed(aGet.call, stub({ json: aGet.success }), options)
      const named = { rateLimit: RateLimit.make({ limit: 5, window: "1 second", store, key: "palomma-2" }) }
      yield* timed(aGet.call, stub({ json: aGet.success }), named)
      assert.deepInclude(seen[0] as object, { key: "palomma", limit: 5, tokens: 1, allowOverflow: false })
      assert.deepInclude(seen[1] as object, { key: "palomma-2" })
    })
  )

  it.effect("that fails allows the call, with a warning", () =>
    Effect.gen(function* () {
      const logged: Array<string> = []
      const logger = Logger.make(({ logLevel, message }) => {
        logged.push(`${logLevel}: ${String(Array.isArray(message) ? message[0] : message)}`)
      })
      const options = { rateLimit: RateLimit.make({ limit: 1, window: "1 minute", store: failing }) }
      const outcome = yield* timed(aCreate.call, stub({ json: aCreate.success }), options).pipe(
        Effect.provide(Logger.layer([logger]))
      )
      assert.isTrue(Exit.isSuccess(outcome.exit))
      assert.strictEqual(outcome.took, 0)
      assert.deepStrictEqual(logged, [
        "Warn: The store of the rate limit failed. The request is made without a rate limit."
      ])
    })
  )

  it.effect.each([
    ["hangs", Effect.never],
    ["hangs, and never ends its clean-up", Effect.onInterrupt(Effect.never, () => Effect.never)],
    ["hangs, and cannot be interrupted", Effect.uninterruptible(Effect.never)]
  ] as const)("that %s lets no call outlast its timeout, and nothing is sent", ([, hanging]) =>
    Effect.gen(function* () {
      const options = { rateLimit: RateLimit.make({ limit: 1, window: "1 second", store: broken(() => hanging) }) }
      const { exits, sentAt } = yield* together(many(aCreate, 3), stub({ json: aCreate.success }), options)
      for (const exit of exits) {
        const error = fieldsOf(yield* Effect.flip(exit))
        assert.strictEqual(error._tag, "PalommaTimeout")
        assert.strictEqual(error.outcome, "not-sent")
      }
      assert.deepStrictEqual(sentAt, [])
    })
  )

  it.effect("that hangs allows nothing to be sent, also if a timer ends early", () =>
    Effect.gen(function* () {
      const palomma = stub({ json: aCreate.success })
      const store = broken(() => Effect.never)
      const clock = yield* Clock.clockWith(Effect.succeed)
      const hasty: Clock.Clock = Object.assign(Object.create(clock) as Clock.Clock, {
        sleep: (duration: Duration.Duration) => clock.sleep(Duration.divideUnsafe(duration, 2))
      })
      const { exit } = yield* timed(Effect.provideService(aCreate.call, Clock.Clock, hasty), palomma, {
        rateLimit: RateLimit.make({ limit: 1, window: "1 second", store })
      })
      assert.strictEqual(fieldsOf(yield* Effect.flip(exit))._tag, "PalommaTimeout")
      assert.strictEqual(palomma.posts(), 0)
    })
  )

  it.effect("that dies fails the call before anything is sent", () =>
    Effect.gen(function* () {
      const store = broken(() => Effect.die(new Error("a bug in the store")))
      const palomma = stub({ json: aCreate.success })
      const { exit } = yield* timed(aCreate.call, palomma, {
        rateLimit: RateLimit.make({ limit: 1, window: "1 second", store })
      })
      assert.isTrue(Exit.hasDies(exit))
      assert.strictEqual(palomma.posts(), 0)
    })
  )
})
