import type { CreateCustomer, Customer } from "@palomma-effect/schema/Customer"
import type { MerchantRulesOptions } from "@palomma-effect/schema/MerchantRules"
import type { PayinLink, PayinLinkStatus } from "@palomma-effect/schema/PayinLink"
import type { Unrecognized } from "@palomma-effect/schema/OpenEnum"
import type { PayinRequest, PayinStatus } from "@palomma-effect/schema/PayinRequest"
import type { PayinSettlement } from "@palomma-effect/schema/PayinSettlement"
import type { CreatePayinSourceNequiToken, PayinSource, PayinSourceStatus } from "@palomma-effect/schema/PayinSource"
import type { PayoutRequest, PayoutStatus } from "@palomma-effect/schema/PayoutRequest"
import type {
  CreatePayoutTargetBankAccount,
  PayoutTarget,
  PayoutTargetStatus
} from "@palomma-effect/schema/PayoutTarget"
import type { StatusMessage } from "@palomma-effect/schema/StatusMessage"
import type { WebhookEvent } from "@palomma-effect/schema/WebhookEvent"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Schema from "effect/Schema"
import type { ReceivedRequest } from "./http/exchange.ts"
import type { Injection, WebhookInjection } from "./faults/armed.ts"
import type { Movement, Place } from "./state/books.ts"
import type { Operation } from "./operations.ts"
import type { ReportedWebhook } from "./webhooks/outbox.ts"
import type { StatusChange, PayinStatusChange } from "./state/transitions.ts"
import type { Stores } from "./state/world.ts"

/**
 * How a simulated Palomma behaves; every part has a default.
 *
 * @category options
 * @since 0.1.0
 */
export interface SimulatorOptions {
  /** The only key it accepts. Default: `sim-key`. */
  readonly apiKey?: string | undefined
  /** The key that webhooks are signed with. Default: `sim-integrity-key`. */
  readonly integrityKey?: string | undefined
  /** How long the bank takes over anything. Default: it waits until it is told. */
  readonly processingTime?: Duration.Input | undefined
  /** Whether a fresh payout target is `pending` until it is verified, instead of `active` at once as in Palomma's example. */
  readonly requireTargetVerification?: boolean | undefined
  /** What each payout and each payin costs the merchant, in pesos. Default: 500. */
  readonly fee?: number | undefined
  /** What each merchant account holds at first, in pesos; there is always one called `default`. */
  readonly balances?: Readonly<Record<string, number>> | undefined
  /** Merchant accounts that hand their money over at every settlement and do not pay out. */
  readonly gateways?: ReadonlyArray<string> | undefined
  /** The bounds of amounts in pesos that are not the documented ones. */
  readonly limits?: MerchantRulesOptions["limits"]
  /** The banks, types and methods that it accepts beside the documented ones. */
  readonly extra?: MerchantRulesOptions["extra"]
  /** The share of requests, from 0 to 1, that one of `Fault.common` strikes. */
  readonly faultRate?: number | undefined
  /**
   * What becomes of texts and numbers when they are stored: the `reference` of any record, and the `amount` of a payout or payin request.
   * Default: they stay as they were sent.
   *
   * Every answer, list and webhook shows what was stored, and a filter by reference finds it by that only.
   */
  readonly stores?: Stores | undefined
  /** How many of the requests that were received are kept, the latest ones; of long ones fewer. Default: 10,000. */
  readonly keptRequests?: number | undefined
  /** Makes ids and drawn faults repeat. Default: `Random` of the program decides. */
  readonly seed?: string | number | undefined
}

/**
 * There is no such record in the simulator.
 *
 * @category errors
 * @since 0.1.0
 */
export class RecordNotFound extends Schema.TaggedError<RecordNotFound>()("RecordNotFound", {
  kind: Schema.String,
  id: Schema.String
}) {
  override get message(): string {
    return `The simulator has no ${this.kind} ${this.id}`
  }
}

/**
 * What really happened, whatever a client believes.
 *
 * Amounts are pesos.
 *
 * **Gotchas**
 *
 * A reference here is the one that was *sent*, in whatever form it was stored, shown or listed: a test that sent `salary-1` finds all that
 * came of it under `salary-1`. A record that was added by a control was "sent" with the reference it was added with.
 *
 * @category services
 * @since 0.1.0
 */
