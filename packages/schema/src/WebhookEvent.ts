/**
 * Webhook events: what Palomma reports when something changes.
 */
import { dual } from "effect/Function"
import * as Schema from "effect/Schema"
import { WebhookId } from "./Id.ts"
import * as OpenEnum from "./OpenEnum.ts"
import { PayinLink } from "./PayinLink.ts"
import { PayinRequest } from "./PayinRequest.ts"
import { PayinSettlement } from "./PayinSettlement.ts"
import { PayinSource } from "./PayinSource.ts"
import { PayoutRequest } from "./PayoutRequest.ts"
import { PayoutTarget } from "./PayoutTarget.ts"
import * as Sensitive from "./Sensitive.ts"
import { Timestamp } from "./Timestamp.ts"

const types = {
  "payin-link.update": "A payin link changed.",
  "payin-source.update": "A payin source changed.",
  "payin-request.update": "A payin request changed.",
  "payout-target.update": "A payout target changed.",
  "payout-request.update": "A payout request changed.",
  "payin-settlement.update": "A payin settlement was made or changed."
} as const

/** The kind of a webhook event. */
export type WebhookEventType = typeof WebhookEventType.Type
/** The schema of {@link WebhookEventType}. */
export interface WebhookEventTypeSchema extends OpenEnum.OpenEnum<keyof typeof types> {}
/** The kind of a webhook event. */
export const WebhookEventType: WebhookEventTypeSchema = OpenEnum.make("WebhookEventType", types)

const fieldsOf = <T extends Schema.Top, E extends Schema.Top>(eventType: T, event: E) => ({
  /** The same each time the event is delivered again: who has processed it once ignores it afterwards. */
  webhookId: WebhookId,
  /** When Palomma wrote the event; the same each time it is delivered again. */
  timestamp: Timestamp,
  eventType,
  /** The record as it was then. */
  event
})

/** A payin link changed. */
export class PayinLinkUpdated extends Schema.Class<PayinLinkUpdated>("PayinLinkUpdated")(
  fieldsOf(Schema.Literal("payin-link.update"), PayinLink)
) {
  static {
    Sensitive.maskIn(this)
  }
}
/** A payin source changed. */
export class PayinSourceUpdated extends Schema.Class<PayinSourceUpdated>("PayinSourceUpdated")(
  fieldsOf(Schema.Literal("payin-source.update"), PayinSource)
) {
  static {
    Sensitive.maskIn(this)
  }
}
/** A payin request changed. */
export class PayinRequestUpdated extends Schema.Class<PayinRequestUpdated>("PayinRequestUpdated")(
  fieldsOf(Schema.Literal("payin-request.update"), PayinRequest)
) {
  static {
    Sensitive.maskIn(this)
  }
}
/** A payout target changed. */
export class PayoutTargetUpdated extends Schema.Class<PayoutTargetUpdated>("PayoutTargetUpdated")(
  fieldsOf(Schema.Literal("payout-target.update"), PayoutTarget)
) {
  static {
    Sensitive.maskIn(this)
  }
}
/** A payout request changed. */
export class PayoutRequestUpdated extends Schema.Class<PayoutRequestUpdated>("PayoutRequestUpdated")(
  fieldsOf(Schema.Literal("payout-request.update"), PayoutRequest)
) {
  static {
    Sensitive.maskIn(this)
  }
}
/** A payin settlement was made or changed. */
export class PayinSettlementUpdated extends Schema.Class<PayinSettlementUpdated>("PayinSettlementUpdated")(
  fieldsOf(Schema.Literal("payin-settlement.update"), PayinSettlement)
) {
  static {
    Sensitive.maskIn(this)
  }
}
/** Something changed that this version of the library does not know. What it says is kept as it came, and never printed. */
export class UnrecognizedEvent extends Schema.Class<UnrecognizedEvent>("UnrecognizedEvent")(
  fieldsOf(WebhookEventType.unrecognized, Sensitive.mark(Schema.Unknown))
) {
  static {
    Sensitive.maskIn(this)
  }
}

/** What Palomma reports when something changes: six kinds told apart by `eventType`, and those to come. */
export type WebhookEvent =
  | PayinLinkUpdated
  | PayinSourceUpdated
  | PayinRequestUpdated
  | PayoutTargetUpdated
  | PayoutRequestUpdated
  | PayinSettlementUpdated
  | UnrecognizedEvent

/** The branches of `WebhookEvent.match`: one for every kind of event, and one for those to come. */
export interface WebhookEventCases {
  readonly "payin-link.update": (event: PayinLinkUpdated) => unknown
  readonly "payin-source.update": (event: PayinSourceUpdated) => unknown
  readonly "payin-request.update": (event: PayinRequestUpdated) => unknown
  readonly "payout-target.update": (event: PayoutTargetUpdated) => unknown
  readonly "payout-request.update": (event: PayoutRequestUpdated) => unknown
  readonly "payin-settlement.update": (event: PayinSettlementUpdated) => unknown
  readonly Unrecognized: (event: UnrecognizedEvent) => unknown
}

const members = Schema.Union([
  PayinLinkUpdated,
  PayinSourceUpdated,
  PayinRequestUpdated,
  PayoutTargetUpdated,
  PayoutRequestUpdated,
  PayinSettlementUpdated,
  UnrecognizedEvent
])

/** The schema of {@link WebhookEvent}. */
export interface WebhookEventSchema extends Schema.Codec<WebhookEvent, typeof members.Encoded> {
  /** Runs the branch of the event's kind. Leaving a branch out does not compile. */
  readonly match: {
    <C extends WebhookEventCases>(cases: C): (event: WebhookEvent) => OpenEnum.CaseResult<C>
    <C extends WebhookEventCases>(event: WebhookEvent, cases: C): OpenEnum.CaseResult<C>
  }
}

/**
 * What Palomma reports when something changes: six kinds told apart by `eventType`, and those to come.
 *
 * A known kind with a malformed record fails to decode; an unknown kind is data.
 *
 * **Gotchas**
 *
 * A `switch` over `eventType` does not tell the compiler what `event` is, since an unknown kind may be any string: use `match`, or
 * `instanceof` with the class of the kind.
 *
 * **Example** (Telling the kinds apart)
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
 */
export const WebhookEvent: WebhookEventSchema = Schema.make<WebhookEventSchema>(
  members.annotate({ identifier: "WebhookEvent" }).ast,
  {
    match: dual(2, (event: WebhookEvent, cases: Record<string, (event: WebhookEvent) => unknown>) =>
      cases[WebhookEventType.isKnown(event.eventType) ? event.eventType : "Unrecognized"]?.(event)
    )
  }
)
