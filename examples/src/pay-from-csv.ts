/**
 * Pays every line of a CSV file, at most once each. You can stop or kill it at any line: the next run continues from
 * there.
 *
 * A line contains only the id of a payout target, which was registered before, so the file contains no personal data.
 *
 *   node examples/src/pay-from-csv.ts sample payouts.csv
 *   node examples/src/pay-from-csv.ts pay payouts.csv
 */
import { Payouts } from "@palomma-effect/client"
import { Console, Effect, Stream } from "effect"
import { type Decision, readCommand } from "./pay-from-csv/command.ts"
import { readPayments } from "./pay-from-csv/payments.ts"
import { progress, report } from "./pay-from-csv/report.ts"
import { writeSample } from "./pay-from-csv/sample.ts"
import { palomma, services } from "./pay-from-csv/services.ts"
import { runLasting } from "./support/run.ts"
import * as Screen from "./support/screen.ts"

const pay = Effect.fnUntraced(function* (file: string) {
  // Checks the whole file before the first payout, and fails if any line has a problem.
  const payments = yield* readPayments(file)
  const payouts = yield* Payouts
  yield* Screen.note(`Paying ${payments.length} lines. Ctrl-C stops it.`)
  const failures = new Map<string, string>()
  yield* payouts.sendAll(Stream.fromIterable(payments.map(({ intent }) => intent))).pipe(
    Stream.runForEach(progress(payments.length, failures)),
    Effect.onInterrupt(() =>
      Screen.note("Stopping. Requests that are being sent are recorded first. Run it again to continue.")
    )
  )
  yield* report(file, payments, failures)
})

const reconcile = Effect.fnUntraced(function* (file: string) {
  const payments = yield* readPayments(file)
  const payouts = yield* Payouts
  const failures = new Map<string, string>()
  yield* payouts
    .reconcileAll({ olderThan: 0 })
    .pipe(
      Stream.runForEach((result) =>
        Effect.sync(() => result._tag === "Failed" && failures.set(result.reference, result.error.message))
      )
    )
  yield* report(file, payments, failures)
})

const resolve = Effect.fnUntraced(function* (file: string, reference: string, decision: Decision) {
  const { state } = yield* Payouts.use((payouts) => payouts.resolve(reference, decision))
  yield* Screen.done(state, reference, `Now run: pay ${file}`)
})

const command = readCommand(process.argv.slice(2))
switch (command._tag) {
  case "Sample":
    runLasting(writeSample(command.file, command.lines), palomma)
    break
  case "Pay":
    runLasting(pay(command.file), services(command.file))
    break
  case "Reconcile":
    runLasting(reconcile(command.file), services(command.file))
    break
  case "Resolve":
    runLasting(resolve(command.file, command.reference, command.decision), services(command.file))
    break
  case "Help":
    await Effect.runPromise(Console.log(command.text))
    process.exitCode = 1
}
