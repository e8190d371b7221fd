/**
 * Operations on a transfer that was started: they ask Palomma for its present state and send nothing.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { AwaitOptions } from "../../AwaitOptions.ts"
import type { GetError, PalommaError } from "../../PalommaError.ts"
import type { PalommaStillPending } from "../../PalommaStillPending.ts"
import type { Transfer, TransferKind } from "../../Transfer.ts"
import type {
  TransferConflict,
  TransferDuplicate,
  TransferInvalidState,
  TransferJournalError,
  TransferNotSent
} from "../../TransferError.ts"
import type { Advanced, ReconcileError } from "../../TransferResult.ts"
import type { AdvanceOptions } from "../../TransferService.ts"
import { awaitRecord } from "../resource/awaiting.ts"
import { isEnd, isFinal } from "./change.ts"
import * as Claim from "./claim.ts"
import { requireRow } from "./decide.ts"
import { captureCallError, conclude, lookUpOnce, notFoundOf, readBack, search, withReason } from "./search.ts"
import { conflict, duplicate, invalidState, isDuplicate, maxReads, newProgress, type Sender } from "./sender.ts"
import { review } from "./review.ts"

/** Asks Palomma for the present state of a transfer, and records it. */
export const reconcile = Effect.fnUntraced(function* (
  sender: Sender,
  reference: string
): Effect.fn.Return<Transfer, ReconcileError> {
  const progress = newProgress()
  for (let n = 0; n < maxReads; n++) {
    const row = yield* requireRow(sender, "reconcile", reference)
    switch (row.state) {
      case "intended":
      case "rejected":
      case "withdrawn":
        return yield* invalidState(sender, "reconcile", reference, "wrong-state", row)
      case "sending":
        yield* Claim.awaitEnd(sender, row)
        break
      case "unknown": {
        const after = yield* search(sender, row, progress)
        if (after.state === "needsReview") return yield* conclude(after, progress)
        break
      }
      case "needsReview":
        return yield* review(sender, row, progress)
      case "accepted":
      case "approved":
      case "partial":
      case "cancelled": {
        const read = row.recordId === undefined ? row : yield* readBack(sender, row, row.recordId)
        return isDuplicate(read) ? yield* duplicate(read) : read
      }
    }
  }
  const row = yield* requireRow(sender, "reconcile", reference)
  return yield* invalidState(sender, "reconcile", reference, "changed-since", row)
})

/** Returns what the state of a row asks a schedule to do. The error is why the last request was not sent or rejected. */
export const advancedOf = (row: Transfer, notSent?: TransferNotSent["cause"]): Advanced => {
  switch (row.state) {
    case "intended":
    case "rejected":
      return {
        _tag: "Wait",
        transfer: row,
        reason: "not-sent",
        ...(notSent === undefined ? {} : { error: notSent })
      }
    case "sending":
      return { _tag: "Wait", transfer: row, reason: "claimed" }
    case "unknown":
      return { _tag: "Wait", transfer: row, reason: "in-doubt" }
    case "needsReview":
      return { _tag: "NeedsReview", transfer: row }
    case "accepted":
      return { _tag: "Wait", transfer: row, reason: "in-progress" }
    case "approved":
    case "partial":
    case "cancelled":
    case "withdrawn":
      return { _tag: "Ended", transfer: row }
  }
}

/** Does one step of a row: it ends a lost claim, or looks the transfer up once. */
export const advanceRow = Effect.fnUntraced(function* (
  sender: Sender,
  row: Transfer,
  { endSearch, lostClaim, version }: AdvanceOptions
): Effect.fn.Return<Advanced, TransferJournalError> {
  const { store } = sender
  if (version !== undefined && version !== row.version) return advancedOf(row)
  if (row.state === "sending" && lostClaim !== undefined) {
    const { row: expired } = yield* store.apply(row, { _tag: "expired", claim: lostClaim })
    return advancedOf(expired)
  }
  if (row.state === "accepted" && row.recordId !== undefined) {
    const read = yield* captureCallError(readBack(sender, row, row.recordId))
    if (Result.isSuccess(read)) return advancedOf(read.success)
    return { _tag: "Wait", transfer: row, reason: "in-progress", error: yield* noteRateLimit(sender, read.failure) }
  }
  if (row.state !== "unknown") return advancedOf(row)
  const lookedUp = yield* captureCallError(lookUpOnce(sender, row, true))
  const seen = Result.isSuccess(lookedUp) ? lookedUp.success.row : row
  if (seen.state !== "unknown") return advancedOf(seen)
  const { error, event, reason } = notFoundOf(lookedUp)
  if (error !== undefined) yield* noteRateLimit(sender, error)
  if (endSearch === "always" || (endSearch === "if-complete" && event === "absent")) {
    const ended = yield* store.apply(seen, { _tag: event, version: seen.version, error: withReason(seen, reason) })
    return advancedOf(ended.row)
  }
  if (Result.isFailure(lookedUp)) return { _tag: "Wait", transfer: seen, reason: "in-doubt", error: lookedUp.failure }
  const { row: counted } = yield* store.apply(seen, { _tag: "looked" })
  const advanced = advancedOf(counted)
  const { incomplete } = lookedUp.success.result
  return incomplete === undefined || advanced._tag !== "Wait" ? advanced : { ...advanced, error: incomplete }
})

