/**
 * A route answers as Palomma expects: 200 when handled, 401 to strangers, 500 to have it again, and always in time.
 */
import { WebhookInbox, Webhooks } from "@palomma-effect/client"
import type { WebhookEvent } from "@palomma-effect/schema"
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as HttpMiddleware from "effect/http/HttpMiddleware"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as TestClock from "effect/testing/TestClock"
import * as Tracer from "effect/Tracer"
import { inspect } from "node:util"
import {
  eventOf,
  integrityKey,
  malformed,
  otherKey,
  paid,
  requestOf,
  secrets,
  sign,
  type Signed,
  writtenAt
} from "./webhooks.fixtures.ts"

const path = "/webhooks/palomma"

const verified = Webhooks.layer({ integrityKeys: [Redacted.make(integrityKey)] }).pipe(Layer.orDie)

/** An app that hears webhooks, everything it writes down, and what it handled. */
const app = <E>(handler: (event: WebhookEvent) => Effect.Effect<unknown, E>) => {
  const logged: Array<string> = []
  const handled: Array<string> = []
  const loggers = Logger.layer([
    ...[Logger.formatSimple, Logger.formatLogFmt, Logger.formatJson].map((format) =>
      Logger.map(format, (line) => void logged.push(line))
    ),
    Logger.map(Logger.formatStructured, (entry) => void logged.push(inspect(entry, { depth: 10 })))
  ])
  const route = Webhooks.route(path, (event) =>
    handler(event).pipe(Effect.tap(() => Effect.sync(() => handled.push(event.webhookId))))
  )
  const layer = route.pipe(Layer.provide([verified, WebhookInbox.layerMemory]))
  return { handled, logged, layer, loggers }
}

/** The answers of an app to requests, one after the other. */
const answers = async (requests: ReadonlyArray<Request>, { layer, loggers }: ReturnType<typeof app>) => {
  const { dispose, handler } = HttpRouter.toWebHandler(Layer.provideMerge(layer, loggers))
  const seen: Array<Response> = []
  for (const request of requests) seen.push(await handler(request))
  await dispose()
  return seen
}

const statuses = async (requests: ReadonlyArray<Request>, from: ReturnType<typeof app>) =>
  (await answers(requests, from)).map(({ status }) => status)

const now = () => new Date().toISOString()
const fresh = (webhookId = "01JD4ZA"): Signed => sign(eventOf(webhookId, now()))