export interface Ledger {
  /** The requests that were received whole, in order: the latest ones, as many as `keptRequests` says. */
  readonly requests: (filter?: {
    readonly operation?: Operation | undefined
  }) => Effect.Effect<ReadonlyArray<ReceivedRequest>>
  /** Every payout, in the order of creation. */
  readonly payouts: Effect.Effect<ReadonlyArray<PayoutRequest>>
  /** The payouts whose requests held a reference: more than one if it was paid more than once. */
  readonly payoutsByReference: (reference: string) => Effect.Effect<ReadonlyArray<PayoutRequest>>
  /** The payouts to a payout target. */
  readonly payoutsByTarget: (payoutTargetId: string) => Effect.Effect<ReadonlyArray<PayoutRequest>>
  /** Every payin request, in the order of creation. */
  readonly payins: Effect.Effect<ReadonlyArray<PayinRequest>>
  /** The payin requests whose requests held a reference: more than one if it was debited more than once. */
  readonly payinsByReference: (reference: string) => Effect.Effect<ReadonlyArray<PayinRequest>>
  /** The payin requests that debit a payin source. */
  readonly payinsBySource: (payinSourceId: string) => Effect.Effect<ReadonlyArray<PayinRequest>>
  /** The `number` of the request that made a record of any kind; nothing if a control made it. */
  readonly createdBy: (id: string) => Effect.Effect<number | undefined>
  /** Every movement of money, in order. */
  readonly movements: Effect.Effect<ReadonlyArray<Movement>>
  /** What is at one place now. */
  readonly balance: (place: Place) => Effect.Effect<number>
  /** What recipients have got in all. */
  readonly totalPaid: Effect.Effect<number>
}

/**
 * The webhooks of a simulated Palomma.
 *
 * @category services
 * @since 0.1.0
 */
export interface SimulatedWebhooks {
  /** Every event there was to report, whatever became of it on its way. */
  readonly events: Effect.Effect<ReadonlyArray<WebhookEvent>>
  /** Takes the webhooks that have become due, signed, each of them once. */
  readonly take: Effect.Effect<ReadonlyArray<ReportedWebhook>>
  /** Sends an event again, with the `webhookId` and the `timestamp` it had. */
  readonly redeliver: (webhookId: string) => Effect.Effect<void, RecordNotFound>
  /** Lets something go wrong with webhooks on their way. What makes no sense, such as a billion copies, is a defect. */
  readonly fault: (injection: WebhookInjection) => Effect.Effect<void>
}

/**
 * A payout request that did not come through the API; what is left out is made up.
 *
 * Nothing of it is checked.
 *
 * @category options
 * @since 0.1.0
 */
export interface AddedPayoutRequest {
  /** The target, known or not. Default: one that is added. */
  readonly payoutTargetId?: string | undefined
  /** In pesos. Default: 50,000. */
  readonly amount?: number | undefined
  /** It is stored as it is. Default: none. */
  readonly reference?: string | undefined
  /** The merchant account that is drawn on. Default: `default`. */
  readonly sourceMerchantAccountId?: string | undefined
  /** The status that it comes to at once, which a webhook reports. Default: it is `processing`. */
  readonly status?: PayoutStatus | undefined
  readonly statusMessage?: StatusMessage | undefined
}

/**
 * A payin request that did not come through the API; what is left out is made up.
 *
 * Nothing of it is checked.
 *
 * @category options
 * @since 0.1.0
 */
export interface AddedPayinRequest {
  /** The source, known or not. Default: one that is added. */
  readonly payinSourceId?: string | undefined
  /** In pesos. Default: 20,000. */
  readonly amount?: number | undefined
  /** It is stored as it is. Default: none. */
  readonly reference?: string | undefined
  /** The merchant account that is credited. Default: `default`. */
  readonly targetMerchantAccountId?: string | undefined
  /** The status that it comes to at once, which a webhook reports. Default: it is `processing`. */
  readonly status?: PayinStatus | undefined
  readonly statusMessage?: StatusMessage | undefined
  /** What was debited, in pesos, as in `setPayinStatus`. */
  readonly amountCollected?: number | undefined
}

/**
 * How a payout comes back.
 *
 * @category options
 * @since 0.1.0
 */
export interface PayoutReturn {
  /** Its status from then on: `cancelled`, or one that is not documented. Default: `cancelled`. */
  readonly status?: "cancelled" | Unrecognized | undefined
  /** Why, if it is `cancelled`. Default: `ERROR`. */
  readonly statusMessage?: StatusMessage | undefined
}

