/**
 * What must hold for the types of an installed package. A declaration that a compiler cannot resolve is `any`: then
 * the lines that must not compile would, and the last ones would not.
 */
import { type Palomma, Payins, Payouts } from "@palomma-effect/client"
import { SqliteTransferJournal } from "@palomma-effect/durable"
import { type PayinSourceId, PayoutTargetId } from "@palomma-effect/schema"
import { PalommaSimulator } from "@palomma-effect/testing"
import type { PalommaServer } from "@palomma-effect/testing/server"
import type { Effect, Layer } from "effect"

const payoutTargetId = PayoutTargetId.make("01HPR8S7YF43PV3QV16TZDC80P")

// @ts-expect-error: an amount is a number
export const payout = Payouts.use(({ send }) => send({ reference: "rent", payoutTargetId, amount: "50000" }))

// @ts-expect-error: a debit takes a payin source
export const debit = Payins.use(({ charge }) => charge({ reference: "rent", payoutTargetId, amount: 50_000 }))

const found = Payins.use(({ find }) => find("rent"))
const simulator = PalommaSimulator.layer()
const journal = SqliteTransferJournal.layer({ filename: "transfers.db" })

type IsAny<A> = 0 extends 1 & A ? true : false

export const areAny: readonly [
  IsAny<Effect.Success<typeof found>>,
  IsAny<Effect.Error<typeof found>>,
  IsAny<Effect.Services<typeof found>>,
  IsAny<Layer.Success<typeof simulator>>,
  IsAny<Layer.Success<typeof journal>>,
  IsAny<Layer.Error<typeof journal>>,
  IsAny<Palomma.Services>,
  IsAny<PalommaServer["Service"]>,
  IsAny<PayinSourceId>
] = [false, false, false, false, false, false, false, false, false]