// A 429 also pauses the other steps and runs of the service.
const noteRateLimit = <E extends PalommaError>(sender: Sender, error: E): Effect.Effect<E> =>
  error._tag === "PalommaRateLimited" ? Effect.as(sender.onRateLimited(error.retryAfter), error) : Effect.succeed(error)

/** Does one step of a transfer, and sends nothing. */
export const advance = Effect.fnUntraced(function* (
  sender: Sender,
  reference: string,
  options: AdvanceOptions
): Effect.fn.Return<Advanced, TransferInvalidState | TransferJournalError> {
  return yield* advanceRow(sender, yield* requireRow(sender, "advance", reference), options)
})

const statusesOf = (kind: TransferKind) => ({
  isFinal: (status: string): boolean =>
    // Only debits can end as `partial`.
    status === "approved" || status === "cancelled" || (status === "partial" && kind === "payin"),
  raw: (status: string): string => status
})

/** Waits until Palomma shows a final status for the transfer. */
export const awaitFinal = Effect.fnUntraced(function* (
  sender: Sender,
  reference: string,
  options: AwaitOptions | undefined
): Effect.fn.Return<
  Transfer,
  GetError | PalommaStillPending | TransferConflict | TransferDuplicate | TransferInvalidState | TransferJournalError
> {
  const { api, store } = sender
  const operation = "awaitFinal"
  const row = yield* requireRow(sender, operation, reference)
  if (isDuplicate(row)) return yield* duplicate(row)
  if (isFinal(row)) return row
  if (isEnd(row) || row.recordId === undefined) {
    return yield* invalidState(sender, operation, reference, "wrong-state", row)
  }
  const { recordId } = row
  // A `PalommaStillPending` shows the status in Palomma's spelling.
  const read = Effect.map(api.get(recordId), (record) => ({ record, status: record.statusText ?? record.status }))
  // A `TransferRecord` holds only ids, an amount and a status, so no field has to be masked.
  const awaited = { id: recordId, read, model: Schema.Unknown, status: statusesOf(api.kind) }
  const { record } = yield* awaitRecord(`${api.service}.${operation}`, awaited, options)
  const applied = yield* store.apply(row, { _tag: "seen", record })
  if (isDuplicate(applied.row)) return yield* duplicate(applied.row)
  if (isFinal(applied.row)) return applied.row
  return yield* conflict(row, "palomma")
})

/** The part of a webhook event that names a record. */
export interface Notice {
  readonly id: string
  readonly reference?: string
}

/** Reads the record of a webhook event from Palomma, and records its present state. */
export const applyNotice = Effect.fnUntraced(function* (
  { api, store }: Sender,
  notice: Notice
): Effect.fn.Return<Option.Option<Transfer>, GetError | TransferJournalError> {
  const rowFor = Effect.fnUntraced(function* ({
    id,
    reference
  }: {
    readonly id: string
    readonly reference?: string | undefined
  }) {
    const known = yield* store.findByRecordId(id)
    if (Option.isSome(known) || reference === undefined) return known
    return yield* store.find(reference)
  })
  // Without a reference, only the record shows which transfer the event is about.
  if (notice.reference !== undefined && Option.isNone(yield* rowFor(notice))) return Option.none()
  // The event is only a hint: the journal records what Palomma answers now.
  const record = yield* api.get(notice.id)
  const row = yield* rowFor(record)
  if (Option.isNone(row)) return Option.none()
  const applied = yield* store.apply(row.value, { _tag: "seen", record })
  return Option.some(applied.row)
})
