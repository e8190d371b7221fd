/**
 * Requests and responses of the simulator, and how the handlers of the contract turn one into the other.
 */
import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Headers from "effect/http/Headers"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import { causeResponse } from "effect/http/HttpServerError"
import * as HttpMethod from "effect/http/HttpMethod"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { HttpApiSchemaError } from "effect/http-api/HttpApiError"
import * as SchemaIssue from "effect/SchemaIssue"
import type * as Scope from "effect/Scope"

/** A request, in process or from the server. */
export interface Incoming {
  readonly method: string
  /** The path and the query. */
  readonly url: string
  readonly headers: Headers.Headers
  readonly body: string
}

/** The maximum size of the body of a request, in bytes. */
export const maxBodySize = 1024 * 1024

/** An encoded response. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The response to a request whose body is longer than `maxBodySize`. */
export const tooLong: Answer = {
  status: 413,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ message: "The body is longer than 1 MiB" })
}

const formatIssues = SchemaIssue.makeFormatterStandardSchemaV1()

const describe = (error: HttpApiSchemaError): string =>
  formatIssues(error.cause.issue)
    .issues.map(({ message, path = [] }) => {
      const place = path.map((segment) => String(typeof segment === "object" ? segment.key : segment)).join(".")
      return place === "" ? message : `${place}: ${message}`
    })
    .join("; ")

const badRequest = (message: string): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.jsonUnsafe({ message }, { status: 400 })

// Input that the schemas of `HttpApi` refuse becomes a defect.
const answerToCause = <E>(cause: Cause.Cause<E>): Effect.Effect<HttpServerResponse.HttpServerResponse> => {
  for (const reason of cause.reasons) {
    if (Cause.isDieReason(reason) && HttpApiSchemaError.is(reason.defect)) {
      const { kind } = reason.defect
      if (kind !== "Body" && kind !== "ResponseHeaders") return Effect.succeed(badRequest(describe(reason.defect)))
    }
  }
  return Effect.map(causeResponse(cause), ([response]) => response)
}

const encodeResponse = (response: HttpServerResponse.HttpServerResponse): Effect.Effect<Answer> =>
  // `curl -d` sends no JSON content type, which `HttpApi` answers with a 415.
  response.status === 415
    ? encodeResponse(badRequest("the body must be JSON, sent with content-type: application/json"))
    : HttpServerResponse.toClientResponse(response).text.pipe(
        Effect.orDie,
        Effect.map((body) => ({ status: response.status, headers: response.headers, body }))
      )

/**
 * Handles a request in one synchronous step. No other fiber sees a half-done change, and a client that disconnects
 * cannot stop a request that has arrived.
 */
export const answerFrom = <E>(
  app: Effect.Effect<HttpServerResponse.HttpServerResponse, E, HttpServerRequest.HttpServerRequest | Scope.Scope>,
  incoming: Incoming
): Effect.Effect<Answer> => {
  if (!HttpMethod.isHttpMethod(incoming.method)) return Effect.succeed({ status: 404, headers: {}, body: "" })
  const request = HttpServerRequest.fromClientRequest(
    HttpClientRequest.make(incoming.method)(`http://localhost${incoming.url}`).pipe(
      HttpClientRequest.bodyText(incoming.body, incoming.headers["content-type"] ?? "application/json"),
      HttpClientRequest.setHeaders(incoming.headers)
    )
  )
  const answer = app.pipe(
    Effect.catchCause(answerToCause),
    Effect.flatMap(encodeResponse),
    Effect.scoped,
    Effect.provideService(HttpServerRequest.HttpServerRequest, request)
  )
  return Effect.contextWith((context: Context.Context<never>) => Effect.sync(() => Effect.runSyncWith(context)(answer)))
}
