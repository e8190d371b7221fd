/**
 * The layers: where requests go, what they are told, and what they refuse before the first call.
 */
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import * as Client from "@palomma-effect/client"
import { Palomma, PalommaInvalidInput, PalommaTarget, PayoutRequests, PayoutTargets } from "@palomma-effect/client"
import { CustomerId, PalommaApi, PayoutRequestId, PayoutTargetId, unrecognized } from "@palomma-effect/schema"
import * as Cause from "effect/Cause"
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import { operations, serviceOf } from "./support/operations.ts"
import { apiKey, stub } from "./support/stub.ts"

const key = Redacted.make(apiKey)

const target = (options: Partial<Palomma.Options>) =>
  Layer.build(Palomma.layer({ apiKey: key, ...options })).pipe(
    Effect.map((context) => Context.get(context, PalommaTarget)),
    Effect.provideService(HttpClient.HttpClient, stub({}).client)
  )

const payoutId = PayoutRequestId.make("01H")
const getPayout = PayoutRequests.use((payouts) => payouts.get(payoutId))

const urlOf = (options: Partial<Palomma.Options>) =>
  Effect.gen(function* () {
    const palomma = stub({ status: 403 })
    const layer = Palomma.layer({ apiKey: key, ...options }).pipe(
      Layer.provide(Layer.succeed(HttpClient.HttpClient, palomma.client))
    )
    yield* Effect.flip(Effect.provide(getPayout, layer))
    return palomma.requests[0]?.url.href
  })

describe("the services", () => {
  it("are one for each group of the contract, and all are provided by the layer", async () => {
    const context = await Effect.runPromise(
      Effect.scoped(Layer.build(Palomma.layer({ apiKey: key }))).pipe(
        Effect.provideService(HttpClient.HttpClient, stub({}).client)
      )
    )
    // Whatever the package exports, looked up by name: what is not a service there fails below.
    const tags = { ...Client } as unknown as Record<string, Context.Key<unknown, object>>
    for (const [group, { endpoints }] of Object.entries(PalommaApi.groups)) {
      const tag = tags[serviceOf(group)]
      assert.isDefined(tag, serviceOf(group))
      const service = tag === undefined ? {} : Context.getUnsafe(context, tag)
      for (const name of Object.keys(endpoints)) assert.property(service, name, `${serviceOf(group)}.${name}`)
      assert.property(service, "stream")
    }
  })

  it("have every operation of the contract under test", () => {
    const paths = new Set(operations.map(({ method, path }) => `${method} ${path}`))
    assert.strictEqual(paths.size, 22)
  })
})

