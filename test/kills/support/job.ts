/** The payouts and debits that a program gets. */
import { type PayinIntent, PayinSourceId, type PayoutIntent, PayoutTargetId } from "@palomma-effect/schema"
import type { Endpoint, Store } from "./services.ts"

/** One line of the file, in whole pesos. */
export interface Line {
  readonly reference: string
  readonly accountId: string
  readonly amount: number
}

/** The input file of one life of a program. */
export interface Job {
  /** The name of the life. */
  readonly life: string
  readonly endpoint: Endpoint
  readonly store: Store
  readonly payments: ReadonlyArray<Line>
  readonly debits: ReadonlyArray<Line>
  /** Whether lines that are claimed come first. Otherwise they come last, since the program has to wait for them. */
  readonly claimedFirst: boolean
  readonly concurrency: number
  readonly sendTimeout: number
  readonly reconcileTimeout: number
  /** How often it repeats its lines if some were not sent. */
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
