/**
 * One step of a transfer that a worker carries. It sends the transfer at most once, and only if it was given to a
 * worker.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { Transfer } from "../../Transfer.ts"
import type { TransferInvalidState, TransferJournalError } from "../../TransferError.ts"
import type { Advanced } from "../../TransferResult.ts"
import type { AdvanceOptions } from "../../TransferService.ts"
import { requireRow } from "./decide.ts"
import { advancedOf, advanceRow } from "./follow.ts"
import { journalError, rowMissing } from "./send.ts"
import { sendOnce } from "./sendOnce.ts"
import { isDuplicate, newProgress, type Progress, type Sender } from "./sender.ts"

const sendStep = Effect.fnUntraced(function* (
  sender: Sender,
  row: Transfer,
  progress: Progress
): Effect.fn.Return<Advanced, TransferJournalError> {
  const { accountId, amount, merchantAccountId, reference } = row
  const sent = yield* Effect.result(
    sendOnce(sender, row, { reference, accountId, amount, merchantAccountId }, progress)
  )
  if (Result.isSuccess(sent) && Option.isSome(sent.success)) return advancedOf(sent.success.value)
  const failure = Result.isFailure(sent) ? sent.failure : undefined
  if (failure?._tag === "TransferJournalError") return yield* failure
  // The row says what is known about the transfer now. This call may have sent it, so `unknown-reference`, which says
  // that it sent nothing, would be false here.
  const found = yield* sender.store.find(reference)
  if (Option.isNone(found)) return yield* rowMissing(reference)
  const hasCause = failure?._tag === "TransferNotSent" || failure?._tag === "TransferRejected"
  return advancedOf(found.value, hasCause ? failure.cause : undefined)
})

const needsRequest = ({ state }: Transfer): boolean => state === "unknown" || state === "accepted"

/** Does the next step of a transfer, except if it has to wait after a 429. */
export const carry = Effect.fnUntraced(function* (
  sender: Sender,
  reference: string,
  options: AdvanceOptions,
  pauseLeft: Effect.Effect<Duration.Duration>
): Effect.fn.Return<Advanced, TransferInvalidState | TransferJournalError> {
  const row = yield* requireRow(sender, "carry", reference)
  // The caller of a plain `send` that failed was told that nothing was sent.
  const isSeen = options.version === undefined || options.version === row.version
  const mayBeSent = isSeen && row.state === "intended" && row.carriedBy !== undefined && !isDuplicate(row)
  const advanced = advancedOf(row)
  // A step that waited itself would hold up the transfers that need no request.
  const waitFor = mayBeSent || (isSeen && needsRequest(row)) ? yield* pauseLeft : Duration.zero
  if (advanced._tag === "Wait" && !Duration.isZero(waitFor)) return { ...advanced, waitFor }
  if (!mayBeSent) return yield* advanceRow(sender, row, options)
  const progress = newProgress(1)
  return yield* Effect.mapError(sendStep(sender, row, progress), (error) => journalError(error, reference, progress))
})
