/** Law 10: compares what each report of a program implies with the facts. */
import type { Facts, Made } from "./facts.ts"
import type { HandedOver, Result, Report } from "./reports.ts"

/** A call's actions, and the records of its transfer. */
interface Call {
  /** The bodies that it handed over. */
  readonly handedOver: ReadonlyArray<HandedOver>
  /** How many of its requests the server received completely. */
  readonly received: number
  /** The records that its requests made. */
  readonly made: ReadonlyArray<Made>
  /** All records of its transfer. */
  readonly all: ReadonlyArray<Made>
}

const isStatusOf = (state: Result["state"], status: string): boolean => {
  // The record may have become final in between.
  if (state === "accepted") return true
  return (state === "approved" || state === "partial" || state === "cancelled") && status === state
}

const sentNothing = ({ handedOver, received }: Call): string | undefined =>
  handedOver.length === 0 && received === 0 ? undefined : "it sent its request"

const isThere = ({ all }: Call, ids: ReadonlyArray<string | undefined>): string | undefined => {
  const missing = ids.filter((id) => id !== undefined && !all.some((made) => made.id === id))
  return missing.length === 0 ? undefined : `there is no record ${missing.join(", ")} of it`
}

const saysOfSent = ({ sent }: Result, call: Call): string | undefined => {
  if (sent === "no") return sentNothing(call)
  if (sent === "yes") return call.handedOver.length > 0 ? undefined : "it sent no request"
  // A program that hands bodies over late always knows.
  return "it does not say whether it sent its request"
}

const isAccepted = (result: Result, { all }: Call): string | undefined => {
  const { accountId, amount, recordId, state } = result
  const record = all.find(({ id }) => id === recordId)
  if (record === undefined) return `there is no record ${recordId ?? ""} of it`
  if (record.accountId !== accountId || record.amount !== amount) return "its record has another content"
  return isStatusOf(state, record.status) ? undefined : `its record is ${record.status}`
}

const contradiction = (result: Result, call: Call): string | undefined => {
  switch (result.tag) {
    case "Accepted":
      return isAccepted(result, call)
    case "Skipped":
    case "TransferNotSent":
      return sentNothing(call)
    case "TransferRejected":
      return call.received === 0
        ? "its request was not received"
        : call.made.length > 0
          ? "its request was carried out"
          : undefined
    case "TransferOutcomeUnknown":
      return saysOfSent(result, call) ?? isThere(call, [result.recordId, ...(result.records ?? [])])
    case "TransferJournalError":
      return saysOfSent(result, call) ?? isThere(call, [result.recordId])
    case "TransferDuplicate": {
      const records = result.records ?? []
      return records.length < 2 ? "it names no second record" : isThere(call, records)
    }
    default:
      return "nothing led to it"
  }
}

/** A false report, and why it is false. */
export interface FalseReport {
  readonly result: Result
  readonly reason: string
}

/** The false reports of one program. */
export const falseReports = (reports: ReadonlyArray<Report>, { made, received }: Facts): ReadonlyArray<FalseReport> => {
  const results = reports.filter((line) => line.is === "result")
  const handedOver = reports.filter((line) => line.is === "handedOver")
  return results.flatMap((result) => {
    const isOfCall = (of: { readonly kind: string; readonly reference: string; readonly run: string | undefined }) =>
      of.kind === result.kind && of.reference === result.reference && of.run === result.run
    const reason = contradiction(result, {
      handedOver: handedOver.filter(isOfCall),
      received: received.filter(isOfCall).length,
      made: made.filter(isOfCall),
      all: made.filter(({ kind, reference }) => kind === result.kind && reference === result.reference)
    })
    return reason === undefined ? [] : [{ result, reason }]
  })
}
