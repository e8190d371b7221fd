/**
 * The way in: layers that provide every service.
 */
import { type AmountLimits, defaultAmountLimits, palommaServers } from "@palomma-effect/schema"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as customers from "./Customers.ts"
import { Customers } from "./Customers.ts"
import * as Connection from "./internal/connection.ts"
import { fetchOnce } from "./internal/fetchOnce.ts"
import * as merchantAccounts from "./MerchantAccounts.ts"
import { MerchantAccounts } from "./MerchantAccounts.ts"
import { type InputProblem, PalommaInvalidInput } from "./PalommaError.ts"
import * as payinLinks from "./PayinLinks.ts"
import { PayinLinks } from "./PayinLinks.ts"
import * as payinRequests from "./PayinRequests.ts"
import { PayinRequests } from "./PayinRequests.ts"
import * as payinSettlements from "./PayinSettlements.ts"
import { PayinSettlements } from "./PayinSettlements.ts"
import * as payinSources from "./PayinSources.ts"
import { PayinSources } from "./PayinSources.ts"
import * as payoutRequests from "./PayoutRequests.ts"
import { PayoutRequests } from "./PayoutRequests.ts"
import * as payoutTargets from "./PayoutTargets.ts"
import { PayoutTargets } from "./PayoutTargets.ts"
import { defaultRetryPolicy, overrideRetryPolicy, type RetryOptions } from "./RetryPolicy.ts"

/** Where requests go: no money moves in the sandbox. */
export type Environment = keyof typeof palommaServers

/** What the layers are told. All but the key may be left out. */
export interface Options {
  /** The API key, which Palomma sends as a bearer token. */
  readonly apiKey: Redacted.Redacted
  /** `sandbox` unless `production` is said. */
  readonly environment?: Environment | undefined
  /**
   * Where requests go instead of the environment's own address. It must be https, loopback excepted.
   *
   * Older copies of Palomma's documentation name `https://prod.api.palomma.com/v0` for production.
   */
  readonly baseUrl?: string | undefined
  /** The merchant's own upper bounds, in pesos, where Palomma raised them. */
  readonly limits?: Partial<AmountLimits> | undefined
  /** Banks that Palomma opened for this merchant beside the documented ones. */
  readonly extraPayoutBanks?: ReadonlyArray<string> | undefined
  /** What of the retry policy is to be different. */
  readonly retry?: RetryOptions | undefined
  /**
   * Statuses that mean refusal, as the merchant knows from Palomma: say `[403, 429]`.
   *
   * **Gotchas**
   *
   * A create that fails with one of them is taken to have had no effect, and one that asks to wait is sent again. Name a status only
   * if that is certain.
   */
  readonly refusals?: ReadonlyArray<number> | undefined
}

/**
 * Where the services send their requests, and within which limits.
 *
 * A program that must never touch real money asks it before it begins.
 */
export class PalommaTarget extends Context.Service<
  PalommaTarget,
  {
    /** The base URL, without a slash at its end. */
    readonly baseUrl: string
    /** What stands behind it; `other` is neither Palomma's nor this machine. */
    readonly kind: "sandbox" | "production" | "loopback" | "other"
    /** The upper bounds that amounts are checked against, in pesos. */
    readonly limits: AmountLimits
  }
>()("@palomma-effect/client/PalommaTarget") {}

/** Every service of the API. */
export type Services =
  | PalommaTarget
  | Customers
  | PayinLinks
  | PayinSources
  | PayinRequests
  | PayoutTargets
  | PayoutRequests
  | MerchantAccounts
  | PayinSettlements

const isLoopback = ({ hostname }: URL): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname)

const isBaseUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  const isSecure = url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url))
  // An empty query or fragment shows in the whole URL alone, and would swallow every path.
  return isSecure && url.username === "" && url.password === "" && !/[?#]/.test(url.href)
}

// What is used is what was checked, however the text was written.
const normalized = (text: string): string => {
  const { origin, pathname } = new URL(text)
  return `${origin}${pathname}`.replace(/\/+$/, "")
}

const baseUrlRule = "must be an https URL (http for this machine alone) without user, query or fragment"

const isApiKey = (text: string): boolean => /^[\x21-\x7e]+$/.test(text)

const apiKeyRule = "must be the API key that Palomma issued: printable ASCII without spaces"

const kindOf = (baseUrl: string): PalommaTarget["Service"]["kind"] => {
  const url = new URL(baseUrl)
  if (isLoopback(url)) return "loopback"
  if (url.hostname === new URL(palommaServers.sandbox).hostname) return "sandbox"
  return url.hostname === "palomma.com" || url.hostname.endsWith(".palomma.com") ? "production" : "other"
}

const isLimit = (pesos: number | undefined): boolean =>
  pesos === undefined || (Number.isSafeInteger(pesos) && pesos > 1_000)

const isEnvironment = (text: string): text is Environment => Object.hasOwn(palommaServers, text)

const environmentRule = "must be sandbox or production"

