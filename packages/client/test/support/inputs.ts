/**
 * Calls as a program without types makes them, and the problems of refused ones.
 */
import { assert } from "@effect/vitest"
import {
  Customers,
  type Palomma,
  type PalommaError,
  PayoutRequests,
  type PayoutRequestQuery,
  PayoutTargets
} from "@palomma-effect/client"
import type {
  CreateCustomer,
  CreatePayoutRequest,
  CreatePayoutTarget,
  InputProblem,
  PayoutRequestId
} from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import { failure, stub } from "./stub.ts"

export type Call = Effect.Effect<unknown, PalommaError, Palomma.Services>

/** Each field with the code of its problem. */
export const codes = (problems: ReadonlyArray<InputProblem>): ReadonlyArray<string> =>
  problems.map(({ code, field }) => `${field} ${code}`)

/** The problems of a call that is refused before anything is sent. */
export const problemsOf = (call: Call, options?: Parameters<typeof failure>[2]) =>
  Effect.gen(function* () {
    const palomma = stub({ status: 500 })
    const error = yield* failure(call, palomma, options)
    assert.strictEqual(error._tag, "PalommaInvalidInput")
    assert.strictEqual(palomma.requests.length, 0, "a request left")
    assert.isFalse(error.isSafeToResend)
    const problems: ReadonlyArray<InputProblem> = error._tag === "PalommaInvalidInput" ? error.problems : []
    for (const { code, field, rule } of problems) {
      assert.match(code, /^[a-z]+(-[a-z]+)*$/)
      assert.include(error.message, field === "" ? rule : `${field}: ${rule}`)
    }
    assert.match(
      error.message,
      error.outcome === "none"
        ? /: the input is invalid\. Correct this: /
        : /: the input is invalid\. Nothing was sent\. Correct this: /
    )
    return {
      operation: error.operation,
      more: error._tag === "PalommaInvalidInput" ? error.more : 0,
      problems,
      codes: codes(problems),
      message: error.message,
      outcome: error.outcome
    }
  })

/** Whether a call makes a request. */
export const isSent = (call: Call, options?: Parameters<typeof failure>[2]) =>
  Effect.gen(function* () {
    const palomma = stub({ status: 500 })
    yield* failure(call, palomma, options)
    return palomma.requests.length > 0
  })

// Callers without types pass anything.
export const payout = (fields: Record<string, unknown>) =>
  PayoutRequests.use((payouts) => {
    const body: unknown = { payoutTargetId: "01H", amount: 50_000, reference: "r-1", ...fields }
    return payouts.create(body as CreatePayoutRequest)
  })

export const target = (fields: Record<string, unknown>, account: Record<string, unknown> = {}) =>
  PayoutTargets.use((targets) => {
    const bankAccount = { bank: "nequi", accountType: "savings", accountNumber: "3001234567", ...account }
    const body: unknown = {
      customerId: "01H",
      redirectUrl: "https://x.example",
      type: "bankAccount",
      bankAccount,
      ...fields
    }
    return targets.create(body as CreatePayoutTarget)
  })

export const customer = (fields: Record<string, unknown>) =>
  Customers.use((customers) => {
    const body: unknown = {
      name: "Ana",
      documentType: "cc",
      documentNumber: "1",
      email: "a@b.co",
      phoneNumber: "3",
      ...fields
    }
    return customers.create(body as CreateCustomer)
  })

export const getPayout = (id: unknown) => PayoutRequests.use((payouts) => payouts.get(id as PayoutRequestId))
export const listPayouts = (query: object) => PayoutRequests.use((payouts) => payouts.list(query as PayoutRequestQuery))
