/**
 * The layers that provide every service of the API.
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
 * Provides every service over an `HttpClient` of the program.
 *
 * **Gotchas**
 *
 * - The client must send each request once and follow no redirect. Never use `HttpClient.retryTransient` or
 *   `HttpClient.withRateLimiter`: both send a payout again without checking whether it was made.
 * - After a 421, Node's `fetch` automatically sends a payout again. And an `HttpClient` cannot report whether a body
 *   was handed over. {@link layerFetch} has neither problem, nor does a client over `FetchOnce.make(fetch)`.
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
   * The `fetch` that sends the requests, for example one with a proxy, client certificates or a dispatcher. The default
   * is the `FetchHttpClient.Fetch` in the context of the layer, or `globalThis.fetch` if the program provides none.
   */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/**
 * Provides every service over `fetch`.
 *
 * It sends each request once and follows no redirect. It hands over the body of a create as late as possible. A body
 * that `fetch` never requested was certainly not sent.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerFetch = (options: FetchOptions): Layer.Layer<Services, PalommaInvalidInput> =>
  Layer.effectContext(Effect.flatMap(Options.read("Palomma.layerFetch", options, ["fetch"]), servicesOverFetch))

/**
 * The options of {@link layerConfig} that do not come from the configuration.
 *
 * @category options
 * @since 0.1.0
 */
export interface ConfigOptions extends Omit<FetchOptions, "apiKey" | "environment" | "baseUrl"> {}

/**
 * Provides every service over `fetch`, with options from the configuration.
 *
 * - `PALOMMA_API_KEY` is required.
 * - `PALOMMA_ENVIRONMENT` is `sandbox` (the default) or `production`.
 * - `PALOMMA_BASE_URL` is the URL of another server, such as a simulator. Set only one of it and `PALOMMA_ENVIRONMENT`.
 *
 * One `PalommaInvalidInput` names all missing and malformed variables, without their values. A `ConfigError` means that
 * the configuration could not be read.
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
      const name = Option.getOrUndefined(yield* Config.option(Config.String("PALOMMA_ENVIRONMENT")))
      const environment = Options.isEnvironment(name) ? name : undefined
      const baseUrl = Option.getOrUndefined(yield* Config.option(Config.String("PALOMMA_BASE_URL")))
      const problems: Array<InputProblem> = []
      if (Option.isNone(key)) {
        problems.push({ field: "PALOMMA_API_KEY", code: "required", rule: Options.missingKeyRule })
      } else {
        problems.push(...Options.apiKeyProblems("PALOMMA_API_KEY", apiKey))
      }
      if (name !== environment) {
        problems.push({ field: "PALOMMA_ENVIRONMENT", code: "environment", rule: Options.environmentRule })
      }
      const url = baseUrl === undefined ? undefined : BaseUrl.problem(baseUrl)
      if (url !== undefined) problems.push({ field: "PALOMMA_BASE_URL", ...url })
      if (name !== undefined && baseUrl !== undefined) {
        problems.push(Options.bothProblem("PALOMMA_ENVIRONMENT", "PALOMMA_BASE_URL"))
      }
      const read = yield* Options.read("Palomma.layerConfig", options, ["fetch", "configuration"], problems)
      return yield* servicesOverFetch({ ...read, apiKey, environment, baseUrl })
    })
  )
