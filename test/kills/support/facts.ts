/** The facts at a simulated Palomma, in one form for payouts and debits. */
import type { TransferKind } from "@palomma-effect/client"
import { PayinStatus, PayoutStatus } from "@palomma-effect/schema"
import { PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import { runHeader } from "./witness.ts"

/** A payout or a debit that was made. */
export interface Made {
  readonly kind: TransferKind
  readonly id: string
  readonly reference: string
  readonly accountId: string
  /** Whole pesos. */
  readonly amount: number
  readonly status: string
  /** The run that requested it. */
  readonly run: string | undefined
}

/** A request for a payout or a debit that was received completely. */
export interface Received {
  readonly kind: TransferKind
  readonly reference: string
  readonly run: string | undefined
}

/** The facts. */
export interface Facts {
  readonly made: ReadonlyArray<Made>
  readonly received: ReadonlyArray<Received>
}

const kinds = { "payoutRequests.create": "payout", "payinRequests.create": "payin" } as const

/** The current facts. */
export const facts: Effect.Effect<Facts, never, PalommaSimulator> = Effect.gen(function* () {
  const { ledger } = yield* PalommaSimulator
  const requests = yield* ledger.requests
  const runs = new Map(requests.map(({ headers, number }) => [number, headers[runHeader]]))
  const runOf = (id: string) => Effect.map(ledger.createdBy(id), (number) => runs.get(number ?? -1))
  const payouts = yield* Effect.forEach(yield* ledger.payouts, (payout) =>
    Effect.map(runOf(payout.id), (run): Made => ({
      kind: "payout",
      id: payout.id,
      reference: payout.reference ?? "",
      accountId: payout.payoutTargetId,
      amount: payout.amount,
      status: PayoutStatus.raw(payout.status),
      run
    }))
  )
  const payins = yield* Effect.forEach(yield* ledger.payins, (payin) =>
    Effect.map(runOf(payin.id), (run): Made => ({
      kind: "payin",
      id: payin.id,
      reference: payin.reference ?? "",
      accountId: payin.payinSourceId ?? "",
      amount: payin.amount ?? 0,
      status: PayinStatus.raw(payin.status),
      run
    }))
  )
  const received = requests.flatMap(({ body, headers, operation }): ReadonlyArray<Received> => {
    if (operation !== "payoutRequests.create" && operation !== "payinRequests.create") return []
    const { reference }: { readonly reference: string } = JSON.parse(body)
    return [{ kind: kinds[operation], reference, run: headers[runHeader] }]
  })
  return { made: [...payouts, ...payins], received }
})

/** Finishes all records in progress: most move the money, some do not. `chance` is drawn once for each. */
export const endAll = Effect.fnUntraced(function* (chance: Effect.Effect<number>) {
  const simulator = yield* PalommaSimulator
  for (const { id, status } of yield* simulator.ledger.payouts) {
    if (status !== "processing") continue
    const drawn = yield* chance
    yield* Effect.orDie(simulator.setPayoutStatus(id, { status: drawn < 0.9 ? "approved" : "cancelled" }))
  }
  for (const { id, status } of yield* simulator.ledger.payins) {
    if (status !== "processing") continue
    const drawn = yield* chance
    yield* Effect.orDie(
      simulator.setPayinStatus(id, { status: drawn < 0.8 ? "approved" : drawn < 0.9 ? "partial" : "cancelled" })
    )
  }
})
