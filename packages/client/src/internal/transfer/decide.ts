/**
 * Decisions of a person about a transfer. They are checked against the journal and Palomma before they are recorded.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Transfer } from "../../Transfer.ts"
import type { TransferInvalidState, TransferJournalError } from "../../TransferError.ts"
import type { Acknowledgement, TransferDecision, Withdrawal } from "../../TransferDecision.ts"
import type { ResolveError } from "../../TransferResult.ts"
import { invalidInput } from "../options/checks.ts"
import { isEnd, type Step, union } from "./change.ts"
import { type LookUpResult, lookUp } from "./lookUp.ts"
import type { TransferRecord } from "./record.ts"
import { isSimilarReference } from "./samePayment.ts"
import { readNamed, recordSightings } from "./search.ts"
import { invalidState, type Sender } from "./sender.ts"
import type { Applied } from "./store.ts"

/** Reads a row, and fails if the journal has none. */
export const requireRow = Effect.fnUntraced(function* (
  sender: Sender,
  operation: string,
  reference: string
): Effect.fn.Return<Transfer, TransferInvalidState | TransferJournalError> {
  const row = yield* sender.store.find(reference)
  return Option.isSome(row) ? row.value : yield* invalidState(sender, operation, reference, "unknown-reference")
})

const reasons: Record<(Step & { readonly _tag: "Refused" })["reason"], TransferInvalidState["reason"]> = {
  state: "wrong-state",
  version: "changed-since",
  content: "wrong-state",
  record: "record-shown",
  "no-alarm": "no-alarm"
}

// Every decision changes the row, so a step that is not refused has written it.
const failIfRefused = (
  sender: Sender,
  operation: string,
  { row, step }: Applied
): Effect.Effect<Transfer, TransferInvalidState> => {
  if (step._tag !== "Refused") return Effect.succeed(row)
  const records = step.reason === "record" && row.recordId !== undefined ? [row.recordId] : []
  return Effect.fail(invalidState(sender, operation, row.reference, reasons[step.reason], row, { records }))
}

const withRuledOut = (row: Transfer, notOurs: ReadonlyArray<string>): Transfer =>
  new Transfer({ ...row, notOurs: union(row.notOurs, notOurs) })

// Looks the transfer up again, and fails if Palomma shows a record that is or may be it. A record that the row already
// names counts too.
const mustBeAbsent = Effect.fnUntraced(function* (
  sender: Sender,
  operation: string,
  row: Transfer,
  notOurs: ReadonlyArray<string>,
  mayBeIncomplete: boolean
): Effect.fn.Return<LookUpResult, ResolveError> {
  const { api, limits, quietTime, store } = sender
  const { reference } = row
  // A row that was copied from another journal may lack `leftSendingAt`.
  const leftAt = row.leftSendingAt ?? (row.claims > 0 ? row.updatedAt : undefined)
  if (leftAt !== undefined) {
    const waitFor = leftAt + Duration.toMillis(quietTime) - (yield* store.now)
    if (waitFor > 0) {
      return yield* invalidState(sender, operation, reference, "quiet-time", row, { waitFor: Duration.millis(waitFor) })
    }
  }
  const candidate = withRuledOut(row, notOurs)
  const known = [...(row.recordId === undefined ? [] : [row.recordId]), ...row.evidence].filter(
    (id) => !candidate.notOurs.includes(id)
  )
  const lookedUp = yield* lookUp(api, store, candidate, true, limits)
  const listed = lookedUp.sightings.map(({ record }) => record.id)
  const found = union(known, listed)
  if (found.length > 0) {
    // The decision fails, but the row keeps what the look-up found.
    const current = yield* recordSightings(sender, row, lookedUp)
    const own = known.find((id) => id === row.recordId)
    // `adopt` does not check the id that it takes, so Palomma may not have this record.
    if (own !== undefined && !listed.includes(own)) {
      const read = yield* readNamed(sender, current, own)
      if (read === undefined) {
        const others = found.filter((id) => id !== own)
        return yield* others.length > 0
          ? invalidState(sender, operation, reference, "record-shown", current, { records: others })
          : invalidState(sender, operation, reference, "record-not-found", current, { records: [own] })
      }
      return yield* invalidState(sender, operation, reference, "record-shown", read, { records: found })
    }
    return yield* invalidState(sender, operation, reference, "record-shown", current, { records: found })
  }
  if (lookedUp.incomplete !== undefined && !mayBeIncomplete) {
    return yield* invalidState(sender, operation, reference, "look-up-incomplete", row)
  }
  return lookedUp
})

