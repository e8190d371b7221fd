/**
 * Verifies and handles the webhooks of Palomma.
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

// With one type parameter for both types, the compiler sees that no service is left to provide.
const provideAll = <A, E, R>(effect: Effect.Effect<A, E, R>, context: Context.Context<R>): Effect.Effect<A, E> =>
  Effect.provideContext(effect, context)

/**
 * Verifies and handles the webhooks of Palomma.
 *
 * It accepts only webhooks that Palomma signed, and needs no API key.
 *
 * **Gotchas**
 *
 * - A webhook is only a hint. Events can arrive late and in any order. Read the record from Palomma before you act, as
 *   `Payouts.applyWebhook` does.
 * - The metric `palomma_webhooks_refused` counts refused webhooks by `reason`.
 *
 * @category services
 * @since 0.1.0
 */
export class Webhooks extends Context.Service<Webhooks, WebhooksService>()("@palomma-effect/client/Webhooks") {
  /**
   * Provides `Webhooks` with the given integrity keys. A webhook is accepted if it is signed with one of them.
   *
   * **Example** (The old and the new key during a rotation)
   *
   * ```ts
   * import { Webhooks } from "@palomma-effect/client"
   * import * as Redacted from "effect/Redacted"
   *
   * export const WebhooksLive = Webhooks.layer({
   *   integrityKeys: [Redacted.make("the-old-key"), Redacted.make("the-new-key")],
   *   handlerTimeout: "30 seconds"
   * })
   * ```
   */
  static readonly layer = (options: WebhooksOptions): Layer.Layer<Webhooks, PalommaInvalidInput> =>
    Layer.effect(Webhooks, Effect.flatMap(Options.read("Webhooks.layer", options), make))

  /**
   * Provides `Webhooks` with the integrity key in `PALOMMA_INTEGRITY_KEY`.
   *
   * During a rotation, the variable can have several keys, separated by commas. Spaces around a key are ignored. A key
   * that contains a comma can only be passed to {@link Webhooks.layer}.
   *
   * **Example** (A missing key)
   *
   * ```ts
   * import { Webhooks } from "@palomma-effect/client"
   * import * as ConfigProvider from "effect/ConfigProvider"
   * import * as Effect from "effect/Effect"
   * import * as Layer from "effect/Layer"
   *
   * const withoutKey = ConfigProvider.layer(ConfigProvider.fromUnknown({}))
   * const error = await Layer.launch(Webhooks.layerConfig()).pipe(
   *   Effect.provide(withoutKey),
   *   Effect.flip,
   *   Effect.runPromise
   * )
   * error._tag // => "PalommaInvalidInput"
   * ```
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
   * It accepts a delivery if all of these are true:
   *
   * - `encodedData` has at most 65,536 characters.
   * - `signature` is the HMAC-SHA-256 of the text `encodedData` under one of the integrity keys, as 64 lower-case
   *   hexadecimal digits.
   * - The timestamp of the event is at most the tolerance before or after the current time.
   *
   * An unknown event type is accepted. An event without a timestamp is accepted too, because a replay of it does no
   * harm: the event is signed, it is handled once, and its record is read from Palomma before anything is done.
   *
   * **Gotchas**
   *
   * An event without a `webhookId` gets an id made from the signed text: `sha256-` and 64 hexadecimal digits.
   *
   * **Example** (A signed delivery)
   *
   * ```ts
   * import { Webhooks } from "@palomma-effect/client"
   * import { WebhookSigner } from "@palomma-effect/testing"
   * import * as Effect from "effect/Effect"
   * import * as Redacted from "effect/Redacted"
   *
   * const integrityKey = Redacted.make("my-integrity-key")
   * const body = '{"webhookId":"01HPR","eventType":"payout-request.update","event":{"id":"01HPR8"}}'
   * const { encodedData, signature } = WebhookSigner.signText(body, integrityKey)
   *
   * const event = await Webhooks.verify({ encodedData, signature }).pipe(
   *   Effect.provide(Webhooks.layer({ integrityKeys: [integrityKey] })),
   *   Effect.runPromise
   * )
   * event.webhookId // => "01HPR"
   * ```
   */
  static readonly verify = (delivery: WebhookDelivery): Effect.Effect<WebhookEvent, WebhookRejected, Webhooks> =>
    Webhooks.use((webhooks) => webhooks.verify(delivery))

  /**
   * Verifies a request and decodes the event. The body is never read, because Palomma signs a header.
   *
   * **Example** (A request that Palomma did not send)
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
   * refused.reason // => "missing-header"
   * ```
   */
  static readonly fromRequest = (request: WebhookRequest): Effect.Effect<WebhookEvent, WebhookRejected, Webhooks> =>
    Effect.suspend(() => Webhooks.verify(deliveryOf(request)))

  /**
   * Verifies a request, handles its event once, and returns the status to answer. It never fails.
   *
   * It works with any framework, because it reads only the headers of the request.
   *
   * - 200: the webhook was handled, now or by an earlier delivery.
   * - 401: `missing-header`, `malformed-signature`, `signature-mismatch` or `too-old`.
   * - 431: `too-large`.
   * - 500: the handler failed or has not finished, or `malformed-payload`. Palomma will deliver the webhook again.
   *
   * It returns within 4.5 seconds, because Palomma waits five seconds. A handler that takes longer is not interrupted,
   * because it would then be interrupted at each delivery and never finish. It continues in a fiber of the layer for at
   * most `handlerTimeout`, and the next delivery finds the webhook handled. It also continues if the caller of `handle`
   * is interrupted. Closing the layer interrupts it.
   *
   * Refusals are logged at most once per minute and reason.
   *
   * **Gotchas**
   *
   * - The error of a handler is logged.
   * - On a runtime that stops after the response, such as Cloudflare Workers, a handler that takes longer does not
   *   finish. Set `handlerTimeout` to 4 seconds there, so that it ends before the response.
   * - A `ManagedRuntime` rejects the promise if its services cannot be built or if it is closed. Answer 500 then.
   * - The event is in a header, and Node answers 431 if the headers have more than 16 kB. An event has about 2 kB. The
   *   option `maxHeaderSize` of `http.createServer` raises the limit.
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
   * Adds a route for webhooks to an `HttpRouter` app. It answers with the status of {@link Webhooks.handle}.
   *
   * A handler that takes longer than 4.5 seconds continues in a fiber of this layer.
   *
   * **Gotchas**
   *
   * By default, Effect's server spans record no headers. If yours do, add `x-encoded-data` and `x-signature` to
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
