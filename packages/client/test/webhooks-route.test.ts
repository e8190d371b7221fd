/**
 * A route answers at its path as `handle` does, without a body, and exposes nothing of what it received.
 */
import { WebhookInbox, Webhooks } from "@palomma-effect/client"
import type { WebhookEvent } from "@palomma-effect/schema"
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as HttpMiddleware from "effect/http/HttpMiddleware"
import * as HttpRouter from "effect/http/HttpRouter"
import * as Tracer from "effect/Tracer"
import { inspect } from "node:util"
import { withKeys } from "./support/webhooks.ts"
import {
  eventOf,
  malformed,
  otherKey,
  paid,
  requestOf,
  secrets,
  sign,
  type Signed,
  signText
} from "./support/webhookFixtures.ts"

const path = "/webhooks/palomma"

const services = Layer.mergeAll(withKeys(), WebhookInbox.layerMemory)

const quiet = Logger.layer([])

/** The answers of a route to requests, one after the other. */
const answers = async (requests: ReadonlyArray<Request>, route: Layer.Layer<never, never, HttpRouter.HttpRouter>) => {
  const { dispose, handler } = HttpRouter.toWebHandler(route, { disableLogger: true })
  const seen: Array<Response> = []
  for (const request of requests) seen.push(await handler(request))
  await dispose()
  return seen
}

const routeOf = (handler: (event: WebhookEvent) => Effect.Effect<unknown, unknown>) =>
  Webhooks.route(path, handler).pipe(Layer.provide(services))

const now = () => new Date().toISOString()
const fresh = (webhookId = "01JD4ZA"): Signed => sign(eventOf(webhookId, now()))

const refused: ReadonlyArray<readonly [string, number, () => Request]> = [
  ["no headers", 401, () => new Request(`http://localhost${path}`, { method: "POST", body: paid.json })],
  ["a malformed signature", 401, () => requestOf({ ...fresh(), signature: "" })],
  ["a signature of another key", 401, () => requestOf(sign(eventOf("01JD4ZA", now()), otherKey))],
  ["an old webhook", 401, () => requestOf(sign(eventOf("01JD4ZA", "2024-01-01T00:00:00Z")))],
  ["more than 64 KiB", 431, () => requestOf(signText("A".repeat(65_537)))],
  ["a malformed event", 500, () => requestOf(malformed)],
  ["an event from the future", 500, () => requestOf(sign(eventOf("01JD4ZA", "2999-01-01T00:00:00Z")))]
]