describe("where requests go", () => {
  it.effect("is the sandbox unless production is said", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* urlOf({}), "https://sandbox.api.palomma.com/v0/payoutRequests/01H")
      assert.strictEqual(
        yield* urlOf({ environment: "sandbox" }),
        "https://sandbox.api.palomma.com/v0/payoutRequests/01H"
      )
      assert.strictEqual(
        yield* urlOf({ environment: undefined }),
        "https://sandbox.api.palomma.com/v0/payoutRequests/01H"
      )
      assert.strictEqual(yield* urlOf({ environment: "production" }), "https://api.palomma.com/v0/payoutRequests/01H")
    })
  )

  it.effect.each([
    ["https://prod.api.palomma.com/v0", "https://prod.api.palomma.com/v0"],
    ["https://prod.api.palomma.com/v0/", "https://prod.api.palomma.com/v0"],
    ["https://gateway.example:8443/a/b///", "https://gateway.example:8443/a/b"],
    ["https://gateway.example", "https://gateway.example"],
    ["HTTPS://GATEWAY.EXAMPLE/V0", "https://gateway.example/V0"],
    ["https:\\\\gateway.example\\v0", "https://gateway.example/v0"],
    ["https://gate\nway.example/a/../v0", "https://gateway.example/v0"],
    ["http://localhost:3000", "http://localhost:3000"],
    ["http://localhost", "http://localhost"],
    ["http://127.0.0.1:3000/v0", "http://127.0.0.1:3000/v0"],
    ["http://127.8.9.10", "http://127.8.9.10"],
    ["http://[::1]:3000", "http://[::1]:3000"]
  ] as const)("may be %s", ([baseUrl, expected]) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* urlOf({ baseUrl }), `${expected}/payoutRequests/01H`)
      assert.strictEqual(yield* urlOf({ baseUrl, environment: "production" }), `${expected}/payoutRequests/01H`)
    })
  )

  const refused = [
    "http://api.palomma.com/v0",
    "http://sandbox.api.palomma.com",
    "http://localhost.evil.com",
    "http://127.0.0.1.evil.com",
    "http://evil.com/localhost",
    "http://localhost@evil.com",
    "http://evil.com#localhost",
    "http://evil.com?localhost",
    "http://10.0.0.1",
    "http://192.168.0.1",
    "http://0.0.0.0",
    "http://[::]",
    "http://[::ffff:10.0.0.1]",
    "http://128.0.0.1",
    "http://1270.0.0.1",
    "http://notlocalhost",
    "http://localhost.",
    "http://xlocalhost",
    "http://127.evil.com",
    "https://user@api.palomma.com",
    "https://user:password@api.palomma.com",
    "https://:password@api.palomma.com",
    "https://api.palomma.com/v0?x=1",
    "https://api.palomma.com/v0#x",
    "https://api.palomma.com/v0?",
    "https://api.palomma.com/v0#",
    "ftp://api.palomma.com",
    "ws://localhost",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:,x",
    "about:blank",
    "",
    " ",
    "api.palomma.com",
    "//api.palomma.com",
    "/v0",
    "https://",
    "https:",
    "http:///",
    "https://exa mple.com",
    "not a url"
  ]

  it.effect.each(refused)("may not be %j, and the message does not repeat it", (baseUrl) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(target({ baseUrl }))
      assert.instanceOf(error, PalommaInvalidInput)
      assert.deepStrictEqual(error.problems, [
        { field: "baseUrl", rule: "must be an https URL (http for this machine alone) without user, query or fragment" }
      ])
      assert.strictEqual(error.outcome, "not-sent")
      if (baseUrl.length > 8) assert.notInclude(error.message, baseUrl)
    })
  )

  it.effect.each([
    [{}, "sandbox", "https://sandbox.api.palomma.com/v0"],
    [{ environment: "production" }, "production", "https://api.palomma.com/v0"],
    [{ baseUrl: "https://prod.api.palomma.com/v0/" }, "production", "https://prod.api.palomma.com/v0"],
    [{ baseUrl: "https://sandbox.api.palomma.com/v0" }, "sandbox", "https://sandbox.api.palomma.com/v0"],
    [
      { baseUrl: "https://sandbox.api.palomma.com/v0", environment: "production" },
      "sandbox",
      "https://sandbox.api.palomma.com/v0"
    ],
    [{ baseUrl: "https://API.PALOMMA.COM/v0" }, "production", "https://api.palomma.com/v0"],
    [{ baseUrl: "https://palomma.com" }, "production", "https://palomma.com"],
    [{ baseUrl: "https://sandbox.api.palomma.com.evil.com" }, "other", "https://sandbox.api.palomma.com.evil.com"],
    [{ baseUrl: "https://notpalomma.com" }, "other", "https://notpalomma.com"],
    [{ baseUrl: "https://gateway.example" }, "other", "https://gateway.example"],
    [{ baseUrl: "http://localhost:1" }, "loopback", "http://localhost:1"],
    [{ baseUrl: "https://localhost:1" }, "loopback", "https://localhost:1"],
    [{ baseUrl: "http://[::1]:1/" }, "loopback", "http://[::1]:1"],
    [{ baseUrl: "http://127.0.0.2" }, "loopback", "http://127.0.0.2"]
  ] as const)("is told by PalommaTarget: %j is %s", ([options, kind, baseUrl]) =>
    Effect.gen(function* () {
      assert.deepInclude(yield* target(options), { kind, baseUrl })
    })
  )
})

