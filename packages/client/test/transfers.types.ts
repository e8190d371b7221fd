/**
 * The errors and requirements of a transfer are in its types, and nothing else is.
 */
import type {
  Advanced,
  GetError,
  PalommaError,
  PalommaEndpoint,
  PalommaInvalidInput,
  PalommaStillPending,
  PayinRequests,
  PayinsService,
  PayoutRequests,
  PayoutsService,
  Transfer,
  TransferConflict,
  TransferDuplicate,
  TransferError,
  TransferInvalidState,
  TransferJournalError,
  TransferJournalService,
  TransferNotSent,
  TransferOutcomeUnknown,
  TransferRejected,
  TransferResult
} from "@palomma-effect/client"
import { isPalommaError, isTransferError, Payins, Payouts, type TransferJournal } from "@palomma-effect/client"
import { CustomerId, type PayinIntent, PayinSourceId, type PayoutIntent, PayoutTargetId } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as Option from "effect/Option"
import type * as Stream from "effect/Stream"
import { expectTypeOf } from "vitest"

declare const payouts: Payouts["Service"]
declare const payins: Payins["Service"]

const payoutTargetId = PayoutTargetId.make("01HPR8S7YF43PV3QV16TZDC80P")
const payinSourceId = PayinSourceId.make("01HPR8S7YF43PV3QV16TZDC80P")

type SendErrors =
  | PalommaInvalidInput
  | TransferNotSent
  | TransferRejected
  | TransferOutcomeUnknown
  | TransferConflict
  | TransferDuplicate
  | TransferJournalError
  | TransferInvalidState

expectTypeOf(payouts.send({ reference: "a", payoutTargetId, amount: 50_000 })).toEqualTypeOf<
  Effect.Effect<Transfer, SendErrors>
>()
expectTypeOf(payins.charge({ reference: "a", payinSourceId, amount: 50_000 })).toEqualTypeOf<
  Effect.Effect<Transfer, SendErrors>
>()

expectTypeOf<TransferError>().toEqualTypeOf<SendErrors>()
expectTypeOf<Extract<TransferError, PalommaError>>().toEqualTypeOf<PalommaInvalidInput>()

const caught: unknown = undefined
if (isTransferError(caught)) expectTypeOf(caught).toEqualTypeOf<TransferError>()
if (isPalommaError(caught)) expectTypeOf(caught).toEqualTypeOf<PalommaError>()

// Every error of every method is of one of the two unions, except the end of a timeout.
type ErrorOf<A> = A extends Effect.Effect<infer _A, infer E> | Stream.Stream<infer _B, infer E> ? E : never
type ErrorsOf<Service> = {
  [Method in keyof Service]: Service[Method] extends (...args: never) => infer A ? ErrorOf<A> : never
}[keyof Service]
type Known = TransferError | PalommaError | PalommaStillPending
expectTypeOf<Exclude<ErrorsOf<Omit<PayoutsService, "sendAll">>, Known>>().toEqualTypeOf<never>()
expectTypeOf<Exclude<ErrorsOf<Omit<PayinsService, "chargeAll">>, Known>>().toEqualTypeOf<never>()
expectTypeOf<Extract<ErrorsOf<Omit<PayoutsService, "sendAll">>, Known>>().toEqualTypeOf<Known>()

// Handling every tag leaves no error.
export const handled = payouts.send({ reference: "a", payoutTargetId, amount: 50_000 }).pipe(
  Effect.catchTags({
    PalommaInvalidInput: ({ problems }) => Effect.succeed(problems.length),
    TransferNotSent: ({ cause }) => {
      expectTypeOf(cause).toEqualTypeOf<TransferNotSent["cause"]>()
      return Effect.succeed("send it again")
    },
    TransferRejected: ({ cause }) => Effect.succeed(cause.message),
    TransferOutcomeUnknown: ({ evidence }) => Effect.succeed(evidence.records),
    TransferConflict: ({ found }) => Effect.succeed(found),
    TransferDuplicate: ({ records }) => Effect.succeed(records),
    TransferJournalError: ({ sent }) => Effect.succeed(sent),
    TransferInvalidState: ({ reason }) => Effect.succeed(reason)
  })
)
expectTypeOf<Effect.Error<typeof handled>>().toEqualTypeOf<never>()

declare const salaries: Stream.Stream<PayoutIntent>
declare const fees: Stream.Stream<PayinIntent, "unreadable">

