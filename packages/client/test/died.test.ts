/**
 * A custom client that dies, or returns an invalid response. The error still states what is known about the money.
 */
import { assert, describe, it } from "@effect/vitest"
import { Palomma, PalommaConnectionError } from "@palomma-effect/client"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as HttpClient from "effect/http/HttpClient"
import { type Fetch, overFetch } from "./support/fetch.ts"
import { createPayout, getPayout, key } from "./support/layers.ts"
import { apiKey } from "./support/stub.ts"

const quietly = <A, E, R>(effect: Effect.Effect<A, E, R>, lines: Array<string> = []): Effect.Effect<A, E, R> =>
  Effect.provideService(
    effect,
    Logger.CurrentLoggers,
    new Set([Logger.make(({ message }) => void lines.push(String(message)))])
  )

/** Reads the body as a connection does, and returns the configured answer. */
const odd =
  (answer: object): Fetch =>
  async (_, init) => {
    await new Response(init?.body ?? null).text()
    return answer as Response
  }

describe("a create", () => {
  it.effect("over a client that dies may have taken effect, and the log holds no secret", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const dying = HttpClient.make(() => Effect.die(new TypeError(`no client for ${apiKey}`)))
      const layer = Palomma.layer({ apiKey: key }).pipe(Layer.provide(Layer.succeed(HttpClient.HttpClient, dying)))
      const error = yield* quietly(Effect.flip(createPayout.pipe(Effect.provide(layer))), lines)
      assert.instanceOf(error, PalommaConnectionError)
      assert.strictEqual(error.outcome, "unknown")
      assert.deepStrictEqual(lines, [
        "PayoutRequests.create: the HTTP client died. TypeError: no client for <redacted>"
      ])
    })
  )

  it.effect.each([
    ["no headers", { status: 500, body: null }],
    ["a status that is not a number", { status: Number.NaN, headers: new Headers(), body: null }],
    [
      "a reader that throws",
      {
        status: 200,
        headers: new Headers(),
        body: {
          getReader: () => ({
            read: () => {
              throw new Error("no")
            }
          })
        }
      }
    ]
  ] as const)("whose answer has %s may have taken effect, and is sent once", ([, answer]) =>
    Effect.gen(function* () {
      let posts = 0
      const fetch: Fetch = (input, init) => {
        posts += 1
        return odd(answer)(input, init)
      }
      const error = yield* quietly(Effect.flip(createPayout.pipe(Effect.provide(overFetch(fetch)))))
      assert.strictEqual(error._tag, "PalommaConnectionError")
      assert.strictEqual(error.outcome, "unknown")
      assert.strictEqual(posts, 1)
    })
  )

  it.effect("over a fetch that throws before it pulls the body was not sent", () =>
    Effect.gen(function* () {
      const fetch: Fetch = () => {
        throw new Error("no fetch here")
      }
      const layer = overFetch(fetch, { retry: { creates: { maxAttempts: 1 } } })
      const error = yield* quietly(Effect.flip(createPayout.pipe(Effect.provide(layer))))
      assert.strictEqual(error.outcome, "not-sent")
    })
  )
})

describe("a read", () => {
  it.effect("of a body that cannot be cancelled ends without an unhandled error", () =>
    Effect.gen(function* () {
      const unhandled: Array<unknown> = []
      const note = (reason: unknown) => void unhandled.push(reason)
      process.on("unhandledRejection", note)
      const chunk = new TextEncoder().encode("x".repeat(1_100_000))
      const body = { getReader: () => ({ read: () => Promise.resolve({ done: false, value: chunk }) }) }
      const layer = overFetch(odd({ status: 200, headers: new Headers(), body }))
      const error = yield* quietly(Effect.flip(getPayout.pipe(Effect.provide(layer))))
      yield* Effect.promise(() => new Promise<void>((done) => void setImmediate(done)))
      process.off("unhandledRejection", note)
      assert.strictEqual(error._tag, "PalommaInvalidResponse")
      assert.deepStrictEqual(unhandled, [])
    })
  )
})
