/** The library's result for one intent, as one line. */
import type { Transfer, TransferError, TransferKind, TransferResult } from "@palomma-effect/client"
import type { Result } from "./reports.ts"

type Outcome = Omit<Result, "is" | "run" | "kind" | "reference">

/** A returned transfer. */
export const reportOf = ({ accountId, amount, recordId, state }: Transfer): Outcome => ({
  tag: "Accepted",
  state,
  accountId,
  amount,
  ...(recordId === undefined ? {} : { recordId })
})

/** An error, with its facts about this call. */
export const reportOfError = (error: TransferError): Outcome => {
  const { _tag: tag, message } = error
  switch (error._tag) {
    case "PalommaInvalidInput":
    case "TransferInvalidState":
      return { tag, message }
    case "TransferNotSent":
      return { tag, message, sent: "no" }
    case "TransferConflict":
      return { tag, message, sent: "no", ...(error.recordId === undefined ? {} : { recordId: error.recordId }) }
    case "TransferRejected":
      return { tag, message, sent: "yes" }
    case "TransferDuplicate":
      return { tag, message, records: error.records }
    case "TransferOutcomeUnknown":
      return {
        tag,
        message,
        sent: error.sent,
        state: error.state,
        records: error.evidence.records.map(({ id }) => id),
        ...(error.recordId === undefined ? {} : { recordId: error.recordId })
      }
    case "TransferJournalError":
      return { tag, message, sent: error.sent, ...(error.recordId === undefined ? {} : { recordId: error.recordId }) }
  }
}

/** The result of one intent of a run. */
export const resultOf = (
  run: string,
  kind: TransferKind,
  result: TransferResult<{ readonly reference: string }>
): Result => {
  const named = { is: "result", run, kind, reference: result.intent.reference } as const
  switch (result._tag) {
    case "Accepted":
      return { ...named, ...reportOf(result.transfer) }
    case "Skipped":
      return { ...named, tag: "Skipped", sent: "no" }
    case "Failed":
      return { ...named, ...reportOfError(result.error) }
  }
}
