/**
 * The check that a caller of a create runs just before its body leaves, and how `Palomma.layerFetch` wraps a `fetch`.
 */
import { assert, describe, it } from "@effect/vitest"
import { Palomma } from "@palomma-effect/client"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as TestClock from "effect/testing/TestClock"
import { CurrentFence, type Fence } from "../src/internal/http/fence.ts"
import { aCreate, aGet, creates, type Operation } from "./support/operations.ts"
import { answering, type Fetch, fetchStub, overFetch, until } from "./support/fetch.ts"
import { apiKey, services, stub } from "./support/stub.ts"
import { timed } from "./support/timed.ts"
import { refused, type ErrorFields, fieldsOf } from "./support/errorFields.ts"

/** A destination, and how many bodies arrived there. */
const places = {
  "over fetch": (operation: Operation) => {
    let arrived = 0
    const answer = answering(operation.success)
    const { calls, fetch } = fetchStub(async (call) => {
      const response = await answer(call)
      arrived += 1
      return response
    })
    return { layer: overFetch(fetch), arrived: () => arrived, begun: () => calls.length }
  },
  "over a custom client": (operation: Operation) => {
    const palomma = stub({ json: operation.success })
    return { layer: services(palomma), arrived: palomma.posts, begun: () => palomma.requests.length }
  }
}

const checking = (check: Effect.Effect<boolean>, onHandedOver = () => {}): Fence => ({ check, onHandedOver })

const fenced = (operation: Operation, fence: Effect.Effect<boolean>, layer: Layer.Layer<Palomma.Services>) =>
  operation.call.pipe(Effect.provide(layer), Effect.provideService(CurrentFence, checking(fence)))

describe("the fence of a create", () => {
  it("is found under a key of this library, by every copy of it", () => {
    assert.strictEqual(CurrentFence.key, "@palomma-effect/client/internal/CurrentFence")
  })
})

describe.each(Object.entries(places))("the fence of a create, %s,", (_, place) => {
  const refusedBy = (operation: Operation, fence: Effect.Effect<boolean>) =>
    Effect.gen(function* () {
      const { arrived, layer } = place(operation)
      const error = fieldsOf(yield* Effect.flip(fenced(operation, fence, layer)))
      return { error, arrived: arrived() }
    })

  const isNotSent = (error: ErrorFields): void => {
    assert.deepInclude(error, {
      _tag: "PalommaConnectionError",
      outcome: "not-sent",
      reason: "other",
      code: "HAND_OVER_REFUSED"
    })
    assert.include(error.message, "Nothing was sent.")
  }

  it.effect("that passes lets the create be sent", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const { arrived, layer } = place(operation)
        yield* fenced(operation, Effect.succeed(true), layer)
        assert.strictEqual(arrived(), 1, operation.name)
      })
    )
  )

  it.effect("that refuses keeps the body, and the create is not retried", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        let checks = 0
        const fence = Effect.sync(() => {
          checks += 1
          return false
        })
        const { arrived, error } = yield* refusedBy(operation, fence)
        isNotSent(error)
        assert.strictEqual(arrived, 0, operation.name)
        assert.strictEqual(checks, 1)
      })
    )
  )

  it.effect("that dies keeps the body, and the log shows the cause", () =>
    Effect.gen(function* () {
      const bug = new Error("the journal is closed")
      const logged: Array<unknown> = []
      const logger = Logger.make(({ logLevel, message }) => void logged.push([logLevel, message]))
      const { arrived, error } = yield* refusedBy(aCreate, Effect.die(bug)).pipe(Effect.provide(Logger.layer([logger])))
      assert.deepStrictEqual(logged, [
        ["Error", ["The check before the hand-over of the body died. Nothing was sent. Error: the journal is closed"]]
      ])
      isNotSent(error)
      assert.notInclude(error.message, "journal")
      assert.strictEqual(arrived, 0)
    })
  )

  it.effect("that times out keeps the body", () =>
    Effect.gen(function* () {
      const { arrived, begun, layer } = place(aCreate)
      let checks = 0
      const fence = Effect.andThen(
        Effect.sync(() => void (checks += 1)),
        Effect.never
      )
      const fiber = yield* Effect.forkChild(Effect.flip(fenced(aCreate, fence, layer)))
      yield* until(() => checks === 1)
      yield* TestClock.adjust("1 minute")
      const error = fieldsOf(yield* Fiber.join(fiber))
      assert.strictEqual(error._tag, "PalommaTimeout")
      assert.strictEqual(error.outcome, "not-sent")
      assert.strictEqual(arrived(), 0)
      assert.isAtMost(begun(), 1)
    })
  )

  it.effect("that cannot be interrupted neither delays its caller nor allows a late send", () =>
    Effect.gen(function* () {
      const { arrived, layer } = place(aCreate)
      let checks = 0
      const fence = Effect.uninterruptible(
        Effect.suspend(() => {
          checks += 1
          return Effect.as(Effect.sleep("2 minutes"), true)
        })
      )
      const fiber = yield* Effect.forkChild(fenced(aCreate, fence, layer))
      yield* until(() => checks === 1)
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(arrived(), 0)
    })
  )

  it.effect("runs in the context of the call", () =>
    Effect.gen(function* () {
      const Name = Context.Reference<string>("test/fence/Name", { defaultValue: () => "none" })
      const { layer } = place(aCreate)
      let seen = ""
      const fence = Effect.gen(function* () {
        seen = yield* Name
        return true
      })
      yield* Effect.provideService(fenced(aCreate, fence, layer), Name, "of the call")
      assert.strictEqual(seen, "of the call")
    })
  )

  it.effect("does not apply to a read", () =>
    Effect.gen(function* () {
      const { layer } = place(aGet)
      yield* fenced(aGet, Effect.die("asked"), layer)
    })
  )
})

