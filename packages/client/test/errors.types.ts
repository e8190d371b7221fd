/**
 * What the signatures promise: exactly the errors of the design, nothing required once the layer is there, and no id, bank or amount
 * of a wrong kind. Never run: `tsc -b` is the test.
 */
import {
  type CallError,
  type CreateError,
  type Customers,
  type GetError,
  isPalommaError,
  type ListError,
  type MerchantAccounts,
  type Outcome,
  Palomma,
  type PalommaBadRequest,
  type PalommaConnectionError,
  type PalommaError,
  type PalommaInvalidInput,
  type PalommaInvalidResponse,
  type PalommaNotFound,
  type PalommaRateLimited,
  type PalommaServerError,
  type PalommaStillPending,
  type PalommaTarget,
  type PalommaTimeout,
  type PalommaUnauthorized,
  type PalommaUnexpectedStatus,
  type PayinLinks,
  type PayinRequests,
  type PayinSettlements,
  type PayinSourceCancelled,
  type PayinSources,
  PayoutRequests,
  type PayoutTargetCancelled,
  PayoutTargets,
  withRetry
} from "@palomma-effect/client"
import {
  type Customer,
  CustomerId,
  type MerchantAccount,
  type Page,
  type PayinLink,
  type PayinRequest,
  type PayinSettlement,
  type PayinSource,
  type PayoutRequest,
  PayoutRequestId,
  type PayoutTarget,
  PayoutTargetId,
  unrecognized
} from "@palomma-effect/schema"
import type * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Stream from "effect/Stream"
import type * as HttpClient from "effect/http/HttpClient"
import { expectTypeOf } from "vitest"

/** What a create, a list, a stream and a look-up fail with, written out. */
type AllButNotFound =
  | PalommaInvalidInput
  | PalommaBadRequest
  | PalommaUnauthorized
  | PalommaRateLimited
  | PalommaServerError
  | PalommaUnexpectedStatus
  | PalommaConnectionError
  | PalommaTimeout
  | PalommaInvalidResponse

/** What a get fails with, written out. */
type All = AllButNotFound | PalommaNotFound

expectTypeOf<CallError>().toEqualTypeOf<AllButNotFound>()
expectTypeOf<CreateError>().toEqualTypeOf<AllButNotFound>()
expectTypeOf<ListError>().toEqualTypeOf<AllButNotFound>()
expectTypeOf<GetError>().toEqualTypeOf<All>()
expectTypeOf<PalommaError>().toEqualTypeOf<All>()
expectTypeOf<Outcome>().toEqualTypeOf<"none" | "not-sent" | "rejected" | "unknown">()

type Service<Tag extends { readonly Service: object }> = Tag["Service"]
type Returned<S, Method extends keyof S> = S[Method] extends (...args: never) => infer A ? A : never

/** A service whose methods fail with exactly what they should, and require nothing. */
interface Readable<A> {
  readonly get: Effect.Effect<A, All>
  readonly list: Effect.Effect<Page<A>, AllButNotFound>
  readonly stream: Stream.Stream<A, AllButNotFound>
}

interface Findable<A> extends Readable<A> {
  readonly create: Effect.Effect<A, AllButNotFound>
  readonly findByReference: Effect.Effect<Array<A>, AllButNotFound>
}

type ReturnsOf<S> = { readonly [Method in keyof S]: Returned<S, Method> }

expectTypeOf<ReturnsOf<Service<typeof Customers>>>().toEqualTypeOf<{
  readonly [K in keyof Findable<Customer>]: Findable<Customer>[K]
}>()

interface Targets extends Findable<PayoutTarget> {
  readonly awaitActive: Effect.Effect<PayoutTarget, All | PalommaStillPending | PayoutTargetCancelled>
}
expectTypeOf<ReturnsOf<Service<typeof PayoutTargets>>>().toEqualTypeOf<{ readonly [K in keyof Targets]: Targets[K] }>()

interface Payouts extends Findable<PayoutRequest> {
  readonly awaitFinal: Effect.Effect<PayoutRequest, All | PalommaStillPending>
}
expectTypeOf<ReturnsOf<Service<typeof PayoutRequests>>>().toEqualTypeOf<{ readonly [K in keyof Payouts]: Payouts[K] }>()

