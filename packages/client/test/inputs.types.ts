/**
 * What does not compile: ids, banks, amounts and options of a wrong kind, and misspelt statuses. `tsc -b` is the test.
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

// Ids are not strings, and ids of different records are not interchangeable.
const customerId = CustomerId.make("01C")
const payoutTargetId = PayoutTargetId.make("01T")

export const calls = Effect.gen(function* () {
  const payouts = yield* PayoutRequests
  const targets = yield* PayoutTargets

  // @ts-expect-error: a string is not an id
  yield* payouts.get("01H")
  // @ts-expect-error: the id of a payout target is not that of a payout
  yield* payouts.get(payoutTargetId)
  // @ts-expect-error: the id of a customer is not that of a payout target
  yield* targets.get(customerId)
  // @ts-expect-error: the id of a customer is not that of a payout target in a body either
  yield* payouts.create({ payoutTargetId: customerId, amount: 50_000 })
  // @ts-expect-error: a filter takes the id of the record that it filters by
  yield* payouts.list({ customerId: payoutTargetId })
  // @ts-expect-error: an unknown filter
  yield* payouts.list({ refrence: "r-1" })
  // @ts-expect-error: a payout is not awaited by the id of its payout target
  yield* payouts.awaitFinal(payoutTargetId)
  // @ts-expect-error: an amount is a number, not a string
  yield* payouts.create({ payoutTargetId, amount: "50000" })
  // @ts-expect-error: an amount is required
  yield* payouts.create({ payoutTargetId })
  // @ts-expect-error: an unknown field
  yield* payouts.create({ payoutTargetId, amount: 50_000, refrence: "r-1" })
  // @ts-expect-error: null does not omit a field
  yield* payouts.create({ payoutTargetId, amount: 50_000, reference: null })
  yield* payouts.create({ payoutTargetId, amount: 50_000, reference: undefined })
  yield* payouts.list({ customerId, payoutTargetId, reference: "r-1", limit: 10 })
  yield* payouts.awaitFinal(PayoutRequestId.make("01H"), { timeout: "1 minute" })

  const target = { customerId, redirectUrl: "https://x.example", type: "bankAccount" } as const
  yield* targets.create({ ...target, bankAccount: { bank: "bancolombia", accountType: "savings", accountNumber: "1" } })
  // A bank that Palomma enabled for this merchant alone is marked as unknown.
  yield* targets.create({
    ...target,
    bankAccount: { bank: unrecognized("bancodelfuturo"), accountType: "savings", accountNumber: "1" }
  })
  // @ts-expect-error: a misspelt bank
  yield* targets.create({ ...target, bankAccount: { bank: "bancolombi", accountType: "savings", accountNumber: "1" } })
  // @ts-expect-error: an unknown kind of account
  yield* targets.create({ ...target, bankAccount: { bank: "bancolombia", accountType: "current", accountNumber: "1" } })
  // @ts-expect-error: an account number is a string: leading zeros matter
  yield* targets.create({ ...target, bankAccount: { bank: "bancolombia", accountType: "savings", accountNumber: 1 } })
  const bankAccount = { bank: "nequi", accountType: "savings", accountNumber: "1" } as const
  // @ts-expect-error: a payout target of another type
  yield* targets.create({ customerId, redirectUrl: "https://x.example", type: "card", bankAccount })
})

const key = Redacted.make("k")

/** Options of a wrong form. */
export const options = [
  // @ts-expect-error: the key is required
  Palomma.layer({}),
  // @ts-expect-error: a key is redacted, not a string, so that it is not printed
  Palomma.layerFetch({ apiKey: "k" }),
  // @ts-expect-error: there are two environments
  Palomma.layerFetch({ apiKey: key, environment: "staging" }),
  // @ts-expect-error: a base URL is a string
  Palomma.layerFetch({ apiKey: key, baseUrl: new URL("https://gateway.example") }),
  // @ts-expect-error: a limit has two bounds
  Palomma.layerFetch({ apiKey: key, limits: { payout: 5_000_000 } }),
  // @ts-expect-error: an unknown bound
  Palomma.layerFetch({ apiKey: key, limits: { payout: { min: 1 } } }),
  // @ts-expect-error: an unknown kind of amount
  Palomma.layerFetch({ apiKey: key, limits: { payuot: { atMost: 1 } } }),
  // @ts-expect-error: an unknown list
  Palomma.layerFetch({ apiKey: key, extra: { banks: ["newbank"] } }),
  // @ts-expect-error: one value is not a list
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
  // @ts-expect-error: a custom client has its own fetch
  Palomma.layer({ apiKey: key, fetch: globalThis.fetch }),
  // @ts-expect-error: the configuration provides the key
  Palomma.layerConfig({ apiKey: key }),
  // @ts-expect-error: a window is required
  RateLimit.make({ limit: 10 }),
  // @ts-expect-error: policies are of reads and of creates
  withRetry(Effect.void, { maxAttempts: 3 })
]

/** Every option may be absent or undefined. */
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
  // @ts-expect-error: a misspelt status
  if (status === "aproved") return "paid"
  switch (status) {
    case "processing":
      return "wait"
    // @ts-expect-error: a status of another resource
    case "paid":
      return "paid"
    case "cancelled":
    default:
      break
  }
  // @ts-expect-error: a status is not a string, because it may be an unknown one
  const text: string = status
  // @ts-expect-error: a status does not name a field of a table
  const label = { processing: "…", approved: "✓", cancelled: "✗" }[status]
  expectTypeOf(PayoutStatus.raw(status)).toEqualTypeOf<string>()
  if (PayoutStatus.guards.cancelled(status)) expectTypeOf(status).toEqualTypeOf<"cancelled">()
  // @ts-expect-error: a test for an unknown status
  const isPaid: unknown = PayoutStatus.guards.paid
  return [text, label, isPaid]
})

// Text from a server is not safe text before SafeText makes it so.
export const texts = Effect.gen(function* () {
  const made = SafeText.make("words of a server")
  expectTypeOf(made).toEqualTypeOf<SafeText.SafeText>()
  // @ts-expect-error: a string is not safe text
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
