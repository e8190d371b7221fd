/**
 * Code that the compiler must accept or reject. It is compiled and never run.
 */
import {
  type CreateCustomer,
  type CreatePayinLink,
  type CreatePayinSource,
  type CreatePayoutRequest,
  type CreatePayoutTarget,
  CustomerId,
  LocalDateTime,
  type MerchantAccountId,
  OpenEnum,
  PayinStatus,
  PayoutBank,
  type PayoutRequest,
  PayoutRequestId,
  PayoutRequestUpdated,
  PayoutTargetId,
  type Unrecognized,
  unrecognized,
  WebhookEvent
} from "@palomma-effect/schema"
import * as Match from "effect/Match"
import * as Redacted from "effect/Redacted"
import { expectTypeOf } from "vitest"

// An enum of these tests, so that they do not depend on the values that Palomma adds.
const ExampleStatus = OpenEnum.makeStatus("ExampleStatus", { processing: "a", approved: "b", cancelled: "c" }, [
  "approved",
  "cancelled"
])
type ExampleStatus = typeof ExampleStatus.Type
declare const status: ExampleStatus
declare const payout: PayoutRequest
declare const event: WebhookEvent

// Ids are not mixed up.
const request = { payoutTargetId: PayoutTargetId.make("t"), amount: 50_000 }
export const rightId: CreatePayoutRequest = request
// @ts-expect-error: the id of a payout request is not the id of a payout target
export const wrongId: CreatePayoutRequest = { payoutTargetId: PayoutRequestId.make("p"), amount: 50_000 }
// @ts-expect-error: a string must be converted to an id
export const noId: CreatePayoutRequest = { payoutTargetId: "t", amount: 50_000 }
// @ts-expect-error: an amount is a number
export const textAmount: CreatePayoutRequest = { payoutTargetId: PayoutTargetId.make("t"), amount: "50000" }
// @ts-expect-error: an absent reference is undefined, not null
export const nullReference: CreatePayoutRequest = { ...request, reference: null }
// Undefined means the same as an absent field.
export const noReference: CreatePayoutRequest = { ...request, reference: undefined }

// Banks are not misspelt.
const target = (bank: PayoutBank): CreatePayoutTarget => ({
  customerId: CustomerId.make("c"),
  redirectUrl: "https://merchant.example",
  type: "bankAccount",
  bankAccount: { bank, accountType: "savings", accountNumber: "3013111111" }
})
target("bancolombia")
// @ts-expect-error: no such bank
target("bancolombi")
// A bank that Palomma enabled for one merchant is passed explicitly.
target(unrecognized("bancozeta"))

// A type that Palomma added is passed explicitly too, with the fields that every type has.
const common = { customerId: CustomerId.make("c"), redirectUrl: "https://merchant.example" }
export const newTarget: CreatePayoutTarget = { ...common, type: unrecognized("transfiya") }
export const newSource: CreatePayinSource = { ...common, type: unrecognized("breb") }
// @ts-expect-error: no such type
export const misspeltTarget: CreatePayoutTarget = { ...common, type: "bankacount" }
// @ts-expect-error: a bank account needs its account
export const noAccount: CreatePayoutTarget = { ...common, type: "bankAccount" }
// @ts-expect-error: Nequi needs its number
export const noNumber: CreatePayinSource = { ...common, type: "nequiToken" }

// A document type is one of three, or one that Palomma enabled for the merchant.
const person = { name: "n", documentNumber: "1", email: "e", phoneNumber: "3" }
export const customer: CreateCustomer = { ...person, documentType: "cc" }
export const ppt: CreateCustomer = { ...person, documentType: unrecognized("ppt") }
// @ts-expect-error: no such document
export const passport: CreateCustomer = { ...person, documentType: "passport" }

// An unrecognised value is opaque, so obvious mistakes do not compile.
// @ts-expect-error: no such status
export const misspelt = status === "aproved"
// @ts-expect-error: no such status
export const notMisspelt = status !== "aproved"
// @ts-expect-error: `raw` converts a status to a string
export const asString: string = status
// @ts-expect-error: an unrecognised value is not a string either
export const restAsString = (status: ExampleStatus): string => (ExampleStatus.isKnown(status) ? "known" : status)
// @ts-expect-error: an unrecognised value is made explicitly
export const byChance: ExampleStatus = "returned"
export const forMisspelt = (status: ExampleStatus): string => {
  switch (status) {
    case "approved":
    case "processing":
    case "cancelled":
      return "known"
    // @ts-expect-error: no such status
    case "paid":
      return "paid"
    default:
      return "other"
  }
}

// The usual uses of a status compile.
export const compared: boolean = status === "approved"
export const asText: string = ExampleStatus.raw(status)
// oxlint-disable-next-line typescript/restrict-template-expressions -- this tests the compiler
export const inTemplate: string = `it is ${status}`
export const inString: string = String(status)
export const parsed: ExampleStatus = unrecognized("returned")

// A limit: a record and an index need the known type or `raw`.
type KnownStatus = OpenEnum.Known<typeof ExampleStatus>
expectTypeOf<KnownStatus>().toEqualTypeOf<"processing" | "approved" | "cancelled">()
// @ts-expect-error: an unrecognised value is no key
export const table: Record<ExampleStatus, number> = {}
const colours: Record<KnownStatus, string> = { processing: "grey", approved: "green", cancelled: "red" }
// @ts-expect-error: it cannot be an index either
export const indexed = colours[status]
export const colour: string = ExampleStatus.isKnown(status) ? colours[status] : "yellow"
const counts: Record<string, number> = {}
export const count: number | undefined = counts[ExampleStatus.raw(status)]
// Another limit: the compiler does not know that an unrecognised value is a string at run time.
if (typeof status === "string") expectTypeOf(status).toEqualTypeOf<KnownStatus>()
else expectTypeOf(status).toEqualTypeOf<Unrecognized>()

