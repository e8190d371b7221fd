/**
 * Searching Palomma for a transfer in doubt. It sends nothing.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import type { GetError, ListError, PalommaError } from "../../PalommaError.ts"
import * as SafeText from "../../SafeText.ts"
import type { Transfer } from "../../Transfer.ts"
import type {
  TransferConflict,
  TransferDuplicate,
  TransferJournalError,
  TransferOutcomeUnknown
} from "../../TransferError.ts"
import { countdown, within } from "../http/deadline.ts"
import { isFinal } from "./change.ts"
import * as Counters from "./counters.ts"
import { lookUp, type LookUpResult } from "./lookUp.ts"
import type { Content } from "./samePayment.ts"
import {
  conflict,
  duplicate,
  isDuplicate,
  notListed,
  outcomeUnknown,
  type Progress,
  type Sender,
  summaryOf
} from "./sender.ts"

/** The result of a look-up, and the row with what it found. */
export interface RecordedLookUp {
  readonly row: Transfer
  readonly result: LookUpResult
  /** The id of the row's record, if Palomma does not have a record of that id. */
  readonly missing?: string | undefined
}

const emptyResult: LookUpResult = { sightings: [], claimBeforeOther: undefined, incomplete: undefined }

/**
 * Writes every record that a look-up found to the row. `content` is what the look-up looked for, if it is not the
 * content of the row.
 */
export const recordSightings = Effect.fnUntraced(function* (
  { store }: Sender,
  row: Transfer,
  result: LookUpResult,
  content?: Content
): Effect.fn.Return<Transfer, TransferJournalError> {
  let current = row
  for (const { record } of result.sightings) {
    const applied = yield* store.apply(current, { _tag: "seen", record, content })
    current = applied.row
  }
  return current
})

/** Reads a record from Palomma by its id, and writes its present state to the row. */
export const readBack = Effect.fnUntraced(function* (
  { api, store }: Sender,
  row: Transfer,
  recordId: string
): Effect.fn.Return<Transfer, GetError | TransferJournalError> {
  const record = yield* api.get(recordId)
  const applied = yield* store.apply(row, { _tag: "seen", record })
  return applied.row
})

/**
 * Reads the record that a row names. `undefined` if it does not exist or its id does not fit in a URL: `adopt` takes an
 * id as it is.
 */
export const readNamed = (
  sender: Sender,
  row: Transfer,
  recordId: string
): Effect.Effect<Transfer | undefined, GetError | TransferJournalError> =>
  Effect.catchTag(readBack(sender, row, recordId), ["PalommaNotFound", "PalommaInvalidInput"], () => Effect.undefined)

/** Looks a transfer up once, and records what it found: by the record's id if it is known, then in Palomma's lists. */
export const lookUpOnce = Effect.fnUntraced(function* (
  sender: Sender,
  row: Transfer,
  isWide: boolean
): Effect.fn.Return<RecordedLookUp, GetError | ListError | TransferJournalError> {
  yield* Counters.lookUps(sender.api.kind)
  let current = row
  let missing: string | undefined
  if (row.recordId !== undefined) {
    // The lists may still show the transfer if the id is not found or cannot be read in time.
    const read = yield* within(readNamed(sender, row, row.recordId), sender.limits.timeout)
    if (Option.isSome(read) && read.value === undefined) missing = row.recordId
    current = Option.getOrUndefined(read) ?? row
    if (!isUndecided(current)) return { row: current, result: emptyResult }
  }
  const result = yield* lookUp(sender.api, sender.store, current, isWide, sender.limits)
  return { row: yield* recordSightings(sender, current, result), result, missing }
})

const isUndecided = ({ state }: Transfer): boolean => state === "unknown" || state === "needsReview"

/** Returns the error of a call to Palomma as a value. An error of the journal still fails. */
export const captureCallError = <A, E extends PalommaError>(
  call: Effect.Effect<A, E | TransferJournalError>
): Effect.Effect<Result.Result<A, E>, TransferJournalError> =>
  Effect.matchEffect(call, {
    onFailure: (error): Effect.Effect<Result.Result<A, E>, TransferJournalError> =>
      error._tag === "TransferJournalError" ? Effect.fail(error) : Effect.succeed(Result.fail(error)),
    onSuccess: (value) => Effect.succeed(Result.succeed(value))
  })

