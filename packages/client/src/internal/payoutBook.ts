/**
 * The journal as `Payouts` writes it: in one environment, and only by changes that are allowed.
 */
import { PayoutRequest, PayoutStatus, Sensitive } from "@palomma-effect/schema"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { PayoutContradiction, PayoutDuplicateDetected } from "../PayoutError.ts"
import { type PayoutJournal, PayoutJournalError, type PayoutRow } from "../PayoutJournal.ts"
import type { PayoutIntent } from "../PayoutsService.ts"
import * as SafeText from "../SafeText.ts"
import * as Counters from "./payoutCounters.ts"
import * as Row from "./payoutRow.ts"

/** Whether a row's outcome is not known: somebody is or was sending it. */
export const isOpen = (row: PayoutRow): boolean =>
  row.state === "sending" || row.state === "unknown" || row.state === "needsAttention"

/** Whether a row has come to its end at Palomma. */
export const isFinal = (row: PayoutRow): boolean => row.state === "approved" || row.state === "cancelled"

/** The journal of one environment. */
export type PayoutBook = ReturnType<typeof make>

/** Opens the journal of an environment. */
export const make = (journal: PayoutJournal["Service"], environment: string) => {
  const find = (reference: string) => journal.find({ environment, reference })

  /** The row of an intent, written if there is none. */
  const open = Effect.fnUntraced(function* (intent: PayoutIntent) {
    const now = yield* Clock.currentTimeMillis
    for (let tries = 0; tries < 3; tries++) {
      const row = yield* find(intent.reference)
      if (Option.isSome(row)) return row.value
      yield* journal.insert(Row.intended(environment, intent, now))
    }
    return yield* new PayoutJournalError({
      operation: "open",
      reference: intent.reference,
      reason: "a row that is there cannot be read, as if reads went to a copy that lags"
    })
  })

  /** Changes a row whatever is written to it meanwhile: decides anew on what then stands there. `undefined` leaves it as it is. */
  const change = Effect.fnUntraced(function* (
    reference: string,
    decide: (row: PayoutRow, now: number) => PayoutRow | undefined
  ) {
    while (true) {
      const row = yield* find(reference)
      if (Option.isNone(row)) return row
      const changed = decide(row.value, yield* Clock.currentTimeMillis)
      if (changed === undefined) return row
      if (yield* journal.replace(changed)) return Option.some(changed)
    }
  })

  /**
   * Writes down what Palomma says of a payout. That a final state turned into another one, or that the reference has another payout
   * already, is an alarm: neither is written over what stands there.
   */
  const writeDown = Effect.fnUntraced(function* (reference: string, payout: PayoutRequest) {
    let alarm: PayoutDuplicateDetected | PayoutContradiction | undefined
    const row = yield* change(reference, (row, now) => {
      alarm = undefined
      const next = Row.found(row, now, payout)
      if (row.payoutRequestId !== undefined && row.payoutRequestId !== payout.id) {
        alarm = new PayoutDuplicateDetected({
          reference,
          payoutRequestIds: [SafeText.id(row.payoutRequestId), SafeText.id(payout.id)]
        })
      } else if (isFinal(row) && next.state !== row.state) {
        alarm = new PayoutContradiction({
          reference,
          payoutRequestId: SafeText.id(payout.id),
          recorded: row.state,
          status: SafeText.make(PayoutStatus.raw(payout.status), Sensitive.values(PayoutRequest, payout))
        })
      } else if (next.state !== row.state) return next
      return undefined
    }).pipe(
      Effect.mapError(
        ({ operation, reason }) =>
          new PayoutJournalError({ operation, reference, reason, payoutRequestId: SafeText.id(payout.id) })
      )
    )
    if (alarm?._tag === "PayoutDuplicateDetected") yield* Counters.alarm(alarm)
    return alarm === undefined ? row : yield* Effect.fail(alarm)
  })

  return { ...journal, environment, find, open, change, writeDown }
}
