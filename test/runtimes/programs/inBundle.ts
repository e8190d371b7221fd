/** The program for a browser and, in process, for a Worker: the simulator is part of the bundle. */
import { TransferJournal } from "@palomma-effect/client"
import { PalommaSimulator } from "@palomma-effect/testing"
import { Effect, Layer } from "effect"
import { inProcess, moveMoney, type Report, services } from "./transfers.ts"

/** Moves money at a simulator in this process. It fails if the ledger has anything but one payout and one debit. */
export const inBundle: Effect.Effect<Report, unknown> = Effect.gen(function* () {
  const simulator = yield* PalommaSimulator
  const { report } = yield* moveMoney("bundle", inProcess(simulator))
  const { length: payouts } = yield* simulator.ledger.payoutsByReference("bundle-payout")
  const { length: debits } = yield* simulator.ledger.payinsByReference("bundle-debit")
  return {
    ...report,
    payout: payouts === 1 ? report.payout : `${payouts} payouts`,
    debit: debits === 1 ? report.debit : `${debits} debits`
  }
}).pipe(Effect.provide(services(TransferJournal.layerMemory).pipe(Layer.provideMerge(PalommaSimulator.layer()))))