/** Returns the transfer if a look-up found it at Palomma. Fails with the error that describes the row otherwise. */
export const conclude = (
  row: Transfer,
  progress: Progress
): Effect.Effect<Transfer, TransferDuplicate | TransferConflict | TransferOutcomeUnknown> => {
  if (isDuplicate(row)) return Effect.fail(duplicate(row))
  if (row.state === "accepted" || isFinal(row)) return Effect.succeed(row)
  const own = progress.lastLookUp?.sightings.find(({ record }) => record.id === row.recordId)
  return own?.likeness === "differs" && progress.sent === "no"
    ? Effect.fail(conflict(row, "palomma"))
    : Effect.fail(outcomeUnknown(row, progress))
}

/** How the search goes on after a look-up that did not find the transfer. */
export interface NotFound {
  /** Why, as the row and the error show it. */
  readonly reason: string
  /** The event that changes the transfer to `needsReview` when the search ends. */
  readonly event: "absent" | "gaveUp"
  /** Whether the search ends here: the next look-up would reach the same limit. */
  readonly endsSearch: boolean
  /** The error of the look-up, if it failed. */
  readonly error?: GetError | ListError
}

/** Returns how the search goes on after a look-up that did not find the transfer. */
export const notFoundOf = (lookedUp: Result.Result<RecordedLookUp, GetError | ListError>): NotFound => {
  if (Result.isFailure(lookedUp)) {
    const error = lookedUp.failure
    return { reason: `${summaryOf(error)}.`, event: "gaveUp", endsSearch: false, error }
  }
  const { missing, result } = lookedUp.success
  const { incomplete } = result
  const prefix = missing === undefined ? "" : `Record ${SafeText.id(missing)} was not found at Palomma. `
  return incomplete === undefined
    ? { reason: prefix + notListed, event: "absent", endsSearch: false }
    : { reason: prefix + incomplete.message, event: "gaveUp", endsSearch: incomplete.limit === "lookUpPages" }
}

/** Returns the last error of a row, and why the search for its transfer ended. */
export const withReason = ({ lastError }: Transfer, reason: string): string =>
  lastError === undefined ? reason : `${lastError} ${reason}`

const firstPause = Duration.seconds(1)
const longestPause = Duration.seconds(15)

/**
 * Repeats the look-up of a transfer in state `unknown` until the state changes, and returns the row.
 *
 * The search fails when `reconcileTimeout` is over or a look-up reaches its page limit. The transfer then changes to
 * `needsReview`, unless a worker carries it. A look-up error that a retry cannot resolve fails the search immediately.
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
    const lookedUp = yield* captureCallError(lookUpOnce(sender, row, isLast))
    if (Result.isSuccess(lookedUp)) {
      progress.lastLookUp = lookedUp.success.result
      row = lookedUp.success.row
    } else if (lookedUp.failure._tag === "PalommaRateLimited") {
      yield* sender.onRateLimited(lookedUp.failure.retryAfter)
    }
    // The decision below holds only for the version that was looked up.
    const { version } = row
    // A webhook, a person or a late answer may have changed the row during the look-up.
    const current = yield* store.find(row.reference)
    if (Option.isSome(current)) row = current.value
    if (row.state !== "unknown") return row
    const { endsSearch, error, event, reason } = notFoundOf(lookedUp)
    if (error !== undefined) progress.lastErrorTag = error._tag
    const isOver = isLast || endsSearch
    if (isOver && row.carriedBy === undefined) {
      const ended = yield* store.apply(row, { _tag: event, version, error: withReason(row, reason) })
      if (!isUndecided(ended.row)) return ended.row
      row = ended.row
    }
    if (isOver || (error !== undefined && !error.isSafeToResend)) return yield* outcomeUnknown(row, progress, reason)
    const jitter = yield* Random.next
    yield* Effect.sleep(Duration.times(pause, 0.75 + jitter / 4))
    pause = Duration.min(Duration.times(pause, 1.5), longestPause)
  }
})
