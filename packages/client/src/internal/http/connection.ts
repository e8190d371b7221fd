/**
 * What every call of a layer shares: where requests go, the key, the merchant's own rules, and how one request is executed.
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

/** What every call of a layer shares. */
export interface Connection {
  /** Without a slash at its end. */
  readonly baseUrl: string
  /** The headers of every request, the key among them. */
  readonly headers: Headers.Headers
  /** The headers of a request that has a body. */
  readonly bodyHeaders: Headers.Headers
  /** The texts that must be in no message, whatever is called. */
  readonly secrets: ReadonlyArray<string>
  readonly rules: MerchantRules
  readonly rejectedStatuses: ReadonlySet<number>
  readonly policy: RetryPolicy
  readonly rateLimit: RateLimit | undefined
  /** Whether the client is the library's own `fetch`: it asks the switch by itself, and its answers are `Response` objects. */
  readonly isFetch: boolean
  /** Sends one request, whose body leaves through the switch if it has one. What it fails with is judged as it is. */
  readonly execute: (
    request: HttpClientRequest.HttpClientRequest,
    handOver: HandOver.HandOver | undefined
  ) => Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError>
}

/** What a connection is made of. */
export interface ConnectionOptions {
  readonly baseUrl: string
  readonly apiKey: Redacted.Redacted
  readonly rules: MerchantRules
  readonly rejectedStatuses: ReadonlyArray<number>
  readonly policy: RetryPolicy
  readonly rateLimit: RateLimit | undefined
  /** A client of the program's own, or the `fetch` that the library wraps. */
  readonly via: { readonly client: HttpClient.HttpClient } | { readonly fetch: typeof globalThis.fetch }
}

const fetchClient: Effect.Effect<HttpClient.HttpClient> = HttpClient.HttpClient.pipe(
  Effect.provide(FetchHttpClient.layer)
)

/** Makes a connection: one request each, no redirect followed, no tracing headers to a third party. */
export const make = Effect.fnUntraced(function* (options: ConnectionOptions) {
  const { apiKey, baseUrl, policy, rateLimit, rejectedStatuses, rules, via } = options
  const isFetch = "fetch" in via
  const client = isFetch ? yield* fetchClient : via.client
  // A fetch that is told of a proxy or a dispatcher is told so through this service, which the one below would hide.
  const given = Context.getOrUndefined(yield* Effect.context<never>(), FetchHttpClient.RequestInit) ?? {}
  // The client's own span records whole URLs and sends its ids along; the library's names the path template and stays at home.
  const untraced = Context.make(HttpClient.TracerDisabledWhen, constTrue)
  // Provided to each request: a `Fetch` that a program provides around a call would bypass the wrapper otherwise.
  const shared = isFetch ? Context.add(untraced, FetchHttpClient.Fetch, FetchOnce.make(via.fetch)) : untraced
  const init: RequestInit = { ...given, redirect: "manual" }
  const ofRead = Context.add(shared, FetchHttpClient.RequestInit, init)

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
      if (handOver === undefined) return Effect.provideContext(client.execute(request), ofRead)
      const ofCreate = Context.add(shared, FetchHttpClient.RequestInit, HandOver.into(init, handOver))
      return Effect.provideContext(client.execute(request), ofCreate)
    }
  }
  return connection
})
