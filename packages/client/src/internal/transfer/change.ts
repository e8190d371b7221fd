/**
 * What becomes of a row, and how a change of it is written.
 */
import * as Equal from "effect/Equal"
import { Transfer, TransferAlarm, TransferDifference } from "../../Transfer.ts"
import type { TransferRecord } from "./record.ts"
import { agrees, type Content } from "./samePayment.ts"

/** What becomes of a row. */
export type Step =
  | { readonly _tag: "Changed"; readonly row: Transfer }
  | { readonly _tag: "Same" }
  /** What was asked for cannot be done. */
  | { readonly _tag: "Refused"; readonly reason: "state" | "version" | "content" | "record" | "no-alarm" }

/** The row stays as it is. */
export const same: Step = { _tag: "Same" }

/** What was asked for cannot be done. */
export const refused = (reason: (Step & { readonly _tag: "Refused" })["reason"]): Step => ({
  _tag: "Refused",
  reason
})

/** What changes in a row; `undefined` takes a field away. */
export type Patch = {
  readonly [K in Exclude<keyof Transfer, "version" | "payoutRequestId" | "payinRequestId">]?: Transfer[K] | undefined
}

/** Changes fields of a row: whatever differs is a change and counts a version. */
export const change = (row: Transfer, patch: Patch): Step => {
  const names = Object.keys(patch) as ReadonlyArray<keyof Patch>
  if (names.every((name) => Equal.equals(row[name], patch[name]))) return same
  const fields = { ...row, ...patch, version: row.version + 1 }
  for (const name of names) if (fields[name] === undefined) delete fields[name]
  // The patch holds values of the fields' own types, and none that is undefined is left.
  return { _tag: "Changed", row: new Transfer(fields as ConstructorParameters<typeof Transfer>[0]) }
}

/** Both lists, each member once. */
export const union = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...new Set([...a, ...b])
]

/** How many ids of records a row keeps of a kind. What Palomma shows beyond that, the next look shows too. */
const maxIds = 1_000

/** What Palomma showed, with one more record: not without end. */
export const noted = (ids: ReadonlyArray<string>, more: ReadonlyArray<string>): ReadonlyArray<string> =>
  ids.length >= maxIds ? ids : union(ids, more)

/** Whether the money's end is known. */
export const isFinal = ({ state }: Transfer): boolean =>
  state === "approved" || state === "partial" || state === "cancelled"

/** Whether a row is at its end: nothing is sent any more, and only a contradiction changes it. */
export const isEnd = (row: Transfer): boolean => isFinal(row) || row.state === "withdrawn"

/** Whether the outcome of a transfer is not known. */
export const isInDoubt = ({ state }: Transfer): boolean =>
  state === "sending" || state === "unknown" || state === "needsReview"

/**
 * Raises an alarm, and changes other fields with it. A duplicate is the worst news: an alarm of another kind becomes one, and never the
 * other way round.
 */
export const alarmed = (
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
    records: noted(alarm?.records ?? [], records),
    at: isNew ? at : alarm.at
  })
  return change(row, { ...patch, alarm: next })
}

/** What the status of a record makes of a transfer: a status that this version does not know is not an end. */
const stateOf = ({ status }: TransferRecord): "accepted" | "approved" | "partial" | "cancelled" =>
  status === "processing" || status === "unrecognised" ? "accepted" : status

/** What a row holds once its record is known. */
export const asShown = (row: Transfer, record: TransferRecord): Patch => ({
  state: stateOf(record),
  recordId: record.id,
  amountCollected: record.amountCollected ?? row.amountCollected,
  evidence: [],
  claim: undefined,
  lastError: undefined
})

/** How a record differs from a transfer, if it does. */
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

/** A row with the content that is to be sent, or was. */
export const withContent = (row: Transfer, { accountId, amount, merchantAccountId }: Content): Transfer => {
  const { merchantAccountId: _, ...rest } = row
  return new Transfer({ ...rest, accountId, amount, ...(merchantAccountId === undefined ? {} : { merchantAccountId }) })
}

/** Whether a row may be sent with other content: a refused one can be corrected, and one that was never sent, if no worker has it. */
export const mayChange = (row: Transfer): boolean =>
  row.state === "rejected" || (row.state === "intended" && row.carriedBy === undefined)

/** A row that is not written yet: its first change makes version 1 of it. */
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
