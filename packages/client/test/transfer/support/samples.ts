/**
 * Transfers, records and events with short names: record "1" is the row's own, if any. "claim-7" is its claim.
 */
import { Transfer, TransferAlarm, TransferClaim, TransferDifference } from "../../../src/Transfer.ts"
import { unwritten } from "../../../src/internal/transfer/change.ts"
import type { Event } from "../../../src/internal/transfer/event.ts"
import type { TransferRecord } from "../../../src/internal/transfer/record.ts"

export const at = 1_900_000_000_000

export const key = { namespace: "sandbox", kind: "payin", reference: "invoice-2026-0117" } as const
export const content = { accountId: "account-A", amount: 50_000 }
export const otherContent = { accountId: "account-A", amount: 60_000 }

export const claim = new TransferClaim({ id: "claim-7", length: 65_000, at: at - 1_000 })
const alarm = new TransferAlarm({ kind: "differs", records: ["1"], at: at - 500 })
const accepted = new TransferDifference({ recordId: "1", ...otherContent })

type Fields = ConstructorParameters<typeof Transfer>[0]

/** A row of version 5, in the middle of its life. */
export const row = (fields: Partial<Fields> = {}): Transfer =>
  new Transfer({ ...unwritten(key, content, at - 10_000), version: 5, claims: 1, ...fields })

/** A record that agrees with every row made here. */
export const record = (id: string, fields: Partial<TransferRecord> = {}): TransferRecord => ({
  id,
  isReadable: true,
  status: "processing",
  reference: key.reference,
  accountId: content.accountId,
  amount: content.amount,
  merchantAccountId: undefined,
  amountCollected: undefined,
  createdAt: undefined,
  ...fields
})

const known = { recordId: "1" }

/** The rows in the heads of the tables. */
export const rows = {
  intended: row({ state: "intended" }),
  "intended worker": row({ state: "intended", carriedBy: "worker" }),
  sending: row({ state: "sending", claim }),
  "sending +ev": row({ state: "sending", claim, evidence: ["3"] }),
  "sending +1": row({ state: "sending", claim, evidence: ["1"] }),
  "sending +2": row({ state: "sending", claim, evidence: ["2"] }),
  "sending adopted": row({ state: "sending", claim: new TransferClaim({ ...claim, length: 0 }) }),
  "sending worker": row({ state: "sending", claim, carriedBy: "worker" }),
  "sending not 2": row({ state: "sending", claim, notOurs: ["2"] }),
  unknown: row({ state: "unknown", claim }),
  "unknown #1": row({ state: "unknown", claim, ...known }),
  "unknown adopted": row({ state: "unknown", claim: new TransferClaim({ ...claim, length: 0 }) }),
  "unknown unclaimed": row({ state: "unknown" }),
  "unknown not 2": row({ state: "unknown", claim, notOurs: ["2"] }),
  "unknown worker": row({ state: "unknown", claim, carriedBy: "worker" }),
  needsReview: row({ state: "needsReview", claim }),
  "needsReview #1": row({ state: "needsReview", claim, ...known }),
  "needsReview +ev": row({ state: "needsReview", claim, evidence: ["3"] }),
  "needsReview #1 alarm": row({ state: "needsReview", claim, ...known, alarm }),
  "needsReview unclaimed": row({ state: "needsReview", claims: 0, version: 1 }),
  rejected: row({ state: "rejected" }),
  "rejected worker": row({ state: "rejected", carriedBy: "worker" }),
  "needsReview worker": row({ state: "needsReview", claim, carriedBy: "worker" }),
  "accepted worker": row({ state: "accepted", ...known, carriedBy: "worker" }),
  "approved worker": row({ state: "approved", ...known, carriedBy: "worker" }),
  "withdrawn worker": row({ state: "withdrawn", carriedBy: "worker" }),
  "accepted #1": row({ state: "accepted", ...known }),
  "accepted #1 alarm": row({ state: "accepted", ...known, alarm }),
  "accepted #1 differs": row({ state: "accepted", ...known, differs: accepted }),
  "approved #1": row({ state: "approved", ...known }),
  "approved #1 alarm": row({ state: "approved", ...known, alarm }),
  "approved #1 differs": row({ state: "approved", ...known, differs: accepted }),
  "partial #1": row({ state: "partial", ...known }),
  "cancelled #1": row({ state: "cancelled", ...known }),
  withdrawn: row({ state: "withdrawn" }),
  "withdrawn not 2": row({ state: "withdrawn", notOurs: ["2"] }),
  "withdrawn #1": row({ state: "withdrawn", ...known }),
  "withdrawn #1 alarm": row({
    state: "withdrawn",
    ...known,
    alarm: new TransferAlarm({ kind: "changed-final", records: ["1"], at: at - 500 })
  })
} satisfies Record<string, Transfer>

