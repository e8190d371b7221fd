/**
 * What paying once can fail with, and needs, is in its types, and nothing else is.
 */
import type {
  PalommaBadRequest,
  PalommaConnectionError,
  PalommaInvalidInput,
  PalommaEndpoint,
  PalommaUnauthorized,
  PayoutDuplicateDetected,
  PayoutJournal,
  PayoutJournalError,
  PayoutOutcomeUnknown,
  PayoutReferenceConflict,
  PayoutRequests,
  PayoutResult
} from "@palomma-effect/client"
import { Payouts } from "@palomma-effect/client"
import { CustomerId, type PayoutRequest, PayoutTargetId } from "@palomma-effect/schema"
import type * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as Stream from "effect/Stream"
import { expectTypeOf } from "vitest"

declare const payouts: Payouts["Service"]

const payoutTargetId = PayoutTargetId.make("01HPR8S7YF43PV3QV16TZDC80P")

expectTypeOf(payouts.send({ reference: "a", payoutTargetId, amount: 50_000 })).toEqualTypeOf<
  Effect.Effect<
    PayoutRequest,
    | PalommaInvalidInput
    | PalommaBadRequest
    | PalommaUnauthorized
    | PalommaConnectionError
    | PayoutReferenceConflict
    | PayoutDuplicateDetected
    | PayoutOutcomeUnknown
    | PayoutJournalError
  >
>()

declare const intents: Stream.Stream<{
  readonly reference: string
  readonly payoutTargetId: PayoutTargetId
  readonly amount: number
}>

// One result per intent: no payout can fail the stream.
expectTypeOf(payouts.sendAll(intents)).toEqualTypeOf<Stream.Stream<PayoutResult>>()

// There is no default journal: leaving it out does not compile into a program that runs.
expectTypeOf(Payouts.layer()).toEqualTypeOf<
  Layer.Layer<Payouts, PalommaInvalidInput, PayoutRequests | PayoutJournal | PalommaEndpoint>
>()

export const wrong = [
  // @ts-expect-error: a payout without a reference can not be found again
  payouts.send({ payoutTargetId, amount: 50_000 }),

  // @ts-expect-error: a customer is not an account that can be paid
  payouts.send({ reference: "a", payoutTargetId: CustomerId.make("c"), amount: 50_000 }),

  // @ts-expect-error: an amount is a number
  payouts.send({ reference: "a", payoutTargetId, amount: "50000" }),

  // @ts-expect-error: who found out that it was paid says under which id
  payouts.resolve("a", { as: "paid", by: "ana", note: "on the dashboard" })
]
