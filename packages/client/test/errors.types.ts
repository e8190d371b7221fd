/**
 * The signatures: exactly the documented errors, and no requirements once the layer is provided. Nothing runs this
 * file: `check` compiles it.
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
  type PalommaEndpoint,
  type PalommaError,
  type PalommaInvalidInput,
  type PalommaInvalidResponse,
  type PalommaNotFound,
  type PalommaRateLimited,
  type PalommaServerError,
  type PalommaStillPending,
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
  type PayoutTargets,
  withRetry
} from "@palomma-effect/client"
import {
  type Customer,
  type MerchantAccount,
  type Page,
  type PayinLink,
  type PayinRequest,
  type PayinSettlement,
  type PayinSource,
  type PayoutRequest,
  PayoutRequestId,
  type PayoutTarget
} from "@palomma-effect/schema"
import type * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Stream from "effect/Stream"
import type * as HttpClient from "effect/http/HttpClient"
import { expectTypeOf } from "vitest"

/** The errors of a create, a list, a stream and a look-up, written out. */
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

/** The errors of a get, written out. */
type All = AllButNotFound | PalommaNotFound

expectTypeOf<CallError>().toEqualTypeOf<AllButNotFound>()
// A create has the same errors, and its outcome is never `none`.
expectTypeOf<CreateError>().toEqualTypeOf<AllButNotFound & { readonly outcome: "not-sent" | "rejected" | "unknown" }>()
expectTypeOf<CreateError["_tag"]>().toEqualTypeOf<AllButNotFound["_tag"]>()
expectTypeOf<GetError["_tag"]>().toEqualTypeOf<All["_tag"]>()
expectTypeOf<ListError>().toEqualTypeOf<AllButNotFound>()
expectTypeOf<GetError>().toEqualTypeOf<All>()
expectTypeOf<PalommaError>().toEqualTypeOf<All>()
expectTypeOf<Outcome>().toEqualTypeOf<"none" | "not-sent" | "rejected" | "unknown">()

type Service<Tag extends { readonly Service: object }> = Tag["Service"]
type Returned<S, Method extends keyof S> = S[Method] extends (...args: never) => infer A ? A : never

/** A service whose methods have exactly the expected errors, and no requirements. */
interface Readable<A> {
  readonly get: Effect.Effect<A, All>
  readonly list: Effect.Effect<Page<A>, AllButNotFound>
  readonly stream: Stream.Stream<A, AllButNotFound>
}

interface Findable<A> extends Readable<A> {
  readonly create: Effect.Effect<A, CreateError>
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

interface Settlements extends Readable<PayinSettlement> {
  readonly payins: Stream.Stream<PayinLink | PayinRequest, AllButNotFound>
}
expectTypeOf<ReturnsOf<Service<typeof PayinSettlements>>>().toEqualTypeOf<{
  readonly [K in keyof Settlements]: Settlements[K]
}>()

expectTypeOf<Palomma.Services>().toEqualTypeOf<
  | PalommaEndpoint
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

// A program requires the services it uses, and nothing else. The layer provides them.
const program = PayoutRequests.use((payouts) => payouts.get(PayoutRequestId.make("01H")))
expectTypeOf(program).toEqualTypeOf<Effect.Effect<PayoutRequest, All, PayoutRequests>>()

const provided = program.pipe(Effect.provide(Palomma.layerFetch({ apiKey: Redacted.make("k") })))
expectTypeOf(provided).toEqualTypeOf<Effect.Effect<PayoutRequest, All>>()

expectTypeOf(withRetry(program, { reads: { maxAttempts: 1 } })).toEqualTypeOf<typeof program>()
expectTypeOf(program.pipe(withRetry({ creates: { timeout: "1 minute" } }))).toEqualTypeOf<typeof program>()

// Errors are distinguished by tag. A field of only some of them is not on all of them.
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

// Handling every tag leaves no error.
export const handled = program.pipe(
  Effect.catchTags({
    PalommaInvalidInput: ({ problems }) => Effect.succeed(problems),
    PalommaBadRequest: ({ serverMessage }) => Effect.succeed(serverMessage),
    PalommaUnauthorized: ({ status }) => Effect.succeed(status),
    PalommaNotFound: ({ status }) => Effect.succeed(status),
    PalommaRateLimited: ({ retryAfter }) => Effect.succeed(retryAfter),
    PalommaServerError: ({ retryAfter }) => Effect.succeed(retryAfter),
    PalommaUnexpectedStatus: ({ requestId }) => Effect.succeed(requestId),
    PalommaConnectionError: ({ reason }) => Effect.succeed(reason),
    PalommaTimeout: ({ waited }) => Effect.succeed(waited),
    PalommaInvalidResponse: ({ defect }) => Effect.succeed(defect)
  })
)
expectTypeOf<Effect.Error<typeof handled>>().toEqualTypeOf<never>()

const u: unknown = undefined
if (isPalommaError(u)) expectTypeOf(u).toEqualTypeOf<PalommaError>()
