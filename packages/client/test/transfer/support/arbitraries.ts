/**
 * Arbitrary rows and events, including unreachable ones, with ids that no system would choose.
 */
import * as fc from "fast-check"
import {
  type Transfer,
  TransferAlarm,
  TransferClaim,
  TransferDifference,
  transferStates
} from "../../../src/Transfer.ts"
import { unwritten } from "../../../src/internal/transfer/change.ts"
import type { Event } from "../../../src/internal/transfer/event.ts"
import type { TransferRecord } from "../../../src/internal/transfer/record.ts"
import { step } from "../../../src/internal/transfer/transition.ts"
import { at, content, key, row } from "./samples.ts"

// Only a few values, so two are often equal.
const id = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom("1", "2", "3") },
  fc.constantFrom("", " ", "__proto__", "constructor", "unreadable:0123", "1\u0000", "\ud800"),
  fc.string({ unit: "binary", maxLength: 5 })
)
const ids = fc.uniqueArray(id, { maxLength: 3 })
const claimId = fc.constantFrom("claim-7", "claim-8", "")
const text = fc.constantFrom("timed out", "")
const time = fc.integer({ min: 0, max: 2 * at })

const anyContent = fc.record({
  accountId: fc.constantFrom("account-A", "account-A", "account-B"),
  amount: fc.constantFrom(50_000, 50_000, 60_000),
  merchantAccountId: fc.constantFrom(undefined, undefined, "account-M", "account-N")
})
const known = <A>(arbitrary: fc.Arbitrary<A>): fc.Arbitrary<A | undefined> =>
  fc.oneof({ weight: 4, arbitrary }, fc.constant(undefined))

export const anyRecord: fc.Arbitrary<TransferRecord> = fc.record({
  id,
  isReadable: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
  status: fc.constantFrom("processing", "approved", "partial", "cancelled", "unrecognised"),
  reference: known(
    fc.constantFrom(key.reference, key.reference, "INVOICE-2026-0117 ", "invoice-2026-011", "other", "")
  ),
  accountId: known(anyContent.map(({ accountId }) => accountId)),
  amount: known(anyContent.map(({ amount }) => amount)),
  merchantAccountId: anyContent.map(({ merchantAccountId }) => merchantAccountId),
  amountCollected: known(fc.constantFrom(0, 20_000, 50_000)),
  createdAt: known(time)
})

const withoutUndefined = <A extends object>(fields: A): { [K in keyof A]: Exclude<A[K], undefined> } => {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined)
  // Every other field has a value of its type.
  return Object.fromEntries(entries) as { [K in keyof A]: Exclude<A[K], undefined> }
}

const frozen = (made: Transfer): Transfer => {
  for (const value of Object.values(made)) Object.freeze(value)
  return Object.freeze(made)
}

/** Any row. It is frozen. */
export const anyRow: fc.Arbitrary<Transfer> = fc
  .record({
    state: fc.constantFrom(...transferStates),
    version: fc.nat(4),
    claims: fc.nat(3),
    lookUps: fc.nat(3),
    content: anyContent,
    claim: known(
      fc
        .record({ id: claimId, length: fc.constantFrom(0, 1, 65_000), at: time })
        .map((fields) => new TransferClaim(fields))
    ),
    recordId: fc.option(id, { nil: undefined }),
    amountCollected: fc.constantFrom(undefined, 0, 20_000),
    evidence: ids,
    notOurs: ids,
    differs: fc.option(
      fc
        .tuple(id, anyContent)
        .map(([recordId, fields]) => new TransferDifference(withoutUndefined({ recordId, ...fields }))),
      { nil: undefined }
    ),
    alarm: fc.option(
      fc
        .record({ kind: fc.constantFrom("duplicate", "changed-final", "differs"), records: ids, at: time })
        .map((fields) => new TransferAlarm(fields)),
      { nil: undefined }
    ),
    lastError: fc.constantFrom(undefined, "", "timed out"),
    carriedBy: fc.constantFrom(undefined, "worker"),
    toldAt: fc.constantFrom(undefined, 1)
  })
  .map(({ content, ...fields }) => frozen(row(withoutUndefined({ ...fields, ...content }))))