const mustBeUndecided = (
  sender: Sender,
  operation: string,
  row: Transfer,
  version: number
): Effect.Effect<void, TransferInvalidState> => {
  const isUndecided = row.state === "unknown" || row.state === "needsReview"
  if (!isUndecided) return Effect.fail(invalidState(sender, operation, row.reference, "wrong-state", row))
  return row.version === version
    ? Effect.void
    : Effect.fail(invalidState(sender, operation, row.reference, "changed-since", row))
}

/** Fails if the journal has the record under another reference. */
export const mustNotBeOfAnother = Effect.fnUntraced(function* (
  sender: Sender,
  operation: string,
  reference: string,
  recordId: string,
  row?: Transfer
): Effect.fn.Return<void, TransferInvalidState | TransferJournalError> {
  const owner = yield* sender.store.findByRecordId(recordId)
  if (Option.isSome(owner) && owner.value.reference !== reference) {
    const more = { records: [recordId], ownedBy: owner.value.reference }
    return yield* invalidState(sender, operation, reference, "record-of-another", row, more)
  }
})

type Paid = TransferDecision & { readonly as: "paid" }

const ifOther = <A>(found: A | undefined, expected: A): A | undefined => (found === expected ? undefined : found)

// The person accepts a difference by repeating its value, which proves that the person saw it.
const acceptsDifferences = (row: Transfer, record: TransferRecord, { differs = {} }: Paid): boolean => {
  const { merchantAccountId, reference } = row
  const isSimilar = isSimilarReference(record.reference, reference)
  const found = {
    accountId: ifOther(record.accountId, row.accountId),
    amount: ifOther(record.amount, row.amount),
    merchantAccountId:
      merchantAccountId === undefined ? undefined : ifOther(record.merchantAccountId, merchantAccountId),
    reference: isSimilar ? undefined : record.reference
  }
  return (["accountId", "amount", "merchantAccountId", "reference"] as const).every(
    (name) => found[name] === undefined || found[name] === differs[name]
  )
}

const resolvePaid = Effect.fnUntraced(function* (sender: Sender, row: Transfer, decision: Paid) {
  const { api, limits, store } = sender
  const { reference } = row
  const { by, note, notOurs = [], recordId, version } = decision
  const record = yield* api.get(recordId)
  yield* mustNotBeOfAnother(sender, "resolve", reference, record.id, row)
  if (!acceptsDifferences(row, record, decision)) {
    return yield* invalidState(sender, "resolve", reference, "record-differs", row, { records: [record.id] })
  }
  const lookedUp = yield* lookUp(api, store, withRuledOut(row, notOurs), true, limits)
  const applied = yield* store.apply(row, { _tag: "resolvedPaid", version, record, notOurs, by, note })
  const resolved = yield* failIfRefused(sender, "resolve", applied)
  // Another record under the same reference is a second payment and raises an alarm. A record that is only similar
  // changes nothing in an accepted transfer.
  const others = lookedUp.sightings.filter((sighting) => sighting.record.id !== record.id)
  return yield* recordSightings(sender, resolved, { ...lookedUp, sightings: others })
})

/** Records the decision whether a transfer in doubt was paid. */
export const resolve = Effect.fnUntraced(function* (
  sender: Sender,
  reference: string,
  decision: TransferDecision
): Effect.fn.Return<Transfer, ResolveError> {
  const row = yield* requireRow(sender, "resolve", reference)
  yield* mustBeUndecided(sender, "resolve", row, decision.version)
  if (decision.as === "paid") return yield* resolvePaid(sender, row, decision)
  const { by, note, notOurs = [], version } = decision
  const lookedUp = yield* mustBeAbsent(sender, "resolve", row, notOurs, decision.incomplete === true)
  const incomplete = lookedUp.incomplete !== undefined
  const event = { _tag: "resolvedNotPaid", version, notOurs, incomplete, by, note } as const
  return yield* failIfRefused(sender, "resolve", yield* sender.store.apply(row, event))
})