describe("the layer", () => {
  it.effect.each([
    "",
    " ",
    "key with spaces",
    "key\n",
    "\tkey",
    "clé",
    "key\u0000",
    "\ud83d\ude00",
    "key\r\nx-injected: 1"
  ])("refuses the API key %j, and does not repeat it", (value) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(target({ apiKey: Redacted.make(value) }))
      assert.deepStrictEqual(error.problems, [
        { field: "apiKey", rule: "must be the API key that Palomma issued: printable ASCII without spaces" }
      ])
      if (value.trim() !== "") assert.notInclude(inspect(error), value)
    })
  )

  it.effect.each([0, 1_000, 999, -5, 1_500.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    "refuses a limit of %s",
    (payout) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(target({ limits: { payout } }))
        assert.deepStrictEqual(error.problems, [
          { field: "limits.payout", rule: "must be a whole number of pesos above 1.000" }
        ])
      })
  )

  it.effect("tells everything that is wrong at once", () =>
    Effect.gen(function* () {
      const environment: string = "staging"
      const error = yield* Effect.flip(
        target({
          apiKey: Redacted.make(""),
          environment: environment as Palomma.Environment,
          baseUrl: "http://evil.com",
          limits: { payout: 1, payin: 2 }
        })
      )
      assert.deepStrictEqual(
        error.problems.map(({ field }) => field),
        ["apiKey", "environment", "baseUrl", "limits.payout", "limits.payin"]
      )
      assert.strictEqual(error.operation, "Palomma.layer")
    })
  )

  it.effect("tells its limits, those of the merchant and the documented ones", () =>
    Effect.gen(function* () {
      const { limits } = yield* target({ limits: { payout: 20_000_000 } })
      assert.deepStrictEqual(limits, { payout: 20_000_000, payin: 2_000_000, payinLink: 2_000_000 })
    })
  )

  it.effect("sends the key as a bearer token, asks for JSON and sends JSON", () =>
    Effect.gen(function* () {
      const palomma = stub({ status: 403 })
      const layer = Palomma.layer({ apiKey: key }).pipe(
        Layer.provide(Layer.succeed(HttpClient.HttpClient, palomma.client))
      )
      const create = PayoutRequests.use((payouts) =>
        payouts.create({ payoutTargetId: PayoutTargetId.make("01T"), amount: 50_000 })
      )
      yield* Effect.exit(Effect.provide(create, layer))
      yield* Effect.exit(Effect.provide(getPayout, layer))
      const [post, get] = palomma.requests
      assert.deepInclude(post?.headers, {
        authorization: `Bearer ${apiKey}`,
        accept: "application/json",
        "content-type": "application/json"
      })
      assert.deepInclude(get?.headers, { authorization: `Bearer ${apiKey}`, accept: "application/json" })
      assert.notProperty(get?.headers, "content-type")
    })
  )

  it.effect("makes services of its own each time, which do not mix", () =>
    Effect.gen(function* () {
      const one = stub({ status: 403 })
      const two = stub({ status: 403 })
      const layer = (palomma: typeof one, apiKey: string) =>
        Palomma.layer({ apiKey: Redacted.make(apiKey) }).pipe(
          Layer.provide(Layer.succeed(HttpClient.HttpClient, palomma.client))
        )
      yield* Effect.exit(Effect.provide(getPayout, layer(one, "one")))
      yield* Effect.exit(Effect.provide(getPayout, layer(two, "two")))
      assert.strictEqual(one.requests[0]?.headers["authorization"], "Bearer one")
      assert.strictEqual(two.requests[0]?.headers["authorization"], "Bearer two")
    })
  )

  it.effect("takes banks and limits of the merchant, and sends them as they were given", () =>
    Effect.gen(function* () {
      const palomma = stub({ status: 403 })
      const layer = Palomma.layer({
        apiKey: key,
        extraPayoutBanks: ["bancodelfuturo"],
        limits: { payout: 9_000_000 }
      }).pipe(Layer.provide(Layer.succeed(HttpClient.HttpClient, palomma.client)))
      const bankAccount = { bank: unrecognized("bancodelfuturo"), accountType: "savings", accountNumber: "1" } as const
      const target = { customerId: CustomerId.make("01C"), redirectUrl: "x", type: "bankAccount", bankAccount } as const
      const payout = { payoutTargetId: PayoutTargetId.make("01T"), amount: 9_000_000 }
      yield* Effect.exit(
        Effect.provide(
          PayoutTargets.use((targets) => targets.create(target)),
          layer
        )
      )
      yield* Effect.exit(
        Effect.provide(
          PayoutRequests.use((payouts) => payouts.create(payout)),
          layer
        )
      )
      assert.deepStrictEqual(
        palomma.requests.map(({ body }) => body),
        [{ ...target }, payout]
      )
    })
  )
})

