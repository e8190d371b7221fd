/**
 * What the compiler must accept and refuse. Compiled, never run.
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

// An enum of these tests, so that they hold whatever Palomma adds.
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
// @ts-expect-error: a string is no id until it is made one
export const noId: CreatePayoutRequest = { payoutTargetId: "t", amount: 50_000 }
// @ts-expect-error: an amount is a number
export const textAmount: CreatePayoutRequest = { payoutTargetId: PayoutTargetId.make("t"), amount: "50000" }
// @ts-expect-error: a reference is left out, not null
export const nullReference: CreatePayoutRequest = { ...request, reference: null }
// Undefined says the same as leaving it out.
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
// A bank that Palomma opened for one merchant is passed on purpose.
target(unrecognized("bancozeta"))

// A type that Palomma added is passed on purpose too, with what every type has.
const common = { customerId: CustomerId.make("c"), redirectUrl: "https://merchant.example" }
export const newTarget: CreatePayoutTarget = { ...common, type: unrecognized("transfiya") }
export const newSource: CreatePayinSource = { ...common, type: unrecognized("breb") }
// @ts-expect-error: a misspelt type is none
export const misspeltTarget: CreatePayoutTarget = { ...common, type: "bankacount" }
// @ts-expect-error: a bank account needs its account
export const noAccount: CreatePayoutTarget = { ...common, type: "bankAccount" }
// @ts-expect-error: Nequi needs its number
export const noNumber: CreatePayinSource = { ...common, type: "nequiToken" }

// A document type is one of three, or one that Palomma opened for the merchant.
const person = { name: "n", documentNumber: "1", email: "e", phoneNumber: "3" }
export const customer: CreateCustomer = { ...person, documentType: "cc" }
export const ppt: CreateCustomer = { ...person, documentType: unrecognized("ppt") }
// @ts-expect-error: no such document
export const passport: CreateCustomer = { ...person, documentType: "passport" }

// An unrecognised value is opaque: what can only be a mistake does not compile.
// @ts-expect-error: no such status
export const misspelt = status === "aproved"
// @ts-expect-error: no such status
export const notMisspelt = status !== "aproved"
// @ts-expect-error: a status is no string until `raw` makes it one
export const asString: string = status
// @ts-expect-error: nor is what is left of it once the known values are ruled out
export const restAsString = (status: ExampleStatus): string => (ExampleStatus.isKnown(status) ? "known" : status)
// @ts-expect-error: an unrecognised value is made on purpose
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

// What a status is used for compiles.
export const compared: boolean = status === "approved"
export const asText: string = ExampleStatus.raw(status)
// oxlint-disable-next-line typescript/restrict-template-expressions -- what the compiler says of it is tested here
export const inTemplate: string = `it is ${status}`
export const inString: string = String(status)
export const parsed: ExampleStatus = unrecognized("returned")

// What it costs: a record and an index need the known type or `raw`.
type KnownStatus = OpenEnum.Known<typeof ExampleStatus>
expectTypeOf<KnownStatus>().toEqualTypeOf<"processing" | "approved" | "cancelled">()
// @ts-expect-error: an unrecognised value is no key
export const table: Record<ExampleStatus, number> = {}
const colours: Record<KnownStatus, string> = { processing: "grey", approved: "green", cancelled: "red" }
// @ts-expect-error: nor can it index
export const indexed = colours[status]
export const colour: string = ExampleStatus.isKnown(status) ? colours[status] : "yellow"
const counts: Record<string, number> = {}
export const count: number | undefined = counts[ExampleStatus.raw(status)]
// It costs a trap, too: the compiler does not know that an unrecognised value is a string at run time.
if (typeof status === "string") expectTypeOf(status).toEqualTypeOf<KnownStatus>()
else expectTypeOf(status).toEqualTypeOf<Unrecognized>()

// Every status is handled, those to come included.
export const said: string = ExampleStatus.match(status, {
  processing: () => "wait",
  approved: () => "paid",
  cancelled: () => "not paid",
  Unrecognized: (other) => ExampleStatus.raw(other)
})
// @ts-expect-error: nothing is said of what Palomma may add
ExampleStatus.match(status, { processing: () => 1, approved: () => 2, cancelled: () => 3 })
// @ts-expect-error: nothing is said of cancelled
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
  // @ts-expect-error: `partial` is left over
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

// What an answer may leave out must be asked for; its core is there.
expectTypeOf(payout.amount).toEqualTypeOf<number>()
expectTypeOf(payout.payoutTargetId).toEqualTypeOf<PayoutTargetId>()
expectTypeOf(payout.reference).toEqualTypeOf<string | undefined>()
expectTypeOf(payout.sourceMerchantAccountId).toEqualTypeOf<MerchantAccountId | undefined>()

// A zone-less time is no instant and no bare string.
const link = { customerId: CustomerId.make("c"), redirectUrl: "https://merchant.example", amount: 2_000 }
export const lapses: CreatePayinLink = {
  ...link,
  type: "bancolombiaButton",
  expiration: LocalDateTime.make("2026-01-31T23:59:59")
}
// @ts-expect-error: an instant is not what a clock on a wall shows
export const instant: CreatePayinLink = { ...link, type: "bancolombiaButton", expiration: new Date().toISOString() }

// Each kind of link has what it needs and no more.
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
// @ts-expect-error: a card number is wrapped from the start
export const bare: CreatePayinLink = { ...link, type: "card", card: { ...card, cardNumber: "4111111111111111" } }

// An event's kind tells its record.
WebhookEvent.match(event, {
  "payin-link.update": ({ event }) => event.paymentUrl,
  "payin-source.update": ({ event }) => event.authUrl,
  "payin-request.update": ({ event }) => event.amountCollected,
  "payout-target.update": ({ event }) => event.status,
  "payout-request.update": ({ event }) => event.amountSent,
  "payin-settlement.update": ({ event }) => event.numberOfPayins,
  Unrecognized: ({ event }) => expectTypeOf(event).toEqualTypeOf<unknown>()
})
// @ts-expect-error: nothing is said of the other kinds
WebhookEvent.match(event, { "payin-link.update": () => 1, Unrecognized: () => 2 })

export const byClass = (event: WebhookEvent): number | undefined =>
  event instanceof PayoutRequestUpdated ? event.event.amountSent : undefined
