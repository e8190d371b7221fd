/**
 * The connection of a layer: base URL, API key, merchant rules, retry policy, and how one request is sent.
 */
import type { MerchantRules } from "@palomma-effect/schema"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { constTrue } from "effect/Function"
import * as Redacted from "effect/Redacted"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Headers from "effect/http/Headers"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as HandOver from "../../HandOver.ts"
import * as FetchOnce from "../../FetchOnce.ts"
import type { RateLimit } from "../../RateLimit.ts"
import type { RetryPolicy } from "../../RetryOptions.ts"

/** The settings that all calls of a layer share. */
export interface Connection {
  /** The base URL, without a trailing slash. */
  readonly baseUrl: string
  /** The headers of every request. They include the API key. */
  readonly headers: Headers.Headers
  /** The headers of a request that has a body. */
  readonly bodyHeaders: Headers.Headers
  /** The texts that no message of any call may contain. */
  readonly secrets: ReadonlyArray<string>
  readonly rules: MerchantRules
  readonly rejectedStatuses: ReadonlySet<number>
  readonly policy: RetryPolicy
  readonly rateLimit: RateLimit | undefined
  /**
   * Whether requests go through `FetchOnce`: it uses the switch, and the responses are `Response` objects of the
   * platform.
   */
  readonly isFetch: boolean
  /** Sends one request. If a switch is passed, the body is handed over through it. */
  readonly execute: (
    request: HttpClientRequest.HttpClientRequest,
    handOver: HandOver.HandOver | undefined
  ) => Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError>
}

/** The options of a connection. */
export interface ConnectionOptions {
  readonly baseUrl: string
  readonly apiKey: Redacted.Redacted
  readonly rules: MerchantRules
  readonly rejectedStatuses: ReadonlyArray<number>
  readonly policy: RetryPolicy
  readonly rateLimit: RateLimit | undefined
  /** The `HttpClient` of the program, or the `fetch` that this library wraps. */
  readonly via: { readonly client: HttpClient.HttpClient } | { readonly fetch: typeof globalThis.fetch }
}

const fetchClient: Effect.Effect<HttpClient.HttpClient> = HttpClient.HttpClient.pipe(
  Effect.provide(FetchHttpClient.layer)
)

/** Makes a connection. It sends each request once, follows no redirect and sends no tracing headers to Palomma. */
export const make = Effect.fnUntraced(function* (options: ConnectionOptions) {
  const { apiKey, baseUrl, policy, rateLimit, rejectedStatuses, rules, via } = options
  const isFetch = "fetch" in via
  const client = isFetch ? yield* fetchClient : via.client
  // Programs configure a proxy or dispatcher through this service. The context below replaces it, so its fields are
  // copied.
  const programInit = Context.getOrUndefined(yield* Effect.context<never>(), FetchHttpClient.RequestInit) ?? {}
  // The span of Effect's client records full URLs and sends its ids to the server. The span of a call records only the
  // path template.
  const untraced = Context.make(HttpClient.TracerDisabledWhen, constTrue)
  // Provided to each request, because a `Fetch` that the program provides around a call would replace the wrapper.
  const shared = isFetch ? Context.add(untraced, FetchHttpClient.Fetch, FetchOnce.make(via.fetch)) : untraced
  const init: RequestInit = { ...programInit, redirect: "manual" }
  const readContext = Context.add(shared, FetchHttpClient.RequestInit, init)

  const headers = Headers.fromInput({
    accept: "application/json",
    authorization: `Bearer ${Redacted.value(apiKey)}`
  })

  const connection: Connection = {
    baseUrl,
    headers,
    bodyHeaders: Headers.set(headers, "content-type", "application/json"),
    secrets: [Redacted.value(apiKey)],
    rules,
    rejectedStatuses: new Set(rejectedStatuses),
    policy,
    rateLimit,
    isFetch,
    execute: (request, handOver) => {
      if (handOver === undefined) return Effect.provideContext(client.execute(request), readContext)
      const createContext = Context.add(shared, FetchHttpClient.RequestInit, HandOver.into(init, handOver))
      return Effect.provideContext(client.execute(request), createContext)
    }
  }
  return connection
})
