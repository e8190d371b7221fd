/**
 * fast-check arbitraries for what this package describes: values of every model and every create body.
 */
import {
  Card,
  CreateCustomer,
  CreatePayinLink,
  CreatePayinRequest,
  CreatePayinSource,
  CreatePayoutRequest,
  CreatePayoutTarget,
  Customer,
  CustomerDetails,
  CustomerId,
  DirectDebitBank,
  DocumentType,
  LocalDateTime,
  MerchantAccount,
  MerchantAccountId,
  MerchantAccountType,
  type OpenEnum,
  type Page,
  PayinLink,
  PayinLinkNotice,
  PayinLinkId,
  PayinLinkMethod,
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
  PayoutBank,
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
  PseBank,
  StatusMessage,
  Timestamp,
  type Unrecognized,
  unrecognized,
  UnrecognizedEvent,
  WebhookEvent,
  WebhookEventType,
  WebhookId
} from "@palomma-effect/schema"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"

const text = fc.string({ unit: "binary" })
const nonEmpty = fc.oneof(fc.string({ unit: "binary", minLength: 1 }), fc.constantFrom("<string>", "0", " ", "null"))
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
const id = <A>(schema: { readonly make: (value: string) => A }): fc.Arbitrary<A> =>
  nonEmpty.map((value) => schema.make(value))
const timestamp = fc
  .oneof(
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    text
  )
  .map((value) => Schema.decodeSync(Timestamp)(value))
const digits = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"), minLength, maxLength })

// Through JSON, which has no -0.
const json = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)))

/** A string that an enum does not know, near to its values too. */
export const notOf = <Known extends string>(of: OpenEnum.OpenEnum<Known>): fc.Arbitrary<Unrecognized> =>
  fc
    .oneof(
      text,
      fc
        .constantFrom<string>(...of.values)
        .chain((value) =>
          fc.constantFrom(
            `${value} `,
            ` ${value}`,
            value.toUpperCase(),
            `${value}s`,
            value.slice(1),
            `${value}\u200b`,
            `${value}\n`
          )
        ),
      fc.constantFrom("", "constructor", "toString", "__proto__", "Unrecognized", "undefined")
    )
    .filter((value) => !of.isKnown(value))
    .map(unrecognized)

/** A value of an enum: known, or not. */
export const open = <Known extends string>(of: OpenEnum.OpenEnum<Known>): fc.Arbitrary<Known | Unrecognized> =>
  fc.oneof(fc.constantFrom(...of.values), notOf(of))

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

// A record of which the core is always there and each other field sometimes.
const model = <Core extends object, Rest extends object, A>(
  core: { [K in keyof Core]: fc.Arbitrary<Core[K]> },
  rest: { [K in keyof Rest]: fc.Arbitrary<Rest[K]> },
  make: (fields: Core & Partial<Rest>) => A
): fc.Arbitrary<A> => {
  const always: fc.Arbitrary<Core> = fc.record<Core>(core)
  // The compiler cannot resolve fast-check's mapped type for a type that is still a parameter.
  const sometimes = fc.record<Rest, never>(rest, { requiredKeys: [] }) as fc.Arbitrary<unknown> as fc.Arbitrary<
    Partial<Rest>
  >
  return fc.tuple(always, sometimes).map(([needed, others]) => make({ ...needed, ...others }))
}

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

/** A whole number of pesos above one bound and not above another, the ends more often than their share. */
export const pesos = (above: number, atMost: number): fc.Arbitrary<number> =>
  fc.oneof(fc.integer({ min: above + 1, max: atMost }), fc.constantFrom(above + 1, atMost))

/** A reference that comes back as it was sent. */
export const reference = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
  .map((value) =>
    value
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "")
      .trim()
      .normalize("NFC")
  )
  .filter((value) => value !== "" && Array.from(value).length <= 200 && value.trim() === value)
const localDateTime = fc
  .date({ min: new Date("2000-01-01"), max: new Date("2999-12-31"), noInvalidDate: true })
  .map((date) => LocalDateTime.make(date.toISOString().slice(0, 19)))
const account = <B>(bank: fc.Arbitrary<B>) =>
  fc.record({
    bank,
    accountType: fc.constantFrom("savings" as const, "checking" as const),
    accountNumber: digits(1, 20)
  })

export const createCustomer: fc.Arbitrary<CreateCustomer> = model(
  {
    name: nonEmpty,
    documentType: fc.constantFrom(...DocumentType.values),
    documentNumber: nonEmpty,
    email: nonEmpty,
    phoneNumber: nonEmpty
  },
  { reference },
  (body) => body
)

export const card: fc.Arbitrary<Card> = fc.record({
  cardNumber: digits(13, 19).map((value) => Redacted.make(value)),
  expirationMonth: fc.integer({ min: 1, max: 12 }).map((month) => String(month).padStart(2, "0")),
  expirationYear: digits(4, 4),
  cvv: digits(3, 4).map((value) => Redacted.make(value))
})

