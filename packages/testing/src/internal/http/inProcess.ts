import * as HandOver from "@palomma-effect/client/HandOver"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Stream from "effect/Stream"
import { type Answer, maxBodySize, tooLong } from "./answer.ts"
import type { Exchange, Outcome } from "./exchange.ts"

// These errors have the fields of the errors of Node 24's fetch. Tests compare them with real ones.
const systemError = (
  message: string,
  fields: { readonly errno: number; readonly code: string; readonly syscall: string }
) => Object.assign(new Error(message), fields)

const refused = (url: URL): Error => {
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80)
  return Object.assign(
    systemError(`connect ECONNREFUSED 127.0.0.1:${port}`, { errno: -111, code: "ECONNREFUSED", syscall: "connect" }),
    { address: "127.0.0.1", port }
  )
}

const connectionLost = (by: "reset" | "close"): Error =>
  by === "reset"
    ? systemError("read ECONNRESET", { errno: -104, code: "ECONNRESET", syscall: "read" })
    : Object.assign(new Error("other side closed"), { name: "SocketError", code: "UND_ERR_SOCKET" })

const fetchFailed = (cause: Error): TypeError => new TypeError("fetch failed", { cause })

const terminated = (cause: Error): TypeError => new TypeError("terminated", { cause })

const withoutBody = new Set([204, 205, 304])

const encoder = new TextEncoder()

const response = (
  request: HttpClientRequest.HttpClientRequest,
  { body, headers, status }: Answer,
  stream?: Stream.Stream<Uint8Array, unknown>
): HttpClientResponse.HttpClientResponse =>
  HttpServerResponse.toClientResponse(
    stream !== undefined
      ? HttpServerResponse.stream(stream, { status, headers })
      : withoutBody.has(status) || body === ""
        ? HttpServerResponse.empty({ status, headers })
        : HttpServerResponse.uint8Array(encoder.encode(body), { status, headers }),
    { request }
  )

// The client passes `HandOver` in `RequestInit`, where its own `fetch` reads it too. An empty body needs no hand-over.
const handOverOf = (fiber: Fiber.Fiber<unknown, unknown>, body: string): Effect.Effect<boolean> | undefined => {
  const handOver = HandOver.from(Context.getOrUndefined(fiber.context, FetchHttpClient.RequestInit))
  if (handOver === undefined || body === "") return undefined
  handOver.take()
  return handOver.offer(() => {})
}

/**
 * Makes the `HttpClient` of the simulator in process. It handles each request in the fiber of the caller.
 *
 * Like `fetch`, it asks for the body of a create after the connection is established.
 */
export const makeHttpClient = (exchange: Exchange["exchange"]): HttpClient.HttpClient =>
  HttpClient.make((request, url, _, fiber) => {
    const failed = (cause: Error) =>
      Effect.fail(
        new HttpClientError.HttpClientError({
          reason: new HttpClientError.TransportError({ request, cause: fetchFailed(cause) })
        })
      )
    return HttpServerRequest.fromClientRequest(request).text.pipe(
      Effect.mapError(
        (cause) => new HttpClientError.HttpClientError({ reason: new HttpClientError.EncodeError({ request, cause }) })
      ),
      Effect.flatMap((body): Effect.Effect<Outcome> =>
        encoder.encode(body).length > maxBodySize
          ? Effect.succeed({ _tag: "Answer", answer: tooLong })
          : exchange(
              { method: request.method, url: `${url.pathname}${url.search}`, headers: request.headers, body },
              handOverOf(fiber, body)
            )
      ),
      Effect.flatMap((outcome) => {
        switch (outcome._tag) {
          case "Answer":
            return Effect.succeed(response(request, outcome.answer))
          case "Refuse":
            return failed(refused(url))
          case "NotHandedOver":
            return failed(new Error("The body was not handed over."))
          case "Drop":
            return failed(connectionLost(outcome.by))
          case "Cut": {
            const bytes = encoder.encode(outcome.answer.body)
            const end = outcome.by === "stall" ? Stream.never : Stream.fail(terminated(connectionLost(outcome.by)))
            const start = Stream.succeed(bytes.slice(0, Math.floor(bytes.length * outcome.keep)))
            return Effect.succeed(response(request, outcome.answer, Stream.concat(start, end)))
          }
        }
      })
    )
  })