const versionProblem = {
  field: "version",
  code: "required",
  rule: "is missing: to withdraw a transfer in needsReview, give the version that the person saw"
}

/** Withdraws a transfer. */
export const withdraw = Effect.fnUntraced(function* (
  sender: Sender,
  reference: string,
  { by, note, notOurs = [], version }: Withdrawal
): Effect.fn.Return<Transfer, ResolveError> {
  const row = yield* requireRow(sender, "withdraw", reference)
  if (row.state === "needsReview") {
    if (version === undefined) return yield* invalidInput(`${sender.api.service}.withdraw`, "none", [versionProblem])
    if (version !== row.version) return yield* invalidState(sender, "withdraw", reference, "changed-since", row)
    yield* mustBeAbsent(sender, "withdraw", row, notOurs, false)
  }
  const applied = yield* sender.store.apply(row, { _tag: "withdrawn", version, notOurs, by, note })
  return yield* failIfRefused(sender, "withdraw", applied)
})

// Returns the other records of a `duplicate` that no person has ruled out. If the transfer ended as `cancelled`, the
// merchant would pay again under a new reference, although one of these records may have moved the money.
const undecidedRecords = (
  { alarm, notOurs }: Transfer,
  recordId: string | undefined,
  more: ReadonlyArray<string>
): ReadonlyArray<string> =>
  alarm?.kind === "duplicate"
    ? alarm.records.filter((id) => id !== recordId && !notOurs.includes(id) && !more.includes(id))
    : []

// A person may choose another record only among those of the alarm, and only for a transfer that Palomma has.
const mustBeOfAlarm = Effect.fnUntraced(function* (
  sender: Sender,
  row: Transfer,
  recordId: string
): Effect.fn.Return<void, TransferInvalidState | TransferJournalError> {
  const { reference } = row
  if (row.state !== "accepted" && !isEnd(row)) {
    return yield* invalidState(sender, "acknowledge", reference, "wrong-state", row)
  }
  const owner = yield* sender.store.findByRecordId(recordId)
  const belongsToOther = Option.isSome(owner) && owner.value.reference !== reference
  if (belongsToOther || row.alarm?.records.includes(recordId) !== true) {
    return yield* invalidState(sender, "acknowledge", reference, "record-of-another", row, { records: [recordId] })
  }
})

// Reads the record whose status the transfer takes. `undefined` if the transfer has none or Palomma does not show it.
const readAcknowledged = Effect.fnUntraced(function* (
  sender: Sender,
  row: Transfer,
  { recordId, version }: Acknowledgement,
  notOurs: ReadonlyArray<string>
): Effect.fn.Return<TransferRecord | undefined, ResolveError> {
  const { reference } = row
  if (recordId !== undefined) yield* mustBeOfAlarm(sender, row, recordId)
  const own = recordId ?? row.recordId
  if (own === undefined) return undefined
  const record = yield* Effect.catchTag(sender.api.get(own), "PalommaNotFound", () => Effect.undefined)
  if (recordId !== undefined && record === undefined) {
    return yield* invalidState(sender, "acknowledge", reference, "record-of-another", row, { records: [recordId] })
  }
  const becomesCancelled = (row.state === "accepted" || isEnd(row)) && record?.status === "cancelled"
  const others = undecidedRecords(row, own, notOurs)
  if (row.version === version && becomesCancelled && others.length > 0) {
    return yield* invalidState(sender, "acknowledge", reference, "record-shown", row, { records: others })
  }
  return record
})

/** Closes an alarm. */
export const acknowledge = Effect.fnUntraced(function* (
  sender: Sender,
  reference: string,
  acknowledgement: Acknowledgement
): Effect.fn.Return<Transfer, ResolveError> {
  const { by, note, notOurs = [], recordId, version } = acknowledgement
  const row = yield* requireRow(sender, "acknowledge", reference)
  // Without an alarm, the step below refuses the acknowledgement.
  const record = row.alarm === undefined ? undefined : yield* readAcknowledged(sender, row, acknowledgement, notOurs)
  const applied = yield* sender.store.apply(row, { _tag: "acknowledged", version, recordId, record, notOurs, by, note })
  return yield* failIfRefused(sender, "acknowledge", applied)
})