describe("layerConfig", () => {
  const configured = (env: Record<string, string>, options?: Palomma.ConfigOptions) =>
    Layer.build(Palomma.layerConfig(options)).pipe(
      Effect.map((context) => Context.get(context, PalommaTarget)),
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnvRecord(env))
    )

  it.effect("asks for the key alone, and takes the sandbox", () =>
    Effect.gen(function* () {
      assert.deepInclude(yield* configured({ PALOMMA_API_KEY: apiKey }), {
        kind: "sandbox",
        baseUrl: "https://sandbox.api.palomma.com/v0"
      })
    })
  )

  it.effect("takes the environment and the base URL that it is told", () =>
    Effect.gen(function* () {
      const PALOMMA_API_KEY = apiKey
      assert.deepInclude(yield* configured({ PALOMMA_API_KEY, PALOMMA_ENVIRONMENT: "production" }), {
        kind: "production"
      })
      assert.deepInclude(yield* configured({ PALOMMA_API_KEY, PALOMMA_BASE_URL: "http://127.0.0.1:1/" }), {
        kind: "loopback",
        baseUrl: "http://127.0.0.1:1"
      })
    })
  )

  it.effect("takes the other options as the layer does", () =>
    Effect.gen(function* () {
      const { limits } = yield* configured({ PALOMMA_API_KEY: apiKey }, { limits: { payout: 7_000_000 } })
      assert.strictEqual(limits.payout, 7_000_000)
      const error = yield* Effect.flip(configured({ PALOMMA_API_KEY: apiKey }, { limits: { payout: 7 } }))
      assert.instanceOf(error, PalommaInvalidInput)
    })
  )

  it.effect("sends the key that it read", () =>
    Effect.gen(function* () {
      const sent: Array<string | null> = []
      const fetch: typeof globalThis.fetch = (_, init) => {
        sent.push(new Headers(init?.headers).get("authorization"))
        return Promise.resolve(new Response(null, { status: 403 }))
      }
      yield* getPayout.pipe(
        Effect.provide(Palomma.layerConfig()),
        Effect.provideService(FetchHttpClient.Fetch, fetch),
        Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnvRecord({ PALOMMA_API_KEY: apiKey })),
        Effect.exit
      )
      assert.deepStrictEqual(sent, [`Bearer ${apiKey}`])
    })
  )

  it.effect.each([
    [{}, ["PALOMMA_API_KEY"]],
    [{ PALOMMA_API_KEY: "" }, ["PALOMMA_API_KEY"]],
    [{ PALOMMA_API_KEY: "VALUE with spaces" }, ["PALOMMA_API_KEY"]],
    [{ PALOMMA_ENVIRONMENT: "VALUE" }, ["PALOMMA_API_KEY", "PALOMMA_ENVIRONMENT"]],
    [{ PALOMMA_API_KEY: "k", PALOMMA_ENVIRONMENT: "Production" }, ["PALOMMA_ENVIRONMENT"]],
    [{ PALOMMA_API_KEY: "k", PALOMMA_ENVIRONMENT: "toString" }, ["PALOMMA_ENVIRONMENT"]],
    [{ PALOMMA_API_KEY: "k", PALOMMA_ENVIRONMENT: "prod " }, ["PALOMMA_ENVIRONMENT"]],
    [{ PALOMMA_API_KEY: "k", PALOMMA_BASE_URL: "http://VALUE.example" }, ["PALOMMA_BASE_URL"]],
    [
      { PALOMMA_API_KEY: "VALUE VALUE", PALOMMA_ENVIRONMENT: "VALUE", PALOMMA_BASE_URL: "VALUE" },
      ["PALOMMA_API_KEY", "PALOMMA_ENVIRONMENT", "PALOMMA_BASE_URL"]
    ]
  ] as ReadonlyArray<readonly [Record<string, string>, ReadonlyArray<string>]>)(
    "given %j names %j in one error",
    ([env, names]) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(configured(env))
        assert.instanceOf(error, PalommaInvalidInput)
        assert.strictEqual(error.operation, "Palomma.layerConfig")
        assert.deepStrictEqual(
          error.problems.map(({ field }) => field),
          names
        )
        assert.notInclude(error.message, "\n")
        for (const name of names) assert.include(error.message, name)
        for (const text of [
          error.message,
          String(error),
          JSON.stringify(error),
          inspect(error, { depth: 9 }),
          Cause.pretty(Cause.fail(error))
        ]) {
          assert.notInclude(text, "VALUE")
        }
      })
  )

  it.effect("says of a missing key that it is not set, and what it is", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(configured({}))
      assert.strictEqual(
        error.message,
        "Palomma.layerConfig: refused, and nothing was sent. PALOMMA_API_KEY: is not set; it must be the API key that " +
          "Palomma issued: printable ASCII without spaces"
      )
    })
  )

  it.effect("takes a variable that is there and empty for one that is not set", () =>
    Effect.gen(function* () {
      const env = { PALOMMA_API_KEY: apiKey, PALOMMA_ENVIRONMENT: "", PALOMMA_BASE_URL: "" }
      assert.deepInclude(yield* configured(env), { kind: "sandbox" })
    })
  )

  it.effect("fails with a ConfigError where the configuration cannot be read", () =>
    Effect.gen(function* () {
      const broken = ConfigProvider.make(() => Effect.fail(new ConfigProvider.SourceError({ message: "no file" })))
      const error = yield* Effect.flip(
        Layer.build(Palomma.layerConfig()).pipe(Effect.provideService(ConfigProvider.ConfigProvider, broken))
      )
      assert.instanceOf(error, Config.ConfigError)
    })
  )
})

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

  it.effect("keeps what its user tells fetch, but for following redirects", () =>
    Effect.gen(function* () {
      const inits: Array<RequestInit | undefined> = []
      const dispatcher = { proxy: true }
      const given: RequestInit & { readonly dispatcher: object } = {
        dispatcher,
        cache: "no-store",
        keepalive: true,
        redirect: "follow"
      }
      yield* fetching((_, init) => {
        inits.push(init)
        return Promise.resolve(new Response(null, { status: 403 }))
      }, given)
      assert.deepInclude(inits[0] as object, {
        cache: "no-store",
        keepalive: true,
        redirect: "manual",
        dispatcher,
        method: "GET"
      })
    })
  )

  it.effect("makes an error of whatever fetch throws", () =>
    Effect.forEach([new TypeError("fetch failed"), "text", undefined, null, { code: 5 }], (thrown) =>
      Effect.gen(function* () {
        const exit = yield* fetching(() => Promise.reject(thrown as Error)).pipe(
          Client.withRetry({ reads: { attempts: 1 } })
        )
        assert.isTrue(Exit.isFailure(exit) && !Exit.hasDies(exit))
        assert.strictEqual((yield* Effect.flip(exit))._tag, "PalommaConnectionError")
      })
    )
  )

  it.effect("makes an error of a fetch that throws before it promises anything", () =>
    Effect.gen(function* () {
      const exit = yield* fetching(() => {
        throw new TypeError("no fetch here")
      }).pipe(Client.withRetry({ reads: { attempts: 1 } }))
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
  it.live("a call arrives as the contract has it, and its answer comes back", () =>
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
        const create = PayoutRequests.use((payouts) =>
          payouts.create({ payoutTargetId: PayoutTargetId.make("01T"), amount: 50_000 })
        )
        const error = yield* create.pipe(
          Effect.provide(Palomma.layerFetch({ apiKey: key, baseUrl: palomma.url })),
          Effect.flip
        )
        assert.strictEqual(error._tag, "PalommaUnexpectedStatus")
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
