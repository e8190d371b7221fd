/**
 * Webhooks: what Palomma reports, accepted only if Palomma signed it.
 *
 * @since 0.1.0
 */
import type { WebhookEvent } from "@palomma-effect/schema"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { deliveryOf } from "./internal/webhooks/delivery.ts"
import * as Handle from "./internal/webhooks/handle.ts"
import * as Options from "./internal/webhooks/options.ts"
import { importKeys } from "./internal/webhooks/signature.ts"
import * as Verify from "./internal/webhooks/verify.ts"
import type { PalommaInvalidInput } from "./PalommaError.ts"
import type { WebhookInbox } from "./WebhookInbox.ts"
import type { WebhookRejected } from "./WebhookRejected.ts"
import type {
  WebhookAnswer,
  WebhookDelivery,
  WebhookHandleOptions,
  WebhookRequest,
  WebhooksOptions,
  WebhooksService
} from "./WebhooksService.ts"

const make = Effect.fnUntraced(function* (options: WebhooksOptions) {
  const verify = Verify.make(yield* importKeys(options.integrityKeys), Options.toleranceOf(options))
  const handle = Handle.make(verify, Options.handlerTimeoutOf(options), yield* Effect.scope)
  const service: WebhooksService = { verify, handle }
  return service
})

// The compiler sees that nothing is left to provide only if both types are one type parameter.
const provideAll = <A, E, R>(effect: Effect.Effect<A, E, R>, context: Context.Context<R>): Effect.Effect<A, E> =>
  Effect.provideContext(effect, context)

/**
 * Webhooks: what Palomma reports, accepted only if Palomma signed it.
 *
 * Needs no API key.
 *
 * **Gotchas**
 *
 * - A webhook is a hint. Events can come late and in any order: read the record back before you act, as `Payouts.applyWebhook` does.
 * - Refusals are counted in `palomma_webhooks_refused`, by `reason`.
 *
 * @category services
 * @since 0.1.0
 */
export class Webhooks extends Context.Service<Webhooks, WebhooksService>()("@palomma-effect/client/Webhooks") {
  /**
   * Accepts the webhooks that are signed with one of the keys.
   */
  static readonly layer = (options: WebhooksOptions): Layer.Layer<Webhooks, PalommaInvalidInput> =>
    Layer.effect(Webhooks, Effect.flatMap(Options.read("Webhooks.layer", options), make))

  /**
   * Accepts the webhooks that are signed with the key in `PALOMMA_INTEGRITY_KEY`.
   *
   * During a rotation it holds several keys, separated by commas; spaces around them do not count. A key that holds a comma itself can
   * only be given to {@link Webhooks.layer}.
   */
  static readonly layerConfig = (
    options: Omit<WebhooksOptions, "integrityKeys"> = {}
  ): Layer.Layer<Webhooks, Config.ConfigError | PalommaInvalidInput> =>
    Layer.effect(
      Webhooks,
      Effect.gen(function* () {
        const configured = yield* Config.option(Config.Redacted("PALOMMA_INTEGRITY_KEY"))
        return yield* make(yield* Options.readConfig("Webhooks.layerConfig", configured, options))
      })
    )

  /**
   * Verifies a delivery and decodes the event.
   *
   * It is accepted exactly when `encodedData` has at most 65,536 characters, `signature` is the HMAC-SHA-256 of its text under one of the
   * integrity keys, as 64 lower-case hexadecimal digits, and the event is neither older than the tolerance nor further ahead of the
   * clock. An event type that this library does not know is accepted, and so is an event without a time: it is signed, it is handled once,
   * and its record is read back before anything is done, so a replay does no harm.
   *
   * **Gotchas**
   *
   * An event without a `webhookId` gets one that is made of the signed text: `sha256-` and 64 hexadecimal digits.
   */
  static readonly verify = (delivery: WebhookDelivery): Effect.Effect<WebhookEvent, WebhookRejected, Webhooks> =>
    Webhooks.use((webhooks) => webhooks.verify(delivery))

  /**
   * Verifies a request and decodes the event. The body is never read, since Palomma signs a header.
   *
   * **Example** (Anyone can send to the address of a webhook)
   *
   * ```ts
   * import { Webhooks } from "@palomma-effect/client"
   * import * as Effect from "effect/Effect"
   * import * as Redacted from "effect/Redacted"
   *
   * const request = new Request("https://shop.example/webhooks/palomma", { method: "POST", body: "{}" })
   * const refused = await Webhooks.fromRequest(request).pipe(
   *   Effect.flip,
   *   Effect.provide(Webhooks.layer({ integrityKeys: [Redacted.make("my-integrity-key")] })),
   *   Effect.runPromise
   * )
   * refused.reason // => "MissingHeader"
   * ```
   */
  static readonly fromRequest = (request: WebhookRequest): Effect.Effect<WebhookEvent, WebhookRejected, Webhooks> =>
    Effect.suspend(() => Webhooks.verify(deliveryOf(request)))

