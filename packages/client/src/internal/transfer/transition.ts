/**
 * The state machine of a transfer: one pure, total function that applies an event to a row. Nothing else changes a row.
 */
import { Transfer, TransferClaim } from "../../Transfer.ts"
import {
  withAlarm,
  patchFrom,
  change,
  newAlarm,
  isFinal,
  mayChange,
  addIds,
  type Patch,
  refused,
  same,
  type Step,
  withContent
} from "./change.ts"
import { acknowledged, notPaid, paid, withdrawn } from "./decisionStep.ts"
import type { Event } from "./event.ts"
import type { TransferRecord } from "./record.ts"
import { answerLikeness, isSameContent, type Likeness, likeness } from "./samePayment.ts"

const otherContent = "Palomma's record has another account, amount or merchant account."
const similarRecord = "Palomma shows a record that may be this transfer."

const ownsClaim = (row: Transfer, claim: string): boolean => row.claim?.id === claim

// No process sends with such a claim, so none waits for it.
const isAdopting = (row: Transfer): boolean => row.claim?.length === 0

const withEvidence = (row: Transfer, id: string): Patch => ({ evidence: addIds(row.evidence, [id]) })

// Applies a record that is the transfer (`same`), or that has its reference or id with other content (`differs`).
const seenOwn = (row: Transfer, record: TransferRecord, is: "same" | "differs", at: number): Step => {
  const { id } = record
  if (row.recordId !== undefined && row.recordId !== id) return withAlarm(row, "duplicate", [row.recordId, id], at)
  if (row.state === "withdrawn") {
    return row.recordId === id ? same : withAlarm(row, "changed-final", [id], at, { recordId: id })
  }
  if (is === "differs") {
    switch (row.state) {
      case "intended":
      case "rejected":
      case "unknown":
        return change(row, { state: "needsReview", recordId: id, lastError: otherContent })
      case "needsReview":
        return change(row, { recordId: id })
      case "sending":
        // The row stays in `sending` while its claim runs. In any other state, a person could allow it to be sent
        // again.
        return withAlarm(row, "differs", [id], at, withEvidence(row, id))
      case "accepted":
      case "approved":
      case "partial":
      case "cancelled":
        return withAlarm(row, "differs", [id], at)
    }
  }
  if (isFinal(row)) {
    const isStill = record.status === row.state || record.status === "processing"
    const { amountCollected = row.amountCollected } = record
    // The program may have charged the rest already, by the amount that the row had.
    const isOtherPart =
      row.state === "partial" && row.amountCollected !== undefined && row.amountCollected !== amountCollected
    return isStill && !isOtherPart ? change(row, { amountCollected }) : withAlarm(row, "changed-final", [id], at)
  }
  return change(row, patchFrom(row, record))
}

const seenSimilar = (row: Transfer, id: string): Step => {
  switch (row.state) {
    case "intended":
    case "rejected":
    case "unknown":
      return change(row, { state: "needsReview", ...withEvidence(row, id), lastError: similarRecord })
    case "sending":
    case "needsReview":
      return change(row, withEvidence(row, id))
    case "accepted":
    case "approved":
    case "partial":
    case "cancelled":
    case "withdrawn":
      return same
  }
}

const seenAs = (row: Transfer, record: TransferRecord, is: Likeness, at: number): Step => {
  switch (is) {
    case "same":
    case "differs":
      return seenOwn(row, record, is, at)
    case "similar":
      return seenSimilar(row, record.id)
    case "other":
      return same
  }
}

// If the row may be corrected, and Palomma has or may have the corrected content, the row takes that content.
const seen = (row: Transfer, { content, record }: Event & { readonly _tag: "seen" }, at: number): Step => {
  const corrected = content !== undefined && mayChange(row) ? withContent(row, content) : row
  const is = likeness(corrected, record)
  const current = is === "same" || is === "similar" ? corrected : row
  return seenAs(current, record, likeness(current, record), at)
}

const answered = (row: Transfer, claim: string, record: TransferRecord, at: number): Step => {
  const is = answerLikeness(row, record)
  // The claim has been used, so the row may leave `sending`.
  return is === "differs" && row.state === "sending" && ownsClaim(row, claim)
    ? change(row, { state: "needsReview", recordId: record.id, lastError: otherContent })
    : seenAs(row, record, is, at)
}

// Applies the proof that a claim had no effect. Late proof counts too, unless Palomma showed a record meanwhile.
const withoutEffect = (row: Transfer, claim: string, state: "intended" | "rejected", lastError: string): Step => {
  if (!ownsClaim(row, claim)) return same
  const hasTrace = row.recordId !== undefined || row.evidence.length > 0
  if (row.state === "sending") {
    return change(row, hasTrace ? { state: "needsReview", lastError } : { state, claim: undefined, lastError })
  }
  return (row.state === "unknown" || row.state === "needsReview") && !hasTrace
    ? change(row, { state, claim: undefined, lastError })
    : same
}

const inDoubt = (row: Transfer, patch: Patch): Step =>
  change(row, { ...patch, state: row.evidence.length > 0 ? "needsReview" : "unknown" })

