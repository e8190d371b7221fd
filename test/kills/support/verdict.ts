/** Compares a journal with the facts after all payments have stopped. */
import type { Transfer } from "@palomma-effect/client"
import type { Made } from "./facts.ts"
import { type Name, nameOf } from "./name.ts"

/** The names of transfers, in the list of each problem that they have. */
export interface Verdict {
  /** The money moved more than once. */
  readonly movedTwice: ReadonlyArray<string>
  /** The journal has a false statement about them. */
  readonly claimedWrongly: ReadonlyArray<string>
  /** Their outcome is unknown, and no manual review is requested. */
  readonly lost: ReadonlyArray<string>
  /** They need manual review. */
  readonly forAPerson: ReadonlyArray<string>
}

const isTrue = (row: Transfer, made: ReadonlyArray<Made>): boolean => {
  const record = made.find(({ id }) => id === row.recordId)
  const isOfRow = record !== undefined && record.accountId === row.accountId && record.amount === row.amount
  // All records here belong to this test, so an alarm means that the money moved twice.
  if (row.alarm !== undefined && made.length < 2) return false
  switch (row.state) {
    case "accepted":
      return isOfRow
    case "approved":
    case "partial":
    case "cancelled":
      return isOfRow && record.status === row.state
    case "intended":
    case "rejected":
      return made.length === 0
    case "withdrawn":
      return false
    case "sending":
    case "unknown":
    case "needsReview":
      return row.recordId === undefined || record !== undefined
  }
}

const isOpen = (row: Transfer | undefined): boolean =>
  row === undefined || row.state === "intended" || row.state === "sending" || row.state === "unknown"

/** Compares the rows of a journal with the records that were made. */
export const verdict = (
  names: ReadonlyArray<Name>,
  rows: ReadonlyArray<Transfer>,
  made: ReadonlyArray<Made>
): Verdict => {
  const rowOf = new Map(rows.map((row) => [nameOf(row), row]))
  const madeOf = Map.groupBy(made, nameOf)
  const those = (is: (row: Transfer | undefined, made: ReadonlyArray<Made>) => boolean) =>
    names.map(nameOf).filter((name) => is(rowOf.get(name), madeOf.get(name) ?? []))
  return {
    movedTwice: [...madeOf].filter(([, made]) => made.length > 1).map(([name]) => name),
    claimedWrongly: those((row, made) => row !== undefined && !isTrue(row, made)),
    lost: those(isOpen),
    forAPerson: those((row) => row?.state === "needsReview")
  }
}
