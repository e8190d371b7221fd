/**
 * Two runs of a payroll, on a simulated Palomma. In the first one an answer is lost, a row is rejected, and after a
 * half of the rows Palomma refuses the API key.
 */
import { Payouts } from "@palomma-effect/client"
import type { PayoutIntent } from "@palomma-effect/schema"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import { Effect, Layer } from "effect"
import * as Screen from "../support/screen.ts"

const services = Payouts.layerMemory().pipe(Layer.provideMerge(PalommaSimulator.layer()))

export const story = Effect.fnUntraced(function* <E>(
  run: (payroll: ReadonlyArray<PayoutIntent>) => Effect.Effect<void, E, Payouts>,
  rows: number
) {
  const simulator = yield* PalommaSimulator
  const { id } = yield* simulator.addPayoutTarget()
  const payroll = Array.from({ length: rows }, (_, i) => ({
    reference: `salary-2026-11-${String(i + 1).padStart(5, "0")}`, // the month and the number of the employee
    payoutTargetId: id, // in your program: the payout target of the employee
    amount: 1_500_000
  }))
  const operation = "payoutRequests.create"
  const reject = (status: number) => Fault.respond({ status, body: { message: "Not now" } })
  yield* simulator.fault({ operation, containing: "salary-2026-11-00003", kind: Fault.commitThenDrop })
  yield* simulator.fault({ operation, containing: "salary-2026-11-00007", kind: reject(400) })
  yield* simulator.fault({ operation, nth: Math.ceil(rows / 2), kind: reject(401) })

  yield* Screen.title("First run")
  yield* run(payroll)
  yield* Screen.title("Second run")
  yield* run(payroll)
  const made = yield* simulator.ledger.payouts
  const references = new Set(made.map(({ reference }) => reference))
  yield* Screen.note(`Palomma has ${made.length} payouts of ${references.size} references.`)
}, Effect.provide(services))
