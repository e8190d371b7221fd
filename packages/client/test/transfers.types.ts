/**
 * What a transfer can fail with, and needs, is in its types, and nothing else is.
 */
import type {
  GetError,
  PalommaEndpoint,
  PalommaInvalidInput,
  PayinRequests,
  PayinsService,
  PayoutRequests,
  PayoutsService,
  Transfer,
  TransferConflict,
  TransferDuplicate,
  TransferInvalidState,
  TransferJournalError,
  TransferJournalService,
  TransferNotSent,
  TransferOutcomeUnknown,
  TransferRejected,
  TransferResult
} from "@palomma-effect/client"
import { Payins, Payouts, type TransferJournal } from "@palomma-effect/client"
import { CustomerId, type PayinIntent, PayinSourceId, type PayoutIntent, PayoutTargetId } from "@palomma-effect/schema"
import type * as Effect from "effect/Effect"
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

declare const salaries: Stream.Stream<PayoutIntent>
declare const fees: Stream.Stream<PayinIntent, "unreadable">

// One result per intent: no transfer can fail the stream, only options that are wrong.
expectTypeOf(payouts.sendAll(salaries)).toEqualTypeOf<
  Stream.Stream<TransferResult<PayoutIntent>, PalommaInvalidInput>
>()
expectTypeOf(payins.chargeAll(fees)).toEqualTypeOf<
  Stream.Stream<TransferResult<PayinIntent>, "unreadable" | PalommaInvalidInput>
>()

// What only asks fails with what asking can fail with: nothing was sent, and nothing was refused.
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

// There is no default journal: leaving it out does not compile into a program that runs.
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
  // @ts-expect-error: a payout without a reference can not be found again
  payouts.send({ payoutTargetId, amount: 50_000 }),

  // @ts-expect-error: a customer is not an account that can be paid
  payouts.send({ reference: "a", payoutTargetId: CustomerId.make("c"), amount: 50_000 }),

  // @ts-expect-error: an amount is a number
  payouts.send({ reference: "a", payoutTargetId, amount: "50000" }),

  // @ts-expect-error: a payout target cannot be debited
  payins.charge({ reference: "a", payinSourceId: payoutTargetId, amount: 50_000 }),

  // @ts-expect-error: a person who found out that it was paid says under which id
  payouts.resolve("a", { as: "paid", version: 3, ...person }),

  // @ts-expect-error: a decision is tied to the version that the person saw
  payouts.resolve("a", { as: "not-paid", ...person }),

  // @ts-expect-error: only "not paid" can stand on a look-up that was not complete
  payouts.resolve("a", { as: "paid", recordId: "01", version: 3, incomplete: true, ...person }),

  // @ts-expect-error: nothing is sent again because it was not found
  Payouts.layer({ resendAfter: "1 hour" }),

  // @ts-expect-error: a transfer is in one of the states
  payouts.list({ state: "needsAttention" })
]
