/**
 * How a payout is sent once, and what is done where it is not certain that it was.
 */
import { PayoutRequest } from "@palomma-effect/schema"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import {
  type CreateError,
  isPalommaError,
  type ListError,
  PalommaBadRequest,
  PalommaConnectionError,
  PalommaUnauthorized
} from "../PalommaError.ts"
import type { PayoutDuplicateDetected } from "../PayoutError.ts"
import { PayoutOutcomeUnknown, PayoutReferenceConflict, type SendError } from "../PayoutError.ts"
import type { PayoutRow } from "../PayoutJournal.ts"
import type { PayoutRequests } from "../PayoutRequests.ts"
import type { PayoutIntent } from "../PayoutsService.ts"
import * as SafeText from "../SafeText.ts"
import { withRetry } from "../RetryPolicy.ts"
import { countdown } from "./http/deadline.ts"
import { isFinal, isOpen, type PayoutBook } from "./payoutBook.ts"
import * as Counters from "./payoutCounters.ts"
import { lookUp } from "./payoutLookUp.ts"
import * as Row from "./payoutRow.ts"

/** What a sender is made of. */
export interface Sender {
  readonly payoutRequests: PayoutRequests["Service"]
  readonly book: PayoutBook
  readonly sendDeadline: Duration.Duration
  readonly patience: Duration.Duration
  readonly resendAfter: Duration.Duration | undefined
  /** Whether Palomma is asked for a reference before its first send. */
  readonly looksFirst: boolean
  /** Told when Palomma asks to slow down. */
  readonly onSlowDown: (wait: Duration.Duration | undefined) => Effect.Effect<void>
}

/** A claim outlasts the send it is for by as much again, and this at most, so that it does not end while the answer is being written down. */
const longestClaimGrace = Duration.seconds(5)

const firstPause = Duration.seconds(1)
const longestPause = Duration.seconds(15)

// A row that is sent again by a person's word or never left: nothing of it exists at Palomma.
const isSendable = (row: PayoutRow): boolean => row.state === "intended" || row.state === "rejected"

const outcomeUnknown = (row: PayoutRow, last: string, lastErrorTag: string | undefined): PayoutOutcomeUnknown =>
  new PayoutOutcomeUnknown({
    reference: row.reference,
    payoutTargetId: row.payoutTargetId,
    amount: row.amount,
    lastError: last,
    ...(lastErrorTag === undefined ? {} : { lastErrorTag })
  })

/** The payout of a row that Palomma has, as it is now where Palomma can be asked, else as the journal remembers it. */
export const payoutOf = (sender: Sender, row: PayoutRow, id: PayoutRequest["id"]): Effect.Effect<PayoutRequest> => {
  const remembered = new PayoutRequest({
    id,
    status: row.state === "approved" || row.state === "cancelled" ? row.state : "processing",
    payoutTargetId: row.payoutTargetId,
    amount: row.amount,
    reference: row.reference
  })
  if (isFinal(row)) return Effect.succeed(remembered)
  return sender.payoutRequests.get(id).pipe(
    Effect.tap((payout) => sender.book.writeDown(row.reference, payout)),
    // Whether Palomma can be asked at the moment changes nothing about what was paid.
    Effect.orElseSucceed(() => remembered)
  )
}

// What a row keeps of an error: never what Palomma said, which may speak of the person who is paid.
const inShort = (error: CreateError): string =>
  `${error.operation}: ${error._tag}` +
  ("status" in error ? ` ${error.status}` : "code" in error && error.code !== undefined ? ` ${error.code}` : "")

const contradicts = (payout: PayoutRequest, intent: PayoutIntent): boolean =>
  payout.payoutTargetId !== intent.payoutTargetId ||
  payout.amount !== intent.amount ||
  (payout.reference !== undefined && payout.reference !== intent.reference)

// What a refused or unsent attempt is reported as. A merchant's own refusals come with statuses that the signature does not name.
const reported = (error: CreateError): SendError => {
  switch (error._tag) {
    case "PalommaInvalidInput":
    case "PalommaBadRequest":
    case "PalommaUnauthorized":
    case "PalommaConnectionError":
      return error
    case "PalommaTimeout":
      return new PalommaConnectionError({ operation: error.operation, outcome: error.outcome, reason: "other" })
    case "PalommaRateLimited":
    case "PalommaServerError":
    case "PalommaUnexpectedStatus":
    case "PalommaInvalidResponse":
      return new PalommaBadRequest({
        operation: error.operation,
        outcome: error.outcome,
        status: error.status,
        ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
        ...(error.serverMessage === undefined ? {} : { serverMessage: error.serverMessage })
      })
  }
}

// Changes what was claimed, as long as that claim is the last one: whoever came after it knows more.
const changeClaimed = (
  { book }: Sender,
  claimed: PayoutRow,
  become: (row: PayoutRow, now: number) => PayoutRow | undefined
) =>
  book.change(claimed.reference, (row, now) =>
    isOpen(row) && row.claims === claimed.claims ? become(row, now) : undefined
  )