  /**
   * Verifies a request, handles its event once, and returns the status to answer. Never fails.
   *
   * It works with any framework: of the request only the headers are read.
   *
   * - 200: the webhook was handled, now or by an earlier delivery.
   * - 401: `MissingHeader`, `MalformedSignature`, `SignatureMismatch` or `TooOld`.
   * - 431: `TooLarge`.
   * - 500, so that Palomma delivers it again: the handler failed or has not finished, or `MalformedPayload`.
   *
   * The answer comes within 4.5 seconds, since Palomma waits for five. A handler that takes longer is not interrupted, nor is one whose
   * caller is: half of its work may be done, and a retry that always ends halfway never ends. It goes on in a fiber of the layer, for at
   * most `handlerTimeout`, and the next delivery finds it handled. Closing the layer interrupts it.
   *
   * Refusals are logged at most once a minute for each reason.
   *
   * **Gotchas**
   *
   * - What a handler fails with is logged.
   * - On a runtime that stops when the answer is given, such as Cloudflare Workers, a handler that takes longer does not finish.
   * - The event comes in a header, and Node itself answers 431 to more than 16 kB of headers. An event has about 2 kB; `maxHeaderSize` of
   *   `http.createServer` raises the limit.
   *
   * **Example** (A server that is not an Effect program)
   *
   * ```ts
   * import { WebhookInbox, Webhooks } from "@palomma-effect/client"
   * import * as Effect from "effect/Effect"
   * import * as Layer from "effect/Layer"
   * import * as ManagedRuntime from "effect/ManagedRuntime"
   * import * as Redacted from "effect/Redacted"
   *
   * const runtime = ManagedRuntime.make(
   *   Layer.mergeAll(
   *     Webhooks.layer({ integrityKeys: [Redacted.make("my-integrity-key")] }),
   *     WebhookInbox.layerMemory
   *   )
   * )
   *
   * const POST = async (request: Request): Promise<Response> => {
   *   const { status } = await runtime.runPromise(
   *     Webhooks.handle(request, (event) => Effect.log(event.eventType))
   *   )
   *   return new Response(null, { status })
   * }
   *
   * const answer = await POST(new Request("https://shop.example/webhooks/palomma", { method: "POST" }))
   * answer.status // => 401
   * await runtime.dispose()
   * ```
   */
  static readonly handle = <E, R>(
    request: WebhookRequest,
    handler: (event: WebhookEvent) => Effect.Effect<unknown, E, R>,
    options?: WebhookHandleOptions
  ): Effect.Effect<WebhookAnswer, never, Webhooks | WebhookInbox | Exclude<R, Scope.Scope>> =>
    Webhooks.use((webhooks) => webhooks.handle(request, handler, options))

  /**
   * Receives webhooks at a path of an `HttpRouter` app, and answers as {@link Webhooks.handle} says.
   *
   * A handler that takes longer than the answer goes on in a fiber of this layer.
   *
   * **Gotchas**
   *
   * Effect's server spans record no headers by default. If yours do, add `x-encoded-data` and `x-signature` to
   * `Headers.CurrentRedactedNames`.
   *
   * **Example** (A server that logs payouts)
   *
   * ```ts
   * import { WebhookInbox, Webhooks } from "@palomma-effect/client"
   * import { PayoutRequestUpdated } from "@palomma-effect/schema"
   * import * as Effect from "effect/Effect"
   * import * as Layer from "effect/Layer"
   * import * as Redacted from "effect/Redacted"
   * import * as HttpRouter from "effect/http/HttpRouter"
   *
   * const App = Webhooks.route("/webhooks/palomma", (event) =>
   *   event instanceof PayoutRequestUpdated ? Effect.log(`payout ${event.event.id} changed`) : Effect.void
   * ).pipe(
   *   Layer.provide(Webhooks.layer({ integrityKeys: [Redacted.make("my-integrity-key")] })),
   *   Layer.provide(WebhookInbox.layerMemory)
   * )
   *
   * const { dispose, handler } = HttpRouter.toWebHandler(App, { disableLogger: true })
   * const answer = await handler(new Request("http://localhost/webhooks/palomma", { method: "POST" }))
   * answer.status // => 401
   * await dispose()
   * ```
   */
  static readonly route = <E, R>(
    path: HttpRouter.PathInput,
    handler: (event: WebhookEvent) => Effect.Effect<unknown, E, R>
  ): Layer.Layer<never, never, HttpRouter.HttpRouter | Webhooks | WebhookInbox | Exclude<R, Scope.Scope>> =>
    HttpRouter.use(
      Effect.fnUntraced(function* (router) {
        const context = yield* Effect.context<Webhooks | WebhookInbox | Exclude<R, Scope.Scope>>()
        const scope = yield* Effect.scope
        yield* router.add("POST", path, (request) =>
          Effect.map(provideAll(Webhooks.handle(request, handler, { scope }), context), ({ status }) =>
            HttpServerResponse.empty({ status })
          )
        )
      })
    )
}
