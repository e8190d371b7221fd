/**
 * What a person sees of a run: a bar while it goes on, a table at its end, and what is left to do.
 */
import {
  Payouts,
  type Transfer,
  type TransferError,
  type TransferResult,
  type TransferState
} from "@palomma-effect/client"
import { type PayoutIntent, Pesos } from "@palomma-effect/schema"
import { Console, Data, Effect, Option } from "effect"
import * as Screen from "../support/screen.ts"
import type { Payment } from "./payments.ts"

const { stdout } = process

// What Palomma says of a refusal is in its cause: it may hold an account, so it is no part of the message, which traces record.
const whyOf = (error: TransferError): string =>
  error._tag === "TransferRejected" ? error.cause.message : error.message

/** Counts what is done with, by a bar if this is a terminal, and keeps what went wrong by its reference. */
export const progress = (of: number, failures: Map<string, string>) => {
  let done = 0
  const draw = Effect.sync(() => {
    if (!stdout.isTTY) return
    const width = 40
    const full = Math.floor((done / of) * width)
    const bar = `${Screen.paint("green", "█".repeat(full))}${Screen.paint("dim", "░".repeat(width - full))}`
    stdout.write(`\r${bar} ${done} of ${of}${done === of ? "\n" : ""}`)
  })
  return (result: TransferResult<PayoutIntent>) =>
    Effect.suspend(() => {
      done++
      if (result._tag === "Failed") failures.set(result.intent.reference, whyOf(result.error))
      return draw
    })
}

const meanings: Record<TransferState, string> = {
  approved: "paid out",
  accepted: "on its way: reconcile asks how it ended",
  partial: "paid out in part",
  cancelled: "the bank could not pay it: a new payout needs a new reference",
  withdrawn: "called off",
  rejected: "refused by Palomma: correct it and run it again",
  intended: "not sent: run it again",
  sending: "another process is sending it: run it again",
  unknown: "not known yet whether it was paid: run it again",
  needsReview: "needs a person"
}

/** Something is left to do. */
export class NotAllPaid extends Data.TaggedError("NotAllPaid")<{ readonly count: number; readonly file: string }> {
  override get message(): string {
    return `${this.count} line(s) of ${this.file} are not paid. Running it again pays nothing twice.`
  }
}

const isPaid = ({ alarm, state }: Transfer): boolean =>
  alarm === undefined && (state === "approved" || state === "accepted")

const tableRow = (name: string, payments: ReadonlyArray<Payment>, aside: string) => {
  const pesos = payments.reduce((sum, { intent }) => sum + intent.amount, 0)
  return Console.log(
    `  ${name.padEnd(16)}${String(payments.length).padStart(6)}${Pesos.format(pesos).padStart(22)}  ${Screen.paint("dim", aside)}`
  )
}

/** Says what became of every line, and what a person has to do about those that are not paid. */
export const report = Effect.fnUntraced(function* (
  file: string,
  payments: ReadonlyArray<Payment>,
  failures: ReadonlyMap<string, string>
) {
  const payouts = yield* Payouts
  const found = yield* Effect.forEach(payments, ({ intent }) => payouts.find(intent.reference))
  const transfers = found.map(Option.getOrUndefined)
  const inState = (state: TransferState | undefined) => payments.filter((_, i) => transfers[i]?.state === state)

  yield* Screen.title(file)
  for (const [state, meaning] of Object.entries(meanings) as Array<[TransferState, string]>) {
    const those = inState(state)
    if (those.length > 0) yield* tableRow(state, those, meaning)
  }
  const unwritten = inState(undefined)
  if (unwritten.length > 0) yield* tableRow("not begun", unwritten, "run it again")
  yield* tableRow("in all", payments, "")

  for (const [i, { intent, line }] of payments.entries()) {
    const transfer = transfers[i]
    if (transfer !== undefined && isPaid(transfer)) continue
    // What needs a person is explained below the list, once for all.
    const why =
      transfer?.state === "needsReview"
        ? `version ${transfer.version}: ${transfer.lastError ?? ""}`
        : (failures.get(intent.reference) ?? (transfer?.state === "cancelled" ? meanings.cancelled : undefined))
    if (why !== undefined) yield* Screen.todo(`line ${line}`, intent.reference, why)
  }
  if (inState("needsReview").length > 0) {
    yield* Screen.note(
      "Ask Palomma about each of those that need a person, and write the answer down: " +
        `resolve ${file} <reference> --not-paid (or --paid <payout request id>) --version <the version above> --by <you> ` +
        "--note <what Palomma says>. Then run it again."
    )
  }
  const count = transfers.filter((transfer) => transfer === undefined || !isPaid(transfer)).length
  if (count > 0) return yield* new NotAllPaid({ count, file })
})
