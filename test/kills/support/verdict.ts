/**
 * What a journal claims, against what really happened.
 */
import type { PayoutRow } from "@palomma-effect/client"
import type { PayoutRequest } from "@palomma-effect/schema"

/** References, each in the lists of what is wrong with it. */
export interface Verdict {
  /** More than one payout was made of them. */
  readonly paidTwice: ReadonlyArray<string>
  /** The journal says something of them that is not so. */
  readonly claimedWrongly: ReadonlyArray<string>
  /** Nobody knows what became of them, and nobody is told to find out. */
  readonly lost: ReadonlyArray<string>
  /** A person has to find out. */
  readonly forAPerson: ReadonlyArray<string>
  /** Those of them that were paid. */
  readonly forAPersonThoughPaid: ReadonlyArray<string>
}

const isTrue = (row: PayoutRow, made: ReadonlyArray<PayoutRequest>): boolean => {
  const payout = made.find(({ id }) => id === row.payoutRequestId)
  const isOfRow = payout !== undefined && payout.payoutTargetId === row.payoutTargetId && payout.amount === row.amount
  switch (row.state) {
    case "accepted":
      return isOfRow
    case "approved":
    case "cancelled":
      return isOfRow && payout.status === row.state
    case "intended":
    case "rejected":
      return made.length === 0
    case "sending":
    case "unknown":
    case "needsAttention":
      return true
  }
}

/** Compares the rows of a journal with a ledger, once nobody pays any more. */
export const verdict = (
  references: ReadonlyArray<string>,
  rows: ReadonlyArray<PayoutRow>,
  ledger: ReadonlyArray<PayoutRequest>
): Verdict => {
  const rowOf = new Map(rows.map((row) => [row.reference, row]))
  const madeOf = Map.groupBy(ledger, ({ reference }) => reference)
  const made = (reference: string) => madeOf.get(reference) ?? []
  const those = (is: (row: PayoutRow | undefined, made: ReadonlyArray<PayoutRequest>) => boolean) =>
    references.filter((reference) => is(rowOf.get(reference), made(reference)))
  const forAPerson = those((row) => row?.state === "needsAttention")
  return {
    paidTwice: [...madeOf.keys()].filter((reference) => made(reference ?? "").length > 1).map(String),
    claimedWrongly: those((row, made) => row !== undefined && !isTrue(row, made)),
    lost: those(
      (row) => row === undefined || row.state === "intended" || row.state === "sending" || row.state === "unknown"
    ),
    forAPerson,
    forAPersonThoughPaid: forAPerson.filter((reference) => made(reference).length > 0)
  }
}
