/**
 * The layer that reads the configuration: which variables it reads, and how it reports all invalid ones.
 */
import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Palomma, PalommaEndpoint, PalommaInvalidInput, Webhooks } from "@palomma-effect/client"
import * as Cause from "effect/Cause"
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { getPayout, key } from "./support/layers.ts"
import { apiKey } from "./support/stub.ts"

describe("layerConfig", () => {
  const configured = (env: Record<string, string>, options?: Palomma.ConfigOptions) =>
    Layer.build(Palomma.layerConfig(options)).pipe(
      Effect.map((context) => Context.get(context, PalommaEndpoint)),
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnvRecord(env))
    )

  it.effect("requires only the key, and uses the sandbox by default", () =>
    Effect.gen(function* () {
      assert.deepInclude(yield* configured({ PALOMMA_API_KEY: apiKey }), {
        kind: "sandbox",
        baseUrl: "https://sandbox.api.palomma.com/v0"
      })
    })
  )

  it.effect("uses the configured environment and base URL", () =>
    Effect.gen(function* () {
      const PALOMMA_API_KEY = apiKey
      assert.deepInclude(yield* configured({ PALOMMA_API_KEY, PALOMMA_ENVIRONMENT: "production" }), {
        kind: "production"
      })
      assert.deepInclude(yield* configured({ PALOMMA_API_KEY, PALOMMA_BASE_URL: "http://127.0.0.1:3000/" }), {
        kind: "loopback",
        baseUrl: "http://127.0.0.1:3000"
      })
    })
  )

  it.effect("uses the other options as the layer does", () =>
    Effect.gen(function* () {
      const { rules } = yield* configured({ PALOMMA_API_KEY: apiKey }, { limits: { payout: { atMost: 7_000_000 } } })
      assert.strictEqual(rules.limits.payout.atMost, 7_000_000)
      const error = yield* Effect.flip(configured({ PALOMMA_API_KEY: apiKey }, { limits: { payout: { atMost: 7 } } }))
      assert.instanceOf(error, PalommaInvalidInput)
      assert.strictEqual(error.operation, "Palomma.layerConfig")
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
    [{}, ["PALOMMA_API_KEY required"]],
    [{ PALOMMA_API_KEY: "" }, ["PALOMMA_API_KEY required"]],
    [{ PALOMMA_API_KEY: "VALUE with spaces" }, ["PALOMMA_API_KEY secret"]],
    [{ PALOMMA_API_KEY: " VALUE" }, ["PALOMMA_API_KEY secret-blank"]],
    [{ PALOMMA_API_KEY: "VALUE\n" }, ["PALOMMA_API_KEY secret-blank"]],
    [{ PALOMMA_API_KEY: "VALUE\r\n" }, ["PALOMMA_API_KEY secret-blank"]],
    [{ PALOMMA_API_KEY: "\n" }, ["PALOMMA_API_KEY secret"]],
    [{ PALOMMA_ENVIRONMENT: "VALUE" }, ["PALOMMA_API_KEY required", "PALOMMA_ENVIRONMENT environment"]],
    [{ PALOMMA_API_KEY: "k", PALOMMA_ENVIRONMENT: "Production" }, ["PALOMMA_ENVIRONMENT environment"]],
    [{ PALOMMA_API_KEY: "k", PALOMMA_ENVIRONMENT: "toString" }, ["PALOMMA_ENVIRONMENT environment"]],
    [{ PALOMMA_API_KEY: "k", PALOMMA_ENVIRONMENT: "prod " }, ["PALOMMA_ENVIRONMENT environment"]],
    [{ PALOMMA_API_KEY: "k", PALOMMA_BASE_URL: "http://VALUE.example" }, ["PALOMMA_BASE_URL base-url"]],
    [{ PALOMMA_API_KEY: "k", PALOMMA_BASE_URL: "https://VALUE.example:22" }, ["PALOMMA_BASE_URL blocked-port"]],
    [{ PALOMMA_API_KEY: "k", PALOMMA_BASE_URL: "https://VALUE.palomma.com" }, ["PALOMMA_BASE_URL palomma-path"]],
    [
      { PALOMMA_API_KEY: "VALUE VALUE", PALOMMA_ENVIRONMENT: "VALUE", PALOMMA_BASE_URL: "VALUE" },
      [
        "PALOMMA_API_KEY secret",
        "PALOMMA_ENVIRONMENT environment",
        "PALOMMA_BASE_URL base-url",
        "PALOMMA_ENVIRONMENT environment-or-base-url"
      ]
    ],
    // The base URL would win silently, and the money would move elsewhere.
    [
      { PALOMMA_API_KEY: "k", PALOMMA_ENVIRONMENT: "sandbox", PALOMMA_BASE_URL: "https://api.palomma.com/v0" },
      ["PALOMMA_ENVIRONMENT environment-or-base-url"]
    ]
  ] as ReadonlyArray<readonly [Record<string, string>, ReadonlyArray<string>]>)(
    "with %j names %j in one error",
    ([env, names]) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(configured(env))
        assert.instanceOf(error, PalommaInvalidInput)
        assert.strictEqual(error.operation, "Palomma.layerConfig")
        assert.deepStrictEqual(
          error.problems.map(({ code, field }) => `${field} ${code}`),
          names
        )
        assert.strictEqual(error.outcome, "none")
        assert.notInclude(error.message, "\n")
        for (const name of names) assert.include(error.message, name.split(" ")[0] ?? "")
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

  it.effect("reports that a missing key is not set, and what it is", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(configured({}))
      assert.strictEqual(
        error.message,
        "Palomma.layerConfig: the configuration is invalid. Correct this: PALOMMA_API_KEY: is not set: set it to the API " +
          "key that Palomma issued for this environment"
      )
    })
  )

  it.effect("names the variable and its value in every message, and says nothing about sending", () =>
    Effect.gen(function* () {
      const messageOf = <A, E extends Error>(layer: Layer.Layer<A, E>, env: Record<string, string>) =>
        Effect.map(
          Effect.flip(
            Effect.scoped(Layer.build(layer)).pipe(
              Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnvRecord(env))
            )
          ),
          ({ message }) => message
        )
      const messages = [
        yield* messageOf(Palomma.layerConfig(), { PALOMMA_API_KEY: "a key" }),
        yield* messageOf(Palomma.layerConfig(), { PALOMMA_API_KEY: "k", PALOMMA_ENVIRONMENT: "prod" }),
        yield* messageOf(Palomma.layerConfig(), { PALOMMA_API_KEY: "k", PALOMMA_BASE_URL: "http://example.com" }),
        yield* messageOf(Palomma.layerConfig(), { PALOMMA_API_KEY: "a-key\n" }),
        yield* messageOf(Palomma.layerConfig(), {
          PALOMMA_API_KEY: "k",
          PALOMMA_ENVIRONMENT: "production",
          PALOMMA_BASE_URL: "http://127.0.0.1:4010/v0"
        }),
        yield* messageOf(Webhooks.layerConfig(), {}),
        yield* messageOf(Webhooks.layerConfig(), { PALOMMA_INTEGRITY_KEY: "," })
      ]
      const rules = [
        "PALOMMA_API_KEY: must be the API key that Palomma issued: printable ASCII without spaces",
        "PALOMMA_ENVIRONMENT: must be sandbox or production",
        "PALOMMA_BASE_URL: must be an https URL (http only for a loopback address, such as localhost) without user, " +
          "query or fragment",
        "PALOMMA_API_KEY: begins or ends with a space or a line break: remove it",
        "PALOMMA_ENVIRONMENT: must not be set together with PALOMMA_BASE_URL: set only one of PALOMMA_ENVIRONMENT and " +
          "PALOMMA_BASE_URL",
        "PALOMMA_INTEGRITY_KEY: is not set: set it to the integrity key that Palomma issued for this environment",
        "PALOMMA_INTEGRITY_KEY: must be the integrity key that Palomma issued, without spaces or line breaks around " +
          "it, or several separated by commas"
      ]
      assert.deepStrictEqual(
        messages,
        rules.map(
          (rule) =>
            `${rule.includes("INTEGRITY") ? "Webhooks" : "Palomma"}.layerConfig: the configuration is invalid. ` +
            `Correct this: ${rule}`
        )
      )
      const options = Palomma.layerFetch({ apiKey: Redacted.make("") })
      assert.strictEqual(
        yield* messageOf(options, {}),
        "Palomma.layerFetch: the options of the layer are invalid. Correct this: apiKey: must be the API key that " +
          "Palomma issued: printable ASCII without spaces"
      )
    })
  )

  it.effect("reports all problems of its variables and of its options together", () =>
    Effect.gen(function* () {
      const options: unknown = {
        retry: { reads: { timeout: 0 } },
        rejectedStatuses: [200],
        fetch: 5,
        apiKey: key,
        baseUrl: "x"
      }
      const error = yield* Effect.flip(configured({ PALOMMA_ENVIRONMENT: "VALUE" }, options as Palomma.ConfigOptions))
      assert.instanceOf(error, PalommaInvalidInput)
      assert.deepStrictEqual(
        error.problems.map(({ code, field }) => `${field} ${code}`),
        [
          "PALOMMA_API_KEY required",
          "PALOMMA_ENVIRONMENT environment",
          "apiKey unknown-field",
          "baseUrl unknown-field",
          "retry.reads.timeout duration",
          "rejectedStatuses.0 status",
          "fetch function"
        ]
      )
    })
  )

  it.effect("refuses options that are not an object, or that cannot be read", () =>
    Effect.gen(function* () {
      const throwing = {
        get limits() {
          throw new Error("VALUE")
        }
      }
      for (const [options, expected] of [
        [null, " object"],
        ["text", " object"],
        [throwing, "limits unreadable"]
      ] as const) {
        const error = yield* Effect.flip(
          configured({ PALOMMA_API_KEY: "k" }, options as unknown as Palomma.ConfigOptions)
        )
        assert.instanceOf(error, PalommaInvalidInput)
        assert.deepStrictEqual(
          error.problems.map(({ code, field }) => `${field} ${code}`),
          [expected]
        )
      }
    })
  )

  it.effect("treats an empty variable as not set", () =>
    Effect.gen(function* () {
      const env = { PALOMMA_API_KEY: apiKey, PALOMMA_ENVIRONMENT: "", PALOMMA_BASE_URL: "" }
      assert.deepInclude(yield* configured(env), { kind: "sandbox" })
    })
  )

  it.effect("fails with a ConfigError if the configuration cannot be read", () =>
    Effect.gen(function* () {
      const broken = ConfigProvider.make(() => Effect.fail(new ConfigProvider.SourceError({ message: "no file" })))
      const error = yield* Effect.flip(
        Layer.build(Palomma.layerConfig()).pipe(Effect.provideService(ConfigProvider.ConfigProvider, broken))
      )
      assert.instanceOf(error, Config.ConfigError)
    })
  )
})
