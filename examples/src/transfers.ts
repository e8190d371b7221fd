/**
 * A command for the transfers of a program that uses `Durable`: a worker, a list, and the decision of a person.
 *
 *   export PALOMMA_BASE_URL=http://127.0.0.1:4010/v0 PALOMMA_API_KEY=sim-key TRANSFERS_DATABASE=refunds.db
 *   node examples/src/transfers.ts work
 *   node examples/src/transfers.ts list --state needsReview
 *   node examples/src/transfers.ts resolve payout refund-4711 --not-paid --version 4 --by ana --note "Palomma, by mail"
 *
 * With `DATABASE_URL` instead of `TRANSFERS_DATABASE` they can run at the same time. A SQLite file has one process.
 */
import { Palomma, type Transfer, transferStates } from "@palomma-effect/client"
import { Durable } from "@palomma-effect/durable"
import { Pesos } from "@palomma-effect/schema"
import { Effect, Layer, Option, Stream } from "effect"
import { Argument, CliError, Command, Flag } from "effect/cli"
import { durable } from "./support/durable.ts"
import { runLasting } from "./support/run.ts"
import * as Screen from "./support/screen.ts"
import { terminal } from "./support/terminal.ts"

const show = ({ alarm, amount, kind, lastError, reference, state, version }: Transfer) => {
  const needsPerson = alarm !== undefined || state === "needsReview" || state === "rejected"
  const about = `${state}, ${Pesos.format(amount)}, version ${version}, ${alarm?.kind ?? lastError ?? "no remark"}`
  return (needsPerson ? Screen.todo : Screen.done)(kind, reference, about)
}

const isSet = (name: string) => Flag.Boolean(name).pipe(Flag.withDefault(false))

const work = Command.make(
  "work",
  { concurrency: Flag.Int("concurrency").pipe(Flag.withDefault(8)) },
  // Without `onEnd`, so that it does not take the reports of ends from the program's own workers.
  ({ concurrency }) => Durable.use((durable) => durable.work({ concurrency }))
).pipe(Command.withDescription("Carries transfers until it is stopped"))

const list = Command.make(
  "list",
  { state: Flag.optional(Flag.Literals("state", transferStates)), alarmed: isSet("alarmed") },
  ({ alarmed, state }) =>
    Durable.use((durable) =>
      durable
        .list({ state: Option.getOrUndefined(state), alarmed: alarmed ? true : undefined })
        .pipe(Stream.runForEach(show))
    )
).pipe(Command.withDescription("Lists transfers: all of them, those in a state, or those with an alarm"))

const resolve = Command.make(
  "resolve",
  {
    kind: Argument.Literals("kind", ["payout", "payin"]),
    reference: Argument.String("reference"),
    paid: Flag.optional(Flag.String("paid")).pipe(Flag.withDescription("The id of Palomma's record")),
    amount: Flag.optional(Flag.Int("amount")).pipe(Flag.withDescription("The record's pesos, if they differ")),
    notPaid: isSet("not-paid").pipe(Flag.withDescription("Palomma confirmed that there is no such record")),
    version: Flag.Int("version").pipe(Flag.withDescription("The version that the list shows")),
    by: Flag.String("by"),
    note: Flag.String("note")
  },
  Effect.fnUntraced(function* ({ amount, kind, notPaid, paid, reference, ...seen }) {
    if (notPaid === Option.isSome(paid)) {
      return yield* new CliError.UserError({ cause: "Decide one of --not-paid and --paid <id>." })
    }
    const differs = Option.isSome(amount) ? { amount: amount.value } : undefined
    const decision = Option.isSome(paid)
      ? ({ as: "paid", recordId: paid.value, differs, ...seen } as const)
      : ({ as: "not-paid", ...seen } as const)
    yield* show(yield* Durable.use(({ resolve }) => resolve({ kind, reference }, decision)))
  })
).pipe(Command.withDescription("Records the decision of a person about a transfer in doubt"))

const services = Layer.provideMerge(Layer.merge(durable("TRANSFERS_DATABASE"), terminal), Palomma.layerConfig())

const transfers = Command.make("transfers").pipe(Command.withSubcommands([work, list, resolve]))

runLasting(Command.runWith(transfers, { version: "0.1.0" })(process.argv.slice(2)), services)