/**
 * The controls of a simulated Palomma.
 *
 * @category services
 * @since 0.1.0
 */
export interface SimulatorService {
  /** The base URL to give to a client. */
  readonly url: string
  /** The key it accepts. */
  readonly apiKey: string
  /** The key that webhooks are signed with. */
  readonly integrityKey: string
  /** The door that needs no network. */
  readonly httpClient: HttpClient.HttpClient
  /** What really happened. */
  readonly ledger: Ledger
  /** What is reported to the merchant. */
  readonly webhooks: SimulatedWebhooks
  /** Puts a customer there, without a request; what is left out is made up. */
  readonly addCustomer: (fields?: Partial<CreateCustomer>) => Effect.Effect<Customer>
  /** Puts an active Nequi account there, without a request; what is left out is made up, the customer too. */
  readonly addPayoutTarget: (fields?: Partial<CreatePayoutTargetBankAccount>) => Effect.Effect<PayoutTarget>
  /** Puts an active Nequi account that can be debited there, without a request; what is left out is made up, the customer too. */
  readonly addPayinSource: (fields?: Partial<CreatePayinSourceNequiToken>) => Effect.Effect<PayinSource>
  /** Puts a payout request there that was made in Palomma's dashboard, not through the API: any reference, amount, target and status. */
  readonly addPayoutRequest: (fields?: AddedPayoutRequest) => Effect.Effect<PayoutRequest>
  /** Puts a payin request there that was made in Palomma's dashboard, not through the API: any reference, amount, source and status. */
  readonly addPayinRequest: (fields?: AddedPayinRequest) => Effect.Effect<PayinRequest>
  /**
   * Lets a payout come back, an approved one too: the bank of the recipient returns the money. The amount and the fee are in the merchant
   * account again, and a webhook reports the new status.
   */
  readonly returnPayout: (payoutRequestId: string, how?: PayoutReturn) => Effect.Effect<PayoutRequest, RecordNotFound>
  /** Gives a payout another status. A final one can be changed too: Palomma does not say that it cannot. */
  readonly setPayoutStatus: (
    payoutRequestId: string,
    change: StatusChange<PayoutStatus>
  ) => Effect.Effect<PayoutRequest, RecordNotFound>
  /** Gives a payout target another status. */
  readonly setPayoutTargetStatus: (
    payoutTargetId: string,
    change: StatusChange<PayoutTargetStatus>
  ) => Effect.Effect<PayoutTarget, RecordNotFound>
  /** Gives a payin link another status. */
  readonly setPayinLinkStatus: (
    payinLinkId: string,
    change: StatusChange<PayinLinkStatus>
  ) => Effect.Effect<PayinLink, RecordNotFound>
  /** Gives a payin source another status. */
  readonly setPayinSourceStatus: (
    payinSourceId: string,
    change: StatusChange<PayinSourceStatus>
  ) => Effect.Effect<PayinSource, RecordNotFound>
  /** Gives a payin request another status. */
  readonly setPayinStatus: (
    payinRequestId: string,
    change: PayinStatusChange
  ) => Effect.Effect<PayinRequest, RecordNotFound>
  /** Hands over all that an account has collected, without waiting for the day it is due. Nothing if there is nothing. */
  readonly settle: (merchantAccountId: string) => Effect.Effect<PayinSettlement | undefined, RecordNotFound>
  /** Makes a payout target active, as its owner does by visiting its `authUrl`. */
  readonly verify: (payoutTargetId: string) => Effect.Effect<PayoutTarget, RecordNotFound>
  /** Does what a person does on the page of an `authUrl` or a `paymentUrl`; gives the URL that the page sends them back to. */
  readonly visit: (url: string) => Effect.Effect<string, RecordNotFound>
  /** Sets what a merchant account can pay out, in pesos. */
  readonly setBalance: (merchantAccountId: string, amount: number) => Effect.Effect<void>
  /**
   * Arms a fault: for the next call of an operation, for its n-th, or for a share of all. What makes no sense, such as a rate of 5, is a
   * defect.
   */
  readonly fault: (injection: Injection) => Effect.Effect<void>
  /** Disarms every fault, those of webhooks too. */
  readonly clearFaults: Effect.Effect<void>
}
