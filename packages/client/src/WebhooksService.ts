/**
 * What the {@link Webhooks} service does, and what it is given.
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
  /** The header `X-Encoded-Data`, as it came. */
  readonly encodedData: string | null | undefined
  /** The header `X-Signature`, as it came. */
  readonly signature: string | null | undefined
}

/**
 * The part of a request that is read: a web-standard `Request`, Effect's `HttpServerRequest`, Node's `IncomingMessage`,
 * and the requests and events of most frameworks have it.
 *
 * @category models
 * @since 0.1.0
 */
export interface WebhookRequest {
  /** The headers. Their names may be written in any case. */
  readonly headers:
    | { readonly get: (name: string) => string | null }
    | { readonly [name: string]: string | ReadonlyArray<string> | undefined }
}

/**
 * The answer to give.
 *
 * It has no body.
 *
 * @category models
 * @since 0.1.0
 */
export interface WebhookAnswer {
  /**
   * - 200: the webhook was handled, now or by an earlier delivery.
   * - 401: it was refused as `MissingHeader`, `MalformedSignature`, `SignatureMismatch` or `TooOld`.
   * - 431: it was refused as `TooLarge`.
   * - 500: the handler failed or has not finished, or it was refused as `MalformedPayload`. Palomma delivers it again.
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
  /** The integrity key that Palomma issued. During a rotation the old and the new one: a webhook signed with either is accepted. */
  readonly integrityKeys: ReadonlyArray<Redacted.Redacted>
  /**
   * How old a webhook may be. Default: two days.
   *
   * **Gotchas**
   *
   * Palomma delivers a failed webhook again with the timestamp of the first delivery, and does not document for how long. A tolerance
   * of minutes, as is usual elsewhere, loses webhooks. `WebhookInbox` keeps a webhook from being handled twice.
   */
  readonly tolerance?: Duration.Input | undefined
  /** How long a handler may run. Default: one minute. Then it is interrupted, and the next delivery runs it again. */
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
   * The scope in which a handler runs, and goes on after the answer. Default: that of the `Webhooks` layer. Closing it interrupts the
   * handler.
   */
  readonly scope?: Scope.Scope | undefined
}

/**
 * What the `Webhooks` service does.
 *
 * @category services
 * @since 0.1.0
 */
export interface WebhooksService {
  /** Verifies a delivery and decodes the event. */
  readonly verify: (delivery: WebhookDelivery) => Effect.Effect<WebhookEvent, WebhookRejected>
  /** Verifies a request, handles its event once, and returns the status to answer. */
  readonly handle: <E, R>(
    request: WebhookRequest,
    handler: (event: WebhookEvent) => Effect.Effect<unknown, E, R>,
    options?: WebhookHandleOptions
  ) => Effect.Effect<WebhookAnswer, never, WebhookInbox | Exclude<R, Scope.Scope>>
}