describe("a route", () => {
  it("answers 200 to handled events, now or earlier, and passes each event on once", async () => {
    const seen: Array<WebhookEvent> = []
    const real = sign({ ...Object(JSON.parse(paid.json)), timestamp: now() })
    const [a, b] = [fresh("01JD4ZA"), fresh("01JD4ZB")]
    const route = routeOf((event) => Effect.sync(() => seen.push(event)))
    const responses = await answers([real, a, a, b, real].map(requestOf), route)
    for (const response of responses) {
      assert.strictEqual(response.status, 200)
      assert.strictEqual(await response.text(), "")
    }
    assert.deepStrictEqual(
      seen.map(({ webhookId }) => webhookId as string),
      ["01JD4ZPAYOUT0000000000000A", "01JD4ZA", "01JD4ZB"]
    )
    assert.include(inspect(seen[0]), "approved")
  })

  it.each(refused)("answers %s with %i", async (_, status, request) => {
    const route = Layer.provideMerge(
      routeOf(() => Effect.die("handled")),
      quiet
    )
    const [answer] = await answers([request()], route)
    assert.strictEqual(answer?.status, status)
    assert.strictEqual(await answer?.text(), "")
  })

  it("does not answer other methods and paths", async () => {
    const { encodedData, signature } = fresh()
    const headers = { "X-Encoded-Data": encodedData, "X-Signature": signature }
    const requests = [
      new Request(`http://localhost${path}`, { headers }),
      new Request("http://localhost/", { method: "POST", headers })
    ]
    let isHandled = false
    const route = routeOf(() => Effect.sync(() => void (isHandled = true)))
    const responses = await answers(requests, route)
    assert.deepStrictEqual(
      responses.map(({ status }) => status),
      [404, 404]
    )
    assert.isFalse(isHandled)
  })

  it("exposes nothing of what it received: not in answers, logs or spans", async () => {
    const spans: Array<Tracer.Span> = []
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options)
        spans.push(span)
        return span
      }
    })
    const seen: Array<string> = []
    const loggers = Logger.layer([
      ...[Logger.formatSimple, Logger.formatLogFmt, Logger.formatJson].map((format) =>
        Logger.map(format, (line) => void seen.push(line))
      ),
      Logger.map(Logger.formatStructured, (entry) => void seen.push(inspect(entry, { depth: 10 })))
    ])
    const real = sign({ ...Object(JSON.parse(paid.json)), timestamp: now() })
    const requests = () => [requestOf(real), requestOf(fresh()), ...refused.map(([, , request]) => request())]
    const failing = (event: WebhookEvent) => Effect.fail({ message: "cannot handle", event })
    for (const handler of [failing, () => Effect.void]) {
      const route = Layer.provideMerge(routeOf(handler), Layer.merge(loggers, Layer.succeed(Tracer.Tracer, tracer)))
      for (const answer of await answers(requests(), route)) {
        seen.push(inspect([...answer.headers]), await answer.text())
      }
    }
    for (const { attributes, name, status } of spans) {
      seen.push(inspect([name, attributes], { depth: 10 }))
      if (status._tag === "Ended" && Exit.isFailure(status.exit)) seen.push(Cause.pretty(status.exit.cause))
    }
    assert.isAbove(spans.length, 10)
    assert.match(seen.join("\n"), /cannot handle/)
    assert.match(seen.join("\n"), /The webhook was refused/)
    const hidden = [...secrets, real.signature, real.encodedData, malformed.signature, malformed.encodedData, "AAAAA"]
    for (const secret of hidden) assert.notInclude(seen.join("\n"), secret)
  })

  it("provides its handler with its services, and a scope of its own", async () => {
    class Store extends Context.Service<Store, { readonly save: (id: string) => void }>()("test/Store") {}
    const saved: Array<string> = []
    const route = Webhooks.route(path, (event) =>
      Effect.gen(function* () {
        const { save } = yield* Store
        yield* Effect.addFinalizer(() => Effect.sync(() => save("closed")))
        save(event.webhookId)
      })
    ).pipe(Layer.provide([services, Layer.succeed(Store, { save: (id) => saved.push(id) })]))
    const [answer] = await answers([requestOf(fresh())], route)
    assert.strictEqual(answer?.status, 200)
    assert.deepStrictEqual(saved, ["01JD4ZA", "closed"])
  })

  it("interrupts a running handler before it closes the services of the handler", async () => {
    const events: Array<string> = []
    const started = Deferred.makeUnsafe<void>()
    class Store extends Context.Service<Store, { readonly save: (id: string) => void }>()("test/Store") {}
    const store = Layer.effect(
      Store,
      Effect.acquireRelease(Effect.succeed({ save: (id) => events.push(id) }), () =>
        Effect.sync(() => events.push("store closed"))
      )
    )
    const hanging = Effect.gen(function* () {
      const { save } = yield* Store
      yield* Deferred.succeed(started, undefined)
      return yield* Effect.onInterrupt(Effect.never, () => Effect.sync(() => save("interrupted")))
    })
    const route = Webhooks.route(path, () => hanging).pipe(Layer.provide([services, store]))
    const { dispose, handler } = HttpRouter.toWebHandler(Layer.provideMerge(route, quiet), { disableLogger: true })
    const answering = handler(requestOf(fresh()))
    await Effect.runPromise(Deferred.await(started))
    await dispose()
    await answering
    assert.deepStrictEqual(events, ["interrupted", "store closed"])
  })
})

describe("HttpMiddleware", () => {
  it("records no headers by default", () => {
    const filter = Context.get(Context.empty(), HttpMiddleware.TracerHeaderFilter)
    assert.isFalse(filter("x-encoded-data", "request"))
    assert.isFalse(filter("x-signature", "request"))
  })
})
