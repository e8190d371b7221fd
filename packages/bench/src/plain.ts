/**
 * The peer: the same two calls with only `effect/http`, with the same limits of time and of the body.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"

const PlainPayout = Schema.Struct({
  id: Schema.String,
  reference: Schema.optionalKey(Schema.NullOr(Schema.String)),
  customerId: Schema.optionalKey(Schema.NullOr(Schema.String)),
  customerDetails: Schema.optionalKey(
    Schema.Struct({
      reference: Schema.optionalKey(Schema.NullOr(Schema.String)),
      name: Schema.optionalKey(Schema.NullOr(Schema.String)),
      documentType: Schema.optionalKey(Schema.NullOr(Schema.String)),
      documentNumber: Schema.optionalKey(Schema.NullOr(Schema.String)),
      email: Schema.optionalKey(Schema.NullOr(Schema.String)),
      phoneNumber: Schema.optionalKey(Schema.NullOr(Schema.String))
    })
  ),
  payoutTargetId: Schema.String,
  payoutTargetDetails: Schema.optionalKey(
    Schema.Struct({
      reference: Schema.optionalKey(Schema.NullOr(Schema.String)),
      description: Schema.optionalKey(Schema.NullOr(Schema.String)),
      type: Schema.optionalKey(Schema.NullOr(Schema.String))
    })
  ),
  status: Schema.String,
  statusMessage: Schema.optionalKey(Schema.NullOr(Schema.String)),
  amount: Schema.Number,
  amountSent: Schema.optionalKey(Schema.NullOr(Schema.Number)),
  fee: Schema.optionalKey(Schema.NullOr(Schema.Number)),
  sourceMerchantAccountId: Schema.optionalKey(Schema.NullOr(Schema.String)),
  createdAt: Schema.optionalKey(Schema.NullOr(Schema.String)),
  updatedAt: Schema.optionalKey(Schema.NullOr(Schema.String))
})

const PlainCreate = Schema.fromJsonString(
  Schema.Struct({
    payoutTargetId: Schema.NonEmptyString,
    amount: Schema.Int,
    reference: Schema.optionalKey(Schema.NonEmptyString)
  })
)

/** A `fetch` that hands over a body when the client asks for it, without a way to stop it. */
export const lateBody =
  (fetch: typeof globalThis.fetch): typeof globalThis.fetch =>
  (input, init) => {
    const body = init?.body
    if (!(body instanceof Uint8Array)) return fetch(input, init)
    const headers = new Headers(init?.headers)
    headers.set("content-length", String(body.byteLength))
    const late: RequestInit & { readonly duplex: "half" } = {
      ...init,
      headers,
      duplex: "half",
      body: new ReadableStream(
        {
          pull: (controller) => {
            controller.enqueue(body)
            controller.close()
          }
        },
        { highWaterMark: 0 }
      )
    }
    return fetch(input, late)
  }

const decode = HttpClientResponse.schemaBodyJson(PlainPayout)
const encode = Schema.encodeEffect(PlainCreate)

/** Gets and creates payouts with `effect/http`, without a time limit and a span. */
export const bare = (client: HttpClient.HttpClient, baseUrl: string, apiKey: Redacted.Redacted) => {
  const api = client.pipe(
    HttpClient.mapRequest((request) =>
      request.pipe(
        HttpClientRequest.prependUrl(baseUrl),
        HttpClientRequest.bearerToken(apiKey),
        HttpClientRequest.acceptJson
      )
    ),
    HttpClient.filterStatusOk,
    HttpClient.transformResponse((response) =>
      response.pipe(
        Effect.provideService(HttpClient.TracerDisabledWhen, () => true),
        Effect.provideService(FetchHttpClient.RequestInit, { redirect: "error" })
      )
    )
  )
  return {
    get: (id: string) => Effect.flatMap(api.get(`/payoutRequests/${id}`), decode),
    create: (body: typeof PlainCreate.Type) =>
      encode(body).pipe(
        Effect.flatMap((json) => api.post("/payoutRequests", { body: HttpBody.text(json, "application/json") })),
        Effect.flatMap(decode)
      )
  }
}

/**
 * Gets and creates payouts with a time limit and a span, like the library.
 *
 * The library has a limit for the attempt and one for the call. For a single attempt only the shorter one has an
 * effect, so the peer has one.
 */
export const careful = (client: HttpClient.HttpClient, baseUrl: string, apiKey: Redacted.Redacted) => {
  const { create, get } = bare(client, baseUrl, apiKey)
  const limited =
    (name: string, method: string, limit: Duration.Input) =>
    <A, E, R>(self: Effect.Effect<A, E, R>) =>
      self.pipe(
        Effect.timeout(limit),
        Effect.withSpan(
          name,
          { kind: "client", attributes: { "http.request.method": method, "url.template": "/payoutRequests" } },
          { captureStackTrace: false }
        )
      )
  const read = limited("get", "GET", "7 seconds")
  const write = limited("create", "POST", "1 minute")
  return {
    get: (id: string) => read(get(id)),
    create: (body: typeof PlainCreate.Type) => write(create(body))
  }
}
