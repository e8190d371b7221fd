import { PalommaApi } from "@palomma-effect/schema/PalommaApi"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApiScalar from "effect/http-api/HttpApiScalar"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { answerFrom } from "../http/answer.ts"
import { ControlApi } from "../control/ControlApi.ts"
import { unknownNamesIn } from "../control/faultNames.ts"
import { layer as controls } from "../control/handlers.ts"
import type { Exchange, Outcome } from "../http/exchange.ts"
import { isForeign } from "./foreign.ts"
import { basePath } from "../operations.ts"
import type { Simulator } from "../simulator.ts"

const isSite = (url: string): boolean => /^\/(?:_simulator|docs|openapi\.json)(?=[/?]|$)/.test(url)

const isControl = (url: string): boolean => /^\/_simulator(?=[/?]|$)/.test(url)

const answerWith = (status: number, message: string): Outcome => ({
  _tag: "Answer",
  answer: { status, headers: { "content-type": "application/json" }, body: JSON.stringify({ message }) }
})

const foreign = answerWith(
  403,
  "The controls refused this host or origin. Use localhost or an IP address, or add the name to allowedHosts."
)

/** Adds the controls, the reference pages and the OpenAPI document to the API. */
export const withSite = Effect.fnUntraced(function* (simulator: Simulator, names: ReadonlyArray<string>) {
  const scope = yield* Scope.Scope
  // The document lists only this server, so that a request from the reference page never reaches Palomma by mistake.
  const api = PalommaApi.annotate(OpenApi.Servers, [{ url: basePath, description: "Simulated" }])
  const document = yield* Effect.cached(Effect.sync(() => HttpServerResponse.jsonUnsafe(OpenApi.fromApi(api))))
  const site = yield* HttpRouter.toHttpEffect(
    Layer.mergeAll(controls(simulator), HttpRouter.add("GET", "/openapi.json", document)).pipe(
      Layer.provide(HttpServer.layerServices)
    )
  )
  // The pages include three megabytes of script, so they are built on the first request.
  const pages = yield* Effect.cached(
    HttpRouter.toHttpEffect(
      Layer.mergeAll(HttpApiScalar.layer(api), HttpApiScalar.layer(ControlApi, { path: "/_simulator/docs" }))
    ).pipe(Scope.provide(scope))
  )
  const exchange: Exchange["exchange"] = (incoming) => {
    if (!isSite(incoming.url)) return simulator.exchange(incoming)
    if (isControl(incoming.url) && isForeign(incoming.headers, names)) return Effect.succeed(foreign)
    const message = unknownNamesIn(incoming)
    if (message !== undefined) return Effect.succeed(answerWith(400, message))
    const isPage = /^\/(?:docs|_simulator\/docs)(?=[/?]|$)/.test(incoming.url)
    return Effect.flatMap(isPage ? pages : Effect.succeed(site), (app) => answerFrom(app, incoming)).pipe(
      Effect.map((answer) => ({ _tag: "Answer", answer }))
    )
  }
  return exchange
})
