/**
 * Arbitraries of Palomma's records.
 */
import * as fc from "fast-check"
import { type Arbitrary, from } from "./arbitrary.ts"
import { Customer, CustomerDetails } from "@palomma-effect/schema/Customer"
import { DocumentType } from "@palomma-effect/schema/DocumentType"
import { MerchantAccount, MerchantAccountType } from "@palomma-effect/schema/MerchantAccount"
import type { Page } from "@palomma-effect/schema/Page"
import { PayinLink, PayinLinkType } from "@palomma-effect/schema/PayinLink"
import { PayinRequest } from "@palomma-effect/schema/PayinRequest"
import { PayinSettlement, payinSettlementCycles } from "@palomma-effect/schema/PayinSettlement"
import { PayinSource, PayinSourceDetails, PayinSourceType } from "@palomma-effect/schema/PayinSource"
import { PayoutRequest } from "@palomma-effect/schema/PayoutRequest"
import { PayoutTarget, PayoutTargetDetails, PayoutTargetType } from "@palomma-effect/schema/PayoutTarget"
import * as Webhook from "@palomma-effect/schema/WebhookEvent"
import { WebhookEventType } from "@palomma-effect/schema/WebhookEvent"
import * as Enum from "./enums.ts"
import * as Ids from "./ids.ts"
import * as Value from "./values.ts"

/** Makes records with required fields and optional ones. */
export const fields = <A extends object, B extends object>(
  required: { readonly [K in keyof A]: fc.Arbitrary<A[K]> },
  optional: { readonly [K in keyof B]: fc.Arbitrary<B[K]> }
): Arbitrary<A & Partial<B>> =>
  from(
    fc
      .tuple(fc.record<A>({ ...required }), fc.record<B, never>({ ...optional }, { requiredKeys: [] }))
      .map(([a, b]) => ({
        ...a,
        ...(b as Partial<B>)
      }))
  )

const times = { createdAt: Value.timestamp, updatedAt: Value.timestamp }

const person = {
  reference: Value.reference,
  name: Value.text,
  documentType: Enum.open(DocumentType),
  documentNumber: Value.documentNumber,
  email: Value.email,
  phoneNumber: Value.mobileNumber
}

