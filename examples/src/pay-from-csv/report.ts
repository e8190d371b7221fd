/**
 * The output of a run: a progress bar, a table at the end, and the tasks that remain.
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

// The text of a rejection is only in the cause: it may contain an account number, and traces record the message.
const reasonOf = (error: TransferError): string =>
  error._tag === "TransferRejected" ? error.cause.message : error.message

/** Counts the results, shows a bar on a terminal, and stores the failures by reference. */
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
      if (result._tag === "Failed") failures.set(result.intent.reference, reasonOf(result.error))
      return draw
    })
}

const meanings: Record<TransferState, string> = {
  approved: "paid out",
  accepted: "Palomma is processing it: reconcile asks for its status",
  partial: "partly paid out",
  cancelled: "the bank could not pay it: a new payout needs a new reference",
  withdrawn: "withdrawn",
  rejected: "rejected by Palomma: correct it and run it again",
  intended: "not sent: run it again",
  sending: "another process is sending it: run it again",
  unknown: "in doubt whether it was paid: run it again",
  needsReview: "in manual review: a person must decide"
}

/** The error of a file with unpaid lines. */
export class NotAllPaid extends Data.TaggedError("NotAllPaid")<{ readonly count: number; readonly file: string }> {
  override get message(): string {
    return `${this.count} line(s) of ${this.file} are not paid. You can run it again: no line is paid twice.`
  }
}

type Standing = TransferState | "with an alarm" | "other content" | "not started"

const standings: Record<Standing, string> = {
  ...meanings,
  "with an alarm": "Palomma contradicts what was recorded: a person must ask, and acknowledge it",
  "other content": "the payout of this reference has another amount or account than the line",
  "not started": "run it again"
}

const isPaid = (standing: Standing): boolean => standing === "approved" || standing === "accepted"

/** What is known of a line. Money that came back, or that paid another amount or account, did not pay it. */
const standingOf = ({ amount, payoutTargetId }: PayoutIntent, transfer: Transfer | undefined): Standing => {
  if (transfer === undefined) return "not started"
  if (transfer.state === "needsReview") return transfer.state
  if (transfer.alarm !== undefined) return "with an alarm"
  const isOther = transfer.amount !== amount || transfer.accountId !== payoutTargetId
  return isOther && isPaid(transfer.state) ? "other content" : transfer.state
}

const tableRow = (name: string, payments: ReadonlyArray<Payment>, aside: string) => {
  const pesos = payments.reduce((sum, { intent }) => sum + intent.amount, 0)
  return Console.log(
    `  ${name.padEnd(16)}${String(payments.length).padStart(6)}${Pesos.format(pesos).padStart(22)}  ${Screen.paint("dim", aside)}`
  )
}

/** Prints the state of every line, and what a person must do about unpaid lines. */
export const report = Effect.fnUntraced(function* (
  file: string,
  payments: ReadonlyArray<Payment>,
  failures: ReadonlyMap<string, string>
) {
  const payouts = yield* Payouts
  const found = yield* Effect.forEach(payments, ({ intent }) => payouts.find(intent.reference))
  const transfers = found.map(Option.getOrUndefined)
  const known = payments.map(({ intent }, i) => standingOf(intent, transfers[i]))
  const inState = (standing: Standing) => payments.filter((_, i) => known[i] === standing)

  yield* Screen.title(file)
  for (const [state, meaning] of Object.entries(standings) as Array<[Standing, string]>) {
    const those = inState(state)
    if (those.length > 0) yield* tableRow(state, those, meaning)
  }
  yield* tableRow("total", payments, "")

  for (const [i, { intent, line }] of payments.entries()) {
    const transfer = transfers[i]
    const standing = known[i] ?? "not started"
    if (isPaid(standing)) continue
    const isExplained = standing === "cancelled" || standing === "with an alarm" || standing === "other content"
    // The manual review is explained once, below the list.
    const why =
      standing === "needsReview"
        ? `version ${transfer?.version}: ${transfer?.lastError ?? ""}`
        : (failures.get(intent.reference) ?? (isExplained ? standings[standing] : undefined))
    if (why !== undefined) yield* Screen.todo(`line ${line}`, intent.reference, why)
  }
  if (inState("needsReview").length > 0) {
    yield* Screen.note(
      "Ask Palomma about each payout in manual review, and record the decision: " +
        `resolve ${file} <reference> --not-paid (or --paid <payout request id>) --version <the version above> --by <you> ` +
        "--note <what Palomma answered>. Then run it again."
    )
  }
  const count = known.filter((standing) => !isPaid(standing)).length
  if (count > 0) return yield* new NotAllPaid({ count, file })
})
