/**
 * How a transfer is sent at most once, whatever state its row is in.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Transfer } from "../../Transfer.ts"
import {
  TransferClaimEnded,
  TransferConflict,
  type TransferError,
  TransferJournalError,
  TransferNotSent
} from "../../TransferError.ts"
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
  duplicate,
  type Intent,
  invalidState,
  isDuplicate,
  newProgress,
  outcomeUnknown,
  type Sender
} from "./sender.ts"

/** What sending can fail with once the intent is valid. */
export type SendError = Exclude<TransferError, PalommaInvalidInput>

/** How often a row is read anew by one call: every turn but the last was another process's doing. */
const maxReads = 20

// What one turn came to: the transfer, or none if the row has to be read again.
const turn = Effect.fnUntraced(function* (
  sender: Sender,
  intent: Intent,
  progress: Progress
): Effect.fn.Return<Option.Option<Transfer>, SendError> {
  const { api, store } = sender
  const { reference } = intent
  const found = yield* store.find(reference)
  if (Option.isNone(found)) {
    // It may have been paid, whatever became of the row.
    if (progress.sent !== "no") return yield* rowMissing(reference)
    const key = { namespace: store.namespace, kind: api.kind, reference }
    return yield* sendOnce(sender, unwritten(key, intent, yield* Clock.currentTimeMillis), intent, progress)
  }
  const row = found.value
  if (isDuplicate(row)) return yield* duplicate(row)
  if (row.state !== "withdrawn" && !isSameContent(row, intent) && !mayChange(row)) {
    // A conflict says that this call sent nothing.
    if (progress.sent !== "no") return yield* outcomeUnknown(row, progress, "It has other content by now.")
    return yield* new TransferConflict({
      kind: api.kind,
      reference,
      found: "journal",
      ...(row.recordId === undefined ? {} : { recordId: SafeText.id(row.recordId) })
    })
  }
  switch (row.state) {
    case "accepted":
    case "approved":
    case "partial":
    case "cancelled":
      return Option.some(row)
    case "withdrawn":
      if (progress.sent !== "no") return yield* outcomeUnknown(row, progress, "A person withdrew it meanwhile.")
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
      // What this call has sent once it does not send again, whatever a person said meanwhile.
      if (progress.sent !== "no")
        return yield* outcomeUnknown(row, progress, "A person said meanwhile that it was not paid.")
      return yield* sendOnce(sender, row, intent, progress)
  }
})

// In any other state, another process or a person has gone on with it.
const isConclusive = (row: Transfer): boolean => row.state === "needsReview" || row.state === "accepted" || isFinal(row)

const rowMissing = (reference: string): TransferJournalError =>
  new TransferJournalError({ operation: "find", reference, reason: "the row that this call wrote is gone" })

const sendName = ({ api }: Sender): string => (api.kind === "payout" ? "send" : "charge")

/** Sends a transfer at most once, and says what is true of it. */
export const send = (sender: Sender, intent: Intent): Effect.Effect<Transfer, SendError> =>
  Effect.suspend(() => {
    const progress = newProgress()
    const turns = Effect.gen(function* () {
      for (let n = 0; n < maxReads; n++) {
        const ended = yield* turn(sender, intent, progress)
        // Another process may have gone on with other content.
        if (Option.isSome(ended) && isSameContent(ended.value, intent)) return ended.value
      }
      const { kind } = sender.api
      const { reference } = intent
      const row = yield* sender.store.find(reference)
      if (progress.sent !== "no") {
        return yield* Option.isSome(row)
          ? outcomeUnknown(row.value, progress, "Other processes keep changing it.")
          : rowMissing(reference)
      }
      return yield* new TransferNotSent({ kind, reference, cause: new TransferClaimEnded({ kind, reference }) })
    })
    return Effect.mapError(turns, (error) =>
      error._tag === "TransferJournalError" ? journalError(error, intent.reference, progress) : error
    )
  })

/** A journal's error, with what the call knows. */
export const journalError = (
  { operation, reason }: TransferJournalError,
  reference: string,
  { recordId, sent }: Progress
): TransferJournalError =>
  new TransferJournalError({
    operation,
    reference,
    reason,
    sent,
    ...(recordId === undefined ? {} : { recordId: SafeText.id(recordId) })
  })
