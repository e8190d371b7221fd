/**
 * The types of the `Webhooks` service and of its options.
 *
 * @since 0.1.0
 */
import type { WebhookEvent } from "@palomma-effect/schema"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { WebhookInbox } from "./WebhookInbox.ts"
import type { WebhookRejected } from "./WebhookRejected.ts"

/**
 * The signed text of a webhook and its signature.
 *
 * The body of the request is not signed.
 *
 * @category models
 * @since 0.1.0
 */
export interface WebhookDelivery {
  /** The header `X-Encoded-Data`, unchanged. */
  readonly encodedData: string | null | undefined
  /** The header `X-Signature`, unchanged. */
  readonly signature: string | null | undefined
}

/**
 * A request with headers: a web-standard `Request`, Effect's `HttpServerRequest`, Node's `IncomingMessage`, or the
 * request or event of most other frameworks.
 *
 * @category models
 * @since 0.1.0
 */
export interface WebhookRequest {
  /** The headers. Case does not matter in their names. */
  readonly headers:
    | { readonly get: (name: string) => string | null }
    | { readonly [name: string]: string | ReadonlyArray<string> | undefined }
}

/**
 * The response to send to Palomma.
 *
 * It needs no body.
 *
 * @category models
 * @since 0.1.0
 */
export interface WebhookAnswer {
  /**
   * The HTTP status.
   *
   * - 200: the webhook was handled, now or by an earlier delivery.
   * - 401: it was refused as `missing-header`, `malformed-signature`, `signature-mismatch` or `too-old`.
   * - 431: it was refused as `too-large`.
   * - 500: the handler failed or has not finished, or it was refused as `malformed-payload`. Palomma will deliver it
   *   again.
   */
  readonly status: 200 | 401 | 431 | 500
}

/**
 * The options of `Webhooks.layer`.
 *
 * @category options
 * @since 0.1.0
 */
export interface WebhooksOptions {
  /**
   * The integrity key that Palomma issued. During a rotation, pass the old and the new key: a webhook signed with
   * either is accepted.
   */
  readonly integrityKeys: ReadonlyArray<Redacted.Redacted>
  /**
   * How old a webhook may be, by default two days.
   *
   * **Gotchas**
   *
   * Palomma delivers a failed webhook again with the timestamp of the first delivery, and does not document for how
   * long. With a tolerance of minutes, as many other libraries have it, you lose webhooks. `WebhookInbox` prevents that
   * a webhook is handled twice.
   */
  readonly tolerance?: Duration.Input | undefined
  /**
   * The timeout of a handler, by default one minute. A handler that takes longer is interrupted, and the next delivery
   * runs it again.
   */
  readonly handlerTimeout?: Duration.Input | undefined
}

/**
 * The options of `Webhooks.handle`.
 *
 * @category options
 * @since 0.1.0
 */
export interface WebhookHandleOptions {
  /**
   * The scope in which a handler runs and continues after `handle` returned, by default that of the `Webhooks` layer.
   * Closing it interrupts the handler.
   */
  readonly scope?: Scope.Scope | undefined
}

/**
 * The methods of the `Webhooks` service.
 *
 * @category services
 * @since 0.1.0
 */
export interface WebhooksService {
  /**
   * Verifies a delivery and decodes the event. `Webhooks.verify` describes what is accepted.
   *
   * **Example** (A wrong signature)
   *
   * ```ts
   * import { Webhooks } from "@palomma-effect/client"
   * import * as Effect from "effect/Effect"
   * import * as Redacted from "effect/Redacted"
   *
   * const program = Effect.gen(function*() {
   *   const webhooks = yield* Webhooks
   *   const error = yield* Effect.flip(webhooks.verify({ encodedData: "e30=", signature: "0".repeat(64) }))
   *   return error.reason
   * })
   *
   * const WebhooksLive = Webhooks.layer({ integrityKeys: [Redacted.make("my-integrity-key")] })
   * await Effect.runPromise(Effect.provide(program, WebhooksLive)) // => "signature-mismatch"
   * ```
   */
  readonly verify: (delivery: WebhookDelivery) => Effect.Effect<WebhookEvent, WebhookRejected>
  /**
   * Verifies a request, handles its event once, and returns the status to answer. `Webhooks.handle` describes each
   * status.
   *
   * **Example** (A delivery that arrives twice)
   *
   * ```ts
   * import { WebhookInbox, Webhooks } from "@palomma-effect/client"
   * import { WebhookSigner } from "@palomma-effect/testing"
   * import * as Effect from "effect/Effect"
   * import * as Layer from "effect/Layer"
   * import * as Redacted from "effect/Redacted"
   *
   * const integrityKey = Redacted.make("my-integrity-key")
   * const body = '{"webhookId":"01HPR","eventType":"payout-request.update","event":{"id":"01HPR8"}}'
   * const { headers } = WebhookSigner.signText(body, integrityKey)
   *
   * let handled = 0
   * const program = Effect.gen(function*() {
   *   const webhooks = yield* Webhooks
   *   const handle = webhooks.handle({ headers }, () => Effect.sync(() => void (handled += 1)))
   *   const first = yield* handle
   *   const second = yield* handle
   *   return [first.status, second.status, handled]
   * })
   *
   * const WebhooksLive = Layer.merge(Webhooks.layer({ integrityKeys: [integrityKey] }), WebhookInbox.layerMemory)
   * await Effect.runPromise(Effect.provide(program, WebhooksLive)) // => [200, 200, 1]
   * ```
   */
  readonly handle: <E, R>(
    request: WebhookRequest,
    handler: (event: WebhookEvent) => Effect.Effect<unknown, E, R>,
    options?: WebhookHandleOptions
  ) => Effect.Effect<WebhookAnswer, never, WebhookInbox | Exclude<R, Scope.Scope>>
}