const giveUpOn = (sender: Sender, claimed: PayoutRow, why: string) =>
  changeClaimed(sender, claimed, (row, now) => (row.state === "sending" ? Row.unknown(row, now, why) : undefined)).pipe(
    Effect.andThen(Metric.update(Counters.unknown, 1))
  )

// Writes down how an attempt ended. None: it is not known.
const record = Effect.fnUntraced(function* (
  sender: Sender,
  claimed: PayoutRow,
  intent: PayoutIntent,
  exit: Exit.Exit<PayoutRequest, CreateError>
): Effect.fn.Return<Option.Option<PayoutRequest>, SendError> {
  const { book } = sender
  const { reference } = intent
  const isUnknown = (why: string) => Effect.as(giveUpOn(sender, claimed, why), Option.none<PayoutRequest>())

  if (Exit.isSuccess(exit)) {
    const payout = exit.value
    if (contradicts(payout, intent)) {
      return yield* isUnknown(`Palomma answered with payout request ${payout.id}, which is not what was asked for.`)
    }
    yield* Metric.update(Counters.sent, 1)
    yield* book.writeDown(reference, payout).pipe(Effect.catchTag("PayoutContradiction", () => Effect.void))
    return Option.some(payout)
  }
  const error = Option.getOrUndefined(Exit.findErrorOption(exit))
  if (error === undefined) return yield* isUnknown("The call ended unexpectedly.")
  if (error._tag === "PalommaRateLimited") yield* sender.onSlowDown(error.retryAfter)
  switch (error.outcome) {
    case "not-sent":
      yield* changeClaimed(sender, claimed, (row, now) => Row.unsent(row, now, inShort(error)))
      return yield* Effect.fail(reported(error))
    case "rejected":
      yield* changeClaimed(sender, claimed, (row, now) => Row.rejected(row, now, inShort(error)))
      return yield* Effect.fail(reported(error))
    case "unknown":
      return yield* isUnknown(`${inShort(error)}.`)
  }
})

// Claims a row and sends it. None: somebody else was first, or the outcome is not known.
const attempt = (
  sender: Sender,
  row: PayoutRow,
  intent: PayoutIntent
): Effect.Effect<Option.Option<PayoutRequest>, SendError> =>
  Effect.gen(function* () {
    const { reference, payoutTargetId, amount, sourceMerchantAccountId } = intent
    const now = yield* Clock.currentTimeMillis
    const { sendDeadline } = sender
    const deadlineAt =
      now + Duration.toMillis(Duration.sum(sendDeadline, Duration.min(sendDeadline, longestClaimGrace)))
    const claimed = Row.sending(row, intent, now, deadlineAt)
    if (!(yield* sender.book.replace(claimed))) return Option.none()
    // The claim runs from before it was written. A machine that slept meanwhile, or a slow journal, has no right to send any more.
    const deadline = Duration.millis(now + Duration.toMillis(sendDeadline) - (yield* Clock.currentTimeMillis))
    if (Duration.isLessThan(deadline, Duration.millis(1))) {
      yield* changeClaimed(sender, claimed, (row, now) => Row.unsent(row, now, "The claim ended before it was sent."))
      return Option.none()
    }
    if (row.claims > 0) yield* Metric.update(Counters.resent, 1)
    const exit = yield* sender.payoutRequests
      .create({ reference, payoutTargetId, amount, sourceMerchantAccountId })
      .pipe(withRetry({ creates: { attemptTimeout: deadline, timeout: deadline } }), Effect.exit)
    return yield* record(sender, claimed, intent, exit)
    // From the claim to the record nothing may come between: an interrupted send would be one of unknown outcome.
  }).pipe(Effect.uninterruptible)

// What the journal does not know of, somebody may have paid: an earlier life, or another program.
const lookBeforeFirst = (sender: Sender, row: PayoutRow, intent: PayoutIntent) =>
  lookUp(sender.payoutRequests, intent, "narrow").pipe(
    Effect.tap(
      Option.match({
        onNone: () => Effect.void,
        onSome: (payout) =>
          Effect.andThen(Metric.update(Counters.reconciled, 1), sender.book.writeDown(row.reference, payout))
      })
    ),
    // The row came to its end meanwhile: the claim will be lost, and the row read again.
    Effect.catchTag("PayoutContradiction", () => Effect.succeedNone),
    Effect.mapError((error): SendError => {
      if (!isPalommaError(error)) return error
      // Nothing was sent by this run, and what was sent before is found by the look-up that the next send begins with.
      if (error._tag === "PalommaUnauthorized") return new PalommaUnauthorized({ ...error, outcome: "not-sent" })
      if (error._tag === "PalommaConnectionError") return new PalommaConnectionError({ ...error, outcome: "not-sent" })
      return outcomeUnknown(
        row,
        `An earlier run may have sent it, and the look-up failed. ${error.message}`,
        error._tag
      )
    })
  )