describe("a route", () => {
  it("answers 200 to what it handled, now or earlier", async () => {
    const heard = app(() => Effect.void)
    const [a, b] = [fresh("01JD4ZA"), fresh("01JD4ZB")]
    assert.deepStrictEqual(await statuses([a, a, b, a, b].map(requestOf), heard), [200, 200, 200, 200, 200])
    assert.deepStrictEqual(heard.handled, ["01JD4ZA", "01JD4ZB"])
  })

  it("hands the event over", async () => {
    const seen: Array<WebhookEvent> = []
    const real = sign({ ...Object(JSON.parse(paid.json)), timestamp: now() })
    await statuses(
      [requestOf(real), requestOf(fresh())],
      app((event) => Effect.sync(() => seen.push(event)))
    )
    assert.deepStrictEqual(
      seen.map(({ eventType }) => eventType),
      ["payout-request.update", "refund.update"]
    )
    assert.include(inspect(seen[0]), "approved")
  })

  const refused: ReadonlyArray<readonly [string, number, () => Request]> = [
    ["no headers", 401, () => new Request(`http://localhost${path}`, { method: "POST", body: paid.json })],
    ["a malformed signature", 401, () => requestOf({ ...fresh(), signature: "" })],
    [
      "a signature in upper case",
      401,
      () => {
        const signed = fresh()
        return requestOf({ ...signed, signature: `${signed.signature.slice(1).toUpperCase()}A` })
      }
    ],
    ["a signature of another key", 401, () => requestOf(sign(eventOf("01JD4ZA", now()), otherKey))],
    ["an old webhook", 401, () => requestOf(sign(eventOf("01JD4ZA", "2024-01-01T00:00:00Z")))],
    ["a malformed event", 500, () => requestOf(malformed)],
    ["an event from the future", 500, () => requestOf(sign(eventOf("01JD4ZA", "2999-01-01T00:00:00Z")))]
  ]
  it.each(refused)("answers %s with %i, and handles nothing", async (_, status, request) => {
    const heard = app(() => Effect.void)
    const [answer] = await answers([request()], heard)
    assert.strictEqual(answer?.status, status)
    assert.strictEqual(await answer?.text(), "")
    assert.deepStrictEqual(heard.handled, [])
    assert.match(heard.logged.join("\n"), /The webhook was refused/)
  })

  const failures: ReadonlyArray<readonly [string, Effect.Effect<never, string>]> = [
    ["fails", Effect.fail("database is down")],
    ["dies", Effect.die(new Error("database is down"))],
    ["interrupts itself", Effect.interrupt]
  ]
  it.each(failures)("answers 500 to what %s, and has it again", async (_, failing) => {
    let calls = 0
    const heard = app(() => Effect.suspend(() => (++calls < 3 ? failing : Effect.void)))
    const signed = fresh()
    assert.deepStrictEqual(await statuses([signed, signed, signed, signed].map(requestOf), heard), [500, 500, 200, 200])
    assert.deepStrictEqual(heard.handled, ["01JD4ZA"])
    assert.strictEqual(calls, 3)
    assert.match(heard.logged.join("\n"), /The webhook was not handled/)
    if (_ !== "interrupts itself") assert.match(heard.logged.join("\n"), /database is down/)
  })

  it("answers nothing at other methods and paths", async () => {
    const { encodedData, signature } = fresh()
    const headers = { "X-Encoded-Data": encodedData, "X-Signature": signature }
    const heard = app(() => Effect.void)
    const requests = [
      new Request(`http://localhost${path}`, { headers }),
      new Request("http://localhost/", { method: "POST", headers })
    ]
    assert.deepStrictEqual(await statuses(requests, heard), [404, 404])
    assert.deepStrictEqual(heard.handled, [])
  })

  it("says nothing of what it hears: not in answers, logs or spans", async () => {
    const spans: Array<Tracer.Span> = []
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options)
        spans.push(span)
        return span
      }
    })
    const failing = app((event) => Effect.fail({ message: "cannot handle", event }))
    const succeeding = app(() => Effect.void)
    const real = sign({ ...Object(JSON.parse(paid.json)), timestamp: now() })
    const requests = () => [requestOf(real), requestOf(fresh()), ...refused.map(([, , request]) => request())]
    const seen: Array<string> = []
    for (const heard of [failing, succeeding]) {
      const layer = Layer.provideMerge(heard.layer, Layer.succeed(Tracer.Tracer, tracer))
      for (const answer of await answers(requests(), { ...heard, layer })) {
        seen.push(inspect([...answer.headers]), await answer.text())
      }
      seen.push(...heard.logged)
    }
    for (const { attributes, name, status } of spans) {
      seen.push(inspect([name, attributes], { depth: 10 }))
      if (status._tag === "Ended" && Exit.isFailure(status.exit)) seen.push(Cause.pretty(status.exit.cause))
    }
    assert.isAbove(spans.length, 10)
    assert.match(seen.join("\n"), /cannot handle/)
    const hidden = [...secrets, real.signature, real.encodedData, malformed.signature, malformed.encodedData]
    for (const secret of hidden) assert.notInclude(seen.join("\n"), secret)
  })

  it("gives its handler the services it is provided with, and a scope of its own", async () => {
    class Store extends Context.Service<Store, { readonly save: (id: string) => void }>()("test/Store") {}
    const saved: Array<string> = []
    const layer = Webhooks.route(path, (event) =>
      Effect.gen(function* () {
        const { save } = yield* Store
        yield* Effect.addFinalizer(() => Effect.sync(() => save("closed")))
        save(event.webhookId)
      })
    ).pipe(
      Layer.provide([verified, WebhookInbox.layerMemory]),
      Layer.provide(Layer.succeed(Store, { save: (id) => saved.push(id) }))
    )
    const { dispose, handler } = HttpRouter.toWebHandler(layer, { disableLogger: true })
    assert.strictEqual((await handler(requestOf(fresh()))).status, 200)
    assert.deepStrictEqual(saved, ["01JD4ZA", "closed"])
    await dispose()
  })
})

