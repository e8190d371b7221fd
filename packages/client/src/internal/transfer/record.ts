/**
 * What Palomma shows of one payout or debit, in the words that both have in common.
 */

/** What Palomma shows of one payout or debit. */
export interface TransferRecord {
  /** Its id, or a name made of its text if it shows no id. */
  readonly id: string
  /** Whether it could be read whole. One that could not may be any record that fits what was read. */
  readonly isReadable: boolean
  readonly status: "processing" | "approved" | "partial" | "cancelled" | "unrecognised"
  /** The status as Palomma writes it. */
  readonly statusText?: string | undefined
  /** Not there if the record has none, or one that cannot be read. */
  readonly reference: string | undefined
  readonly accountId: string | undefined
  /** Whole pesos. */
  readonly amount: number | undefined
  readonly merchantAccountId: string | undefined
  /** Whole pesos that were collected. */
  readonly amountCollected: number | undefined
  /** When Palomma made it, in milliseconds since 1970 by Palomma's clock. */
  readonly createdAt: number | undefined
}
