/**
 * Webhooks: what Palomma reports, believed only if Palomma signed it.
 */
import { type InputProblem, inputProblems, Timestamp, WebhookEvent } from "@palomma-effect/schema"
import * as Clock from "effect/Clock"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { invalidInput } from "./internal/options.ts"
import { isSignature, isSignedBy } from "./internal/webhookSignature.ts"
import type { PalommaInvalidInput } from "./PalommaError.ts"
import { WebhookInbox } from "./WebhookInbox.ts"

const reasons = {
  MissingHeader:
    "it lacks X-Encoded-Data or X-Signature. It does not come from Palomma, or something on the way took them off.",
  MalformedSignature: "X-Signature is not 64 lower-case hexadecimal digits. It does not come from Palomma.",
  SignatureMismatch:
    "X-Signature is not that of X-Encoded-Data under any of the integrity keys. Check that they are those of " +
    "this environment; if they are, somebody tries to deceive you.",
  TooOld:
    "it is older than the tolerance. It is repeated by somebody else than Palomma, or this machine's clock is wrong.",
  MalformedPayload:
    "Palomma signed it, but it is not what Palomma documents, or it comes from the future by this machine's clock."
} as const

/** The webhook must not be believed. Holds nothing of what it says. */
export class WebhookRejected extends Schema.TaggedError<WebhookRejected>()("WebhookRejected", {
  /** Why. */
  reason: Schema.Literals(Object.keys(reasons) as ReadonlyArray<keyof typeof reasons>),
  /** The fields that are not as documented, if it is a `MalformedPayload`. Never holds a value. */
  problems: Schema.Array(Schema.Struct({ field: Schema.String, code: Schema.String, rule: Schema.String }))
}) {
  /** The status to answer with: 401, or 500 where Palomma did sign it, so that it is delivered again. */
  get status(): 401 | 500 {
    return this.reason === "MalformedPayload" ? 500 : 401
  }
  override get message(): string {
    const where = this.problems.map(({ field, rule }) => ` ${field}: ${rule}.`).join("")
    return `The webhook was refused: ${reasons[this.reason]}${where}`
  }
}

/** What of a delivery is signed, and the signature. The body of the request is neither. */
export interface WebhookDelivery {
  /** The header `X-Encoded-Data`, as it came. */
  readonly encodedData: string | null | undefined
  /** The header `X-Signature`, as it came. */
  readonly signature: string | null | undefined
}

interface FetchHeaders {
  readonly get: (name: string) => string | null
}

interface HeaderRecord {
  readonly [name: string]: string | ReadonlyArray<string> | undefined
}

/** A request as a web-standard `Request`, Effect's `HttpServerRequest` and Node's `IncomingMessage` are: header names in lower case. */
export interface WebhookRequest {
  readonly headers: FetchHeaders | HeaderRecord
}

/** What the layer is told. */
export interface WebhooksOptions {
  /** The integrity key that Palomma issued. During a rotation the old and the new one: a webhook signed with either is accepted. */
  readonly integrityKeys: ReadonlyArray<Redacted.Redacted>
  /**
   * How old a webhook may be: two days unless said otherwise.
   *
   * **Gotchas**
   *
   * Palomma repeats a failed delivery with the timestamp of the first one. It does not say for how long: a tolerance of minutes, as
   * is usual elsewhere, loses webhooks. Replays are kept out by {@link WebhookInbox}.
   */
  readonly tolerance?: Duration.Input | undefined
}

/** What a route is told. */
export interface WebhookRouteOptions {
  /** How long a handler may work in all: a minute unless said otherwise. Then it is interrupted. */
  readonly handlerTimeout?: Duration.Input | undefined
}

// Palomma waits for five seconds.
const answerWithin = Duration.millis(4_500)

const rejected = (reason: keyof typeof reasons, problems: ReadonlyArray<InputProblem> = []): WebhookRejected =>
  new WebhookRejected({ reason, problems })

const isFetchHeaders = (headers: FetchHeaders | HeaderRecord): headers is FetchHeaders =>
  typeof headers.get === "function"

const header = ({ headers }: WebhookRequest, name: string): string | null | undefined => {
  if (isFetchHeaders(headers)) return headers.get(name)
  const value = headers[name]
  return typeof value === "object" ? value.join(", ") : value
}

const deliveryOf = (request: WebhookRequest): WebhookDelivery => ({
  encodedData: header(request, "x-encoded-data"),
  signature: header(request, "x-signature")
})

const decoder = new TextDecoder()

const parsed = (encodedData: string): Result.Result<unknown, WebhookRejected> =>
  Result.try({
    try: (): unknown => JSON.parse(decoder.decode(Uint8Array.from(atob(encodedData), (byte) => byte.charCodeAt(0)))),
    catch: () => rejected("MalformedPayload")
  })