// Every status is handled, future ones included.
export const description: string = ExampleStatus.match(status, {
  processing: () => "wait",
  approved: () => "paid",
  cancelled: () => "not paid",
  Unrecognized: (other) => ExampleStatus.raw(other)
})
// @ts-expect-error: the branch of unrecognised values is missing
ExampleStatus.match(status, { processing: () => 1, approved: () => 2, cancelled: () => 3 })
// @ts-expect-error: the branch of cancelled is missing
ExampleStatus.match({ processing: () => 1, approved: () => 2, Unrecognized: () => 4 })

expectTypeOf(
  ExampleStatus.match(status, {
    processing: () => 1,
    approved: () => "two",
    cancelled: () => true as const,
    Unrecognized: () => null
  })
).toEqualTypeOf<number | string | true | null>()

export const bySwitch = (status: ExampleStatus): string => {
  switch (status) {
    case "processing":
      return "wait"
    case "approved":
      return "paid"
    case "cancelled":
      return "not paid"
    default:
      expectTypeOf(status).toEqualTypeOf<Unrecognized>()
      return ExampleStatus.raw(status)
  }
}

export const forgetful = (status: PayinStatus): string => {
  if (status === "processing" || status === "approved" || status === "cancelled") return "known"
  // @ts-expect-error: `partial` is not handled
  expectTypeOf(status).toEqualTypeOf<Unrecognized>()
  return PayinStatus.raw(status)
}

export const byMatch = Match.type<ExampleStatus>().pipe(
  Match.when("processing", () => 1),
  Match.when("approved", () => 2),
  Match.when("cancelled", () => 3),
  Match.when(ExampleStatus.guards.Unrecognized, (other) => ExampleStatus.raw(other).length),
  Match.exhaustive
)

if (ExampleStatus.guards.approved(status)) expectTypeOf(status).toEqualTypeOf<"approved">()
else expectTypeOf(status).toEqualTypeOf<"processing" | "cancelled" | Unrecognized>()
if (ExampleStatus.guards.Unrecognized(status)) expectTypeOf(status).toEqualTypeOf<Unrecognized>()
if (ExampleStatus.isAnyOf(["approved", "processing"])(status)) {
  expectTypeOf(status).toEqualTypeOf<"approved" | "processing">()
}
// @ts-expect-error: no such status
ExampleStatus.isAnyOf(["aproved"])
// @ts-expect-error: no such status
export const guarded = ExampleStatus.guards.aproved
if (ExampleStatus.isFinal(status)) expectTypeOf(status).toEqualTypeOf<"approved" | "cancelled">()
if (PayoutBank.isKnown("x")) expectTypeOf(PayoutBank.nearest("x")).not.toEqualTypeOf<undefined>()

// Optional fields of an answer may be undefined. Required fields are present.
expectTypeOf(payout.amount).toEqualTypeOf<number>()
expectTypeOf(payout.payoutTargetId).toEqualTypeOf<PayoutTargetId>()
expectTypeOf(payout.reference).toEqualTypeOf<string | undefined>()
expectTypeOf(payout.sourceMerchantAccountId).toEqualTypeOf<MerchantAccountId | undefined>()

// A time without a time zone is neither an instant nor a plain string.
const link = { customerId: CustomerId.make("c"), redirectUrl: "https://merchant.example", amount: 2_000 }
export const withExpiry: CreatePayinLink = {
  ...link,
  type: "bancolombiaButton",
  expiration: LocalDateTime.make("2026-01-31T23:59:59")
}
// @ts-expect-error: an instant is not a time without a time zone
export const instant: CreatePayinLink = { ...link, type: "bancolombiaButton", expiration: new Date().toISOString() }

// Each kind of link has exactly its fields.
// @ts-expect-error: a PSE link needs its bank
export const noBank: CreatePayinLink = { ...link, type: "pse" }
// @ts-expect-error: not every bank takes part in PSE
export const notInPse: CreatePayinLink = { ...link, type: "pse", bank: "mibanco" }
const card = { expirationMonth: "12", expirationYear: "2030", cvv: Redacted.make("123") }
export const paid: CreatePayinLink = {
  ...link,
  type: "card",
  card: { ...card, cardNumber: Redacted.make("4111111111111111") }
}
// @ts-expect-error: a card number is always wrapped
export const bare: CreatePayinLink = { ...link, type: "card", card: { ...card, cardNumber: "4111111111111111" } }

// The kind of an event determines the type of its record.
WebhookEvent.match(event, {
  "payin-link.update": ({ event }) => event.paymentUrl,
  "payin-source.update": ({ event }) => event.authUrl,
  "payin-request.update": ({ event }) => event.amountCollected,
  "payout-target.update": ({ event }) => event.status,
  "payout-request.update": ({ event }) => event.amountSent,
  "payin-settlement.update": ({ event }) => event.numberOfPayins,
  Unrecognized: ({ event }) => expectTypeOf(event).toEqualTypeOf<unknown>()
})
// @ts-expect-error: the branches of the other kinds are missing
WebhookEvent.match(event, { "payin-link.update": () => 1, Unrecognized: () => 2 })

export const byClass = (event: WebhookEvent): number | undefined =>
  event instanceof PayoutRequestUpdated ? event.event.amountSent : undefined
