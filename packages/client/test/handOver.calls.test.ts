/**
 * The switch of a request, as a call of the library uses it: over a custom `fetch`, and closed when the call has ended.
 */
import { HandOver, Palomma, PayoutRequests } from "@palomma-effect/client"
import { PayoutTargetId } from "@palomma-effect/schema"
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as TestClock from "effect/testing/TestClock"
import { aCreate, aGet, type Operation } from "./support/operations.ts"

type Fetch = typeof globalThis.fetch

const payout = { payoutTargetId: PayoutTargetId.make("target-1"), amount: 50_000, reference: "invoice-1" }

const create = PayoutRequests.use((payoutRequests) => payoutRequests.create(payout))

const layer = (fetch: Fetch, more: Partial<Palomma.FetchOptions> = {}) =>
  Palomma.layerFetch({ apiKey: Redacted.make("sk_test"), fetch, ...more })

const paid = () => Response.json({ id: "payout-1", status: "processing", ...payout })

/** What a `fetch` gets if it pulls the body now, or the reason why it gets nothing. */
const ask = (body: BodyInit | null | undefined): Promise<string> =>
  new Response(body).text().catch((error: unknown) => String(error))

const notHandedOver = /The body was not handed over/

describe("a body that was not pulled", () => {
  it.live("is not handed over after the call has its answer, though the next attempt hands over its own", () =>
    Effect.gen(function* () {
      const bodies: Array<BodyInit | null | undefined> = []
      const early: Fetch = async (_, init) => {
        bodies.push(init?.body)
        if (bodies.length === 1)
          return Response.json({ message: "Slow down" }, { status: 429, headers: { "retry-after": "0" } })
        await ask(init?.body)
        return paid()
      }
      const { id } = yield* create.pipe(Effect.provide(layer(early, { rejectedStatuses: [429] })))
      assert.strictEqual(id, "payout-1")
      assert.strictEqual(bodies.length, 2)
      assert.match(yield* Effect.promise(() => ask(bodies[0])), notHandedOver)
    })
  )

  it.live("is not handed over after the caller was interrupted", () =>
    Effect.gen(function* () {
      const begun = Promise.withResolvers<BodyInit | null | undefined>()
      const silent: Fetch = (_, init) => {
        begun.resolve(init?.body)
        return new Promise(() => {})
      }
      const fiber = yield* Effect.forkChild(Effect.provide(create, layer(silent)))
      const body = yield* Effect.promise(() => begun.promise)
      yield* Fiber.interrupt(fiber)
      assert.match(yield* Effect.promise(() => ask(body)), notHandedOver)
    })
  )

  it.effect("is not handed over after the timeout, which is reported as not sent", () =>
    Effect.gen(function* () {
      const begun = Promise.withResolvers<BodyInit | null | undefined>()
      const silent: Fetch = (_, init) => {
        begun.resolve(init?.body)
        return new Promise(() => {})
      }
      const retry = { creates: { maxAttempts: 1, attemptTimeout: "5 seconds" } } as const
      const fiber = yield* Effect.forkChild(Effect.flip(Effect.provide(create, layer(silent, { retry }))))
      const body = yield* Effect.promise(() => begun.promise)
      yield* TestClock.adjust("5 seconds")
      const error = yield* Fiber.join(fiber)
      assert.deepInclude(error, { _tag: "PalommaTimeout", outcome: "not-sent", isSafeToResend: true })
      assert.match(yield* Effect.promise(() => ask(body)), notHandedOver)
    })
  )
})

describe("a fetch", () => {
  const streams =
    (seen: Array<string>): Fetch =>
    async (_, init) => {
      seen.push(init?.body instanceof ReadableStream ? "stream" : "buffer")
      await ask(init?.body)
      return paid()
    }

  it.live("that is an option gets bodies late", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      yield* Effect.provide(create, layer(streams(seen)))
      assert.deepStrictEqual(seen, ["stream"])
    })
  )

  it.live("that the layer gets from its context gets bodies late", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      yield* create.pipe(
        Effect.provide(Palomma.layerFetch({ apiKey: Redacted.make("sk_test") })),
        Effect.provideService(FetchHttpClient.Fetch, streams(seen))
      )
      assert.deepStrictEqual(seen, ["stream"])
    })
  )

  it.live("that is provided around a call does not replace the layer's own", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      yield* create.pipe(
        Effect.provideService(FetchHttpClient.Fetch, () => Promise.reject(new Error("not this one"))),
        Effect.provide(layer(streams(seen)))
      )
      assert.deepStrictEqual(seen, ["stream"])
    })
  )
})

describe("over a custom client", () => {
  // Reads the options as the client of `fetch` does, for a client that wraps it.
  const seenBy = (operation: Operation) =>
    Effect.gen(function* () {
      const seen: Array<boolean> = []
      const client = HttpClient.make((request) =>
        Effect.map(Effect.context<never>(), (context) => {
          const init = Context.getOrUndefined(context, FetchHttpClient.RequestInit)
          seen.push(init !== undefined && HandOver.key in init)
          return HttpClientResponse.fromWeb(request, Response.json(operation.success))
        })
      )
      const services = Palomma.layer({ apiKey: Redacted.make("sk_test") })
      const http = Layer.succeed(HttpClient.HttpClient, client)
      yield* Effect.provide(operation.call, Layer.provide(Layer.orDie(services), http))
      return seen
    })

  it.effect("the options of a create hold its switch, and those of a read hold none", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* seenBy(aCreate), [true])
      assert.deepStrictEqual(yield* seenBy(aGet), [false])
    })
  )
})
