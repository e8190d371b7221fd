/**
 * What the signatures of webhooks promise: `handle` never fails, accepts the requests of every framework, and requires
 * what the handler requires. Never run: `tsc -b` is the test.
 */
import {
  type PalommaInvalidInput,
  type WebhookAnswer,
  type WebhookInbox,
  type WebhookRejected,
  Webhooks
} from "@palomma-effect/client"
import type { WebhookEvent } from "@palomma-effect/schema"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type * as HttpRouter from "effect/http/HttpRouter"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import type { IncomingMessage } from "node:http"

class Store extends Context.Service<Store, { readonly save: (event: WebhookEvent) => Effect.Effect<void, "full"> }>()(
  "test/Store"
) {}

const save = (event: WebhookEvent) =>
  Effect.gen(function* () {
    const store = yield* Store
    yield* Effect.addFinalizer(() => Effect.void)
    yield* store.save(event)
  })

declare const web: Request
declare const effect: HttpServerRequest.HttpServerRequest
declare const node: IncomingMessage
declare const lambda: {
  readonly headers: { readonly [name: string]: string | undefined }
  readonly body: string | null
}

type Handling = Effect.Effect<WebhookAnswer, never, Webhooks | WebhookInbox | Store>

export const handlings: ReadonlyArray<Handling> = [
  Webhooks.handle(web, save),
  Webhooks.handle(effect, save),
  Webhooks.handle(node, save),
  Webhooks.handle(lambda, save)
]

// The handler gets its own scope.
export const needsNoScope: Scope.Scope extends Effect.Services<(typeof handlings)[0]> ? never : true = true

export const verified: Effect.Effect<WebhookEvent, WebhookRejected, Webhooks> = Webhooks.fromRequest(node)

export const route: Layer.Layer<never, never, HttpRouter.HttpRouter | Webhooks | WebhookInbox | Store> = Webhooks.route(
  "/webhooks/palomma",
  save
)

// @ts-expect-error a request has headers
export const noRequest = Webhooks.fromRequest({ body: "{}" })

// @ts-expect-error a key is a secret: Redacted.make(key)
export const plainKey: Layer.Layer<Webhooks, PalommaInvalidInput> = Webhooks.layer({ integrityKeys: ["ik"] })

declare const answer: WebhookAnswer
export const status: 200 | 401 | 431 | 500 = answer.status
