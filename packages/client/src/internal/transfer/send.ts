/**
 * Sends a transfer at most once, from every state of its row.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Transfer } from "../../Transfer.ts"
import { TransferClaimEnded, type TransferError, TransferJournalError, TransferNotSent } from "../../TransferError.ts"
import * as SafeText from "../../SafeText.ts"
import type { PalommaInvalidInput } from "../../PalommaError.ts"
import { sendOnce } from "./sendOnce.ts"
import { isFinal, mayChange, unwritten } from "./change.ts"
import * as Claim from "./claim.ts"
import { isSameContent } from "./samePayment.ts"
import { review } from "./review.ts"
import { conclude, search } from "./search.ts"
import {
  type Progress,
  conflict,
  duplicate,
  type Intent,
  invalidState,
  isDuplicate,
  maxReads,
  newProgress,
  outcomeUnknown,
  type Sender
} from "./sender.ts"

/** Errors of sending a valid intent. */
export type SendError = Exclude<TransferError, PalommaInvalidInput>

// Does what the state of the row asks for. Returns the transfer, or none if the row has to be read again.
const handleRow = Effect.fnUntraced(function* (
  sender: Sender,
  intent: Intent,
  progress: Progress
): Effect.fn.Return<Option.Option<Transfer>, SendError> {
  const { api, store } = sender
  const { reference } = intent
  const found = yield* store.find(reference)
  if (Option.isNone(found)) {
    // This call has sent the transfer already, so it must not start again with a new row.
    if (progress.sent !== "no") return yield* rowMissing(reference)
    const key = { namespace: store.namespace, kind: api.kind, reference }
    return yield* sendOnce(sender, unwritten(key, intent, yield* Clock.currentTimeMillis), intent, progress)
  }
  const row = found.value
  if (isDuplicate(row)) return yield* duplicate(row)
  if (row.state !== "withdrawn" && !isSameContent(row, intent) && !mayChange(row)) {
    // `TransferConflict` states that this call sent nothing.
    if (progress.sent !== "no") return yield* outcomeUnknown(row, progress, "The transfer has other content now.")
    return yield* conflict(row, "journal")
  }
  switch (row.state) {
    case "accepted":
    case "approved":
    case "partial":
    case "cancelled":
      return Option.some(row)
    case "withdrawn":
      if (progress.sent !== "no") {
        return yield* outcomeUnknown(row, progress, "A person withdrew the transfer during this call.")
      }
      return yield* invalidState(sender, sendName(sender), reference, "wrong-state", row)
    case "sending":
      yield* Claim.awaitEnd(sender, row)
      return Option.none()
    case "unknown": {
      const after = yield* search(sender, row, progress)
      return isConclusive(after) ? Option.some(yield* conclude(after, progress)) : Option.none()
    }
    case "needsReview":
      return Option.some(yield* review(sender, row, progress))
    case "intended":
    case "rejected":
      // One call sends a transfer once, even if a person decides meanwhile that it was not paid.
      if (progress.sent !== "no") {
        return yield* outcomeUnknown(row, progress, 'A person decided "not paid" during this call.')
      }
      return yield* sendOnce(sender, row, intent, progress)
  }
})

// In any other state, another process or a person has changed the row.
const isConclusive = (row: Transfer): boolean => row.state === "needsReview" || row.state === "accepted" || isFinal(row)

/** Returns the error of a row that this call wrote and that the journal does not have. */
export const rowMissing = (reference: string): TransferJournalError =>
  new TransferJournalError({ operation: "find", reference, reason: "the row that this call wrote is missing" })

const sendName = ({ api }: Sender): string => (api.kind === "payout" ? "send" : "charge")

/**
 * Sends a transfer at most once. Returns the transfer that Palomma has, or fails with what is known about the money.
 */
export const send = (sender: Sender, intent: Intent): Effect.Effect<Transfer, SendError> =>
  Effect.suspend(() => {
    const progress = newProgress()
    const run = Effect.gen(function* () {
      for (let reads = 0; reads < maxReads; reads++) {
        const transfer = yield* handleRow(sender, intent, progress)
        // If another process sent other content meanwhile, the row is read again.
        if (Option.isSome(transfer) && isSameContent(transfer.value, intent)) return transfer.value
      }
      const { kind } = sender.api
      const { reference } = intent
      const row = yield* sender.store.find(reference)
      if (progress.sent !== "no") {
        return yield* Option.isSome(row)
          ? outcomeUnknown(row.value, progress, "Other processes keep changing the transfer.")
          : rowMissing(reference)
      }
      return yield* new TransferNotSent({ kind, reference, cause: new TransferClaimEnded({ kind, reference }) })
    })
    return Effect.mapError(run, (error) =>
      error._tag === "TransferJournalError" ? journalError(error, intent.reference, progress) : error
    )
  })

/** Adds the progress of the call to an error of the journal. */
export const journalError = (
  { operation, reason, written }: TransferJournalError,
  reference: string,
  { recordId, sent }: Progress
): TransferJournalError =>
  new TransferJournalError({
    operation,
    reference,
    reason,
    sent,
    written,
    ...(recordId === undefined ? {} : { recordId: SafeText.id(recordId) })
  })