// One result per intent: no transfer fails the stream. Only invalid options do.
expectTypeOf(payouts.sendAll(salaries)).toEqualTypeOf<
  Stream.Stream<TransferResult<PayoutIntent>, PalommaInvalidInput>
>()
expectTypeOf(payins.chargeAll(fees)).toEqualTypeOf<
  Stream.Stream<TransferResult<PayinIntent>, "unreadable" | PalommaInvalidInput>
>()

// A worker's steps return what they could not do. They fail only if the journal or the caller is wrong.
type StepErrors = TransferInvalidState | TransferJournalError | PalommaInvalidInput
expectTypeOf(payouts.intend({ reference: "a", payoutTargetId, amount: 50_000 })).toEqualTypeOf<
  Effect.Effect<Transfer, StepErrors | TransferConflict>
>()
expectTypeOf(payins.intend({ reference: "a", payinSourceId, amount: 50_000 })).toEqualTypeOf<
  Effect.Effect<Transfer, StepErrors | TransferConflict>
>()
expectTypeOf(payouts.carry("a", { endSearch: "always" })).toEqualTypeOf<Effect.Effect<Advanced, StepErrors>>()
expectTypeOf(payins.markTold("a", 1)).toEqualTypeOf<Effect.Effect<Transfer, StepErrors>>()
expectTypeOf<Extract<Advanced, { readonly _tag: "Wait" }>["error"]>().toEqualTypeOf<
  TransferNotSent["cause"] | GetError | undefined
>()

// Methods that only read have the errors of reads: nothing was sent, and nothing was rejected.
expectTypeOf(payouts.reconcile("a")).toEqualTypeOf<
  Effect.Effect<
    Transfer,
    | GetError
    | TransferOutcomeUnknown
    | TransferConflict
    | TransferDuplicate
    | TransferInvalidState
    | TransferJournalError
  >
>()
expectTypeOf(payouts.find("a")).toEqualTypeOf<
  Effect.Effect<Option.Option<Transfer>, TransferJournalError | PalommaInvalidInput>
>()

// There is no default journal: a program without one does not compile.
expectTypeOf(Payouts.layer()).toEqualTypeOf<
  Layer.Layer<Payouts, PalommaInvalidInput, PayoutRequests | TransferJournal | PalommaEndpoint>
>()
expectTypeOf(Payins.layer()).toEqualTypeOf<
  Layer.Layer<Payins, PalommaInvalidInput, PayinRequests | TransferJournal | PalommaEndpoint>
>()
expectTypeOf(Payouts.layerMemory()).toEqualTypeOf<
  Layer.Layer<Payouts | TransferJournal, PalommaInvalidInput, PayoutRequests | PalommaEndpoint>
>()

// The interfaces have names of their own.
expectTypeOf<Payouts["Service"]>().toEqualTypeOf<PayoutsService>()
expectTypeOf<Payins["Service"]>().toEqualTypeOf<PayinsService>()
expectTypeOf<TransferJournal["Service"]>().toEqualTypeOf<TransferJournalService>()

const person = { by: "ana", note: "on the dashboard" }

export const wrong = [
  // @ts-expect-error: a payout without a reference cannot be found again
  payouts.send({ payoutTargetId, amount: 50_000 }),

  // @ts-expect-error: a customer is not a payout target
  payouts.send({ reference: "a", payoutTargetId: CustomerId.make("c"), amount: 50_000 }),

  // @ts-expect-error: an amount is a number
  payouts.send({ reference: "a", payoutTargetId, amount: "50000" }),

  // @ts-expect-error: a payout target cannot be debited
  payins.charge({ reference: "a", payinSourceId: payoutTargetId, amount: 50_000 }),

  // @ts-expect-error: the decision "paid" needs the id of the record
  payouts.resolve("a", { as: "paid", version: 3, ...person }),

  // @ts-expect-error: a decision names the version that the person saw
  payouts.resolve("a", { as: "not-paid", ...person }),

  // @ts-expect-error: only "not paid" can be based on an incomplete look-up
  payouts.resolve("a", { as: "paid", recordId: "01", version: 3, incomplete: true, ...person }),

  // @ts-expect-error: nothing is sent again because it was not found
  Payouts.layer({ resendAfter: "1 hour" }),

  // @ts-expect-error: an unknown state
  payouts.list({ state: "needsAttention" })
]
