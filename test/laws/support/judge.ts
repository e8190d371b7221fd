/** Compares results and messages with the facts. */
import { type Advanced, isTransferError, Transfer, type TransferError } from "@palomma-effect/client"
import {
  type CallTruth,
  ofErrors,
  ofEveryRow,
  ofMoney,
  ofResults,
  ofRows,
  ofTexts,
  type Statement,
  type Truth
} from "./oracle.ts"
import { ofAdvanced } from "./oracleOfSteps.ts"

/** A law that is violated. */
export class LawBroken extends Error {
  override readonly name = "LawBroken"
}

/** When a statement is checked: at the moment of the result, or later. */
export type When = "then" | "later"

const hold = <Subject, About extends Truth>(
  statements: ReadonlyArray<Statement<Subject, About>>,
  subject: Subject,
  truth: About,
  when: When,
  what: () => string
): void => {
  for (const { isTrue, onlyThen, says } of statements) {
    if (when === "later" && onlyThen === true) continue
    if (!isTrue(subject, truth)) throw new LawBroken(`${what()}, but this is false: ${says}`)
  }
}

const anyResult = () => "After any result"

/** Law 6, of one reference. */
export const judgeMoney = (truth: Truth): void => hold(ofMoney, undefined, truth, "then", anyResult)

/** Law 10, of a current row. */
export const judgeRow = (row: Transfer, truth: Truth): void => {
  const what = () => `The row of ${row.kind} "${row.reference}" is ${row.state} (${JSON.stringify(row)})`
  hold(ofRows[row.state], row, truth, "then", what)
  hold(ofEveryRow, row, truth, "then", what)
  hold(ofTexts, row.lastError ?? "", truth, "then", what)
}

const judgeTransferError = (error: TransferError, truth: CallTruth, when: When): void => {
  const what = () => `A call failed with ${error._tag} (${error.message} ${JSON.stringify(error)})`
  const of = <E extends TransferError>(statements: ReadonlyArray<Statement<E, CallTruth>>, subject: E) =>
    hold(statements, subject, truth, when, what)
  switch (error._tag) {
    case "PalommaInvalidInput":
      return of(ofErrors[error._tag], error)
    case "TransferNotSent":
      return of(ofErrors[error._tag], error)
    case "TransferRejected":
      return of(ofErrors[error._tag], error)
    case "TransferOutcomeUnknown":
      return of(ofErrors[error._tag], error)
    case "TransferConflict":
      return of(ofErrors[error._tag], error)
    case "TransferDuplicate":
      return of(ofErrors[error._tag], error)
    case "TransferJournalError":
      return of(ofErrors[error._tag], error)
    case "TransferInvalidState":
      return of(ofErrors[error._tag], error)
  }
}

/** Law 10, of an error of any call of a transfer. */
export const judgeError = (error: unknown, truth: CallTruth, when: When): void => {
  if (!(error instanceof Error)) throw new LawBroken(`A call failed with a value that is no error: ${String(error)}`)
  hold(ofTexts, error.message, truth, when, () => `A call failed with "${error.message}"`)
  if (isTransferError(error)) judgeTransferError(error, truth, when)
}

/** Law 10, of a transfer that a call returned. */
export const judgeResult = (result: Transfer, truth: CallTruth, when: When): void => {
  const what = () => `A call returned ${result.kind} "${result.reference}" as ${result.state}`
  if (truth.maySend) hold(ofResults, result, truth, when, what)
  // The statement was true at the result. A row may change afterwards, but the result does not.
  if (when === "then") {
    hold(ofRows[result.state], result, truth, when, what)
    hold(ofEveryRow, result, truth, when, what)
  }
}

/** Whether a result is that of `advance` or `carry`. */
export const isAdvanced = (result: unknown): result is Advanced =>
  typeof result === "object" && result !== null && "transfer" in result && result.transfer instanceof Transfer

/** Law 10, of a step of a worker or of a schedule. */
export const judgeAdvanced = (advanced: Advanced, truth: CallTruth): void => {
  const { transfer } = advanced
  const what = () => `A step of ${transfer.kind} "${transfer.reference}" returned ${JSON.stringify(advanced)}`
  hold(ofAdvanced, advanced, truth, "then", what)
  // Another process may have changed the row since this one read it.
  if (transfer.version === truth.row?.version) judgeRow(transfer, truth)
}
