/**
 * The steps of a person's decisions: how each one changes a row.
 */
import { type Transfer, TransferResolution } from "../../Transfer.ts"
import { withAlarm, patchFrom, change, difference, isEnd, refused, type Step, union } from "./change.ts"
import type { Event } from "./event.ts"

const isUndecided = ({ state }: Transfer): boolean => state === "unknown" || state === "needsReview"

// Palomma may still show the record that the row names, so a person has to rule it out first.
const isRuledOut = (row: Transfer, notOurs: ReadonlyArray<string>): boolean =>
  row.recordId === undefined || notOurs.includes(row.recordId)

/** Applies "not paid": the transfer does not exist at Palomma, so it may be sent again. */
export const notPaid = (row: Transfer, event: Event & { readonly _tag: "resolvedNotPaid" }, at: number): Step => {
  const { by, incomplete, note, version } = event
  if (!isUndecided(row)) return refused("state")
  if (row.version !== version) return refused("version")
  const notOurs = union(row.notOurs, event.notOurs)
  if (!isRuledOut(row, notOurs)) return refused("record")
  const resolution = new TransferResolution({ as: "not-paid", by, note, at, ...(incomplete ? { incomplete } : {}) })
  return change(row, {
    state: "intended",
    recordId: undefined,
    evidence: [],
    claim: undefined,
    lastError: undefined,
    notOurs,
    resolution
  })
}

/** Applies "paid": the transfer is this record of Palomma. */
export const paid = (row: Transfer, event: Event & { readonly _tag: "resolvedPaid" }, at: number): Step => {
  const { by, note, record, version } = event
  if (!isUndecided(row)) return refused("state")
  if (row.version !== version) return refused("version")
  const { id } = record
  const notOurs = union(row.notOurs, event.notOurs).filter((other) => other !== id)
  const resolution = new TransferResolution({ as: "paid", by, note, at })
  const patch = { ...patchFrom(row, record), notOurs, resolution, differs: difference(row, record) }
  const other = row.recordId
  return other !== undefined && other !== id && !notOurs.includes(other)
    ? withAlarm(row, "duplicate", [other, id], at, patch)
    : change(row, patch)
}

/** Applies an acknowledgement: removes the alarm, and takes the status that Palomma shows now. */
export const acknowledged = (row: Transfer, event: Event & { readonly _tag: "acknowledged" }, at: number): Step => {
  const { by, note, record, version } = event
  const { alarm } = row
  if (alarm === undefined) return refused("no-alarm")
  if (row.version !== version) return refused("version")
  const hasRecord = row.state === "accepted" || isEnd(row)
  // If the transfer has a record, the other records of the alarm are not the transfer.
  const recordId = event.recordId ?? row.recordId
  const known = row.recordId === undefined ? alarm.records : union(alarm.records, [row.recordId])
  const others = hasRecord && recordId !== undefined ? known.filter((id) => id !== recordId) : []
  const notOurs = union(union(row.notOurs, event.notOurs), others)
  const isOwnRuledOut = recordId !== undefined && notOurs.includes(recordId)
  // A withdrawn transfer may lose its record: the person states that the record is another payment.
  if (hasRecord && isOwnRuledOut && row.state !== "withdrawn") return refused("record")
  const resolution = new TransferResolution({ as: "acknowledged", by, note, at })
  // A transfer in doubt keeps the other records of its alarm: "not paid" must not be decided in spite of them.
  const forgotten = isUndecided(row) ? alarm.records.filter((id) => id !== row.recordId) : []
  const takesStatus = hasRecord && !isOwnRuledOut && record?.id === recordId && record !== undefined
  return change(row, {
    ...(takesStatus ? { ...patchFrom(row, record), differs: difference(row, record) } : {}),
    // If the row kept this id, the next record would raise `duplicate`.
    ...(isOwnRuledOut ? { recordId: undefined } : {}),
    evidence: takesStatus ? [] : union(row.evidence, forgotten).filter((id) => !notOurs.includes(id)),
    alarm: undefined,
    notOurs,
    resolution
  })
}

/** Applies a withdrawal. */
export const withdrawn = (row: Transfer, event: Event & { readonly _tag: "withdrawn" }, at: number): Step => {
  const { by, note, version } = event
  const isUnsent = row.state === "intended" || row.state === "rejected"
  if (!isUnsent && row.state !== "needsReview") return refused("state")
  if (version === undefined ? !isUnsent : version !== row.version) return refused("version")
  const notOurs = union(row.notOurs, event.notOurs)
  if (!isRuledOut(row, notOurs)) return refused("record")
  const resolution = new TransferResolution({ as: "withdrawn", by, note, at })
  return change(row, {
    state: "withdrawn",
    recordId: undefined,
    evidence: [],
    claim: undefined,
    notOurs,
    resolution
  })
}