describe("a handler that takes its time", () => {
  /** A server under the test's clock, in a scope of its own. */
  const serve = <E>(handler: Effect.Effect<unknown, E>, options?: Parameters<typeof Webhooks.route>[2]) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(writtenAt)
      const scope = yield* Scope.make()
      const layer = Webhooks.route(path, () => handler, options).pipe(
        Layer.provide([verified, WebhookInbox.layerMemory])
      )
      const server = yield* HttpRouter.toHttpEffect(layer).pipe(Scope.provide(scope))
      const signed = sign(eventOf("01JD4ZA", "2026-11-20T12:00:00.000Z"))
      const post = Effect.suspend(() =>
        server.pipe(
          Effect.map(({ status }) => status),
          Effect.provideService(HttpServerRequest.HttpServerRequest, HttpServerRequest.fromWeb(requestOf(signed))),
          Effect.scoped
        )
      )
      return { post, scope }
    })

  it.effect("is answered for within 4.5 seconds, goes on, and is found handled by the next delivery", () =>
    Effect.gen(function* () {
      const started = yield* Deferred.make<void>()
      let runs = 0
      const slow = Effect.gen(function* () {
        runs += 1
        yield* Deferred.succeed(started, undefined)
        yield* Effect.sleep("10 seconds")
      })
      const { post } = yield* serve(slow)
      const first = yield* Effect.forkChild(post)
      yield* Deferred.await(started)
      yield* TestClock.adjust(4_499)
      assert.isUndefined(first.pollUnsafe())
      yield* TestClock.adjust(1)
      assert.strictEqual(yield* Fiber.join(first), 500)

      const second = yield* Effect.forkChild(post)
      yield* waitForPromises
      yield* TestClock.adjust("4500 millis")
      assert.strictEqual(yield* Fiber.join(second), 500)

      const third = yield* Effect.forkChild(post)
      yield* waitForPromises
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Fiber.join(third), 200)
      assert.strictEqual(yield* post, 200)
      assert.strictEqual(runs, 1)
    })
  )

  it.effect("is interrupted after a minute, and open for the next delivery", () =>
    Effect.gen(function* () {
      const started = yield* Deferred.make<void>()
      let interrupted = 0
      const hanging = Effect.andThen(Deferred.succeed(started, undefined), Effect.never).pipe(
        Effect.onInterrupt(() => Effect.sync(() => void (interrupted += 1)))
      )
      let runs = 0
      const { post } = yield* serve(Effect.suspend(() => (++runs === 1 ? hanging : Effect.void)))
      const first = yield* Effect.forkChild(post)
      yield* Deferred.await(started)
      yield* TestClock.adjust("4500 millis")
      assert.strictEqual(yield* Fiber.join(first), 500)
      yield* TestClock.adjust(55_499)
      assert.strictEqual(interrupted, 0)
      yield* TestClock.adjust(1)
      assert.strictEqual(interrupted, 1)
      assert.strictEqual(yield* post, 200)
      assert.strictEqual(runs, 2)
    })
  )

  it.effect("may be given another limit", () =>
    Effect.gen(function* () {
      const started = yield* Deferred.make<void>()
      const { post } = yield* serve(Effect.andThen(Deferred.succeed(started, undefined), Effect.never), {
        handlerTimeout: "1 second"
      })
      const first = yield* Effect.forkChild(post)
      yield* Deferred.await(started)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Fiber.join(first), 500)
    })
  )

  it.effect("goes on when the caller hangs up", () =>
    Effect.gen(function* () {
      const started = yield* Deferred.make<void>()
      let done = 0
      const slow = Deferred.succeed(started, undefined).pipe(
        Effect.andThen(Effect.sleep("1 second")),
        Effect.andThen(Effect.sync(() => void (done += 1)))
      )
      const { post } = yield* serve(slow)
      const first = yield* Effect.forkChild(post)
      yield* Deferred.await(started)
      yield* Fiber.interrupt(first)
      assert.strictEqual(done, 0)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(done, 1)
      assert.strictEqual(yield* post, 200)
      assert.strictEqual(done, 1)
    })
  )

  it.effect("ends with the layer, and is not taken for handled", () =>
    Effect.gen(function* () {
      const started = yield* Deferred.make<void>()
      let interrupted = false
      const slow = Effect.andThen(Deferred.succeed(started, undefined), Effect.sleep("1 second")).pipe(
        Effect.onInterrupt(() => Effect.sync(() => void (interrupted = true)))
      )
      const { post, scope } = yield* serve(slow)
      const first = yield* Effect.forkChild(post)
      yield* Deferred.await(started)
      yield* waitForPromises
      yield* Scope.close(scope, Exit.void)
      assert.isTrue(interrupted)
      assert.strictEqual(yield* Fiber.join(first), 500)
    })
  )

  it.effect("never keeps the caller longer, even if it cannot be interrupted", () =>
    Effect.gen(function* () {
      const started = yield* Deferred.make<void>()
      const gate = yield* Deferred.make<void>()
      const stubborn = Effect.uninterruptible(
        Effect.andThen(Deferred.succeed(started, undefined), Deferred.await(gate))
      )
      const { post, scope } = yield* serve(stubborn)
      const first = yield* Effect.forkChild(post)
      yield* Deferred.await(started)
      yield* TestClock.adjust(Duration.minutes(2))
      assert.strictEqual(yield* Fiber.join(first), 500)
      yield* Deferred.succeed(gate, undefined)
      yield* Scope.close(scope, Exit.void)
    })
  )
})

/** Lets a request come to where it waits: WebCrypto answers from another thread. */
const waitForPromises = Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 50)))

describe("HttpMiddleware", () => {
  it("records no headers unless told to", () => {
    const filter = Context.get(Context.empty(), HttpMiddleware.TracerHeaderFilter)
    assert.isFalse(filter("x-encoded-data", "request"))
    assert.isFalse(filter("x-signature", "request"))
  })
})