const decoded = (json: unknown): Result.Result<WebhookEvent, WebhookRejected> =>
  Schema.decodeUnknownResult(WebhookEvent, { errors: "all" })(json).pipe(
    Result.mapError(({ issue }) => rejected("MalformedPayload", inputProblems(issue)))
  )

const make = (keys: ReadonlyArray<Redacted.Redacted>, tolerance: Duration.Duration): Webhooks["Service"] => ({
  verify: Effect.fn("Webhooks.verify")(function* ({ encodedData, signature }) {
    if (typeof encodedData !== "string" || typeof signature !== "string") return yield* rejected("MissingHeader")
    if (!isSignature(signature)) return yield* rejected("MalformedSignature")
    const isSigned = yield* Effect.forEach(keys, (key) => isSignedBy(key, encodedData, signature))
    if (!isSigned.includes(true)) return yield* rejected("SignatureMismatch")

    const event = yield* Effect.fromResult(Result.flatMap(parsed(encodedData), decoded))
    yield* Effect.annotateCurrentSpan("palomma.webhook.event_type", event.eventType)
    if (event.timestamp === undefined) return event
    const sent = Timestamp.toDateTime(event.timestamp)
    if (Option.isNone(sent)) {
      return yield* rejected("MalformedPayload", [
        { field: "timestamp", code: "timestamp", rule: "must be an ISO 8601 time" }
      ])
    }
    const age = (yield* Clock.currentTimeMillis) - DateTime.toEpochMillis(sent.value)
    if (age > Duration.toMillis(tolerance)) return yield* rejected("TooOld")
    // Else a clock that ran ahead at Palomma would prolong the time in which its webhooks can be replayed.
    if (-age > Duration.toMillis(tolerance)) {
      return yield* rejected("MalformedPayload", [
        { field: "timestamp", code: "timestamp", rule: "must not be in the future" }
      ])
    }
    return event
  })
})

// Spaces at its ends are those of a line that was copied. Without this check an empty key would let anybody sign.
const isIntegrityKey = (text: string): boolean => text !== "" && text.trim() === text && !/\p{Cc}/u.test(text)

const keyRule = "must be the integrity key that Palomma issued, without spaces or line breaks around it"

const optionProblems = ({ integrityKeys, tolerance }: WebhooksOptions): ReadonlyArray<InputProblem> => {
  const found: Array<InputProblem> = []
  if (integrityKeys.length === 0)
    found.push({ field: "integrityKeys", code: "required", rule: "must hold at least one key" })
  integrityKeys.forEach((key, i) => {
    if (!isIntegrityKey(Redacted.value(key))) found.push({ field: `integrityKeys.${i}`, code: "secret", rule: keyRule })
  })
  if (tolerance !== undefined && !Duration.isPositive(Duration.fromInputUnsafe(tolerance))) {
    found.push({ field: "tolerance", code: "duration", rule: "must be longer than zero" })
  }
  return found
}

/**
 * Webhooks: what Palomma reports, believed only if Palomma signed it. Needs no API key.
 *
 * **Gotchas**
 *
 * A webhook is a hint. Events can come late and in any order, so read a record back before you act on what an event says of it, as
 * `Payouts.applyWebhook` does.
 */
export class Webhooks extends Context.Service<
  Webhooks,
  {
    /** Verifies a delivery and decodes what it says. */
    readonly verify: (delivery: WebhookDelivery) => Effect.Effect<WebhookEvent, WebhookRejected>
  }