interface Links extends Findable<PayinLink> {
  readonly awaitFinal: Effect.Effect<PayinLink, All | PalommaStillPending>
}
expectTypeOf<ReturnsOf<Service<typeof PayinLinks>>>().toEqualTypeOf<{ readonly [K in keyof Links]: Links[K] }>()

interface Sources extends Findable<PayinSource> {
  readonly awaitActive: Effect.Effect<PayinSource, All | PalommaStillPending | PayinSourceCancelled>
}
expectTypeOf<ReturnsOf<Service<typeof PayinSources>>>().toEqualTypeOf<{ readonly [K in keyof Sources]: Sources[K] }>()

interface Payins extends Findable<PayinRequest> {
  readonly awaitFinal: Effect.Effect<PayinRequest, All | PalommaStillPending>
}
expectTypeOf<ReturnsOf<Service<typeof PayinRequests>>>().toEqualTypeOf<{ readonly [K in keyof Payins]: Payins[K] }>()

expectTypeOf<ReturnsOf<Service<typeof MerchantAccounts>>>().toEqualTypeOf<{
  readonly [K in keyof Readable<MerchantAccount>]: Readable<MerchantAccount>[K]
}>()
expectTypeOf<ReturnsOf<Service<typeof PayinSettlements>>>().toEqualTypeOf<{
  readonly [K in keyof Readable<PayinSettlement>]: Readable<PayinSettlement>[K]
}>()

// The layers.
expectTypeOf<Palomma.Services>().toEqualTypeOf<
  | PalommaTarget
  | Customers
  | PayinLinks
  | PayinSources
  | PayinRequests
  | PayoutTargets
  | PayoutRequests
  | MerchantAccounts
  | PayinSettlements
>()
expectTypeOf(Palomma.layer).returns.toEqualTypeOf<
  Layer.Layer<Palomma.Services, PalommaInvalidInput, HttpClient.HttpClient>
>()
expectTypeOf(Palomma.layerFetch).returns.toEqualTypeOf<Layer.Layer<Palomma.Services, PalommaInvalidInput>>()
expectTypeOf(Palomma.layerConfig).returns.toEqualTypeOf<
  Layer.Layer<Palomma.Services, Config.ConfigError | PalommaInvalidInput>
>()

// A program requires the services it uses, and nothing else; the layer takes that away.
const program = PayoutRequests.use((payouts) => payouts.get(PayoutRequestId.make("01H")))
expectTypeOf(program).toEqualTypeOf<Effect.Effect<PayoutRequest, All, PayoutRequests>>()

const provided = program.pipe(Effect.provide(Palomma.layerFetch({ apiKey: Redacted.make("k") })))
expectTypeOf(provided).toEqualTypeOf<Effect.Effect<PayoutRequest, All>>()

expectTypeOf(withRetry(program, { reads: { attempts: 1 } })).toEqualTypeOf<typeof program>()
expectTypeOf(program.pipe(withRetry({ creates: { deadline: "1 minute" } }))).toEqualTypeOf<typeof program>()

// Errors are told apart by tag, and what only some of them have is not on all of them.
export const advice = program.pipe(
  Effect.catchTag("PalommaRateLimited", (error) => {
    expectTypeOf(error).toEqualTypeOf<PalommaRateLimited>()
    return Effect.fail(error)
  }),
  Effect.tapError((error) => {
    expectTypeOf(error.outcome).toEqualTypeOf<Outcome>()
    expectTypeOf(error.isSafeToResend).toEqualTypeOf<boolean>()
    expectTypeOf(error.operation).toEqualTypeOf<string>()
    // @ts-expect-error: an error without an answer has no status
    return Effect.succeed(error.status)
  })
)

const u: unknown = undefined
if (isPalommaError(u)) expectTypeOf(u).toEqualTypeOf<PalommaError>()

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
  // @ts-expect-error: a key is not a text, so that nobody prints it
  Palomma.layerFetch({ apiKey: "k" })
  // @ts-expect-error: there are two environments
  Palomma.layerFetch({ apiKey: Redacted.make("k"), environment: "staging" })

  yield* payouts.create({ payoutTargetId, amount: 50_000, reference: undefined })
  yield* payouts.list({ customerId, payoutTargetId, reference: "r-1", limit: 10 })
  yield* payouts.awaitFinal(PayoutRequestId.make("01H"), { deadline: "1 minute" })

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
