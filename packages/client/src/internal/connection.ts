/**
 * What every operation shares: the derived client, the key, and the merchant's own rules.
 */
import { type AmountLimits, PalommaApi } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import { constTrue, flow } from "effect/Function"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import type { RetryPolicy } from "../RetryPolicy.ts"

/** What every operation shares. */
export interface Connection {
  readonly client: HttpApiClient.ForApi<typeof PalommaApi>
  readonly apiKey: Redacted.Redacted
  readonly limits: AmountLimits
  readonly extraPayoutBanks: ReadonlyArray<string>
  readonly refusals: ReadonlyArray<number>
  readonly policy: RetryPolicy
}

/** Derives the client from the contract: one request each, no redirect, no tracing headers to a third party. */
export const make = Effect.fnUntraced(function* (
  options: Omit<Connection, "client"> & { readonly baseUrl: string; readonly httpClient: HttpClient.HttpClient }
) {
  const { baseUrl, httpClient, ...rules } = options
  // A fetch that is told of a proxy or a dispatcher is told so through this service, which ours would hide.
  const given = Option.getOrElse(yield* Effect.serviceOption(FetchHttpClient.RequestInit), () => ({}))
  const client = yield* HttpApiClient.makeWith(PalommaApi, {
    baseUrl,
    httpClient: httpClient.pipe(
      HttpClient.mapRequest(flow(HttpClientRequest.bearerToken(rules.apiKey), HttpClientRequest.acceptJson)),
      HttpClient.transformResponse(
        flow(
          // The client's own span records whole URLs and sends its ids along; ours names the path template and stays at home.
          Effect.provideService(HttpClient.TracerDisabledWhen, constTrue),
          // A followed 307 or 308 would send the body again, and to whomever it names.
          Effect.provideService(FetchHttpClient.RequestInit, { ...given, redirect: "manual" })
        )
      )
    )
  })
  const connection: Connection = { ...rules, client }
  return connection
})
