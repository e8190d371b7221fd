/**
 * Pays everybody in a CSV file, once each. Stop it or kill it at any line and run it again: it goes on where it was.
 *
 *   node examples/src/pay-from-csv.ts sample > payouts.csv
 *   node examples/src/pay-from-csv.ts pay payouts.csv
 */
import { Payouts, type Resolution } from "@palomma-effect/client"
import { Console, Effect, Stream } from "effect"
import { openAccounts } from "./pay-from-csv/accounts.ts"
import { readCommand } from "./pay-from-csv/command.ts"
import { readPayments } from "./pay-from-csv/payments.ts"
import { progress, report } from "./pay-from-csv/report.ts"
import { sample } from "./pay-from-csv/sample.ts"
import { services } from "./pay-from-csv/services.ts"
import { run } from "./support/run.ts"
import * as Screen from "./support/screen.ts"

const pay = Effect.fnUntraced(function* (file: string) {
  // The whole file is checked before anything is sent; if anything is wrong with it, this is where it ends.
  const payments = yield* readPayments(file)
  const targetOf = yield* openAccounts(`${file}.accounts`)
  const payouts = yield* Payouts
  yield* Screen.note(`Paying ${payments.length} lines. Ctrl-C stops it.`)

  // What is refused for its account alone does not stop the others; anything else does, and running it again goes on.
  const failures = new Map<string, string>()
  const intents = Stream.fromIterable(payments).pipe(
    Stream.mapEffect(
      ({ amount, reference, ...payment }) =>
        targetOf(payment).pipe(
          Effect.map((payoutTargetId) => [{ reference, payoutTargetId, amount }]),
          Effect.catchTag("PalommaBadRequest", (error) => {
            failures.set(reference, error.message)
            return Effect.succeed([])
          })
        ),
      { concurrency: 4 }
    ),
    Stream.flatMap(Stream.fromIterable)
  )
  yield* payouts.sendAll(intents, { concurrency: 8 }).pipe(
    Stream.runForEach(progress(payments.length, failures)),
    Effect.onInterrupt(() => Screen.note("Stopping: what is being sent is written down first. Run it again to go on."))
  )
  yield* report(file, payments, failures)
}, Effect.scoped)

const resolve = Effect.fnUntraced(function* (file: string, reference: string, resolution: Resolution) {
  const { state } = yield* Payouts.use((payouts) => payouts.resolve(reference, resolution))
  yield* Screen.done(state, reference, `Now run: pay ${file}`)
})

const command = readCommand(process.argv.slice(2))
switch (command._tag) {
  case "Sample":
    process.stdout.write(await Effect.runPromise(sample(command.lines, command.seed)))
    break
  case "Pay":
    run(pay(command.file), services(command.file))
    break
  case "Resolve":
    run(resolve(command.file, command.reference, command.resolution), services(command.file))
    break
  case "Help":
    await Effect.runPromise(Console.log(command.text))
    process.exitCode = 1
}