describe("the fence of a create is notified of the hand-over", () => {
  const handOvers = Effect.fnUntraced(function* (
    place: (typeof places)[keyof typeof places],
    check: Effect.Effect<boolean>
  ) {
    let times = 0
    const fence = checking(check, () => {
      times += 1
    })
    yield* Effect.exit(
      aCreate.call.pipe(Effect.provide(place(aCreate).layer), Effect.provideService(CurrentFence, fence))
    )
    return times
  })

  it.effect("if the body was certainly handed over", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* handOvers(places["over fetch"], Effect.succeed(true)), 1)
    })
  )

  it.effect("but not if the body was kept", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* handOvers(places["over fetch"], Effect.succeed(false)), 0)
    })
  )

  it.effect("but not by a custom client, which cannot know", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* handOvers(places["over a custom client"], Effect.succeed(true)), 0)
    })
  )
})

describe("the fence of a create that is retried", () => {
  it.effect("runs before each request", () =>
    Effect.gen(function* () {
      let checks = 0
      const fence = Effect.sync(() => {
        checks += 1
        return checks < 2
      })
      const palomma = stub(refused)
      const call = Effect.provideService(aCreate.call, CurrentFence, checking(fence))
      const { exit } = yield* timed(call, palomma)
      assert.strictEqual(fieldsOf(yield* Effect.flip(exit)).code, "HAND_OVER_REFUSED")
      assert.strictEqual(palomma.posts(), 1)
      assert.strictEqual(checks, 2)
    })
  )
})