export const own = "claim-7"
export const foreign = "claim-8"

const decision = { by: "ana", note: "asked Palomma", notOurs: [] }
const error = "what went wrong"
const newClaim = { id: "claim-9", length: 65_000 }

const seen = (id: string, fields?: Partial<TransferRecord>): Event => ({ _tag: "seen", record: record(id, fields) })
const answered = (by: string, id: string, fields?: Partial<TransferRecord>): Event => ({
  _tag: "answered",
  claim: by,
  record: record(id, fields)
})
const lost = (by: string, recordId?: string): Event => ({ _tag: "answerLost", claim: by, recordId, error })
const similar = { reference: undefined }
const none = { reference: "invoice-2025-9999" }

type Sample = (row: Transfer) => Event

const paid =
  (id: string, fields?: Partial<TransferRecord>, notOurs: ReadonlyArray<string> = [], by = 0): Sample =>
  ({ version }) => ({ _tag: "resolvedPaid", version: version + by, record: record(id, fields), ...decision, notOurs })
const notPaid =
  (notOurs: ReadonlyArray<string>, by = 0): Sample =>
  ({ version }) => ({ _tag: "resolvedNotPaid", version: version + by, incomplete: false, ...decision, notOurs })
const acknowledged =
  (shown: TransferRecord | undefined, notOurs: ReadonlyArray<string> = [], by = 0): Sample =>
  ({ version }) => ({ _tag: "acknowledged", version: version + by, record: shown, ...decision, notOurs })
const withdrawn =
  (version: (row: Transfer) => number | undefined, notOurs: ReadonlyArray<string> = []): Sample =>
  (of) => ({ _tag: "withdrawn", version: version(of), ...decision, notOurs })

