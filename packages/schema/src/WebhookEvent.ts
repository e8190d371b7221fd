/**
 * Webhook events: notifications of Palomma about changed records.
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import * as SchemaGetter from "effect/SchemaGetter"
import type * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import { EventTime } from "./internal/eventTime.ts"
import { raw, Record } from "./internal/read/record.ts"
import { WebhookId } from "./Id.ts"
import * as OpenEnum from "./OpenEnum.ts"
import { PayinLinkNotice } from "./PayinLink.ts"
import { PayinRequestNotice } from "./PayinRequest.ts"
import { PayinSettlement } from "./PayinSettlement.ts"
import { PayinSourceNotice } from "./PayinSource.ts"
import { PayoutRequestNotice } from "./PayoutRequest.ts"
import { PayoutTargetNotice } from "./PayoutTarget.ts"
import * as Sensitive from "./Sensitive.ts"

const types = {
  "payin-link.update": "A payin link changed.",
  "payin-source.update": "A payin source changed.",
  "payin-request.update": "A payin request changed.",
  "payout-target.update": "A payout target changed.",
  "payout-request.update": "A payout request changed.",
  "payin-settlement.update": "A payin settlement was created or changed."
} as const

/**
 * The kind of a webhook event.
 *
 * @category models
 * @since 0.1.0
 */
export type WebhookEventType = typeof WebhookEventType.Type

/**
 * Type of the schema {@link WebhookEventType}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface WebhookEventTypeSchema extends OpenEnum.OpenEnum<keyof typeof types> {}

/**
 * Schema of the kind of a webhook event: its known values and what each means.
 *
 * @category schemas
 * @since 0.1.0
 */
export const WebhookEventType: WebhookEventTypeSchema = OpenEnum.make("WebhookEventType", types)

const fieldsOf = <T extends Schema.Top, E extends Schema.Top>(eventType: T, event: E) => ({
  /** The same in each delivery of the event: ignore an event whose id was processed before. */
  webhookId: WebhookId,
  /** When Palomma wrote the event; the same in each delivery. Absent if the event has no time. */
  timestamp: Schema.optionalKey(EventTime),
  eventType,
  /** The record at that time, as far as it is readable. Fetch the record before you rely on it. */
  event
})

/**
 * A payin link changed.
 *
 * @category models
 * @since 0.1.0
 */
export class PayinLinkUpdated extends Record<PayinLinkUpdated>("PayinLinkUpdated")(
  fieldsOf(Schema.Literal("payin-link.update"), PayinLinkNotice)
) {
  static {
    Sensitive.maskIn(this)
  }
}

/**
 * A payin source changed.
 *
 * @category models
 * @since 0.1.0
 */
export class PayinSourceUpdated extends Record<PayinSourceUpdated>("PayinSourceUpdated")(
  fieldsOf(Schema.Literal("payin-source.update"), PayinSourceNotice)
) {
  static {
    Sensitive.maskIn(this)
  }
}

/**
 * A payin request changed.
 *
 * @category models
 * @since 0.1.0
 */
export class PayinRequestUpdated extends Record<PayinRequestUpdated>("PayinRequestUpdated")(
  fieldsOf(Schema.Literal("payin-request.update"), PayinRequestNotice)
) {
  static {
    Sensitive.maskIn(this)
  }
}

/**
 * A payout target changed.
 *
 * @category models
 * @since 0.1.0
 */
export class PayoutTargetUpdated extends Record<PayoutTargetUpdated>("PayoutTargetUpdated")(
  fieldsOf(Schema.Literal("payout-target.update"), PayoutTargetNotice)
) {
  static {
    Sensitive.maskIn(this)
  }
}

/**
 * A payout request changed.
 *
 * @category models
 * @since 0.1.0
 */
export class PayoutRequestUpdated extends Record<PayoutRequestUpdated>("PayoutRequestUpdated")(
  fieldsOf(Schema.Literal("payout-request.update"), PayoutRequestNotice)
) {
  static {
    Sensitive.maskIn(this)
  }
}

/**
 * A payin settlement was created or changed.
 *
 * @category models
 * @since 0.1.0
 */
export class PayinSettlementUpdated extends Record<PayinSettlementUpdated>("PayinSettlementUpdated")(
  fieldsOf(Schema.Literal("payin-settlement.update"), PayinSettlement)
) {
  static {
    Sensitive.maskIn(this)
  }
}

/**
 * An event of a kind that this version of the library does not know.
 *
 * Its `event`, if it has one, is as Palomma sent it and never printed.
 *
 * @category models
 * @since 0.1.0
 */
export class UnrecognizedEvent extends Record<UnrecognizedEvent>("UnrecognizedEvent")(
  fieldsOf(WebhookEventType.unrecognized, Schema.optionalKey(Sensitive.mark(Schema.Unknown)))
) {
  static {
    Sensitive.maskIn(this)
  }
}

/**
 * A webhook event: one of six kinds, or a kind that Palomma adds later.
 *
 * @category models
 * @since 0.1.0
 */
