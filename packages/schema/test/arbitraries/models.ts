/** Arbitraries of every model of answers and webhooks, with all values that a server may use. */
import {
  Customer,
  CustomerDetails,
  CustomerId,
  DocumentType,
  LocalDateTime,
  MerchantAccount,
  MerchantAccountId,
  MerchantAccountType,
  PayinLink,
  PayinLinkNotice,
  PayinLinkId,
  PayinLinkStatus,
  PayinLinkType,
  PayinLinkUpdated,
  PayinRequest,
  PayinRequestNotice,
  PayinRequestId,
  PayinRequestUpdated,
  PayinSettlement,
  PayinSettlementId,
  PayinSettlementUpdated,
  PayinSource,
  PayinSourceNotice,
  PayinSourceDetails,
  PayinSourceId,
  PayinSourceStatus,
  PayinSourceType,
  PayinSourceUpdated,
  PayinStatus,
  PayoutRequest,
  PayoutRequestNotice,
  PayoutRequestId,
  PayoutRequestUpdated,
  PayoutStatus,
  PayoutTarget,
  PayoutTargetNotice,
  PayoutTargetDetails,
  PayoutTargetId,
  PayoutTargetStatus,
  PayoutTargetType,
  PayoutTargetUpdated,
  StatusMessage,
  Timestamp,
  UnrecognizedEvent,
  type WebhookEvent,
  WebhookEventType,
  WebhookId
} from "@palomma-effect/schema"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"
import { text, number, id, timestamp, json, notOf, open, model } from "./values.ts"

const customerFields = {
  reference: text,
  name: text,
  documentType: open(DocumentType),
  documentNumber: text,
  email: text,
  phoneNumber: text
}
const times = { createdAt: timestamp, updatedAt: timestamp }
const sourceFields = {
  reference: text,
  description: text,
  partialPayinsEnabled: fc.boolean(),
  type: open(PayinSourceType)
}
const targetFields = { reference: text, description: text, type: open(PayoutTargetType) }

