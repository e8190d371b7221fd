/**
 * What is known about the money is in the types: a create never fails with the outcome of a read.
 */
import type {
  CallError,
  CreateError,
  CreateOptions,
  CreateOutcome,
  GetError,
  ListError,
  Outcome,
  PalommaBadRequest,
  PalommaNotFound,
  PayoutRequests
} from "@palomma-effect/client"
import { type PayoutRequest, PayoutRequestId, PayoutTargetId, type Undocumented } from "@palomma-effect/schema"
import type * as Effect from "effect/Effect"
import { expectTypeOf } from "vitest"

declare const payouts: PayoutRequests["Service"]
const body = { payoutTargetId: PayoutTargetId.make("01T"), amount: 50_000 }

expectTypeOf<CreateError["outcome"]>().toEqualTypeOf<CreateOutcome>()
expectTypeOf<CreateOutcome>().toEqualTypeOf<"not-sent" | "rejected" | "unknown">()
expectTypeOf<Outcome>().toEqualTypeOf<CreateOutcome | "none">()
expectTypeOf<CreateError["_tag"]>().toEqualTypeOf<CallError["_tag"]>()
expectTypeOf<Extract<GetError, PalommaNotFound>>().not.toBeNever()
expectTypeOf<Extract<ListError, PalommaNotFound>>().toBeNever()

// The error of a create is also an error of a call, so one handler handles both.
expectTypeOf<CreateError>().toExtend<CallError>()
expectTypeOf<Extract<CreateError, { readonly _tag: "PalommaBadRequest" }>>().toExtend<PalommaBadRequest>()

expectTypeOf(payouts.create(body)).toEqualTypeOf<Effect.Effect<PayoutRequest, CreateError>>()
expectTypeOf(payouts.get(PayoutRequestId.make("01P"))).toEqualTypeOf<Effect.Effect<PayoutRequest, GetError>>()

/** A program that handles an outcome: every case is there, and `none` is not. */
export const next = (error: CreateError): string => {
  switch (error.outcome) {
    case "not-sent":
      return "send it again"
    case "rejected":
      return "correct it"
    case "unknown":
      return "look it up"
  }
}

expectTypeOf(payouts.create).parameter(1).toEqualTypeOf<CreateOptions | undefined>()
expectTypeOf<typeof Undocumented.fields>().returns.toEqualTypeOf<Readonly<Record<string, unknown>>>()

export const wrong = [
  // @ts-expect-error: a create always has an outcome
  (error: CreateError) => error.outcome === "none",

  // @ts-expect-error: a misspelt option would be ignored silently
  payouts.create(body, { undocumentd: {} }),

  // @ts-expect-error: undocumented fields are an object
  payouts.create(body, { undocumented: "urgent" }),

  // @ts-expect-error: an undocumented field is not a field of the body
  payouts.create({ ...body, urgency: "high" } satisfies Parameters<typeof payouts.create>[0])
]
