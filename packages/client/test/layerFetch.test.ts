/**
 * The layer over `fetch`, and over real sockets.
 */
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import { Palomma, withRetry } from "@palomma-effect/client"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { createPayout, getPayout, key } from "./support/layers.ts"

describe("layerFetch", () => {
  const fetching = (fetch: typeof globalThis.fetch, init?: RequestInit) => {
    const layer = Palomma.layerFetch({ apiKey: key })
    return getPayout.pipe(
      Effect.provide(
        init === undefined ? layer : Layer.provide(layer, Layer.succeed(FetchHttpClient.RequestInit, init))
      ),
      Effect.provideService(FetchHttpClient.Fetch, fetch),
      Effect.exit
    )
  }

  it.effect("follows no redirect", () =>
    Effect.gen(function* () {
      const inits: Array<RequestInit | undefined> = []
      yield* fetching((_, init) => {
        inits.push(init)
        return Promise.resolve(new Response(null, { status: 302 }))
      })
      assert.deepStrictEqual(
        inits.map((init) => init?.redirect),
        ["manual"]
      )
    })
  )

  it.effect("keeps the RequestInit of its user, except for following redirects", () =>
    Effect.gen(function* () {
      const inits: Array<RequestInit | undefined> = []
      const dispatcher = { proxy: true }
      const baseInit: RequestInit & { readonly dispatcher: object } = {
        dispatcher,
        cache: "no-store",
        keepalive: true,
        redirect: "follow"
      }
      yield* fetching((_, init) => {
        inits.push(init)
        return Promise.resolve(new Response(null, { status: 403 }))
      }, baseInit)
      assert.deepInclude(inits[0] as object, {
        cache: "no-store",
        keepalive: true,
        redirect: "manual",
        dispatcher,
        method: "GET"
      })
    })
  )

  it.effect("turns anything that fetch throws into an error", () =>
    Effect.forEach([new TypeError("fetch failed"), "text", undefined, null, { code: 5 }], (thrown) =>
      Effect.gen(function* () {
        const exit = yield* fetching(() => Promise.reject(thrown as Error)).pipe(
          withRetry({ reads: { maxAttempts: 1 } })
        )
        assert.isTrue(Exit.isFailure(exit) && !Exit.hasDies(exit))
        assert.strictEqual((yield* Effect.flip(exit))._tag, "PalommaConnectionError")
      })
    )
  )

  it.effect("turns a synchronous throw of fetch into an error", () =>
    Effect.gen(function* () {
      const exit = yield* fetching(() => {
        throw new TypeError("no fetch here")
      }).pipe(withRetry({ reads: { maxAttempts: 1 } }))
      assert.strictEqual((yield* Effect.flip(exit))._tag, "PalommaConnectionError")
    })
  )
})

interface Server {
  readonly url: string
  readonly received: Array<string>
  readonly closed: Promise<void>
}

const server = (answer: (request: Http.IncomingMessage, response: Http.ServerResponse) => void) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly http: Http.Server; readonly server: Server }>((resume) => {
      const received: Array<string> = []
      const { promise: closed, resolve } = Promise.withResolvers<void>()
      const http = Http.createServer((request, response) => {
        received.push(`${request.method} ${request.url}`)
        response.on("close", resolve)
        request.resume().on("end", () => answer(request, response))
      })
      http.listen(0, "127.0.0.1", () => {
        const { port } = http.address() as AddressInfo
        resume(Effect.succeed({ http, server: { url: `http://127.0.0.1:${port}`, received, closed } }))
      })
    }),
    ({ http }) =>
      Effect.callback<void>((resume) => {
        http.closeAllConnections()
        http.close(() => resume(Effect.void))
      })
  ).pipe(Effect.map(({ server }) => server))

describe("over a real socket", () => {
  it.live("a call arrives as the contract defines it, and its answer returns", () =>
    Effect.gen(function* () {
      const { received, url } = yield* server((_, response) => {
        response.writeHead(200, { "content-type": "application/json" })
        response.end(JSON.stringify({ id: "01H", status: "approved", payoutTargetId: "01T", amount: 50_000 }))
      })
      const payout = yield* Effect.provide(getPayout, Palomma.layerFetch({ apiKey: key, baseUrl: `${url}/v0/` }))
      assert.strictEqual(payout.status, "approved")
      assert.deepStrictEqual(received, ["GET /v0/payoutRequests/01H"])
    })
  )

  it.live.each([301, 302, 303, 307, 308])("a %s is followed neither to the same origin nor to another one", (status) =>
    Effect.gen(function* () {
      const elsewhere = yield* server((_, response) => response.end("{}"))
      const locations = [`${elsewhere.url}/v0/payoutRequests`, "/v0/elsewhere", "payoutRequests/01H"]
      for (const location of locations) {
        const palomma = yield* server((_, response) => response.writeHead(status, { location }).end())
        const error = yield* createPayout.pipe(
          Effect.provide(Palomma.layerFetch({ apiKey: key, baseUrl: palomma.url })),
          Effect.flip
        )
        assert.deepInclude(error, { _tag: "PalommaConnectionError", reason: "redirect" })
        assert.strictEqual(error.outcome, "unknown")
        assert.deepStrictEqual(palomma.received, ["POST /payoutRequests"])
      }
      assert.deepStrictEqual(elsewhere.received, [])
    })
  )

  it.live.each([
    ["before the answer", () => {}],
    ["in the body", (response: Http.ServerResponse) => void response.writeHead(200).write("{")]
  ] as const)("an interrupted caller closes it %s", ([, answer]) =>
    Effect.gen(function* () {
      const { promise: arrived, resolve } = Promise.withResolvers<void>()
      const palomma = yield* server((_, response) => {
        answer(response)
        resolve()
      })
      const fiber = yield* Effect.forkChild(
        Effect.provide(getPayout, Palomma.layerFetch({ apiKey: key, baseUrl: palomma.url }))
      )
      yield* Effect.promise(() => arrived)
      yield* Fiber.interrupt(fiber)
      yield* Effect.promise(() => palomma.closed)
      assert.strictEqual(palomma.received.length, 1)
    })
  )
})