const decision = { by: fc.constantFrom("ana", ""), note: text, notOurs: ids }
const offset = fc.constantFrom(0, 0, 0, 0, 0, -1, 1, Number.NaN)

type Sample = (row: Transfer) => Event

const made = <A>(arbitrary: fc.Arbitrary<A>, of: (fields: A, row: Transfer) => Event): fc.Arbitrary<Sample> =>
  arbitrary.map((fields) => (before) => of(fields, before))

// Most events name the version of the row.
const ofVersion = <A extends object>(
  arbitrary: fc.Arbitrary<A>,
  of: (fields: A & { readonly version: number }) => Event
): fc.Arbitrary<Sample> =>
  made(fc.tuple(arbitrary, offset), ([fields, by], { version }) => of({ ...fields, version: version + by }))

/** Any event, as a function of the row. */
export const anyEvent: fc.Arbitrary<Sample> = fc.oneof(
  ofVersion(fc.record({ claim: fc.record({ id: claimId, length: fc.nat(100) }), content: anyContent }), (fields) => ({
    _tag: "claimed",
    ...fields
  })),
  ofVersion(fc.record({ content: anyContent }), (fields) => ({ _tag: "carried", ...fields })),
  ofVersion(fc.record({}), (fields) => ({ _tag: "told", ...fields })),
  // The id of a claim is new each time.
  made(fc.constant("claim-10"), (id) => ({ _tag: "adopted", claim: { id } })),
  made(fc.record({ claim: claimId, error: text }), (fields) => ({ _tag: "notSent", ...fields })),
  made(fc.record({ claim: claimId, error: text }), (fields) => ({ _tag: "rejected", ...fields })),
  made(fc.record({ claim: claimId, record: anyRecord }), (fields) => ({ _tag: "answered", ...fields })),
  made(fc.record({ claim: claimId, recordId: known(id), error: text }), (fields) => ({
    _tag: "answerLost",
    ...fields
  })),
  made(fc.record({ claim: claimId }), (fields) => ({ _tag: "expired", ...fields })),
  made(fc.record({ record: anyRecord, content: fc.option(anyContent, { nil: undefined }) }), (fields) => ({
    _tag: "seen",
    ...fields
  })),
  made(fc.constant("looked"), (_tag) => ({ _tag })),
  ofVersion(fc.record({ error: text }), (fields) => ({ _tag: "absent", ...fields })),
  ofVersion(fc.record({ error: text }), (fields) => ({ _tag: "gaveUp", ...fields })),
  ofVersion(fc.record({ ...decision, record: anyRecord }), (fields) => ({ _tag: "resolvedPaid", ...fields })),
  ofVersion(fc.record({ ...decision, incomplete: fc.boolean() }), (fields) => ({ _tag: "resolvedNotPaid", ...fields })),
  ofVersion(fc.record({ ...decision, record: known(anyRecord) }), (fields) => ({ _tag: "acknowledged", ...fields })),
  ofVersion(fc.record(decision), (fields) => ({ _tag: "withdrawn", ...fields })),
  made(fc.record(decision), (fields) => ({ _tag: "withdrawn", ...fields, version: undefined }))
)

/** One event of the life of a row, and the row before it. */
export interface Moment {
  readonly before: Transfer
  readonly event: Event
  /** The row after it: the same one if nothing changed. */
  readonly after: Transfer
}

/** The row that an event leaves. */
export const next = (before: Transfer, event: Event): Transfer => {
  const result = step(before, event, at)
  return result._tag === "Changed" ? frozen(result.row) : before
}

/** A possible sequence of events of a transfer, with the row before and after each. */
export const anyLife: fc.Arbitrary<ReadonlyArray<Moment>> = fc
  .array(anyEvent, { minLength: 1, maxLength: 14 })
  .map((samples) => {
    const moments: Array<Moment> = []
    let before = frozen(unwritten(key, content, at))
    for (const sample of samples) {
      const event = sample(before)
      const after = next(before, event)
      moments.push({ before, event, after })
      before = after
    }
    return moments
  })