// Waits until whoever claimed a row has written down how it ended, or until the claim ends.
const awaitClaim = Effect.fnUntraced(function* (sender: Sender, row: PayoutRow) {
  let current = row
  let pause = Duration.millis(100)
  while (current.state === "sending") {
    const left = (current.deadlineAt ?? 0) - (yield* Clock.currentTimeMillis)
    if (left <= 0) {
      yield* giveUpOn(sender, current, "Whoever was sending it did not say how it ended.")
      return
    }
    yield* Effect.sleep(Duration.min(pause, Duration.millis(left)))
    pause = Duration.min(Duration.times(pause, 2), Duration.seconds(5))
    const next = yield* sender.book.find(row.reference)
    if (Option.isNone(next)) return
    current = next.value
  }
})

// A clean look of both kinds did not find it. Once more is sent only what was not found twice, after the time the merchant set.
const afterCleanLook = (sender: Sender, row: PayoutRow, now: number): PayoutRow | undefined => {
  if (row.state !== "unknown" && row.state !== "needsAttention") return undefined
  const isDue =
    sender.resendAfter !== undefined &&
    row.claimedAt !== undefined &&
    row.state === "needsAttention" &&
    now - row.claimedAt >= Duration.toMillis(sender.resendAfter)
  return isDue
    ? Row.unsent(row, now, "Two clean look-ups did not find it, and resendAfter has passed.")
    : Row.needsAttention(row, now, row.lastError ?? "Palomma's lists do not show it.")
}

type LookError = ListError | PayoutReferenceConflict | PayoutDuplicateDetected

// Looks for a payout that may have been made, until it is found or patience is over. None: it may be sent.
const search = (
  sender: Sender,
  row: PayoutRow,
  intent: PayoutIntent
): Effect.Effect<Option.Option<PayoutRequest>, SendError> =>
  Effect.gen(function* () {
    const { book, payoutRequests } = sender
    const left = yield* countdown(row.state === "needsAttention" ? Duration.zero : sender.patience)
    let pause = firstPause
    while (true) {
      const isLast = Duration.isLessThanOrEqualTo(yield* left, pause)
      const looked: Result.Result<Option.Option<PayoutRequest>, LookError> = yield* Effect.result(
        Effect.flatMap(lookUp(payoutRequests, intent, "narrow"), (payout) =>
          isLast && Option.isNone(payout) ? lookUp(payoutRequests, intent, "wide") : Effect.succeed(payout)
        )
      )
      if (Result.isSuccess(looked) && Option.isSome(looked.success)) {
        yield* Metric.update(Counters.reconciled, 1)
        yield* book
          .writeDown(row.reference, looked.success.value)
          .pipe(Effect.catchTag("PayoutContradiction", () => Effect.void))
        return looked.success
      }
      const error = Result.isFailure(looked) ? looked.failure : undefined
      if (error?._tag === "PayoutDuplicateDetected" || error?._tag === "PayoutReferenceConflict") {
        yield* book.change(row.reference, (row, now) =>
          isOpen(row) ? Row.needsAttention(row, now, error.message) : undefined
        )
        return yield* error
      }
      // A webhook, a person, or a late answer may have told meanwhile.
      const current = yield* book.find(row.reference)
      if (Option.isSome(current) && !isOpen(current.value)) return Option.none()
      if (isLast && error === undefined) {
        const written = yield* book.change(row.reference, (row, now) => afterCleanLook(sender, row, now))
        if (Option.isSome(written) && !isOpen(written.value)) return Option.none()
      }
      if (isLast || (error !== undefined && !error.isSafeToResend)) {
        const why = [row.lastError, error === undefined ? "Palomma's lists do not show it." : error.message]
        const unknown = outcomeUnknown(row, why.filter((part) => part !== undefined).join(" "), error?._tag)
        yield* Effect.logWarning(unknown.message)
        return yield* unknown
      }
      yield* Effect.sleep(pause)
      pause = Duration.min(Duration.times(pause, 1.5), longestPause)
    }
  })

/** Brings a row whose outcome is not known to an end. None: it is not open any more. Sends nothing. */
export const settle = (
  sender: Sender,
  row: PayoutRow,
  intent: PayoutIntent
): Effect.Effect<Option.Option<PayoutRequest>, SendError> =>
  row.state === "sending" ? Effect.as(awaitClaim(sender, row), Option.none()) : search(sender, row, intent)

/** Pays an intent, whatever state its row is in. */
export const drive = Effect.fnUntraced(function* (
  sender: Sender,
  intent: PayoutIntent
): Effect.fn.Return<PayoutRequest, SendError> {
  while (true) {
    const row: PayoutRow = yield* sender.book.open(intent)
    if (!isSendable(row) && !Row.isSameContent(row, intent)) {
      return yield* new PayoutReferenceConflict({
        reference: intent.reference,
        ...(row.payoutRequestId === undefined ? {} : { payoutRequestId: SafeText.id(row.payoutRequestId) })
      })
    }
    if (row.payoutRequestId !== undefined) return yield* payoutOf(sender, row, row.payoutRequestId)
    let payout: Option.Option<PayoutRequest> = Option.none()
    if (isOpen(row)) payout = yield* settle(sender, row, intent)
    else {
      if (sender.looksFirst && row.claims === 0) payout = yield* lookBeforeFirst(sender, row, intent)
      if (Option.isNone(payout)) payout = yield* attempt(sender, row, intent)
    }
    if (Option.isSome(payout)) return payout.value
  }
})
