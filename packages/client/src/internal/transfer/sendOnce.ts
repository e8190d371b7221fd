/**
 * One request of a transfer: looked up before, claimed, sent once, and written down.
 */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { CreateError } from "../../PalommaError.ts"
import { withRetry } from "../../RetryPolicy.ts"
import type { Transfer } from "../../Transfer.ts"
import {
  TransferClaimEnded,
  type TransferConflict,
  type TransferDuplicate,
  type TransferJournalError,
  TransferNotSent,
  type TransferOutcomeUnknown,
  TransferRejected
} from "../../TransferError.ts"
import { nameOf } from "../transferText.ts"
import { defectText } from "../defectText.ts"
import { refusedCode } from "../http/attempt.ts"
import { CurrentFence } from "../http/fence.ts"
import { isFinal, withContent } from "./change.ts"
import * as Claim from "./claim.ts"
import { leftOf, lookUp, type LookUpLimits, moment, type Moment } from "./lookUp.ts"
import type { TransferRecord } from "./record.ts"
import { type Content, isSameContent } from "./samePayment.ts"
import { conclude, type RecordedLookUp, recordSightings } from "./search.ts"
import { type Progress, summaryOf, type Intent, type Sender } from "./sender.ts"

type SendOnceError =
  | TransferNotSent
  | TransferRejected
  | TransferOutcomeUnknown
  | TransferConflict
  | TransferDuplicate
  | TransferJournalError

/** How one request ended: with the transfer, or with a row that has to be read again. */
export type Sent = Option.Option<Transfer>

const readAgain: Sent = Option.none()

/** How many requests one call begins: the ones before the last were proven not to have been sent. */
const maxRequests = 3

const pauseAfter = (requests: number): Duration.Duration => Duration.times(Duration.millis(500), 2 ** (requests - 1))

const notSent = ({ api }: Sender, reference: string, cause: TransferNotSent["cause"]): TransferNotSent =>
  new TransferNotSent({ kind: api.kind, reference, cause })

const claimEnded = (sender: Sender, reference: string): TransferNotSent =>
  notSent(sender, reference, new TransferClaimEnded({ kind: sender.api.kind, reference }))

const isOver = (left: Duration.Duration): boolean => Duration.isLessThan(left, Duration.millis(1))

// What was done before the journal was written may exist without a row: an earlier life, another program, a restored backup.
const lookUpBeforeSend = Effect.fnUntraced(function* (
  sender: Sender,
  row: Transfer,
  content: Content,
  progress: Progress
): Effect.fn.Return<RecordedLookUp, SendOnceError> {
  const { api, limits, sendTimeout, store } = sender
  const half = Duration.times(sendTimeout, 0.5)
  // A reference that was sent before, or that a person was asked about, may stand there in another form.
  const isWide = row.claims > 0 || row.resolution !== undefined
  const within: LookUpLimits = Duration.isLessThan(half, limits.timeout)
    ? { ...limits, timeout: half, timeoutOf: "sendTimeout" }
    : limits
  const looked = yield* Effect.result(lookUp(api, store, withContent(row, content), isWide, within, row))
  if (Result.isFailure(looked)) {
    const error = looked.failure
    if (error._tag === "TransferJournalError") return yield* error
    if (error._tag === "PalommaRateLimited") yield* sender.onRateLimited(error.retryAfter)
    return yield* notSent(sender, row.reference, error)
  }
  const look = looked.success
  progress.look = look
  const shown = yield* recordSightings(sender, row, look, content)
  // A person who confirmed it although a look-up reached its limit spoke of what no look-up can read.
  const isConfirmed = row.resolution?.incomplete === true
  if (look.sightings.length === 0 && look.incomplete !== undefined && !isConfirmed) {
    return yield* notSent(sender, row.reference, look.incomplete)
  }
  return { row: shown, look }
})

// The answer to a claim that is no longer the row's was lost: another process may have sent it too, which only a second record shows.
const lookUpSecondRecord = Effect.fnUntraced(function* (sender: Sender, row: Transfer) {
  const looked = yield* Effect.result(lookUp(sender.api, sender.store, row, true, sender.limits))
  if (Result.isSuccess(looked)) yield* recordSightings(sender, row, looked.success)
  else if (looked.failure._tag === "TransferJournalError") return yield* looked.failure
  else yield* Effect.logWarning(`${nameOf(row)}: the look for a second record failed: ${summaryOf(looked.failure)}.`)
})