>()("@palomma-effect/client/Webhooks") {
  /**
   * Accepts the webhooks that are signed with one of the keys.
   */
  static readonly layer = (options: WebhooksOptions): Layer.Layer<Webhooks, PalommaInvalidInput> =>
    Layer.effect(
      Webhooks,
      Effect.suspend(() => {
        const problems = optionProblems(options)
        return problems.length === 0
          ? Effect.succeed(make(options.integrityKeys, Duration.fromInputUnsafe(options.tolerance ?? "2 days")))
          : Effect.fail(invalidInput("Webhooks.layer", "not-sent", problems))
      })
    )

  /**
   * Accepts the webhooks that are signed with the key in `PALOMMA_INTEGRITY_KEY`.
   *
   * During a rotation it holds several keys, separated by commas; spaces around them do not count. A key that itself holds a comma
   * can be given to {@link Webhooks.layer} only.
   */
  static readonly layerConfig = (
    options: Omit<WebhooksOptions, "integrityKeys"> = {}
  ): Layer.Layer<Webhooks, Config.ConfigError | PalommaInvalidInput> =>
    Layer.unwrap(
      Effect.gen(function* () {
        const text = yield* Config.option(Config.Redacted("PALOMMA_INTEGRITY_KEY"))
        const keys = Option.isNone(text)
          ? []
          : Redacted.value(text.value)
              .split(",")
              .map((key) => key.trim())
        if (keys.length === 0 || !keys.every(isIntegrityKey)) {
          const rule = Option.isNone(text) ? `is not set; it ${keyRule}` : `${keyRule}, or several separated by commas`
          const problems = [{ field: "PALOMMA_INTEGRITY_KEY", code: "secret", rule }]
          return yield* invalidInput("Webhooks.layerConfig", "not-sent", problems)
        }
        return Webhooks.layer({ ...options, integrityKeys: keys.map((key) => Redacted.make(key)) })
      })
    )

  /**
   * Verifies a delivery and decodes what it says.
   *
   * It is accepted exactly when `signature` is the HMAC-SHA-256 of the text of `encodedData` under one of the integrity keys, as 64
   * lower-case hexadecimal digits, and the event is neither older than the tolerance nor further ahead of the clock. An event type
   * that this library does not know is accepted too.
   */
  static readonly verify = (delivery: WebhookDelivery): Effect.Effect<WebhookEvent, WebhookRejected, Webhooks> =>
    Webhooks.use((webhooks) => webhooks.verify(delivery))

  /**
   * Verifies a request and decodes what it says. Its body is never read: Palomma signs a header.
   *
   * **Example** (Anybody can call a webhook's address)
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
    Webhooks.verify(deliveryOf(request))

  /**
   * Receives webhooks at a path of an `HttpRouter` app, each once, and answers as Palomma expects.
   *
   * - 200: it was handled, now or earlier.
   * - 401: `MissingHeader`, `MalformedSignature`, `SignatureMismatch` or `TooOld`.
   * - 500, so that Palomma delivers it again: the handler failed or is not done yet, or `MalformedPayload`.
   *
   * The answer has no body and is given within 4.5 seconds, since Palomma waits for five. A handler that takes longer is not
   * interrupted, nor is one whose caller hung up: half of its work may be done, and a retry that always ends halfway never ends. It
   * goes on in a fiber of this layer, until `handlerTimeout`, and the next delivery finds it handled. Closing the layer interrupts it.
   *
   * **Gotchas**
   *
   * - What a handler fails with is logged.
   * - A runtime that stops when the answer is given, such as a Cloudflare Worker, is no place for a handler that takes longer.
   * - The event comes in a header, and Node refuses requests with more than 16 kB of headers by itself (431). An event is about 2 kB;
   *   `maxHeaderSize` of `http.createServer` raises the limit.
   * - Effect's server spans record no headers unless told to. Whoever tells them to should add `x-encoded-data` and `x-signature` to
   *   `Headers.CurrentRedactedNames`.
   *
   * **Example** (A server that hears of payouts)
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
   *   event instanceof PayoutRequestUpdated
   *     ? Effect.log(`payout ${event.event.id} is ${event.event.status}`)
   *     : Effect.void
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
    handler: (event: WebhookEvent) => Effect.Effect<unknown, E, R>,
    options: WebhookRouteOptions = {}
  ): Layer.Layer<never, never, HttpRouter.HttpRouter | Webhooks | WebhookInbox | Exclude<R, Scope.Scope>> =>
    HttpRouter.use(
      Effect.fnUntraced(function* (router) {
        const webhooks = yield* Webhooks
        const inbox = yield* WebhookInbox
        const context = yield* Effect.context<Exclude<R, Scope.Scope>>()
        const scope = yield* Effect.scope
        const handlerTimeout = Duration.fromInputUnsafe(options.handlerTimeout ?? "1 minute")

        const handle = (event: WebhookEvent): Effect.Effect<200 | 500> =>
          inbox.process(event.webhookId, Effect.timeout(Effect.scoped(handler(event)), handlerTimeout)).pipe(
            Effect.provideContext(context),
            Effect.tapCause((cause) => Effect.logError("The webhook was not handled.", cause)),
            Effect.forkIn(scope, { startImmediately: true }),
            Effect.flatMap(Fiber.await),
            Effect.timeoutOption(answerWithin),
            Effect.tap((exit) =>
              Option.isNone(exit) ? Effect.logWarning("The webhook is not handled yet.") : Effect.void
            ),
            Effect.map((exit) => (Option.isSome(exit) && Exit.isSuccess(exit.value) ? 200 : 500)),
            Effect.annotateLogs({ webhookId: event.webhookId, eventType: event.eventType })
          )

        yield* router.add("POST", path, (request) =>
          webhooks.verify(deliveryOf(request)).pipe(
            Effect.flatMap(handle),
            Effect.catchTag("WebhookRejected", (error) => Effect.as(Effect.logWarning(error.message), error.status)),
            Effect.map((status) => HttpServerResponse.empty({ status }))
          )
        )
      })
    )
}
