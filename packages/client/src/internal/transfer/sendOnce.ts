/**
 * One request of a transfer: look-up, claim, request, and the recorded outcome.
 */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { CreateError, PalommaInvalidInput } from "../../PalommaError.ts"
import { withRetry } from "../../RetryPolicy.ts"
import type { Transfer } from "../../Transfer.ts"
import {
  TransferClaimEnded,
  type TransferError,
  type TransferInvalidState,
  TransferNotSent,
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
import { captureCallError, conclude, type RecordedLookUp, recordSightings } from "./search.ts"
import { type Progress, summaryOf, type Intent, type Sender } from "./sender.ts"

type SendOnceError = Exclude<TransferError, PalommaInvalidInput | TransferInvalidState>

/** The result of one request: the transfer, or none if the row has to be read again. */
export type Sent = Option.Option<Transfer>

const readAgain: Sent = Option.none()

const pauseAfter = (requests: number): Duration.Duration => Duration.times(Duration.millis(500), 2 ** (requests - 1))

const notSent = ({ api }: Sender, reference: string, cause: TransferNotSent["cause"]): TransferNotSent =>
  new TransferNotSent({ kind: api.kind, reference, cause })

const claimEnded = (sender: Sender, reference: string): TransferNotSent =>
  notSent(sender, reference, new TransferClaimEnded({ kind: sender.api.kind, reference }))

const isElapsed = (left: Duration.Duration): boolean => Duration.isLessThan(left, Duration.millis(1))

// Palomma may have the transfer although the journal has no trace of it: another program sent it, or the journal was
// lost or restored from a backup.
const lookUpBeforeSend = Effect.fnUntraced(function* (
  sender: Sender,
  row: Transfer,
  content: Content,
  progress: Progress
): Effect.fn.Return<RecordedLookUp, SendOnceError> {
  const { api, limits, sendTimeout, store } = sender
  const half = Duration.times(sendTimeout, 0.5)
  // If the transfer was claimed before, or a person decided about it, Palomma may have it under a changed reference.
  // Only the list of the account shows that.
  const isWide = row.claims > 0 || row.resolution !== undefined
  const lookUpLimits: LookUpLimits = Duration.isLessThan(half, limits.timeout)
    ? { ...limits, timeout: half, timeoutOf: "sendTimeout" }
    : limits
  const lookedUp = yield* captureCallError(lookUp(api, store, withContent(row, content), isWide, lookUpLimits, row))
  if (Result.isFailure(lookedUp)) {
    const error = lookedUp.failure
    if (error._tag === "PalommaRateLimited") yield* sender.onRateLimited(error.retryAfter)
    return yield* notSent(sender, row.reference, error)
  }
  const result = lookedUp.success
  progress.lastLookUp = result
  const current = yield* recordSightings(sender, row, result, content)
  // A person has confirmed "not paid" although the look-up was incomplete.
  const isConfirmed = row.resolution?.incomplete === true
  if (result.sightings.length === 0 && result.incomplete !== undefined && !isConfirmed) {
    return yield* notSent(sender, row.reference, result.incomplete)
  }
  return { row: current, result }
})

// Called when the answer was lost and the row no longer has this claim. Another process may have sent the transfer too,
// and only a second record shows that.
const lookUpSecondRecord = Effect.fnUntraced(function* (sender: Sender, row: Transfer) {
  const lookedUp = yield* captureCallError(lookUp(sender.api, sender.store, row, true, sender.limits))
  if (Result.isSuccess(lookedUp)) yield* recordSightings(sender, row, lookedUp.success)
  else
    yield* Effect.logWarning(`${nameOf(row)}: the look-up of a second record failed: ${summaryOf(lookedUp.failure)}.`)
})

// Records the outcome of a request.
const recordOutcome = Effect.fnUntraced(function* (
  sender: Sender,
  claimed: Transfer,
  claim: string,
  since: Moment,
  progress: Progress,
  exit: Exit.Exit<TransferRecord, CreateError>
): Effect.fn.Return<Sent, SendOnceError> {
  const { store } = sender
  const { kind, reference } = claimed

  const recordInDoubt = Effect.fnUntraced(function* (error: string, recordId: string | undefined) {
    const { before, row } = yield* Claim.retryWrite(
      store.apply(claimed, { _tag: "answerLost", claim, recordId, error })
    )
    if (before.claim?.id !== claim) yield* lookUpSecondRecord(sender, row)
    return readAgain
  })

  if (Exit.isSuccess(exit)) {
    const record = exit.value
    progress.sent = "yes"
    if (record.reference !== reference) {
      // One record answers one transfer. A record of another transfer is not an answer to this one.
      const owner = yield* Claim.retryWrite(store.findByRecordId(record.id))
      if (Option.isSome(owner) && owner.value.reference !== reference) {
        return yield* recordInDoubt("Palomma answered with the record of another transfer.", undefined)
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
    return yield* recordInDoubt("The call ended in a defect.", undefined)
  }
  progress.lastErrorTag = error._tag
  if (error._tag === "PalommaRateLimited") yield* sender.onRateLimited(error.retryAfter)
  switch (error.outcome) {
    case "not-sent": {
      progress.sent = "no"
      const { row } = yield* Claim.retryWrite(store.apply(claimed, { _tag: "notSent", claim, error: summaryOf(error) }))
      // The check before the hand-over stopped the request. The row shows why, unless the journal could not be read.
      const isStoppedByFence = "code" in error && error.code === refusedCode
      if (isStoppedByFence && progress.requests < progress.maxRequests) return readAgain
      const left = yield* leftOf(sender.sendTimeout, since)
      const hasTime = Duration.isGreaterThan(left, Duration.times(pauseAfter(progress.requests), 2))
      if (!error.isSafeToResend || progress.requests >= progress.maxRequests || !hasTime) {
        return yield* notSent(sender, reference, error)
      }
      progress.validLookUp = { since, version: row.version }
      return readAgain
    }
    case "rejected":
      progress.sent = "yes"
      yield* Claim.retryWrite(store.apply(claimed, { _tag: "rejected", claim, error: summaryOf(error) }))
      return yield* new TransferRejected({ kind, reference, cause: error })
    case "unknown":
      if ("status" in error) progress.sent = "yes"
      progress.recordId = recordIdOf(error)
      return yield* recordInDoubt(`${summaryOf(error)}.`, progress.recordId)
  }
})

const recordIdOf = (error: CreateError): string | undefined =>
  error._tag === "PalommaInvalidResponse" ? error.recordId : undefined

/** Looks a transfer up, claims it and sends it once. The caller has checked that the state of the row allows it. */
export const sendOnce = Effect.fnUntraced(function* (
  sender: Sender,
  row: Transfer,
  intent: Intent,
  progress: Progress
): Effect.fn.Return<Sent, SendOnceError> {
  const { api, sendTimeout, store } = sender
  const { accountId, amount, merchantAccountId, reference } = intent
  const { validLookUp } = progress
  const isLookUpValid = validLookUp !== undefined && validLookUp.version === row.version
  const since = isLookUpValid ? validLookUp.since : yield* moment
  progress.validLookUp = undefined
  if (isLookUpValid) yield* Effect.sleep(pauseAfter(progress.requests))
  // The look-up finds what the journal does not know. The option `lookUpFirst: false` skips it only for a row that this
  // call inserts into a durable journal.
  const isNew = row.version === 0
  if (!isLookUpValid && (sender.lookUpFirst || !isNew || !store.isDurable)) {
    const { result, row: current } = yield* lookUpBeforeSend(sender, row, intent, progress)
    const isFound = current.state === "accepted" || current.state === "needsReview" || isFinal(current)
    if (isFound && isSameContent(current, intent)) return Option.some(yield* conclude(current, progress))
    // Nothing is sent after a look-up that found a record.
    if (result.sightings.length > 0) return readAgain
  }
  if (isElapsed(yield* leftOf(sendTimeout, since))) return yield* claimEnded(sender, reference)
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
    // `sendTimeout` starts before the look-up. If the machine slept or the journal was slow, the time may be over.
    const left = yield* leftOf(sendTimeout, since)
    if (isElapsed(left)) {
      yield* Claim.retryWrite(
        store.apply(claimed, {
          _tag: "notSent",
          claim,
          error: "The time to send the transfer was over before the request started."
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
      // One claim allows one request.
      withRetry({ creates: { maxAttempts: 1, attemptTimeout: timeout, timeout } }),
      Effect.exit
    )
    return yield* recordOutcome(sender, claimed, claim, since, progress, exit)
  })
  // An interruption between the claim and the recorded outcome would leave the transfer in doubt.
  return yield* Effect.uninterruptible(claimAndSend)
})