const problemsOf = (options: Options): ReadonlyArray<InputProblem> => {
  const found: Array<InputProblem> = []
  if (!isApiKey(Redacted.value(options.apiKey))) found.push({ field: "apiKey", rule: apiKeyRule })
  if (options.environment !== undefined && !isEnvironment(options.environment)) {
    found.push({ field: "environment", rule: environmentRule })
  }
  if (options.baseUrl !== undefined && !isBaseUrl(options.baseUrl)) found.push({ field: "baseUrl", rule: baseUrlRule })
  for (const [name, pesos] of Object.entries(options.limits ?? {})) {
    if (!isLimit(pesos)) found.push({ field: `limits.${name}`, rule: "must be a whole number of pesos above 1.000" })
  }
  return found
}

const services = Effect.fnUntraced(function* (options: Options) {
  const problems = problemsOf(options)
  if (problems.length > 0) {
    return yield* new PalommaInvalidInput({ operation: "Palomma.layer", outcome: "not-sent", problems })
  }
  const baseUrl = normalized(options.baseUrl ?? palommaServers[options.environment ?? "sandbox"])
  const limits = { ...defaultAmountLimits }
  for (const name of ["payout", "payin", "payinLink"] as const) limits[name] = options.limits?.[name] ?? limits[name]
  const connection = yield* Connection.make({
    httpClient: yield* HttpClient.HttpClient,
    baseUrl,
    apiKey: options.apiKey,
    limits,
    extraPayoutBanks: options.extraPayoutBanks ?? [],
    refusals: options.refusals ?? [],
    policy: overrideRetryPolicy(defaultRetryPolicy, options.retry ?? {})
  })
  return Context.make(PalommaTarget, { baseUrl, kind: kindOf(baseUrl), limits }).pipe(
    Context.add(Customers, customers.make(connection)),
    Context.add(PayinLinks, payinLinks.make(connection)),
    Context.add(PayinSources, payinSources.make(connection)),
    Context.add(PayinRequests, payinRequests.make(connection)),
    Context.add(PayoutTargets, payoutTargets.make(connection)),
    Context.add(PayoutRequests, payoutRequests.make(connection)),
    Context.add(MerchantAccounts, merchantAccounts.make(connection)),
    Context.add(PayinSettlements, payinSettlements.make(connection))
  )
})

/**
 * Provides every service from an `HttpClient` of yours.
 *
 * **Gotchas**
 *
 * The client must send each request once and follow no redirect; on Node, `fetch` by itself sends a payout again after a 421, which
 * {@link layerFetch} keeps it from. Never wrap it in `HttpClient.retryTransient` or
 * `HttpClient.withRateLimiter`: both send a payout again without knowing whether it was made.
 */
export const layer = (options: Options): Layer.Layer<Services, PalommaInvalidInput, HttpClient.HttpClient> =>
  Layer.effectContext(services(options))

// Whatever `fetch` the program provides, if it provides one, made to send once.
const onceOnly = FetchHttpClient.layer.pipe(
  Layer.provide(Layer.effect(FetchHttpClient.Fetch, Effect.map(FetchHttpClient.Fetch, fetchOnce)))
)

/** Provides every service, with a `fetch` that sends each request once and follows no redirect. */
export const layerFetch = (options: Options): Layer.Layer<Services, PalommaInvalidInput> =>
  layer(options).pipe(Layer.provide(onceOnly))

/** What {@link layerConfig} is told beside what it reads. */
export interface ConfigOptions extends Omit<Options, "apiKey" | "environment" | "baseUrl"> {}

/**
 * Provides every service as the configuration says: `PALOMMA_API_KEY`, `PALOMMA_ENVIRONMENT` (`sandbox` unless `production` is said)
 * and, where requests go elsewhere, `PALOMMA_BASE_URL`.
 *
 * All variables that are missing or malformed are named by one error; their values never are. A `ConfigError` means that the
 * configuration could not be read at all.
 */
export const layerConfig = (
  options: ConfigOptions = {}
): Layer.Layer<Services, Config.ConfigError | PalommaInvalidInput> =>
  Layer.unwrap(
    Effect.gen(function* () {
      const apiKey = yield* Config.option(Config.Redacted("PALOMMA_API_KEY"))
      const environment = Option.getOrElse(yield* Config.option(Config.String("PALOMMA_ENVIRONMENT")), () => "sandbox")
      const baseUrl = Option.getOrUndefined(yield* Config.option(Config.String("PALOMMA_BASE_URL")))
      const problems: Array<InputProblem> = []
      if (Option.isNone(apiKey)) problems.push({ field: "PALOMMA_API_KEY", rule: `is not set; it ${apiKeyRule}` })
      else if (!isApiKey(Redacted.value(apiKey.value))) problems.push({ field: "PALOMMA_API_KEY", rule: apiKeyRule })
      if (!isEnvironment(environment)) problems.push({ field: "PALOMMA_ENVIRONMENT", rule: environmentRule })
      if (baseUrl !== undefined && !isBaseUrl(baseUrl)) problems.push({ field: "PALOMMA_BASE_URL", rule: baseUrlRule })
      if (Option.isNone(apiKey) || !isEnvironment(environment) || problems.length > 0) {
        return yield* new PalommaInvalidInput({ operation: "Palomma.layerConfig", outcome: "not-sent", problems })
      }
      return layerFetch({ ...options, apiKey: apiKey.value, environment, baseUrl })
    })
  )
