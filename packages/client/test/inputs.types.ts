/**
 * What does not compile: ids, banks, amounts and options of a wrong kind, and statuses that are misspelt. Never run: `tsc -b` is the test.
 */
import {
  Palomma,
  PayinLinks,
  PayoutRequests,
  PayoutTargets,
  RateLimit,
  SafeText,
  withRetry
} from "@palomma-effect/client"
import { CustomerId, PayoutRequestId, PayoutStatus, PayoutTargetId, unrecognized } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { expectTypeOf } from "vitest"

// Ids are not strings, and not each other.
const customerId = CustomerId.make("01C")
const payoutTargetId = PayoutTargetId.make("01T")

export const calls = Effect.gen(function* () {
  const payouts = yield* PayoutRequests
  const targets = yield* PayoutTargets

  // @ts-expect-error: a text is not an id
  yield* payouts.get("01H")
  // @ts-expect-error: the id of a target is not that of a payout
  yield* payouts.get(payoutTargetId)
  // @ts-expect-error: the id of a customer is not that of a target
  yield* targets.get(customerId)
  // @ts-expect-error: nor does it pay one
  yield* payouts.create({ payoutTargetId: customerId, amount: 50_000 })
  // @ts-expect-error: a filter takes the id of what it filters by
  yield* payouts.list({ customerId: payoutTargetId })
  // @ts-expect-error: a filter that there is not
  yield* payouts.list({ refrence: "r-1" })
  // @ts-expect-error: a payout is not waited for by the id of its target
  yield* payouts.awaitFinal(payoutTargetId)
  // @ts-expect-error: a number is not an amount of text
  yield* payouts.create({ payoutTargetId, amount: "50000" })
  // @ts-expect-error: an amount must be said
  yield* payouts.create({ payoutTargetId })
  // @ts-expect-error: a field that there is not
  yield* payouts.create({ payoutTargetId, amount: 50_000, refrence: "r-1" })
  // @ts-expect-error: a null is not left out
  yield* payouts.create({ payoutTargetId, amount: 50_000, reference: null })
  yield* payouts.create({ payoutTargetId, amount: 50_000, reference: undefined })
  yield* payouts.list({ customerId, payoutTargetId, reference: "r-1", limit: 10 })
  yield* payouts.awaitFinal(PayoutRequestId.make("01H"), { timeout: "1 minute" })

  const target = { customerId, redirectUrl: "https://x.example", type: "bankAccount" } as const
  yield* targets.create({ ...target, bankAccount: { bank: "bancolombia", accountType: "savings", accountNumber: "1" } })
  // A bank that Palomma opened for this merchant alone is said to be unknown.
  yield* targets.create({
    ...target,
    bankAccount: { bank: unrecognized("bancodelfuturo"), accountType: "savings", accountNumber: "1" }
  })
  // @ts-expect-error: a misspelt bank
  yield* targets.create({ ...target, bankAccount: { bank: "bancolombi", accountType: "savings", accountNumber: "1" } })
  // @ts-expect-error: an account of a kind that there is not
  yield* targets.create({ ...target, bankAccount: { bank: "bancolombia", accountType: "current", accountNumber: "1" } })
  // @ts-expect-error: an account number is a text: leading zeros matter
  yield* targets.create({ ...target, bankAccount: { bank: "bancolombia", accountType: "savings", accountNumber: 1 } })
  const bankAccount = { bank: "nequi", accountType: "savings", accountNumber: "1" } as const
  // @ts-expect-error: a target of another type
  yield* targets.create({ customerId, redirectUrl: "https://x.example", type: "card", bankAccount })
})

const key = Redacted.make("k")