export type WebhookEvent =
  | PayinLinkUpdated
  | PayinSourceUpdated
  | PayinRequestUpdated
  | PayoutTargetUpdated
  | PayoutRequestUpdated
  | PayinSettlementUpdated
  | UnrecognizedEvent

/**
 * The branches of `WebhookEvent.match`: one for each known kind of event, and one for the others.
 *
 * @category type-level
 * @since 0.1.0
 */
export interface WebhookEventCases {
  readonly "payin-link.update": (event: PayinLinkUpdated) => unknown
  readonly "payin-source.update": (event: PayinSourceUpdated) => unknown
  readonly "payin-request.update": (event: PayinRequestUpdated) => unknown
  readonly "payout-target.update": (event: PayoutTargetUpdated) => unknown
  readonly "payout-request.update": (event: PayoutRequestUpdated) => unknown
  readonly "payin-settlement.update": (event: PayinSettlementUpdated) => unknown
  readonly Unrecognized: (event: UnrecognizedEvent) => unknown
}

const kinds = {
  "payin-link.update": PayinLinkUpdated,
  "payin-source.update": PayinSourceUpdated,
  "payin-request.update": PayinRequestUpdated,
  "payout-target.update": PayoutTargetUpdated,
  "payout-request.update": PayoutRequestUpdated,
  "payin-settlement.update": PayinSettlementUpdated
}

const members = Schema.Union([...Object.values(kinds), UnrecognizedEvent]).annotate({ identifier: "WebhookEvent" })

type Encoded = typeof members.Encoded

/**
 * Type of the schema {@link WebhookEvent}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface WebhookEventSchema extends Schema.Codec<WebhookEvent, Encoded> {
  /** Runs the branch for the kind of the event. A missing branch does not compile. */
  readonly match: {
    <C extends WebhookEventCases>(cases: C): (event: WebhookEvent) => OpenEnum.CaseResult<C>
    <C extends WebhookEventCases>(event: WebhookEvent, cases: C): OpenEnum.CaseResult<C>
  }
}

type Decode = (value: unknown, options: SchemaAST.ParseOptions) => Effect.Effect<WebhookEvent, SchemaIssue.Issue>

const decodeKind: Readonly<Record<OpenEnum.Known<typeof WebhookEventType>, Decode>> = {
  "payin-link.update": SchemaParser.decodeUnknownEffect(PayinLinkUpdated),
  "payin-source.update": SchemaParser.decodeUnknownEffect(PayinSourceUpdated),
  "payin-request.update": SchemaParser.decodeUnknownEffect(PayinRequestUpdated),
  "payout-target.update": SchemaParser.decodeUnknownEffect(PayoutTargetUpdated),
  "payout-request.update": SchemaParser.decodeUnknownEffect(PayoutRequestUpdated),
  "payin-settlement.update": SchemaParser.decodeUnknownEffect(PayinSettlementUpdated)
}
const decodeOther: Decode = SchemaParser.decodeUnknownEffect(UnrecognizedEvent)
const encode = SchemaParser.encodeUnknownEffect(members)

// A union would also report, for a malformed event of a known kind, that its kind is not an unknown one.
const byKind = raw<Encoded>("WebhookEvent", members).pipe(
  Schema.decodeTo(Schema.toType(members), {
    decode: SchemaGetter.transformEffect((value: Encoded, options) => {
      const eventType: unknown = value.eventType
      return typeof eventType === "string" && WebhookEventType.isKnown(eventType)
        ? decodeKind[eventType](value, options)
        : decodeOther(value, options)
    }),
    encode: SchemaGetter.transformEffect((value: WebhookEvent, options) => encode(value, options))
  })
)

/**
 * Schema of a webhook event, with one variant for each `eventType`.
 *
 * An event of a known kind needs only the kind, the `webhookId` and the id of the record. An event of an unknown kind
 * is decoded too.
 *
 * **Gotchas**
 *
 * An event is only a hint: its data may be old or incomplete. Fetch the record by its id.
 *
 * A `switch` over `eventType` does not narrow the type of `event`: use `match`, or `instanceof` with the class of the
 * kind.
 *
 * **Example** (Checking the kind of an event)
 *
 * ```ts
 * import { PayoutRequestUpdated, WebhookEvent } from "@palomma-effect/schema"
 * import * as Schema from "effect/Schema"
 *
 * const event = Schema.decodeUnknownSync(WebhookEvent)({
 *   webhookId: "01HPR8QBF5QKA313RPBSKYB7DS",
 *   timestamp: "2025-11-04T12:00:00.000Z",
 *   eventType: "payout-request.update",
 *   event: { id: "01HPR8QBF5QKA313RPBSKYB7DS", status: "approved", payoutTargetId: "01HPR8S7YF43PV3QV16TZDC80P", amount: 50000 }
 * })
 * event instanceof PayoutRequestUpdated && event.event.status // => "approved"
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const WebhookEvent: WebhookEventSchema = Schema.make<WebhookEventSchema>(byKind.ast, {
  match: dual(2, (event: WebhookEvent, cases: Record<string, (event: WebhookEvent) => unknown>) =>
    cases[WebhookEventType.isKnown(event.eventType) ? event.eventType : "Unrecognized"]?.(event)
  )
})