/**
 * Customers, with and without the optional fields.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const customer: Arbitrary<Customer> = from(
  fields({ id: Ids.customerId }, { ...person, ...times }).map((props) => new Customer(props))
)

/**
 * Copies of a customer's data in other records.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const customerDetails: Arbitrary<CustomerDetails> = from(
  fields({}, person).map((props) => new CustomerDetails(props))
)

const ofCustomer = { customerId: Ids.customerId, customerDetails }

const named = { reference: Value.reference, description: Value.text }

const targetDetails = { ...named, type: Enum.open(PayoutTargetType) }

/**
 * Copies of a payout target's data in payout requests.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payoutTargetDetails: Arbitrary<PayoutTargetDetails> = from(
  fields({}, targetDetails).map((props) => new PayoutTargetDetails(props))
)

/**
 * Payout targets.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payoutTarget: Arbitrary<PayoutTarget> = from(
  fields(
    { id: Ids.payoutTargetId, status: Enum.payoutTargetStatus },
    {
      ...targetDetails,
      ...ofCustomer,
      statusMessage: Enum.statusMessage,
      authUrl: Value.url,
      redirectUrl: Value.url,
      ...times
    }
  ).map((props) => new PayoutTarget(props))
)

/**
 * Payout requests.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payoutRequest: Arbitrary<PayoutRequest> = from(
  fields(
    {
      id: Ids.payoutRequestId,
      status: Enum.payoutStatus,
      payoutTargetId: Ids.payoutTargetId,
      amount: Value.pesos
    },
    {
      amountSent: Value.pesos,
      fee: Value.pesos,
      reference: Value.reference,
      ...ofCustomer,
      payoutTargetDetails,
      statusMessage: Enum.statusMessage,
      sourceMerchantAccountId: Ids.merchantAccountId,
      ...times
    }
  ).map((props) => new PayoutRequest(props))
)

/**
 * Payin links.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payinLink: Arbitrary<PayinLink> = from(
  fields(
    { id: Ids.payinLinkId, status: Enum.payinLinkStatus },
    {
      ...named,
      ...ofCustomer,
      statusMessage: Enum.statusMessage,
      paymentUrl: Value.url,
      redirectUrl: Value.url,
      amount: Value.pesos,
      amountCollected: Value.pesos,
      fee: Value.pesos,
      type: Enum.open(PayinLinkType),
      expiration: Value.localDateTime,
      targetMerchantAccountId: Ids.merchantAccountId,
      ...times
    }
  ).map((props) => new PayinLink(props))
)

const sourceDetails = { ...named, partialPayinsEnabled: fc.boolean(), type: Enum.open(PayinSourceType) }

/**
 * Copies of a payin source's data in payin requests.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payinSourceDetails: Arbitrary<PayinSourceDetails> = from(
  fields({}, sourceDetails).map((props) => new PayinSourceDetails(props))
)

/**
 * Payin sources.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payinSource: Arbitrary<PayinSource> = from(
  fields(
    { id: Ids.payinSourceId, status: Enum.payinSourceStatus },
    {
      ...sourceDetails,
      ...ofCustomer,
      statusMessage: Enum.statusMessage,
      authUrl: Value.url,
      redirectUrl: Value.url,
      ...times
    }
  ).map((props) => new PayinSource(props))
)

/**
 * Payin requests.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payinRequest: Arbitrary<PayinRequest> = from(
  fields(
    { id: Ids.payinRequestId, status: Enum.payinStatus },
    {
      payinSourceId: Ids.payinSourceId,
      amount: Value.pesos,
      amountCollected: Value.pesos,
      fee: Value.pesos,
      reference: Value.reference,
      ...ofCustomer,
      payinSourceDetails,
      statusMessage: Enum.statusMessage,
      targetMerchantAccountId: Ids.merchantAccountId,
      ...times
    }
  ).map((props) => new PayinRequest(props))
)

/**
 * Merchant accounts.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const merchantAccount: Arbitrary<MerchantAccount> = from(
  fields(
    { id: Ids.merchantAccountId },
    {
      description: Value.text,
      type: Enum.open(MerchantAccountType),
      unsettledAmount: Value.pesos,
      payoutLimitBalance: Value.pesos,
      availableBalance: Value.pesos,
      payinsEnabled: fc.boolean(),
      payoutsEnabled: fc.boolean()
    }
  ).map((props) => new MerchantAccount(props))
)

/**
 * Payin settlements.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const payinSettlement: Arbitrary<PayinSettlement> = from(
  fields(
    { id: Ids.payinSettlementId },
    {
      merchantAccountId: Ids.merchantAccountId,
      totalAmountCollected: Value.pesos,
      totalFees: Value.pesos,
      numberOfPayins: fc.integer({ min: 1, max: 500 }),
      payinSettlementDate: Value.timestamp.map((instant) => instant.slice(0, 10)),
      payinSettlementCycle: fc.constantFrom(...payinSettlementCycles, 9),
      ...times
    }
  ).map((props) => new PayinSettlement(props))
)

/**
 * Pages of a list, with and without a cursor.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const page = <A>(item: fc.Arbitrary<A>): Arbitrary<Page<A>> =>
  from(
    fields(
      {
        items: fc.array(item, { maxLength: 5 }),
        cursor: fc.option(fc.stringMatching(/^[0-9a-f]{8,64}$/), { nil: null })
      },
      { count: fc.nat(100) }
    )
  )

// JSON has no -0, so the object is encoded and decoded.
const anything = fc.dictionary(Value.text, fc.jsonValue()).map((record): unknown => JSON.parse(JSON.stringify(record)))

const eventOf = { webhookId: Ids.webhookId, timestamp: Value.timestamp }

/**
 * Webhook events of all types, including types that this version does not know.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const webhookEvent: Arbitrary<Webhook.WebhookEvent> = from(
  fc.oneof<Array<fc.Arbitrary<Webhook.WebhookEvent>>>(
    fc
      .record({ ...eventOf, eventType: fc.constant("payout-request.update" as const), event: payoutRequest })
      .map((props) => new Webhook.PayoutRequestUpdated(props)),
    fc
      .record({ ...eventOf, eventType: fc.constant("payout-target.update" as const), event: payoutTarget })
      .map((props) => new Webhook.PayoutTargetUpdated(props)),
    fc
      .record({ ...eventOf, eventType: fc.constant("payin-link.update" as const), event: payinLink })
      .map((props) => new Webhook.PayinLinkUpdated(props)),
    fc
      .record({ ...eventOf, eventType: fc.constant("payin-source.update" as const), event: payinSource })
      .map((props) => new Webhook.PayinSourceUpdated(props)),
    fc
      .record({ ...eventOf, eventType: fc.constant("payin-request.update" as const), event: payinRequest })
      .map((props) => new Webhook.PayinRequestUpdated(props)),
    fc
      .record({ ...eventOf, eventType: fc.constant("payin-settlement.update" as const), event: payinSettlement })
      .map((props) => new Webhook.PayinSettlementUpdated(props)),
    fc
      .record({
        ...eventOf,
        eventType: Enum.unrecognized(WebhookEventType),
        event: anything
      })
      .map((props) => new Webhook.UnrecognizedEvent(props))
  )
)
