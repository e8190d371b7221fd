/**
 * What a program is asked to pay and to debit.
 */
import { type PayinIntent, PayinSourceId, type PayoutIntent, PayoutTargetId } from "@palomma-effect/schema"
import type { Endpoint, Store } from "./services.ts"

/** One line of the file, in whole pesos. */
export interface Line {
  readonly reference: string
  readonly accountId: string
  readonly amount: number
}

/** What one life of a program gets as its file. */
export interface Job {
  /** Its name. */
  readonly life: string
  readonly endpoint: Endpoint
  readonly store: Store
  readonly payments: ReadonlyArray<Line>
  readonly debits: ReadonlyArray<Line>
  /** Whether lines that are claimed come first. Else they come last, since they have to be waited for. */
  readonly claimedFirst: boolean
  readonly concurrency: number
  readonly sendTimeout: number
  readonly reconcileTimeout: number
  /** How often it goes through its lines again if something was not sent. */
  readonly maxRuns: number
}

/** A line as a payout. */
export const payoutIntent = ({ accountId, amount, reference }: Line): PayoutIntent => ({
  reference,
  payoutTargetId: PayoutTargetId.make(accountId),
  amount
})

/** A line as a debit. */
export const payinIntent = ({ accountId, amount, reference }: Line): PayinIntent => ({
  reference,
  payinSourceId: PayinSourceId.make(accountId),
  amount
})
