/**
 * The dependencies of sending, the progress of one call, and the errors that both determine.
 */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { CallError } from "../../PalommaError.ts"
import * as SafeText from "../../SafeText.ts"
import type { Transfer } from "../../Transfer.ts"
import {
  TransferConflict,
  TransferDuplicate,
  TransferEvidence,
  TransferInvalidState,
  TransferOutcomeUnknown
} from "../../TransferError.ts"
import type { TransferApi } from "./api.ts"
import type { LookUpResult, LookUpLimits, Moment } from "./lookUp.ts"
import type { Content } from "./samePayment.ts"
import type { Store } from "./store.ts"

/** The dependencies and settings of sending. */
export interface Sender {
  readonly api: TransferApi
  readonly store: Store
  readonly sendTimeout: Duration.Duration
  readonly reconcileTimeout: Duration.Duration
  readonly quietTime: Duration.Duration
  readonly limits: LookUpLimits
  /** Whether a new reference is looked up at Palomma before it is sent. */
  readonly lookUpFirst: boolean
  /** Pauses the runs of the service after a 429. */
  readonly onRateLimited: (wait: Duration.Duration | undefined) => Effect.Effect<void>
  /** When this process first saw each claim of another process, by its own monotonic clock in nanoseconds. */
  readonly firstSeen: Map<string, bigint>
}

/** A transfer that a caller asks for. */
export interface Intent extends Content {
  readonly reference: string
}

/** How often one call reads the row. It reads again only after another process or a person changed the row. */
export const maxReads = 20

/** The progress of one call of `send`, `charge` or `reconcile`. */
export interface Progress {
  /** Whether the call sent its request. `no` includes a request that is proven not to have been sent. */
  sent: "no" | "yes" | "unknown"
  /** The id of the record that the request created. */
  recordId: string | undefined
  /**
   * The start of the look-up that is still valid after a request that was not sent, and the version that recorded the
   * proof.
   */
  validLookUp: { readonly since: Moment; readonly version: number } | undefined
  /** How many requests the call started. */
  requests: number
  /** How many it may start. It starts another one only if the last one is proven not to have been sent. */
  readonly maxRequests: number
  /** The result of the last look-up. */
  lastLookUp: LookUpResult | undefined
  /** The tag of the last error. */
  lastErrorTag: string | undefined
}

/** Returns the progress of a call at its start. */
export const newProgress = (maxRequests = 3): Progress => ({
  sent: "no",
  recordId: undefined,
  validLookUp: undefined,
  requests: 0,
  maxRequests,
  lastLookUp: undefined,
  lastErrorTag: undefined
})

/**
 * Returns the text of an error for a row. It leaves out Palomma's message, which may contain data of the person who is
 * paid.
 */
export const summaryOf = (error: CallError | { readonly _tag: string; readonly operation: string }): string =>
  `${error.operation}: ${error._tag}` +
  ("status" in error ? ` ${error.status}` : "code" in error && error.code !== undefined ? ` ${error.code}` : "")

const evidenceOf = (row: Transfer, { lastLookUp, recordId }: Progress): TransferEvidence => {
  const listed = (lastLookUp?.sightings ?? []).map(({ record, seenIn }) => ({ id: record.id, seenIn }))
  const isAnswered = recordId !== undefined && !listed.some(({ id }) => id === recordId)
  const seen = isAnswered ? [{ id: recordId, seenIn: "answer" as const }, ...listed] : listed
  const before = row.evidence
    .filter((id) => !seen.some((sighting) => sighting.id === id))
    .map((id) => ({ id, seenIn: "journal" as const }))
  return new TransferEvidence({
    records: [...seen, ...before].map(({ id, seenIn }) => ({ id: SafeText.id(id), seenIn })),
    // Another claim may have replaced the one that the look-up saw, at a later time or by another clock.
    laterTransferShown: row.claim !== undefined && lastLookUp?.claimBeforeOther === row.claim.id
  })
}

/** The reason of a look-up that found nothing. */
export const notListed = "Palomma's lists do not show the transfer."

/** Returns the error of a transfer whose outcome is not known. */
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
    lastError: lastError ?? row.lastError ?? notListed,
    ...(progress.lastErrorTag === undefined ? {} : { lastErrorTag: progress.lastErrorTag })
  })
}

/** Returns the error of a row with a `duplicate` alarm. */
export const duplicate = ({ alarm, kind, recordId, reference }: Transfer): TransferDuplicate =>
  new TransferDuplicate({
    kind,
    reference,
    records: [...new Set([...(recordId === undefined ? [] : [recordId]), ...(alarm?.records ?? [])])].map((id) =>
      SafeText.id(id)
    )
  })

/** Returns the error of a row whose content differs from that of the call, or from that of its record at Palomma. */
export const conflict = ({ kind, recordId, reference }: Transfer, found: TransferConflict["found"]): TransferConflict =>
  new TransferConflict({
    kind,
    reference,
    found,
    ...(recordId === undefined ? {} : { recordId: SafeText.id(recordId) })
  })

/** Whether a row has a `duplicate` alarm, which fails `send` and `charge`. */
export const isDuplicate = ({ alarm }: Transfer): boolean => alarm?.kind === "duplicate"

/** Returns the error of an operation that the state of the row does not allow. */
export const invalidState = (
  { api }: Sender,
  operation: string,
  reference: string,
  reason: TransferInvalidState["reason"],
  row?: Transfer,
  more: {
    readonly records?: ReadonlyArray<string>
    readonly ownedBy?: string
    readonly waitFor?: Duration.Duration
  } = {}
): TransferInvalidState =>
  new TransferInvalidState({
    operation: `${api.service}.${operation}`,
    kind: api.kind,
    reference,
    reason,
    ...(row === undefined ? {} : { state: row.state, version: row.version }),
    records: (more.records ?? []).map((id) => SafeText.id(id)),
    ...(more.ownedBy === undefined ? {} : { ownedBy: more.ownedBy }),
    ...(more.waitFor === undefined ? {} : { waitFor: more.waitFor })
  })
