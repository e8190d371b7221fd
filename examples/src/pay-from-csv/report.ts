/**
 * What a person sees of a run: a bar while it goes on, a table at its end, and what is left to do.
 */
import { Payouts, type PayoutResult, type PayoutRow, type PayoutState } from "@palomma-effect/client"
import { Pesos } from "@palomma-effect/schema"
import { Console, Data, Effect } from "effect"
import * as Screen from "../support/screen.ts"
import type { Payment } from "./payments.ts"

const { stdout } = process

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
  return (result: PayoutResult) =>
    Effect.suspend(() => {
      done++
      if (result._tag === "Failed") failures.set(result.intent.reference, result.error.message)
      return draw
    })
}

const meaning: Record<PayoutState, string> = {
  approved: "paid out",
  accepted: "on its way: run it again later to see how it ended",
  cancelled: "the bank could not pay it: a new payout needs a new reference",
  rejected: "refused by Palomma: correct it and run it again",
  intended: "not begun: run it again",
  sending: "another process is sending it: run it again",
  unknown: "not known yet whether it was paid: run it again",
  needsAttention: "needs a person"
}

/** Something is left to do. */
export class NotAllPaid extends Data.TaggedError("NotAllPaid")<{ readonly count: number; readonly file: string }> {
  override get message(): string {
    return `${this.count} line(s) of ${this.file} are not paid. Running it again pays nothing twice.`
  }
}

const isPaid = ({ state }: PayoutRow): boolean => state === "approved" || state === "accepted"

const tableRow = (name: string, rows: ReadonlyArray<{ readonly amount: number }>, aside: string) => {
  const pesos = rows.reduce((sum, { amount }) => sum + amount, 0)
  return Console.log(
    `  ${name.padEnd(16)}${String(rows.length).padStart(6)}${Pesos.format(pesos).padStart(22)}  ${Screen.paint("dim", aside)}`
  )
}

/** Says what became of every line, and what a person has to do about those that are not paid. */
export const report = Effect.fnUntraced(function* (
  file: string,
  payments: ReadonlyArray<Payment>,
  failures: ReadonlyMap<string, string>
) {
  const payouts = yield* Payouts
  const written = new Map((yield* payouts.list()).map((row) => [row.reference, row]))
  const rows = payments.flatMap(({ reference }) => written.get(reference) ?? [])
  yield* Screen.title(file)
  for (const state of Object.keys(meaning) as Array<PayoutState>) {
    const those = rows.filter((row) => row.state === state)
    if (those.length > 0) yield* tableRow(state, those, meaning[state])
  }
  const unwritten = payments.filter(({ reference }) => !written.has(reference))
  if (unwritten.length > 0) yield* tableRow("not begun", unwritten, "run it again")
  yield* tableRow("in all", payments, "")

  for (const { line, reference } of payments) {
    const row = written.get(reference)
    // What needs a person is explained below the list, once for all.
    const why =
      row?.state === "needsAttention"
        ? row.lastError
        : row?.state === "cancelled"
          ? meaning.cancelled
          : failures.get(reference)
    if (why !== undefined) yield* Screen.todo(`line ${line}`, reference, why)
  }
  if (rows.some(({ state }) => state === "needsAttention")) {
    yield* Screen.note(
      "Ask Palomma about each of those that need a person, and write the answer down: " +
        `resolve ${file} <reference> --not-paid (or --paid <payout request id>) --by <you> --note <what Palomma says>. Then run it again.`
    )
  }
  const count = payments.length - rows.filter(isPaid).length
  if (count > 0) return yield* new NotAllPaid({ count, file })
})
