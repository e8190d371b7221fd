/**
 * What a person decides of a transfer: each decision after a fresh look, and tied to the version that the person saw.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { GetError } from "../../PalommaError.ts"
import { Transfer } from "../../Transfer.ts"
import type { TransferInvalidState, TransferJournalError } from "../../TransferError.ts"
import type { Acknowledgement, ResolveError, TransferDecision, Withdrawal } from "../../TransferService.ts"
import { invalidInput } from "../options/checks.ts"
import { isEnd, type Step, union } from "./change.ts"
import { type Look, lookUp } from "./lookUp.ts"
import type { TransferRecord } from "./record.ts"
import { isSimilarReference } from "./samePayment.ts"
import { writeDown } from "./search.ts"
import { invalidState, type Sender } from "./sender.ts"
import type { Applied } from "./store.ts"

/** Reads a row that must be there. */
export const rowOf = Effect.fnUntraced(function* (
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

// Every decision changes the row, so one that changed nothing was refused.
const decided = (
  sender: Sender,
  operation: string,
  { row, step }: Applied
): Effect.Effect<Transfer, TransferInvalidState> => {
  if (step._tag !== "Refused") return Effect.succeed(row)
  const records = step.reason === "record" && row.recordId !== undefined ? [row.recordId] : []
  return Effect.fail(invalidState(sender, operation, row.reference, reasons[step.reason], row, { records }))
}

const ruledOut = (row: Transfer, notOurs: ReadonlyArray<string>): Transfer =>
  new Transfer({ ...row, notOurs: union(row.notOurs, notOurs) })

// Looks for it once more, by its id too, and fails if there is anything that may be it.
const mustBeAbsent = Effect.fnUntraced(function* (
  sender: Sender,
  operation: string,
  row: Transfer,
  notOurs: ReadonlyArray<string>,
  mayBeIncomplete: boolean
): Effect.fn.Return<Look, ResolveError> {
  const { api, limits, quietTime, store } = sender
  const { reference } = row
  // A row that was moved from another journal may not tell when it left `sending`.
  const left = row.leftSendingAt ?? (row.claims > 0 ? row.updatedAt : undefined)
  if (left !== undefined) {
    const rest = left + Duration.toMillis(quietTime) - (yield* store.now)
    if (rest > 0) {
      return yield* invalidState(sender, operation, reference, "quiet-time", row, { waitFor: Duration.millis(rest) })
    }
  }
  const asked = ruledOut(row, notOurs)
  const known = [...(row.recordId === undefined ? [] : [row.recordId]), ...row.evidence].filter(
    (id) => !asked.notOurs.includes(id)
  )
  const look = yield* lookUp(api, store, asked, true, limits)
  const shown = union(
    known,
    look.sightings.map(({ record }) => record.id)
  )
  if (shown.length > 0) {
    // What is seen is written down, whatever the person said.
    const current = yield* writeDown(sender, row, look)
    return yield* invalidState(sender, operation, reference, "record-shown", current, { records: shown })
  }
  if (look.incomplete !== undefined && !mayBeIncomplete) {
    return yield* invalidState(sender, operation, reference, "look-up-incomplete", row)
  }
  return look
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

type Paid = TransferDecision & { readonly as: "paid" }

const other = <A>(shown: A | undefined, ours: A): A | undefined => (shown === ours ? undefined : shown)

// A difference is accepted only if a person repeats it, which takes having seen it.
const isRepeated = (row: Transfer, record: TransferRecord, { differs = {} }: Paid): boolean => {
  const { merchantAccountId, reference } = row
  const isSimilar = isSimilarReference(record.reference, reference)
  const shown = {
    accountId: other(record.accountId, row.accountId),
    amount: other(record.amount, row.amount),
    merchantAccountId: merchantAccountId === undefined ? undefined : other(record.merchantAccountId, merchantAccountId),
    reference: isSimilar ? undefined : record.reference
  }
  return (["accountId", "amount", "merchantAccountId", "reference"] as const).every(
    (name) => shown[name] === undefined || shown[name] === differs[name]
  )
}

const resolvePaid = Effect.fnUntraced(function* (sender: Sender, row: Transfer, decision: Paid) {
  const { api, limits, store } = sender
  const { reference } = row
  const { by, note, notOurs = [], recordId, version } = decision
  const record = yield* api.get(recordId)
  const owner = yield* store.findByRecordId(record.id)
  if (Option.isSome(owner) && owner.value.reference !== reference) {
    return yield* invalidState(sender, "resolve", reference, "record-of-another", row, { records: [record.id] })
  }
  if (!isRepeated(row, record, decision)) {
    return yield* invalidState(sender, "resolve", reference, "record-differs", row, { records: [record.id] })
  }
  const look = yield* lookUp(api, store, ruledOut(row, notOurs), true, limits)
  const applied = yield* store.apply(row, { _tag: "resolvedPaid", version, record, notOurs, by, note })
  const resolved = yield* decided(sender, "resolve", applied)
  // What else is shown under the reference is a second payment. What is only similar changes a transfer no more that Palomma has.
  const others = look.sightings.filter((sighting) => sighting.record.id !== record.id)
  return yield* writeDown(sender, resolved, { ...look, sightings: others })
})

/** Writes down whether a transfer in doubt was paid. */
export const resolve = Effect.fnUntraced(function* (
  sender: Sender,
  reference: string,
  decision: TransferDecision
): Effect.fn.Return<Transfer, ResolveError> {
  const row = yield* rowOf(sender, "resolve", reference)
  yield* mustBeUndecided(sender, "resolve", row, decision.version)
  if (decision.as === "paid") return yield* resolvePaid(sender, row, decision)
  const { by, note, notOurs = [], version } = decision
  const look = yield* mustBeAbsent(sender, "resolve", row, notOurs, decision.incomplete === true)
  const incomplete = look.incomplete !== undefined
  const event = { _tag: "resolvedNotPaid", version, notOurs, incomplete, by, note } as const
  return yield* decided(sender, "resolve", yield* sender.store.apply(row, event))
})

const versionProblem = {
  field: "version",
  code: "required",
  rule: "is missing: a transfer that waits for a person is called off at the version that the person saw"
}

/** Calls a transfer off. */
export const withdraw = Effect.fnUntraced(function* (
  sender: Sender,
  reference: string,
  { by, note, notOurs = [], version }: Withdrawal
): Effect.fn.Return<Transfer, ResolveError> {
  const row = yield* rowOf(sender, "withdraw", reference)
  if (row.state === "needsReview") {
    if (version === undefined) return yield* invalidInput(`${sender.api.service}.withdraw`, "none", [versionProblem])
    if (version !== row.version) return yield* invalidState(sender, "withdraw", reference, "changed-since", row)
    yield* mustBeAbsent(sender, "withdraw", row, notOurs, false)
  }
  const applied = yield* sender.store.apply(row, { _tag: "withdrawn", version, notOurs, by, note })
  return yield* decided(sender, "withdraw", applied)
})

// The other records of a duplicate, if nobody has ruled them out. Closed as cancelled, a transfer would be paid again under a new
// reference, though one of them may have paid it.
const unnamed = (
  { alarm, notOurs }: Transfer,
  recordId: string | undefined,
  more: ReadonlyArray<string>
): ReadonlyArray<string> =>
  alarm?.kind === "duplicate"
    ? alarm.records.filter((id) => id !== recordId && !notOurs.includes(id) && !more.includes(id))
    : []

// Only a record that raised the alarm can be the one, and only of a transfer that Palomma has.
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
  const isAnothers = Option.isSome(owner) && owner.value.reference !== reference
  if (isAnothers || row.alarm?.records.includes(recordId) !== true) {
    return yield* invalidState(sender, "acknowledge", reference, "record-of-another", row, { records: [recordId] })
  }
})

/** Closes an alarm. */
export const acknowledge = Effect.fnUntraced(function* (
  sender: Sender,
  reference: string,
  { by, note, notOurs = [], recordId, version }: Acknowledgement
): Effect.fn.Return<Transfer, ResolveError> {
  const row = yield* rowOf(sender, "acknowledge", reference)
  if (recordId !== undefined && row.alarm !== undefined) yield* mustBeOfAlarm(sender, row, recordId)
  const own = recordId ?? row.recordId
  const get = (id: string): Effect.Effect<TransferRecord | undefined, GetError> =>
    // A record that is gone has no status to take.
    Effect.catchTag(sender.api.get(id), "PalommaNotFound", () => Effect.undefined)
  const record = row.alarm === undefined || own === undefined ? undefined : yield* get(own)
  if (recordId !== undefined && row.alarm !== undefined && record === undefined) {
    return yield* invalidState(sender, "acknowledge", reference, "record-of-another", row, { records: [recordId] })
  }
  const ends = (row.state === "accepted" || isEnd(row)) && record?.status === "cancelled"
  const others = unnamed(row, own, notOurs)
  if (row.version === version && ends && others.length > 0) {
    return yield* invalidState(sender, "acknowledge", reference, "record-shown", row, { records: others })
  }
  const applied = yield* sender.store.apply(row, { _tag: "acknowledged", version, recordId, record, notOurs, by, note })
  return yield* decided(sender, "acknowledge", applied)
})