export const customer = model({ id: id(CustomerId) }, { ...customerFields, ...times }, (fields) => new Customer(fields))
export const customerDetails = model({}, customerFields, (fields) => new CustomerDetails(fields))
const linkFields = {
  reference: text,
  description: text,
  customerId: id(CustomerId),
  customerDetails,
  statusMessage: open(StatusMessage),
  paymentUrl: text,
  redirectUrl: text,
  amount: number,
  amountCollected: number,
  fee: number,
  type: open(PayinLinkType),
  expiration: text.map((value) => Schema.decodeSync(LocalDateTime.lenient)(value)),
  targetMerchantAccountId: id(MerchantAccountId),
  ...times
}
export const payinLink = model(
  { id: id(PayinLinkId), status: open(PayinLinkStatus) },
  linkFields,
  (fields) => new PayinLink(fields)
)
export const payinLinkNotice = model(
  { id: id(PayinLinkId) },
  { status: open(PayinLinkStatus), ...linkFields },
  (fields) => new PayinLinkNotice(fields)
)
export const payinSourceDetails = model({}, sourceFields, (fields) => new PayinSourceDetails(fields))
const wholeSourceFields = {
  ...sourceFields,
  customerId: id(CustomerId),
  customerDetails,
  statusMessage: open(StatusMessage),
  authUrl: text,
  redirectUrl: text,
  ...times
}
export const payinSource = model(
  { id: id(PayinSourceId), status: open(PayinSourceStatus) },
  wholeSourceFields,
  (fields) => new PayinSource(fields)
)
export const payinSourceNotice = model(
  { id: id(PayinSourceId) },
  { status: open(PayinSourceStatus), ...wholeSourceFields },
  (fields) => new PayinSourceNotice(fields)
)
const debitFields = {
  payinSourceId: id(PayinSourceId),
  amount: number,
  amountCollected: number,
  fee: number,
  reference: text,
  customerId: id(CustomerId),
  customerDetails,
  payinSourceDetails,
  statusMessage: open(StatusMessage),
  targetMerchantAccountId: id(MerchantAccountId),
  ...times
}
export const payinRequest = model(
  { id: id(PayinRequestId), status: open(PayinStatus) },
  debitFields,
  (fields) => new PayinRequest(fields)
)
export const payinRequestNotice = model(
  { id: id(PayinRequestId) },
  { status: open(PayinStatus), ...debitFields },
  (fields) => new PayinRequestNotice(fields)
)
export const payoutTargetDetails = model({}, targetFields, (fields) => new PayoutTargetDetails(fields))
const wholeTargetFields = {
  ...targetFields,
  customerId: id(CustomerId),
  customerDetails,
  statusMessage: open(StatusMessage),
  authUrl: text,
  redirectUrl: text,
  ...times
}
export const payoutTarget = model(
  { id: id(PayoutTargetId), status: open(PayoutTargetStatus) },
  wholeTargetFields,
  (fields) => new PayoutTarget(fields)
)
export const payoutTargetNotice = model(
  { id: id(PayoutTargetId) },
  { status: open(PayoutTargetStatus), ...wholeTargetFields },
  (fields) => new PayoutTargetNotice(fields)
)
const payoutFields = {
  amountSent: number,
  fee: number,
  reference: text,
  customerId: id(CustomerId),
  customerDetails,
  payoutTargetDetails,
  statusMessage: open(StatusMessage),
  sourceMerchantAccountId: id(MerchantAccountId),
  ...times
}
export const payoutRequest = model(
  { id: id(PayoutRequestId), status: open(PayoutStatus), payoutTargetId: id(PayoutTargetId), amount: number },
  payoutFields,
  (fields) => new PayoutRequest(fields)
)
export const payoutRequestNotice = model(
  { id: id(PayoutRequestId) },
  { status: open(PayoutStatus), payoutTargetId: id(PayoutTargetId), amount: number, ...payoutFields },
  (fields) => new PayoutRequestNotice(fields)
)
export const merchantAccount = model(
  { id: id(MerchantAccountId) },
  {
    description: text,
    type: open(MerchantAccountType),
    unsettledAmount: number,
    payoutLimitBalance: number,
    availableBalance: number,
    payinsEnabled: fc.boolean(),
    payoutsEnabled: fc.boolean()
  },
  (fields) => new MerchantAccount(fields)
)
export const payinSettlement = model(
  { id: id(PayinSettlementId) },
  {
    merchantAccountId: id(MerchantAccountId),
    totalAmountCollected: number,
    totalFees: number,
    numberOfPayins: number,
    payinSettlementDate: text,
    payinSettlementCycle: number,
    ...times
  },
  (fields) => new PayinSettlement(fields)
)

const eventTime = fc
  .date({ min: new Date("0000-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true })
  .chain((date) =>
    fc.constantFrom(date.toISOString(), date.toISOString().replace("Z", "456-05:00"), date.toISOString().slice(0, 19))
  )
  .map((value) => Schema.decodeSync(Timestamp)(value))

const event = <T, E, A>(
  eventType: fc.Arbitrary<T>,
  of: fc.Arbitrary<E>,
  make: (fields: { webhookId: WebhookId; eventType: T; event: E; timestamp?: Timestamp }) => A
): fc.Arbitrary<A> =>
  fc
    .record({ webhookId: id(WebhookId), eventType, event: of, timestamp: fc.option(eventTime, { nil: undefined }) })
    .map(({ timestamp, ...fields }) => make(timestamp === undefined ? fields : { ...fields, timestamp }))

export const webhookEvent: fc.Arbitrary<WebhookEvent> = fc.oneof(
  event(fc.constant("payin-link.update" as const), payinLinkNotice, (fields) => new PayinLinkUpdated(fields)),
  event(fc.constant("payin-source.update" as const), payinSourceNotice, (fields) => new PayinSourceUpdated(fields)),
  event(fc.constant("payin-request.update" as const), payinRequestNotice, (fields) => new PayinRequestUpdated(fields)),
  event(fc.constant("payout-target.update" as const), payoutTargetNotice, (fields) => new PayoutTargetUpdated(fields)),
  event(
    fc.constant("payout-request.update" as const),
    payoutRequestNotice,
    (fields) => new PayoutRequestUpdated(fields)
  ),
  event(
    fc.constant("payin-settlement.update" as const),
    payinSettlement,
    (fields) => new PayinSettlementUpdated(fields)
  ),
  event(notOf(WebhookEventType), json, (fields) => new UnrecognizedEvent(fields))
)
