/**
 * Charges every customer once per month, and lists the debits that a person must decide. A second run continues from
 * the first.
 *
 * It needs no network: it uses a simulated Palomma. One customer does not have enough money, and one request is lost.
 */
import { Payins, type TransferResult } from "@palomma-effect/client"
import { type PayinIntent, type PayinSourceId, Pesos } from "@palomma-effect/schema"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import { Effect, Layer, Stream } from "effect"
import { runOffline } from "./support/run.ts"
import * as Screen from "./support/screen.ts"

interface Subscription {
  readonly customer: string
  readonly from: PayinSourceId
  readonly pesos: number
}

/** Charges a month. A debit that was accepted before costs no request. */
const charge = Effect.fnUntraced(function* (month: string, subscriptions: ReadonlyArray<Subscription>) {
  const payins = yield* Payins
  const intents = subscriptions.map(({ customer, from, pesos }) => ({
    reference: `fee-${month}-${customer}`, // names what is owed: it is debited at most once, also if this runs again
    payinSourceId: from,
    amount: pesos
  }))
  const results = yield* Stream.runCollect(payins.chargeAll(Stream.fromIterable(intents)))
  yield* Effect.forEach(results, showResult)
})

const showResult = (result: TransferResult<PayinIntent>) => {
  const { reference } = result.intent
  switch (result._tag) {
    case "Accepted":
      return Screen.done(result.transfer.state, reference)
    case "Failed":
      return Screen.todo("failed", reference, result.error._tag)
    case "Skipped":
      return Screen.todo("skipped", reference, "run it again")
  }
}

/**
 * Prints the final status of each debit, and the debits that a person must decide. A cron job does this; webhooks are
 * faster.
 */
const follow = Effect.fnUntraced(function* () {
  const payins = yield* Payins
  yield* Stream.runDrain(payins.reconcileAll({ olderThan: 0 }))
  yield* payins.list({ state: ["approved", "partial", "cancelled"] }).pipe(
    Stream.runForEach(({ amount, amountCollected, reference, state }) => {
      if (state === "approved") return Screen.done(state, reference, Pesos.format(amount))
      if (state === "cancelled") return Screen.done(state, reference, Pesos.format(0))
      if (amountCollected === undefined) return Screen.todo(state, reference, "ask Palomma how much it collected")
      // The rest is another debt, which needs a new reference.
      return Screen.todo(state, reference, `${Pesos.format(amount - amountCollected)} are left to collect`)
    })
  )
  yield* payins
    .list({ state: "needsReview" })
    .pipe(
      Stream.runForEach(({ reference, version }) =>
        Screen.todo("review", reference, `ask Palomma, then resolve version ${version}`)
      )
    )
})

const program = Effect.gen(function* () {
  const simulator = yield* PalommaSimulator
  const subscriptions = yield* Effect.forEach(["ana", "luis", "sofia"], (customer) =>
    Effect.map(simulator.addPayinSource(), ({ id }) => ({ customer, from: id, pesos: 90_000 }))
  )
  yield* simulator.fault({ operation: "payinRequests.create", containing: "fee-2026-11-luis", kind: Fault.drop() })

  yield* Screen.title("November")
  yield* charge("2026-11", subscriptions)
  yield* Screen.title("Run again")
  yield* charge("2026-11", subscriptions)

  const [ana, sofia] = yield* simulator.ledger.payins
  yield* simulator.setPayinStatus(ana?.id ?? "", { status: "approved" })
  yield* simulator.setPayinStatus(sofia?.id ?? "", { status: "partial", amountCollected: 30_000 })
  yield* Screen.title("Final status")
  yield* follow()
})

// No waiting, so that the example ends soon. By default a debit in doubt has two minutes to appear at Palomma.
const services = Payins.layerMemory({ reconcileTimeout: 0 }).pipe(
  Layer.provideMerge(PalommaSimulator.layer({ seed: 1 }))
)

runOffline(program.pipe(Effect.provide(services)))