// Writes down how a request ended.
const writeOutcome = Effect.fnUntraced(function* (
  sender: Sender,
  claimed: Transfer,
  claim: string,
  since: Moment,
  progress: Progress,
  exit: Exit.Exit<TransferRecord, CreateError>
): Effect.fn.Return<Sent, SendOnceError> {
  const { store } = sender
  const { kind, reference } = claimed

  const lost = Effect.fnUntraced(function* (error: string, recordId: string | undefined) {
    const { before, row } = yield* Claim.retryWrite(store.apply(claimed, { _tag: "answerLost", claim, recordId, error }))
    if (before.claim?.id !== claim) yield* lookUpSecondRecord(sender, row)
    return readAgain
  })

  if (Exit.isSuccess(exit)) {
    const record = exit.value
    progress.sent = "yes"
    if (record.reference !== reference) {
      // A record counts once: what is another transfer's is no answer to this one.
      const owner = yield* Claim.retryWrite(store.findByRecordId(record.id))
      if (Option.isSome(owner) && owner.value.reference !== reference) {
        return yield* lost("Palomma answered with the record of another transfer.", undefined)
      }
    }
    progress.recordId = record.id
    const { row } = yield* Claim.retryWrite(store.apply(claimed, { _tag: "answered", claim, record }))
    return Option.some(yield* conclude(row, progress))
  }
  const error = Option.getOrUndefined(Exit.findErrorOption(exit))
  if (error === undefined) {
    const text = defectText(Cause.squash(exit.cause), [claimed.accountId, String(claimed.amount)])
    yield* Effect.logError(`${nameOf(claimed)}: the request ended in a defect. ${text}`)
    return yield* lost("The call ended in a defect.", undefined)
  }
  progress.lastErrorTag = error._tag
  if (error._tag === "PalommaRateLimited") yield* sender.onRateLimited(error.retryAfter)
  switch (error.outcome) {
    case "not-sent": {
      progress.sent = "no"
      const { row } = yield* Claim.retryWrite(store.apply(claimed, { _tag: "notSent", claim, error: summaryOf(error) }))
      // The row itself says why the request was kept back. If it never does, the journal could not be read at the hand-over.
      const isKeptBack = "code" in error && error.code === refusedCode
      if (isKeptBack && progress.requests < maxRequests) return readAgain
      const left = yield* leftOf(sender.sendTimeout, since)
      const hasTime = Duration.isGreaterThan(left, Duration.times(pauseAfter(progress.requests), 2))
      if (!error.isSafeToResend || progress.requests >= maxRequests || !hasTime) {
        return yield* notSent(sender, reference, error)
      }
      progress.validLookUp = { since, version: row.version }
      return readAgain
    }
    case "rejected":
      progress.sent = "yes"
      yield* Claim.retryWrite(store.apply(claimed, { _tag: "refused", claim, error: summaryOf(error) }))
      return yield* new TransferRejected({ kind, reference, cause: error })
    case "unknown":
      if ("status" in error) progress.sent = "yes"
      progress.recordId = recordIdOf(error)
      return yield* lost(`${summaryOf(error)}.`, progress.recordId)
  }
})

// An id that could not be shown safely is none.
const recordIdOf = (error: CreateError): string | undefined =>
  error._tag === "PalommaInvalidResponse" ? error.recordId : undefined

/** Claims a row and sends it, once. Whether it may be sent at all has been decided by its state. */
export const sendOnce = Effect.fnUntraced(function* (
  sender: Sender,
  row: Transfer,
  intent: Intent,
  progress: Progress
): Effect.fn.Return<Sent, SendOnceError> {
  const { api, sendTimeout, store } = sender
  const { accountId, amount, merchantAccountId, reference } = intent
  const { validLookUp } = progress
  const isSpared = validLookUp !== undefined && validLookUp.version === row.version
  const since = isSpared ? validLookUp.since : yield* moment
  progress.validLookUp = undefined
  if (isSpared) yield* Effect.sleep(pauseAfter(progress.requests))
  // It finds what the journal cannot know of. A row that this very call writes into a journal that lasts may be spared.
  const isNew = row.version === 0
  if (!isSpared && (sender.lookUpFirst || !isNew || !store.isDurable)) {
    const { look, row: shown } = yield* lookUpBeforeSend(sender, row, intent, progress)
    const isFound = shown.state === "accepted" || shown.state === "needsReview" || isFinal(shown)
    if (isFound && isSameContent(shown, intent)) return Option.some(yield* conclude(shown, progress))
    // What was seen is never passed over, whatever it changed.
    if (look.sightings.length > 0) return readAgain
  }
  if (isOver(yield* leftOf(sendTimeout, since))) return yield* claimEnded(sender, reference)
  const claim = yield* Claim.newId

  const claimAndSend = Effect.gen(function* () {
    const content = { accountId, amount, merchantAccountId }
    const length = Claim.lengthOf(sender)
    const taken = yield* Claim.take(
      sender,
      row,
      claim,
      store.apply(row, { _tag: "claimed", claim: { id: claim, length }, version: row.version, content })
    )
    if (taken.step._tag !== "Changed") return readAgain
    const claimed = taken.row
    // The time runs from before the look-up. A machine that slept meanwhile, or a slow journal, has no right to send any more.
    const left = yield* leftOf(sendTimeout, since)
    if (isOver(left)) {
      yield* Claim.retryWrite(
        store.apply(claimed, {
          _tag: "notSent",
          claim,
          error: "The time to send it was over before the request began."
        })
      )
      return yield* claimEnded(sender, reference)
    }
    progress.requests += 1
    progress.sent = "unknown"
    const timeout = Duration.millis(Math.floor(Duration.toMillis(left)))
    const exit = yield* api.create(claimed).pipe(
      Effect.provideService(
        CurrentFence,
        Claim.fence(store, reference, claim, () => {
          progress.sent = "yes"
        })
      ),
      // One claim, one request.
      withRetry({ creates: { maxAttempts: 1, attemptTimeout: timeout, timeout } }),
      Effect.exit
    )
    return yield* writeOutcome(sender, claimed, claim, since, progress, exit)
  })
  // From the claim to the record nothing may come between: an interrupted request would be one of unknown outcome.
  return yield* Effect.uninterruptible(claimAndSend)
})
