/**
 * What a person's word makes of a transfer.
 */
import { type Transfer, TransferResolution } from "../../Transfer.ts"
import { alarmed, asShown, change, difference, isEnd, refused, type Step, union } from "./change.ts"
import type { Event } from "./event.ts"

const isUndecided = ({ state }: Transfer): boolean => state === "unknown" || state === "needsReview"

// Nothing of it may be left that Palomma could still show as ours.
const isRuledOut = (row: Transfer, notOurs: ReadonlyArray<string>): boolean =>
  row.recordId === undefined || notOurs.includes(row.recordId)

/** It does not exist at Palomma, so it may be sent again. */
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

/** It is a record of Palomma. */
export const paid = (row: Transfer, event: Event & { readonly _tag: "resolvedPaid" }, at: number): Step => {
  const { by, note, record, version } = event
  if (!isUndecided(row)) return refused("state")
  if (row.version !== version) return refused("version")
  const { id } = record
  const notOurs = union(row.notOurs, event.notOurs).filter((other) => other !== id)
  const resolution = new TransferResolution({ as: "paid", by, note, at })
  const patch = { ...asShown(row, record), notOurs, resolution, differs: difference(row, record) }
  const other = row.recordId
  return other !== undefined && other !== id && !notOurs.includes(other)
    ? alarmed(row, "duplicate", [other, id], at, patch)
    : change(row, patch)
}

/** Its alarm is known. */
export const acknowledged = (row: Transfer, event: Event & { readonly _tag: "acknowledged" }, at: number): Step => {
  const { by, note, record, version } = event
  const { alarm } = row
  if (alarm === undefined) return refused("no-alarm")
  if (row.version !== version) return refused("version")
  const hasRecord = row.state === "accepted" || isEnd(row)
  // Of a transfer whose record is known, the others of its alarm are known not to be it.
  const recordId = event.recordId ?? row.recordId
  const known = row.recordId === undefined ? alarm.records : union(alarm.records, [row.recordId])
  const others = hasRecord && recordId !== undefined ? known.filter((id) => id !== recordId) : []
  const notOurs = union(union(row.notOurs, event.notOurs), others)
  const ruledOut = recordId !== undefined && notOurs.includes(recordId)
  // What was withdrawn stays so: the record under its reference is not its own.
  if (hasRecord && ruledOut && row.state !== "withdrawn") return refused("record")
  const resolution = new TransferResolution({ as: "acknowledged", by, note, at })
  const taken = hasRecord && !ruledOut && record?.id === recordId && record !== undefined
  return change(row, {
    ...(taken ? { ...asShown(row, record), differs: difference(row, record) } : {}),
    // Kept, it would make a duplicate of the right one.
    ...(ruledOut ? { recordId: undefined } : {}),
    evidence: taken ? [] : row.evidence.filter((id) => !notOurs.includes(id)),
    alarm: undefined,
    notOurs,
    resolution
  })
}

/** It is called off. */
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
