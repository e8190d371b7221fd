/**
 * Following a transfer that was begun: what Palomma says of it now, without sending anything.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { AwaitOptions } from "../../AwaitOptions.ts"
import type { GetError } from "../../PalommaError.ts"
import type { PalommaStillPending } from "../../PalommaStillPending.ts"
import * as SafeText from "../../SafeText.ts"
import type { Transfer, TransferKind } from "../../Transfer.ts"
import {
  TransferConflict,
  type TransferDuplicate,
  type TransferInvalidState,
  type TransferJournalError
} from "../../TransferError.ts"
import type { Advanced, ReconcileError } from "../../TransferService.ts"
import { awaitRecord } from "../resource/awaiting.ts"
import { isEnd, isFinal } from "./change.ts"
import * as Claim from "./claim.ts"
import { rowOf } from "./decide.ts"
import { conclude, lookOnce, readBack, search } from "./search.ts"
import { duplicate, invalidState, isDuplicate, newCourse, type Sender } from "./sender.ts"
import { review } from "./review.ts"

/** How often a row is read anew by one call. */
const maxTurns = 20

/** Asks Palomma what became of a transfer. */
export const reconcile = Effect.fnUntraced(function* (
  sender: Sender,
  reference: string
): Effect.fn.Return<Transfer, ReconcileError> {
  const course = newCourse()
  for (let n = 0; n < maxTurns; n++) {
    const row = yield* rowOf(sender, "reconcile", reference)
    switch (row.state) {
      case "intended":
      case "rejected":
      case "withdrawn":
        return yield* invalidState(sender, "reconcile", reference, "wrong-state", row)
      case "sending":
        yield* Claim.awaitEnd(sender, row)
        break
      case "unknown": {
        const after = yield* search(sender, row, course)
        if (after.state === "needsReview") return yield* conclude(after, course)
        break
      }
      case "needsReview":
        return yield* review(sender, row, course)
      case "accepted":
      case "approved":
      case "partial":
      case "cancelled": {
        const read = row.recordId === undefined ? row : yield* readBack(sender, row, row.recordId)
        return isDuplicate(read) ? yield* duplicate(read) : read
      }
    }
  }
  const row = yield* rowOf(sender, "reconcile", reference)
  return yield* invalidState(sender, "reconcile", reference, "changed-since", row)
})

const standing = (row: Transfer): Advanced => {
  switch (row.state) {
    case "intended":
    case "rejected":
      return { _tag: "Wait", transfer: row, reason: "not-sent" }
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

/** Does one step. */
export const advance = Effect.fnUntraced(function* (
  sender: Sender,
  reference: string,
  lostClaim: string | undefined
): Effect.fn.Return<Advanced, TransferInvalidState | TransferJournalError> {
  const row = yield* rowOf(sender, "advance", reference)
  if (row.state === "sending" && lostClaim !== undefined && row.claim?.id === lostClaim) {
    const { row: expired } = yield* sender.store.apply(row, { _tag: "expired", claim: lostClaim })
    return standing(expired)
  }
  if (row.state === "accepted" && row.recordId !== undefined) {
    const read = yield* Effect.result(readBack(sender, row, row.recordId))
    if (Result.isSuccess(read)) return standing(read.success)
    if (read.failure._tag === "TransferJournalError") return yield* read.failure
    return { _tag: "Wait", transfer: row, reason: "in-progress", error: read.failure }
  }
  if (row.state !== "unknown") return standing(row)
  const looked = yield* Effect.result(lookOnce(sender, row, true))
  if (Result.isFailure(looked)) {
    if (looked.failure._tag === "TransferJournalError") return yield* looked.failure
    return { _tag: "Wait", transfer: row, reason: "in-doubt", error: looked.failure }
  }
  const { look, row: seen } = looked.success
  if (seen.state !== "unknown") return standing(seen)
  const { row: counted } = yield* sender.store.apply(seen, { _tag: "looked" })
  return look.incomplete === undefined
    ? standing(counted)
    : { _tag: "Wait", transfer: counted, reason: "in-doubt", error: look.incomplete }
})

const statusesOf = (kind: TransferKind) => ({
  isFinal: (status: string): boolean =>
    // Only debits end so.
    status === "approved" || status === "cancelled" || (status === "partial" && kind === "payin"),
  raw: (status: string): string => status
})

/** Waits until a transfer that Palomma has is at its end. */
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
  const row = yield* rowOf(sender, operation, reference)
  if (isDuplicate(row)) return yield* duplicate(row)
  if (isFinal(row)) return row
  if (isEnd(row) || row.recordId === undefined) {
    return yield* invalidState(sender, operation, reference, "wrong-state", row)
  }
  const { recordId } = row
  // What is told of a record that is not at its end is what Palomma calls its status.
  const read = Effect.map(api.get(recordId), (record) => ({ record, status: record.statusText ?? record.status }))
  // A record holds no marked field here: it was reduced to ids, an amount and a status.
  const awaited = { id: recordId, read, model: Schema.Unknown, status: statusesOf(api.kind) }
  const { record } = yield* awaitRecord(`${api.service}.${operation}`, awaited, options)
  const applied = yield* store.apply(row, { _tag: "seen", record })
  if (isDuplicate(applied.row)) return yield* duplicate(applied.row)
  if (isFinal(applied.row)) return applied.row
  return yield* new TransferConflict({ kind: api.kind, reference, found: "palomma", recordId: SafeText.id(recordId) })
})

/** What a webhook event shows of a record. */
export interface Notice {
  readonly id: string
  readonly reference?: string
}

/** Reads the record of an event back, and writes down what Palomma says of it now. */
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
  // A notice without a reference may be of any transfer: the record tells.
  if (notice.reference !== undefined && Option.isNone(yield* rowFor(notice))) return Option.none()
  // The event only says where to look: what is written down is what Palomma says when asked.
  const record = yield* api.get(notice.id)
  const row = yield* rowFor(record)
  if (Option.isNone(row)) return Option.none()
  const applied = yield* store.apply(row.value, { _tag: "seen", record })
  return Option.some(applied.row)
})