const link = <T extends string, X extends object>(
  type: T,
  above: number,
  extra: { [K in keyof X]: fc.Arbitrary<X[K]> }
) =>
  fc
    .tuple(
      fc.record({
        customerId: id(CustomerId),
        redirectUrl: nonEmpty,
        amount: pesos(above, 2_000_000),
        type: fc.constant(type)
      }),
      fc.record<X>(extra),
      fc.record(
        { reference, description: nonEmpty, expiration: localDateTime, targetMerchantAccountId: id(MerchantAccountId) },
        { requiredKeys: [] }
      )
    )
    .map(([needed, own, given]) => ({ ...needed, ...own, ...given }))

export const createPayinLink: fc.Arbitrary<CreatePayinLink> = fc.oneof(
  link("general", 1_500, {
    availableTypes: fc.uniqueArray(fc.constantFrom(...PayinLinkMethod.values), { minLength: 1 })
  }),
  link("pse", 1_000, { bank: fc.constantFrom(...PseBank.values) }),
  link("bancolombiaButton", 1_500, {}),
  link("nequiButton", 1_500, { phoneNumber: nonEmpty }),
  link("card", 1_500, { card }),
  link("bancolombiaCollect", 1_500, {})
)

const sourceOf = <T extends string, X extends object>(type: T, extra: { [K in keyof X]: fc.Arbitrary<X[K]> }) =>
  fc
    .tuple(
      fc.record({ customerId: id(CustomerId), redirectUrl: nonEmpty, type: fc.constant(type) }),
      fc.record<X>(extra),
      fc.record({ reference, description: nonEmpty }, { requiredKeys: [] })
    )
    .map(([needed, own, given]) => ({ ...needed, ...own, ...given }))

export const createPayinSource: fc.Arbitrary<CreatePayinSource> = fc.oneof(
  sourceOf("bankAccount", { bankAccount: account(fc.constantFrom(...DirectDebitBank.values)) }),
  sourceOf("bankAccount", {
    bankAccount: account(fc.constantFrom(...DirectDebitBank.values)),
    partialPayinsEnabled: fc.boolean()
  }),
  sourceOf("bancolombiaToken", {}),
  sourceOf("nequiToken", { phoneNumber: nonEmpty })
)

export const createPayinRequest: fc.Arbitrary<CreatePayinRequest> = model(
  { payinSourceId: id(PayinSourceId), amount: pesos(1_000, 2_000_000) },
  { reference, targetMerchantAccountId: id(MerchantAccountId) },
  (body) => body
)

export const createPayoutTarget: fc.Arbitrary<CreatePayoutTarget> = model(
  {
    customerId: id(CustomerId),
    redirectUrl: nonEmpty,
    type: fc.constant("bankAccount" as const),
    bankAccount: account(fc.constantFrom(...PayoutBank.values))
  },
  { reference, description: nonEmpty },
  (body) => body
)

export const createPayoutRequest: fc.Arbitrary<CreatePayoutRequest> = model(
  { payoutTargetId: id(PayoutTargetId), amount: pesos(1_000, 5_000_000) },
  { reference, sourceMerchantAccountId: id(MerchantAccountId) },
  (body) => body
)

/** A page of something. */
export const page = <A>(item: fc.Arbitrary<A>): fc.Arbitrary<Page<A>> =>
  model({ items: fc.array(item, { maxLength: 3 }), cursor: fc.option(nonEmpty) }, { count: number }, (fields) => fields)

interface Sample<A> {
  readonly schema: Schema.Codec<A, unknown>
  readonly values: fc.Arbitrary<A>
}

const sample = <A>(schema: Schema.Codec<A, unknown>, values: fc.Arbitrary<A>): Sample<A> => ({ schema, values })

/** Every model that answers hold. */
export const models = {
  Customer: sample(Customer, customer),
  CustomerDetails: sample(CustomerDetails, customerDetails),
  PayinLink: sample(PayinLink, payinLink),
  PayinLinkNotice: sample(PayinLinkNotice, payinLinkNotice),
  PayinSource: sample(PayinSource, payinSource),
  PayinSourceNotice: sample(PayinSourceNotice, payinSourceNotice),
  PayinSourceDetails: sample(PayinSourceDetails, payinSourceDetails),
  PayinRequest: sample(PayinRequest, payinRequest),
  PayinRequestNotice: sample(PayinRequestNotice, payinRequestNotice),
  PayoutTarget: sample(PayoutTarget, payoutTarget),
  PayoutTargetNotice: sample(PayoutTargetNotice, payoutTargetNotice),
  PayoutTargetDetails: sample(PayoutTargetDetails, payoutTargetDetails),
  PayoutRequest: sample(PayoutRequest, payoutRequest),
  PayoutRequestNotice: sample(PayoutRequestNotice, payoutRequestNotice),
  MerchantAccount: sample(MerchantAccount, merchantAccount),
  PayinSettlement: sample(PayinSettlement, payinSettlement),
  WebhookEvent: sample(WebhookEvent, webhookEvent)
}

/** Every body that requests hold. */
export const bodies = {
  CreateCustomer: sample(CreateCustomer, createCustomer),
  CreatePayinLink: sample(CreatePayinLink, createPayinLink),
  CreatePayinSource: sample(CreatePayinSource, createPayinSource),
  CreatePayinRequest: sample(CreatePayinRequest, createPayinRequest),
  CreatePayoutTarget: sample(CreatePayoutTarget, createPayoutTarget),
  CreatePayoutRequest: sample(CreatePayoutRequest, createPayoutRequest),
  Card: sample(Card, card)
}