describe("layerFetch", () => {
  const options = { apiKey: Redacted.make(apiKey) }
  const named = () => {
    const used: Array<string> = []
    const fetch = (name: string): Fetch =>
      fetchStub((call) => {
        used.push(name)
        return answering(aCreate.success)(call)
      }).fetch
    return { used, fetch }
  }

  it.effect("prefers the fetch of its options to that of its context", () =>
    Effect.gen(function* () {
      const { fetch, used } = named()
      const layer = Layer.provide(
        Palomma.layerFetch({ ...options, fetch: fetch("options") }),
        Layer.succeed(FetchHttpClient.Fetch, fetch("context"))
      )
      yield* Effect.provide(aCreate.call, layer)
      assert.deepStrictEqual(used, ["options"])
    })
  )

  it.effect("uses the fetch of its context if its options have none", () =>
    Effect.gen(function* () {
      const { fetch, used } = named()
      const layer = Layer.provide(Palomma.layerFetch(options), Layer.succeed(FetchHttpClient.Fetch, fetch("context")))
      yield* Effect.provide(aCreate.call, layer)
      assert.deepStrictEqual(used, ["context"])
    })
  )

  it.effect("is not bypassed by a fetch that is provided around a call, so its fence still applies", () =>
    Effect.gen(function* () {
      const { fetch, used } = named()
      const layer = Palomma.layerFetch({ ...options, fetch: fetch("options") })
      const bypassing = <A, E>(call: Effect.Effect<A, E, Palomma.Services>) =>
        Effect.provide(Effect.provideService(call, FetchHttpClient.Fetch, fetch("around")), layer)
      yield* bypassing(aCreate.call)
      yield* bypassing(aGet.call)
      assert.deepStrictEqual(used, ["options", "options"])
      const exit = yield* Effect.exit(
        bypassing(Effect.provideService(aCreate.call, CurrentFence, checking(Effect.succeed(false))))
      )
      assert.isTrue(Exit.isFailure(exit))
    })
  )

  const baseInit: RequestInit & { readonly dispatcher: object } = {
    dispatcher: { proxy: true },
    cache: "no-store",
    keepalive: true,
    redirect: "follow",
    headers: { "x-gateway": "1", authorization: "Bearer of another" }
  }

  it.effect("keeps the RequestInit of its context, except for redirects and its own headers", () =>
    Effect.gen(function* () {
      for (const operation of [aCreate, aGet]) {
        const { calls, fetch } = fetchStub(answering(operation.success))
        const layer = Layer.provide(
          Palomma.layerFetch({ ...options, fetch }),
          Layer.succeed(FetchHttpClient.RequestInit, baseInit)
        )
        yield* Effect.provide(operation.call, layer)
        const { headers, ...init } = calls[0]?.init ?? {}
        assert.deepInclude<object>(init, {
          method: operation.method,
          dispatcher: baseInit.dispatcher,
          cache: "no-store",
          keepalive: true
        })
        assert.notStrictEqual(init.redirect, "follow")
        assert.strictEqual(new Headers(headers).get("x-gateway"), "1")
        assert.strictEqual(new Headers(headers).get("authorization"), `Bearer ${apiKey}`)
        assert.isEmpty(Object.getOwnPropertySymbols(init))
      }
    })
  )

  it.effect("ignores a RequestInit around a call", () =>
    Effect.gen(function* () {
      const { calls, fetch } = fetchStub(answering(aGet.success))
      yield* aGet.call.pipe(
        Effect.provideService(FetchHttpClient.RequestInit, { redirect: "follow", cache: "no-store" }),
        Effect.provide(overFetch(fetch))
      )
      assert.strictEqual(calls[0]?.init.redirect, "manual")
      assert.isUndefined(calls[0]?.init.cache)
    })
  )

  it.effect("turns anything that fetch throws into an error, thrown synchronously or later", () =>
    Effect.forEach([new TypeError("fetch failed"), "text", undefined, null, { code: 5 }], (thrown) =>
      Effect.gen(function* () {
        const rejecting: Fetch = () => Promise.reject(thrown)
        const throwing: Fetch = () => {
          throw thrown
        }
        for (const fetch of [rejecting, throwing]) {
          for (const operation of [aCreate, aGet]) {
            const layer = overFetch(fetch, { retry: { reads: { maxAttempts: 1 }, creates: { maxAttempts: 1 } } })
            const exit = yield* Effect.exit(Effect.provide(operation.call, layer))
            assert.isTrue(Exit.isFailure(exit) && !Cause.hasDies(exit.cause))
            const error = fieldsOf(yield* Effect.flip(exit))
            assert.strictEqual(error._tag, "PalommaConnectionError")
            assert.strictEqual(error.outcome, operation.safety === "create" ? "not-sent" : "none")
          }
        }
      })
    )
  )

  it.effect("treats a redirect without a visible status as not followed", () =>
    Effect.gen(function* () {
      const opaque: Response = Object.create(new Response(null), {
        status: { value: 0 },
        type: { value: "opaqueredirect" }
      })
      for (const operation of [aCreate, aGet]) {
        const { calls, fetch } = fetchStub(async ({ readBody }) => {
          await readBody()
          return opaque
        })
        const error = fieldsOf(yield* Effect.flip(Effect.provide(operation.call, overFetch(fetch))))
        assert.deepInclude(error, { _tag: "PalommaConnectionError", reason: "redirect" })
        assert.strictEqual(error.outcome, operation.safety === "create" ? "unknown" : "none")
        assert.isFalse(error.isSafeToResend)
        assert.strictEqual(calls.length, 1)
      }
    })
  )
})