const answerLostWith = (row: Transfer, claim: string, recordId: string, lastError: string, at: number): Step => {
  if (row.notOurs.includes(recordId) || row.recordId === recordId) return same
  if (row.recordId !== undefined) return withAlarm(row, "duplicate", [row.recordId, recordId], at)
  switch (row.state) {
    case "sending":
      return ownsClaim(row, claim) || isAdopting(row)
        ? inDoubt(row, { recordId, lastError })
        : withAlarm(row, "duplicate", [recordId], at, withEvidence(row, recordId))
    case "intended":
    case "rejected":
    case "unknown":
      return change(row, { state: "unknown", recordId, lastError })
    case "needsReview":
      return change(row, { recordId })
    case "withdrawn":
      return withAlarm(row, "changed-final", [recordId], at, { recordId })
    case "accepted":
    case "approved":
    case "partial":
    case "cancelled":
      return change(row, { recordId })
  }
}

const answerLost = (row: Transfer, event: Event & { readonly _tag: "answerLost" }, at: number): Step => {
  const { claim, error, recordId } = event
  if (recordId !== undefined) return answerLostWith(row, claim, recordId, error, at)
  return row.state === "sending" && ownsClaim(row, claim) ? inDoubt(row, { lastError: error }) : same
}

const claimed = (
  row: Transfer,
  { claim, content, version }: Event & { readonly _tag: "claimed" },
  at: number
): Step => {
  if (row.state !== "intended" && row.state !== "rejected") return refused("state")
  if (row.version !== version) return refused("version")
  if (!isSameContent(row, content) && !mayChange(row)) return refused("content")
  return change(row, {
    state: "sending",
    accountId: content.accountId,
    amount: content.amount,
    merchantAccountId: content.merchantAccountId,
    claim: new TransferClaim({ ...claim, at }),
    claims: row.claims + 1,
    evidence: [],
    differs: undefined,
    lastError: undefined,
    lookUps: 0,
    // A worker never claims a rejected transfer. If the program sends it again itself, the result is the program's: a
    // worker must not send later what the program was told was not sent.
    ...(row.state === "rejected" ? { carriedBy: undefined } : {})
  })
}

// A worker sends only rows that were given to it. A rejected request had no effect, so the transfer may be sent again.
const carried = (row: Transfer, { content, version }: Event & { readonly _tag: "carried" }): Step => {
  if (row.state === "withdrawn") return refused("state")
  if (!isSameContent(row, content)) return refused("content")
  if (row.version !== version) return refused("version")
  return change(row, {
    carriedBy: "worker",
    ...(row.state === "rejected" ? { state: "intended", claim: undefined, lastError: undefined } : {})
  })
}

const told = (row: Transfer, version: number, at: number): Step =>
  row.version === version ? change(row, { toldAt: at }) : refused("version")

// The program has to be told again of a new state, of an alarm that came or went, or of another collected amount.
const withoutTold = (before: Transfer, next: Step): Step => {
  if (next._tag !== "Changed") return next
  const { row } = next
  const isKnown = row.state === before.state && row.amountCollected === before.amountCollected
  const hasSameAlarm = newAlarm(before, row) === undefined && (before.alarm === undefined || row.alarm !== undefined)
  if (isKnown && hasSameAlarm) return next
  const { toldAt: _, ...rest } = row
  return { _tag: "Changed", row: new Transfer(rest) }
}

// The next event puts the row in doubt. A row that is in doubt already loses the claim of its sender: late proof of it
// would say nothing about the other program.
const adopted = (row: Transfer, id: string, at: number): Step => {
  const claim = new TransferClaim({ id, length: 0, at })
  switch (row.state) {
    case "intended":
    case "rejected":
      return change(row, { state: "sending", claim, claims: row.claims + 1, lastError: undefined, lookUps: 0 })
    case "unknown":
    case "needsReview":
      return row.claim === undefined || isAdopting(row) ? same : change(row, { claim })
    case "sending":
    case "accepted":
    case "approved":
    case "partial":
    case "cancelled":
    case "withdrawn":
      return same
  }
}

const searchOver = (row: Transfer, version: number, lastError: string): Step =>
  row.state === "unknown" && row.version === version ? change(row, { state: "needsReview", lastError }) : same

const transition = (row: Transfer, event: Event, at: number): Step => {
  switch (event._tag) {
    case "claimed":
      return claimed(row, event, at)
    case "carried":
      return carried(row, event)
    case "told":
      return told(row, event.version, at)
    case "adopted":
      return adopted(row, event.claim.id, at)
    case "notSent":
      return withoutEffect(row, event.claim, "intended", event.error)
    case "rejected":
      return withoutEffect(row, event.claim, "rejected", event.error)
    case "answered":
      return answered(row, event.claim, event.record, at)
    case "answerLost":
      return answerLost(row, event, at)
    case "expired":
      return row.state === "sending" && ownsClaim(row, event.claim)
        ? inDoubt(row, { lastError: "The process that claimed the transfer did not record an outcome." })
        : same
    case "seen":
      return seen(row, event, at)
    case "looked":
      return row.state === "unknown" ? change(row, { lookUps: row.lookUps + 1 }) : same
    case "absent":
    case "gaveUp":
      return searchOver(row, event.version, event.error)
    case "resolvedPaid":
      return paid(row, event, at)
    case "resolvedNotPaid":
      return notPaid(row, event, at)
    case "acknowledged":
      return acknowledged(row, event, at)
    case "withdrawn":
      return withdrawn(row, event, at)
  }
}

/**
 * Applies an event to a row.
 *
 * The result depends on the row and the event alone. The time `at` is only written to the row.
 */
export const step = (row: Transfer, event: Event, at: number): Step => withoutTold(row, transition(row, event, at))
