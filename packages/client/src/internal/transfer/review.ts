/**
 * The look-up of a transfer in `needsReview`.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Transfer } from "../../Transfer.ts"
import { conclude, lookUpOnce } from "./search.ts"
import { outcomeUnknown, type Progress, type Sender, summaryOf } from "./sender.ts"

/** Looks up a transfer in `needsReview` once. If the look-up fails, the transfer stays in doubt. */
export const review = Effect.fnUntraced(function* (sender: Sender, row: Transfer, progress: Progress) {
  const lookedUp = yield* Effect.result(lookUpOnce(sender, row, true))
  if (Result.isSuccess(lookedUp)) {
    progress.lastLookUp = lookedUp.success.result
    return yield* conclude(lookedUp.success.row, progress)
  }
  const error = lookedUp.failure
  if (error._tag === "TransferJournalError") return yield* error
  if (error._tag === "PalommaRateLimited") yield* sender.onRateLimited(error.retryAfter)
  progress.lastErrorTag = error._tag
  return yield* outcomeUnknown(row, progress, [row.lastError, `${summaryOf(error)}.`].filter(Boolean).join(" "))
})
