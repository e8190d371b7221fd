/**
 * Finding out what became of a transfer in doubt. It sends nothing.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import type { GetError, ListError } from "../../PalommaError.ts"
import * as SafeText from "../../SafeText.ts"
import type { Transfer } from "../../Transfer.ts"
import {
  TransferConflict,
  type TransferDuplicate,
  type TransferJournalError,
  type TransferOutcomeUnknown
} from "../../TransferError.ts"
import { countdown, within } from "../http/deadline.ts"
import { isFinal } from "./change.ts"
import { type LookUpResult, lookUp } from "./lookUp.ts"
import type { Content } from "./samePayment.ts"
import { type Progress, duplicate, summaryOf, isDuplicate, outcomeUnknown, type Sender } from "./sender.ts"

/** What a look left of a row. */
export interface RecordedLookUp {
  readonly row: Transfer
  readonly look: LookUpResult
}

const nothing: LookUpResult = { sightings: [], laterTransferShown: false, incomplete: undefined }

/** Writes down every record that a look saw, which looked for the content of the row, or for this one. */
export const recordSightings = Effect.fnUntraced(function* (
  { store }: Sender,
  row: Transfer,
  look: LookUpResult,
  content?: Content
): Effect.fn.Return<Transfer, TransferJournalError> {
  let current = row
  for (const { record } of look.sightings) {
    const applied = yield* store.apply(current, { _tag: "seen", record, content })
    current = applied.row
  }
  return current
})

/** Reads the record of a row back by its id, if the id is known, and writes down what Palomma says of it. */
export const readBack = Effect.fnUntraced(function* (
  { api, store }: Sender,
  row: Transfer,
  recordId: string
): Effect.fn.Return<Transfer, GetError | TransferJournalError> {
  const record = yield* api.get(recordId)
  const applied = yield* store.apply(row, { _tag: "seen", record })
  return applied.row
})

/** Looks once, and writes down what it saw: by the id if it is known, then in Palomma's lists. */
export const lookUpOnce = Effect.fnUntraced(function* (
  sender: Sender,
  row: Transfer,
  isWide: boolean
): Effect.fn.Return<RecordedLookUp, GetError | ListError | TransferJournalError> {
  let current = row
  if (row.recordId !== undefined) {
    const read = within(readBack(sender, row, row.recordId), sender.limits.timeout)
    // What cannot be read back, or not in time, may stand in the lists: an id may be gone, or be none that an address can hold.
    const found = yield* Effect.catchTag(read, ["PalommaNotFound", "PalommaInvalidInput"], () => Effect.succeedNone)
    current = Option.getOrElse(found, () => row)
    if (!isUndecided(current)) return { row: current, look: nothing }
  }
  const look = yield* lookUp(sender.api, sender.store, current, isWide, sender.limits)
  return { row: yield* recordSightings(sender, current, look), look }
})

const isUndecided = ({ state }: Transfer): boolean => state === "unknown" || state === "needsReview"

/** What a row says to a caller once it was looked for: the transfer if Palomma has it, else the error that is true of it. */
export const conclude = (
  row: Transfer,
  progress: Progress
): Effect.Effect<Transfer, TransferDuplicate | TransferConflict | TransferOutcomeUnknown> => {
  if (isDuplicate(row)) return Effect.fail(duplicate(row))
  if (row.state === "accepted" || isFinal(row)) return Effect.succeed(row)
  const shown = progress.look?.sightings.find(({ record }) => record.id === row.recordId)
  return row.recordId !== undefined && shown?.is === "differs" && progress.sent === "no"
    ? Effect.fail(
        new TransferConflict({
          kind: row.kind,
          reference: row.reference,
          found: "palomma",
          recordId: SafeText.id(row.recordId)
        })
      )
    : Effect.fail(outcomeUnknown(row, progress))
}

const firstPause = Duration.seconds(1)
const longestPause = Duration.seconds(15)

/**
 * Looks for a transfer of unknown outcome until it is found or `reconcileTimeout` is over; then it goes to a person, unless a worker
 * carries it. The row as it stands then.
 */
export const search = Effect.fnUntraced(function* (
  sender: Sender,
  first: Transfer,
  progress: Progress
): Effect.fn.Return<Transfer, TransferOutcomeUnknown | TransferJournalError> {
  const { store } = sender
  const left = yield* countdown(sender.reconcileTimeout)
  let row = first
  let pause = firstPause
  while (true) {
    const isLast = Duration.isLessThanOrEqualTo(yield* left, pause)
    const looked: Result.Result<RecordedLookUp, GetError | ListError | TransferJournalError> = yield* Effect.result(
      lookUpOnce(sender, row, isLast)
    )
    const error = Result.isFailure(looked) ? looked.failure : undefined
    if (error?._tag === "TransferJournalError") return yield* error
    if (Result.isSuccess(looked)) {
      progress.look = looked.success.look
      row = looked.success.row
    }
    if (error?._tag === "PalommaRateLimited") yield* sender.onRateLimited(error.retryAfter)
    // What is decided by this look is tied to the version that it was made for.
    const { version } = row
    // A webhook, a person, or a late answer may have told meanwhile.
    const current = yield* store.find(row.reference)
    if (Option.isSome(current)) row = current.value
    if (row.state !== "unknown") return row
    const incomplete = Result.isSuccess(looked) ? looked.success.look.incomplete : undefined
    // The next look would read as many pages, and end there again.
    const isOver = isLast || incomplete?.limit === "lookUpPages"
    const why = error !== undefined ? `${summaryOf(error)}.` : (incomplete?.message ?? "Palomma's lists do not show it.")
    if (error !== undefined) progress.lastErrorTag = error._tag
    if (isOver && row.carriedBy === undefined) {
      const _tag = error === undefined && incomplete === undefined ? "absent" : "gaveUp"
      const ended = yield* store.apply(row, {
        _tag,
        version,
        error: [row.lastError, why].filter((text) => text !== undefined).join(" ")
      })
      if (ended.row.state !== "needsReview" && ended.row.state !== "unknown") return ended.row
      row = ended.row
    }
    if (isOver || (error !== undefined && !error.isSafeToResend)) return yield* outcomeUnknown(row, progress, why)
    const jitter = yield* Random.next
    yield* Effect.sleep(Duration.times(pause, 0.75 + jitter / 4))
    pause = Duration.min(Duration.times(pause, 1.5), longestPause)
  }
})
