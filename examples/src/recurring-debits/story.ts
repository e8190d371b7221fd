/**
 * Three runs of the job, on a simulated Palomma. Of five customers, only one pays the full amount at once.
 */
import { Payins } from "@palomma-effect/client"
import type { PayinSourceId } from "@palomma-effect/schema"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import * as Screen from "../support/screen.ts"

interface Fee {
  readonly name: string
  readonly from: PayinSourceId
  readonly pesos: number
}

// No waiting, so that the example ends soon. By default a debit in doubt has two minutes to appear at Palomma.
const services = Payins.layerMemory({ reconcileTimeout: 0 }).pipe(
  Layer.provideMerge(PalommaSimulator.layer({ seed: 1 })),
  Layer.provideMerge(TestClock.layer())
)

export const story = Effect.fnUntraced(function* <E>(
  collect: (fees: ReadonlyArray<Fee>) => Effect.Effect<void, E, Payins>
) {
  const simulator = yield* PalommaSimulator
  const fees = yield* Effect.forEach(["ana", "luis", "maria", "sofia", "tomas"], (customer) =>
    Effect.map(simulator.addPayinSource(), ({ id }) => ({ name: `fee-2026-11-${customer}`, from: id, pesos: 90_000 }))
  )
  yield* simulator.fault({ operation: "payinRequests.create", containing: "fee-2026-11-luis", kind: Fault.drop() })
  yield* Screen.title("1 November")
  yield* collect(fees)

  const [ana, maria, sofia, tomas] = (yield* simulator.ledger.payins).map(({ id }) => id)
  yield* simulator.setPayinStatus(ana ?? "", { status: "approved" })
  yield* simulator.setPayinStatus(maria ?? "", { status: "cancelled", statusMessage: "BANK_NOT_AVAILABLE" })
  yield* simulator.setPayinStatus(sofia ?? "", { status: "partial", amountCollected: 30_000 })
  yield* simulator.setPayinStatus(tomas ?? "", { status: "cancelled", statusMessage: "NOT_ENOUGH_FUNDS" })
  yield* Screen.title("1 November, again")
  yield* collect(fees)

  yield* simulator.setPayinStatus(maria ?? "", { status: "approved" }) // after it was final, which Palomma does not exclude
  yield* TestClock.adjust("5 days")
  yield* Screen.title("6 November")
  yield* collect(fees)
}, Effect.provide(services))