/** The events at the start of the lines of the tables. */
export const events = {
  "claimed, version as looked at": ({ version }) => ({ _tag: "claimed", claim: newClaim, version, content }),
  "claimed, other version": ({ version }) => ({ _tag: "claimed", claim: newClaim, version: version - 1, content }),
  "claimed, later version": ({ version }) => ({ _tag: "claimed", claim: newClaim, version: version + 1, content }),
  "claimed, other content": ({ version }) => ({ _tag: "claimed", claim: newClaim, version, content: otherContent }),
  "carried, version as read": ({ version }) => ({ _tag: "carried", version, content }),
  "carried, other version": ({ version }) => ({ _tag: "carried", version: version - 1, content }),
  "carried, other content": ({ version }) => ({ _tag: "carried", version, content: otherContent }),
  "told, version as read": ({ version }) => ({ _tag: "told", version }),
  "told, other version": ({ version }) => ({ _tag: "told", version: version - 1 }),
  adopted: () => ({ _tag: "adopted", claim: { id: newClaim.id } }),
  "notSent, claim's owner": () => ({ _tag: "notSent", claim: own, error }),
  "notSent, other claim": () => ({ _tag: "notSent", claim: foreign, error }),
  "rejected, owner": () => ({ _tag: "rejected", claim: own, error }),
  "rejected, other claim": () => ({ _tag: "rejected", claim: foreign, error }),
  "answered 1 same, owner": () => answered(own, "1"),
  "answered 1 same, owner, approved": () => answered(own, "1", { status: "approved" }),
  "answered 1 differs, owner": () => answered(own, "1", otherContent),
  "answered 1 similar, owner": () => answered(own, "1", similar),
  "answered 2 same, owner": () => answered(own, "2"),
  "answered 2 same, other claim": () => answered(foreign, "2"),
  "answered 2 differs, owner": () => answered(own, "2", otherContent),
  "answered 2 differs, other claim": () => answered(foreign, "2", otherContent),
  "answerLost, owner": () => lost(own),
  "answerLost, other claim": () => lost(foreign),
  "answerLost id 1, owner": () => lost(own, "1"),
  "answerLost id 1, other claim": () => lost(foreign, "1"),
  "answerLost id 2, owner": () => lost(own, "2"),
  "expired, that claim": () => ({ _tag: "expired", claim: own }),
  "expired, other claim": () => ({ _tag: "expired", claim: foreign }),
  "seen 1 same, processing": () => seen("1"),
  "seen 1 same, approved": () => seen("1", { status: "approved" }),
  "seen 1 same, partial": () => seen("1", { status: "partial" }),
  "seen 1 same, cancelled": () => seen("1", { status: "cancelled" }),
  "seen 1 same, unrecognised": () => seen("1", { status: "unrecognised" }),
  "seen 1 same, reference left out": () => seen("1", similar),
  "seen 2 same, processing": () => seen("2"),
  "seen 2 same, approved": () => seen("2", { status: "approved" }),
  "seen 1 differs": () => seen("1", otherContent),
  "seen 1 differs otherwise": () => seen("1", { accountId: "account-B" }),
  "seen 2 differs": () => seen("2", otherContent),
  "seen 2 similar": () => seen("2", similar),
  "seen 2 of another": () => seen("2", { ...none, ...otherContent }),
  "seen 1 unreadable": () => seen("1", { isReadable: false }),
  "seen 2 unreadable": () => seen("2", { isReadable: false, ...similar, amount: undefined }),
  "seen 2 same, other content looked for": () => ({
    _tag: "seen",
    record: record("2", otherContent),
    content: otherContent
  }),
  "seen 2 differs, other content looked for": () => ({
    _tag: "seen",
    record: record("2", { amount: 70_000 }),
    content: otherContent
  }),
  looked: () => ({ _tag: "looked" }),
  "absent, version as looked at": ({ version }) => ({ _tag: "absent", version, error }),
  "absent, other version": ({ version }) => ({ _tag: "absent", version: version - 1, error }),
  "gaveUp, version as looked at": ({ version }) => ({ _tag: "gaveUp", version, error }),
  "gaveUp, other version": ({ version }) => ({ _tag: "gaveUp", version: version - 1, error }),
  "resolved not paid, version as asked": notPaid([]),
  "resolved not paid, not ours: 1": notPaid(["1"]),
  "resolved not paid, other version": notPaid([], -1),
  "resolved paid 1 same": paid("1"),
  "resolved paid 1 differs": paid("1", otherContent),
  "resolved paid 1 approved": paid("1", { status: "approved" }),
  "resolved paid 1 unrecognised": paid("1", { status: "unrecognised" }),
  "resolved paid 2 same": paid("2"),
  "resolved paid 2 same, not ours: 1": paid("2", {}, ["1"]),
  "resolved paid, other version": paid("1", {}, [], -1),
  "acknowledged, no record": acknowledged(undefined),
  "acknowledged, as it was": acknowledged(record("1")),
  "acknowledged, approved now": acknowledged(record("1", { status: "approved" })),
  "acknowledged, cancelled now": acknowledged(record("1", { status: "cancelled" })),
  "acknowledged, other record": acknowledged(record("2")),
  "acknowledged, not ours: 1": acknowledged(undefined, ["1"]),
  "acknowledged, other version": acknowledged(record("1"), [], -1),
  "withdrawn, no version": withdrawn(() => undefined),
  "withdrawn, version as asked": withdrawn(({ version }) => version),
  "withdrawn, not ours: 1": withdrawn(({ version }) => version, ["1"]),
  "withdrawn, other version": withdrawn(({ version }) => version - 1)
} satisfies Record<string, Sample>

export const isRow = (name: string): name is keyof typeof rows => Object.hasOwn(rows, name)
export const isEvent = (name: string): name is keyof typeof events => Object.hasOwn(events, name)
