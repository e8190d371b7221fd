/**
 * What sending is made of, and what one call of it did.
 */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { CallError } from "../../PalommaError.ts"
import * as SafeText from "../../SafeText.ts"
import type { Transfer } from "../../Transfer.ts"
import {
  TransferDuplicate,
  TransferEvidence,
  TransferInvalidState,
  TransferOutcomeUnknown
} from "../../TransferError.ts"
import type { TransferApi } from "./api.ts"
import type { LookUpResult, LookUpLimits, Moment } from "./lookUp.ts"
import type { Content } from "./samePayment.ts"
import type { Store } from "./store.ts"

/** What sending is made of. */
export interface Sender {
  readonly api: TransferApi
  readonly store: Store
  readonly sendTimeout: Duration.Duration
  readonly reconcileTimeout: Duration.Duration
  readonly quietTime: Duration.Duration
  readonly limits: LookUpLimits
  /** Whether a new reference is looked up at Palomma before it is sent. */
  readonly lookUpFirst: boolean
  /** Told when Palomma asks to slow down. */
  readonly onRateLimited: (wait: Duration.Duration | undefined) => Effect.Effect<void>
  /** When each claim of another process was seen first, by the monotonic clock of this one. */
  readonly firstSeen: Map<string, bigint>
}

/** A transfer as it is asked for. */
export interface Intent extends Content {
  readonly reference: string
}

/** What one call of `send` or `charge` has done so far. */
export interface Progress {
  /** Whether its request was sent: "no" also if that is proven. */
  sent: "no" | "yes" | "unknown"
  /** The id of the record that its request made. */
  recordId: string | undefined
  /** The look-up that a proof of "not sent" leaves good, and the version that the proof wrote. */
  validLookUp: { readonly since: Moment; readonly version: number } | undefined
  /** How many requests it began. */
  requests: number
  /** What was seen last. */
  look: LookUpResult | undefined
  /** The tag of the error that went wrong last. */
  lastErrorTag: string | undefined
}

/** The progress of a call that has done nothing yet. */
export const newProgress = (): Progress => ({
  sent: "no",
  recordId: undefined,
  validLookUp: undefined,
  requests: 0,
  look: undefined,
  lastErrorTag: undefined
})

/** What a row keeps of an error: never what Palomma said, which may speak of the person who is paid. */
export const summaryOf = (error: CallError | { readonly _tag: string; readonly operation: string }): string =>
  `${error.operation}: ${error._tag}` +
  ("status" in error ? ` ${error.status}` : "code" in error && error.code !== undefined ? ` ${error.code}` : "")

const evidenceOf = (row: Transfer, { look, recordId }: Progress): TransferEvidence => {
  const listed = (look?.sightings ?? []).map(({ record, seenIn }) => ({ id: record.id, seenIn }))
  const isAnswered = recordId !== undefined && !listed.some(({ id }) => id === recordId)
  const seen = isAnswered ? [{ id: recordId, seenIn: "answer" as const }, ...listed] : listed
  const before = row.evidence
    .filter((id) => !seen.some((sighting) => sighting.id === id))
    .map((id) => ({ id, seenIn: "journal" as const }))
  return new TransferEvidence({
    records: [...seen, ...before].map(({ id, seenIn }) => ({ id: SafeText.id(id), seenIn })),
    laterTransferShown: look?.laterTransferShown ?? false
  })
}

/** The error of a transfer whose outcome is not known. */
export const outcomeUnknown = (row: Transfer, progress: Progress, lastError?: string): TransferOutcomeUnknown => {
  const recordId = row.recordId ?? progress.recordId
  return new TransferOutcomeUnknown({
    kind: row.kind,
    reference: row.reference,
    state: row.state,
    version: row.version,
    sent: progress.sent,
    ...(recordId === undefined ? {} : { recordId: SafeText.id(recordId) }),
    evidence: evidenceOf(row, progress),
    lastError: lastError ?? row.lastError ?? "Palomma's lists do not show it.",
    ...(progress.lastErrorTag === undefined ? {} : { lastErrorTag: progress.lastErrorTag })
  })
}

/** The error of a row whose alarm says that there is more than one record. */
export const duplicate = ({ alarm, kind, recordId, reference }: Transfer): TransferDuplicate =>
  new TransferDuplicate({
    kind,
    reference,
    records: [...new Set([...(recordId === undefined ? [] : [recordId]), ...(alarm?.records ?? [])])].map((id) =>
      SafeText.id(id)
    )
  })

/** Whether a row's alarm stops what is asked of it. */
export const isDuplicate = ({ alarm }: Transfer): boolean => alarm?.kind === "duplicate"

/** The error of what cannot be done in a row's state. */
export const invalidState = (
  { api }: Sender,
  operation: string,
  reference: string,
  reason: TransferInvalidState["reason"],
  row?: Transfer,
  more: { readonly records?: ReadonlyArray<string>; readonly waitFor?: Duration.Duration } = {}
): TransferInvalidState =>
  new TransferInvalidState({
    operation: `${api.service}.${operation}`,
    kind: api.kind,
    reference,
    reason,
    ...(row === undefined ? {} : { state: row.state, version: row.version }),
    records: (more.records ?? []).map((id) => SafeText.id(id)),
    ...(more.waitFor === undefined ? {} : { waitFor: more.waitFor })
  })