/** Options of a wrong form. */
export const options = [
  // @ts-expect-error: there is no layer without a key
  Palomma.layer({}),
  // @ts-expect-error: a key is no text, so that it is not printed
  Palomma.layerFetch({ apiKey: "k" }),
  // @ts-expect-error: there are two environments
  Palomma.layerFetch({ apiKey: key, environment: "staging" }),
  // @ts-expect-error: a base URL is a text
  Palomma.layerFetch({ apiKey: key, baseUrl: new URL("https://gateway.example") }),
  // @ts-expect-error: a limit has two bounds
  Palomma.layerFetch({ apiKey: key, limits: { payout: 5_000_000 } }),
  // @ts-expect-error: a bound that there is not
  Palomma.layerFetch({ apiKey: key, limits: { payout: { min: 1 } } }),
  // @ts-expect-error: a kind of amount that there is not
  Palomma.layerFetch({ apiKey: key, limits: { payuot: { atMost: 1 } } }),
  // @ts-expect-error: a list that there is not
  Palomma.layerFetch({ apiKey: key, extra: { banks: ["newbank"] } }),
  // @ts-expect-error: one value is no list
  Palomma.layerFetch({ apiKey: key, extra: { payoutBanks: "newbank" } }),
  // @ts-expect-error: statuses are numbers
  Palomma.layerFetch({ apiKey: key, rejectedStatuses: ["429"] }),
  // @ts-expect-error: the old name
  Palomma.layerFetch({ apiKey: key, refusals: [429] }),
  // @ts-expect-error: a limit is made by RateLimit.make
  Palomma.layerFetch({ apiKey: key, rateLimit: { limit: 10, window: "1 second" } }),
  // @ts-expect-error: a duration has a unit
  Palomma.layerFetch({ apiKey: key, retry: { reads: { timeout: "5" } } }),
  // @ts-expect-error: the old name
  Palomma.layerFetch({ apiKey: key, retry: { reads: { attempts: 3 } } }),
  // @ts-expect-error: a client of the program's own has its own fetch
  Palomma.layer({ apiKey: key, fetch: globalThis.fetch }),
  // @ts-expect-error: the configuration says the key
  Palomma.layerConfig({ apiKey: key }),
  // @ts-expect-error: a window must be named
  RateLimit.make({ limit: 10 }),
  // @ts-expect-error: policies are of reads and of creates
  withRetry(Effect.void, { maxAttempts: 3 })
]

/** Every option may be left out, or undefined. */
export const right = Palomma.layerFetch({
  apiKey: key,
  environment: undefined,
  baseUrl: undefined,
  limits: { payout: { above: undefined, atMost: 20_000_000 }, payin: undefined },
  extra: { payoutBanks: ["newbank"], pseBanks: undefined },
  retry: { reads: { maxAttempts: undefined }, creates: undefined },
  rateLimit: RateLimit.make({ limit: 10, window: "1 second" }),
  rejectedStatuses: undefined,
  fetch: undefined
})

export const statuses = Effect.gen(function* () {
  const payouts = yield* PayoutRequests
  const { status } = yield* payouts.get(PayoutRequestId.make("01H"))

  expectTypeOf(status).toEqualTypeOf<PayoutStatus>()
  if (status === "approved") return "paid"
  // @ts-expect-error: a misspelt status is no status
  if (status === "aproved") return "paid"
  switch (status) {
    case "processing":
      return "wait"
    // @ts-expect-error: nor is one of another resource
    case "paid":
      return "paid"
    case "cancelled":
    default:
      break
  }
  // @ts-expect-error: a status is no text, for it may be one that is not known
  const text: string = status
  // @ts-expect-error: nor does it name a field of a table
  const label = { processing: "…", approved: "✓", cancelled: "✗" }[status]
  expectTypeOf(PayoutStatus.raw(status)).toEqualTypeOf<string>()
  if (PayoutStatus.guards.cancelled(status)) expectTypeOf(status).toEqualTypeOf<"cancelled">()
  // @ts-expect-error: a test for a status that there is not
  const isPaid: unknown = PayoutStatus.guards.paid
  return [text, label, isPaid]
})

// What a server wrote is no safe text until it is made one.
export const texts = Effect.gen(function* () {
  const made = SafeText.make("words of a server")
  expectTypeOf(made).toEqualTypeOf<SafeText.SafeText>()
  // @ts-expect-error: a text is not safe by being one
  const safe: SafeText.SafeText = "words of a server"
  const links = yield* PayinLinks
  const link = {
    customerId,
    redirectUrl: "https://x.example",
    type: "pse",
    bank: "bancolombia",
    amount: 50_000
  } as const
  yield* links.create(link, { undocumented: { urgency: "high" } })
  // @ts-expect-error: a misspelt option of a create
  yield* links.create(link, { undocumentd: {} })
  return safe
})
