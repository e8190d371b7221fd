/**
 * Changes of a row: the results of a step, and the functions that build the changed row.
 */
import * as Equal from "effect/Equal"
import { Transfer, TransferAlarm, TransferDifference } from "../../Transfer.ts"
import type { TransferRecord } from "./record.ts"
import { agrees, type Content } from "./samePayment.ts"

/** The result of applying an event to a row. */
export type Step =
  | { readonly _tag: "Changed"; readonly row: Transfer }
  | { readonly _tag: "Same" }
  /** The event is not possible in the state or version of the row. */
  | { readonly _tag: "Refused"; readonly reason: "state" | "version" | "content" | "record" | "no-alarm" }

/** The result that leaves the row unchanged. */
export const same: Step = { _tag: "Same" }

/** Returns the result of an event that is not possible. */
export const refused = (reason: (Step & { readonly _tag: "Refused" })["reason"]): Step => ({
  _tag: "Refused",
  reason
})

/** Fields to change in a row. `undefined` removes a field. */
export type Patch = {
  readonly [K in Exclude<keyof Transfer, "version" | "payoutRequestId" | "payinRequestId">]?: Transfer[K] | undefined
}

/** Changes fields of a row. If at least one value differs, the version increases by one. */
export const change = (row: Transfer, patch: Patch): Step => {
  const names = Object.keys(patch) as ReadonlyArray<keyof Patch>
  if (names.every((name) => Equal.equals(row[name], patch[name]))) return same
  const fields = { ...row, ...patch, version: row.version + 1 }
  for (const name of names) if (fields[name] === undefined) delete fields[name]
  // The type allows it: each value of the patch has the type of its field, and undefined fields are deleted above.
  return { _tag: "Changed", row: new Transfer(fields as ConstructorParameters<typeof Transfer>[0]) }
}

/** Returns the members of both lists without repetitions. */
export const union = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...new Set([...a, ...b])
]

/** How many record ids one list of a row keeps. A later look-up shows the rest again. */
const maxIds = 1_000

/** Adds record ids to a list, up to the limit. */
export const addIds = (ids: ReadonlyArray<string>, more: ReadonlyArray<string>): ReadonlyArray<string> =>
  ids.length >= maxIds ? ids : union(ids, more)

/** Whether Palomma reported a final status. */
export const isFinal = ({ state }: Transfer): boolean =>
  state === "approved" || state === "partial" || state === "cancelled"

/** Whether the state of a row is final: nothing is sent any more. Only an acknowledged alarm changes the state. */
export const isEnd = (row: Transfer): boolean => isFinal(row) || row.state === "withdrawn"

/** Whether a transfer is in doubt. */
export const isInDoubt = ({ state }: Transfer): boolean =>
  state === "sending" || state === "unknown" || state === "needsReview"

/**
 * Raises an alarm, and changes other fields in the same step. `duplicate` is the most severe kind: it replaces another
 * kind, and no other kind replaces it.
 */
export const withAlarm = (
  row: Transfer,
  kind: TransferAlarm["kind"],
  records: ReadonlyArray<string>,
  at: number,
  patch: Patch = {}
): Step => {
  const { alarm } = row
  const isNew = alarm === undefined
  const next = new TransferAlarm({
    kind: isNew || kind === "duplicate" ? kind : alarm.kind,
    records: addIds(alarm?.records ?? [], records),
    at: isNew ? at : alarm.at
  })
  return change(row, { ...patch, alarm: next })
}

/** Returns the alarm that a change of a row raised, or to which it added a record. */
export const newAlarm = (before: Transfer, { alarm }: Transfer): TransferAlarm | undefined =>
  alarm !== undefined && (before.alarm?.kind !== alarm.kind || before.alarm.records.length < alarm.records.length)
    ? alarm
    : undefined

/** Returns the state of a transfer for the status of its record. An unrecognised status is never final. */
const stateOf = ({ status }: TransferRecord): "accepted" | "approved" | "partial" | "cancelled" =>
  status === "processing" || status === "unrecognised" ? "accepted" : status

/** Returns the fields of a row that its record at Palomma determines. */
export const patchFrom = (row: Transfer, record: TransferRecord): Patch => ({
  state: stateOf(record),
  recordId: record.id,
  amountCollected: record.amountCollected ?? row.amountCollected,
  evidence: [],
  claim: undefined,
  lastError: undefined
})

/** Returns how a record differs from a transfer, or `undefined` if it does not differ. */
export const difference = (row: Transfer, record: TransferRecord): TransferDifference | undefined => {
  const { accountId, amount, id, merchantAccountId } = record
  return agrees(row, record)
    ? undefined
    : new TransferDifference({
        recordId: id,
        ...(accountId === undefined ? {} : { accountId }),
        ...(amount === undefined ? {} : { amount }),
        ...(merchantAccountId === undefined ? {} : { merchantAccountId })
      })
}

/** Returns a row with other content. */
export const withContent = (row: Transfer, { accountId, amount, merchantAccountId }: Content): Transfer => {
  const { merchantAccountId: _, ...rest } = row
  return new Transfer({ ...rest, accountId, amount, ...(merchantAccountId === undefined ? {} : { merchantAccountId }) })
}

/**
 * Whether other content may be sent for a row: Palomma rejected it, or it was not sent and no worker carries it to its
 * end.
 */
export const mayChange = (row: Transfer): boolean =>
  row.state === "rejected" || (row.state === "intended" && row.carriedBy === undefined)

/** Returns a new row of version 0, which is not in the journal yet. Its first change has version 1. */
export const unwritten = (
  key: Pick<Transfer, "namespace" | "kind" | "reference">,
  { accountId, amount, merchantAccountId }: Content,
  at: number
): Transfer =>
  new Transfer({
    namespace: key.namespace,
    kind: key.kind,
    reference: key.reference,
    accountId,
    amount,
    ...(merchantAccountId === undefined ? {} : { merchantAccountId }),
    state: "intended",
    version: 0,
    claims: 0,
    evidence: [],
    notOurs: [],
    lookUps: 0,
    createdAt: at,
    updatedAt: at
  })
