/**
 * Pays a payroll of 10,000 rows. The run stops in the middle. The second run continues, and pays no row twice. Then it
 * prints a report from the results and the journal.
 *
 * It needs no network: `payroll/story.ts` makes the rows, on a simulated Palomma that refuses the API key after a half
 * of them. `payroll.ts 500` pays 500 rows.
 */
import { Payouts, type Transfer } from "@palomma-effect/client"
import { type PayoutIntent, Pesos } from "@palomma-effect/schema"
import { Effect, Stream } from "effect"
import { story } from "./payroll/story.ts"
import { runOffline } from "./support/run.ts"
import * as Screen from "./support/screen.ts"

/** Pays what is not paid yet, and returns why rows failed, by reference. */
const pay = Effect.fnUntraced(function* (payroll: ReadonlyArray<PayoutIntent>) {
  const payouts = yield* Payouts
  const counts = { Accepted: 0, Failed: 0, Skipped: 0 }
  const failures = new Map<string, string>()
  yield* payouts.sendAll(Stream.fromIterable(payroll)).pipe(
    Stream.runForEach((result) =>
      Effect.sync(() => {
        counts[result._tag] += 1
        if (result._tag === "Failed") failures.set(result.intent.reference, result.error._tag)
      })
    )
  )
  yield* Screen.done("run", `${counts.Accepted} accepted, ${counts.Failed} failed, ${counts.Skipped} skipped`)
  return failures
})

/** Prints what the journal knows of the money, and which rows failed in this run. */
const report = Effect.fnUntraced(function* (
  payroll: ReadonlyArray<PayoutIntent>,
  failures: ReadonlyMap<string, string>
) {
  const payouts = yield* Payouts
  const listed = yield* Stream.runCollect(payouts.list({ pageSize: 1_000 }))
  const transfers = new Map(listed.map((transfer): [string, Transfer] => [transfer.reference, transfer]))
  const named = new Set<string>()
  const stateOf = ({ amount, payoutTargetId, reference }: PayoutIntent) => {
    const transfer = transfers.get(reference)
    const remarks: Array<string> = []
    if (transfer && (transfer.amount !== amount || transfer.accountId !== payoutTargetId)) {
      remarks.push("with other content")
    } else if (named.has(reference)) remarks.push("named again") // the pesos of an earlier row, which are paid once
    else named.add(reference)
    if (transfer?.alarm) remarks.push("with an alarm")
    return [transfer?.state ?? "no row", ...remarks].join(", ")
  }
  for (const [state, rows] of Map.groupBy(payroll, stateOf)) {
    const pesos = rows.reduce((sum, { amount }) => sum + amount, 0)
    yield* Screen.done(state, `${rows.length} rows`, Pesos.format(pesos))
  }
  for (const [reference, why] of failures) yield* Screen.todo("failed", reference, why)
})

/** One run. To continue, run it again with the same rows. */
const run = (payroll: ReadonlyArray<PayoutIntent>) =>
  Effect.flatMap(pay(payroll), (failures) => report(payroll, failures))

// In production: Payouts.layer() with a journal of @palomma-effect/durable, and Palomma.layerConfig() with a rateLimit.
runOffline(story(run, Number(process.argv[2] ?? 10_000)))
