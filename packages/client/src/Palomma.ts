/**
 * The layers that provide every service.
 *
 * @since 0.1.0
 */
import { type InputProblem, merchantRules, palommaServers } from "@palomma-effect/schema"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import type { Customers } from "./Customers.ts"
import * as BaseUrl from "./internal/options/baseUrl.ts"
import * as Connection from "./internal/http/connection.ts"
import * as Options from "./internal/layerOptions.ts"
import { overrideRetryPolicy } from "./internal/options/retry.ts"
import * as Resources from "./internal/resource/services.ts"
import type { MerchantAccounts } from "./MerchantAccounts.ts"
import { PalommaEndpoint } from "./PalommaEndpoint.ts"
import type { PalommaInvalidInput } from "./PalommaError.ts"
import type { Environment, PalommaOptions } from "./PalommaOptions.ts"
import type { PayinLinks } from "./PayinLinks.ts"
import type { PayinRequests } from "./PayinRequests.ts"
import type { PayinSettlements } from "./PayinSettlements.ts"
import type { PayinSources } from "./PayinSources.ts"
import type { PayoutRequests } from "./PayoutRequests.ts"
import type { PayoutTargets } from "./PayoutTargets.ts"
import { defaultRetryPolicy } from "./RetryPolicy.ts"

export type { Environment, PalommaOptions }

/**
 * Every service of the API.
 *
 * @category services
 * @since 0.1.0
 */
export type Services =
  | PalommaEndpoint
  | Customers
  | PayinLinks
  | PayinSources
  | PayinRequests
  | PayoutTargets
  | PayoutRequests
  | MerchantAccounts
  | PayinSettlements

const services = Effect.fnUntraced(function* (options: PalommaOptions, via: Connection.ConnectionOptions["via"]) {
  const baseUrl = BaseUrl.normalized(options.baseUrl ?? palommaServers[options.environment ?? "sandbox"])
  const rules = merchantRules(options)
  const connection = yield* Connection.make({
    baseUrl,
    apiKey: options.apiKey,
    rules,
    rejectedStatuses: options.rejectedStatuses ?? [],
    policy: overrideRetryPolicy(defaultRetryPolicy, options.retry ?? {}),
    rateLimit: options.rateLimit,
    via
  })
  return Context.add(Resources.make(connection), PalommaEndpoint, { baseUrl, kind: BaseUrl.kindOf(baseUrl), rules })
})

const servicesOverFetch = Effect.fnUntraced(function* (options: FetchOptions) {
  return yield* services(options, { fetch: options.fetch ?? (yield* FetchHttpClient.Fetch) })
})

/**
 * Provides every service over an `HttpClient` of the program's own.
 *
 * **Gotchas**
 *
 * - The client must send each request once and follow no redirect. Never wrap it in `HttpClient.retryTransient` or
 *   `HttpClient.withRateLimiter`: both send a payout again without knowing whether it was made.
 * - Node's `fetch` sends a payout again after a 421 by itself, and an `HttpClient` cannot tell whether a body was handed to the network.
 *   {@link layerFetch} has neither problem; a client over `FetchOnce.make(fetch)` has neither either.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: PalommaOptions): Layer.Layer<Services, PalommaInvalidInput, HttpClient.HttpClient> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const read = yield* Options.read("Palomma.layer", options, [])
      return yield* services(read, { client: yield* HttpClient.HttpClient })
    })
  )

/**
 * The options of {@link layerFetch}.
 *
 * @category options
 * @since 0.1.0
 */
export interface FetchOptions extends PalommaOptions {
  /**
   * The `fetch` that sends the requests, for a proxy, client certificates or a dispatcher of the program's own: by default the
   * `FetchHttpClient.Fetch` of the layer's context, which is `globalThis.fetch` if the program provides none.
   */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/**
 * Provides every service over `fetch`, which sends each request once, follows no redirect, and is handed the body of a
 * create as late as possible: a body that it never asked for is proven not to have been sent.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerFetch = (options: FetchOptions): Layer.Layer<Services, PalommaInvalidInput> =>
  Layer.effectContext(Effect.flatMap(Options.read("Palomma.layerFetch", options, ["fetch"]), servicesOverFetch))

/**
 * The options of {@link layerConfig}, beside what it reads from the configuration.
 *
 * @category options
 * @since 0.1.0
 */
export interface ConfigOptions extends Omit<FetchOptions, "apiKey" | "environment" | "baseUrl"> {}

/**
 * Provides every service as the configuration says: `PALOMMA_API_KEY`, `PALOMMA_ENVIRONMENT` (`sandbox` by default, or
 * `production`) and `PALOMMA_BASE_URL` if requests go elsewhere.
 *
 * All variables that are missing or malformed are named by one error; their values never are. A `ConfigError` means that the
 * configuration could not be read at all.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerConfig = (
  options: ConfigOptions = {}
): Layer.Layer<Services, Config.ConfigError | PalommaInvalidInput> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const key = yield* Config.option(Config.Redacted("PALOMMA_API_KEY"))
      const apiKey = Option.getOrElse(key, () => Redacted.make(""))
      const named = Option.getOrElse(yield* Config.option(Config.String("PALOMMA_ENVIRONMENT")), () => "sandbox")
      const environment = Options.isEnvironment(named) ? named : undefined
      const baseUrl = Option.getOrUndefined(yield* Config.option(Config.String("PALOMMA_BASE_URL")))
      const problems: Array<InputProblem> = []
      if (Option.isNone(key)) {
        problems.push({ field: "PALOMMA_API_KEY", code: "required", rule: `is not set; it ${Options.apiKeyRule}` })
      } else if (!Options.isApiKey(Redacted.value(apiKey))) {
        problems.push({ field: "PALOMMA_API_KEY", code: "secret", rule: Options.apiKeyRule })
      }
      if (environment === undefined) {
        problems.push({ field: "PALOMMA_ENVIRONMENT", code: "environment", rule: Options.environmentRule })
      }
      const url = baseUrl === undefined ? undefined : BaseUrl.problem(baseUrl)
      if (url !== undefined) problems.push({ field: "PALOMMA_BASE_URL", ...url })
      const read = yield* Options.read("Palomma.layerConfig", options, ["fetch", "configuration"], problems)
      return yield* servicesOverFetch({ ...read, apiKey, environment, baseUrl })
    })
  )
