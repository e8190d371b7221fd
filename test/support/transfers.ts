import {
  Customers,
  Palomma,
  Payins,
  PayinSources,
  Payouts,
  PayoutTargets,
  TransferJournal,
  type TransferOptions
} from "@palomma-effect/client"
import { PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

/** The base URL of the client. */
export const baseUrl = "http://127.0.0.1/v0"

/** The client, connected to a simulator in this process. */
export const palomma = (options: Omit<Palomma.PalommaOptions, "apiKey" | "baseUrl"> = {}) =>
  Palomma.layer({ ...options, apiKey: Redacted.make("sim-key"), baseUrl })

/** All services to pay and to debit, over a journal in memory and a simulated Palomma. */
export const withTransfers = (
  options: TransferOptions = {},
  client: Parameters<typeof palomma>[0] = {},
  simulator: Parameters<typeof PalommaSimulator.layer>[0] = {}
) =>
  Layer.merge(Payouts.layer(options), Payins.layer(options)).pipe(
    Layer.provideMerge(TransferJournal.layerMemory),
    Layer.provideMerge(palomma(client)),
    Layer.provideMerge(PalommaSimulator.layer({ seed: 1, ...simulator }))
  )

const aCustomer = Effect.gen(function* () {
  const customer = yield* (yield* Customers).create({
    name: "Ana Ruiz",
    documentType: "cc",
    documentNumber: "1037551022",
    email: "ana@example.com",
    phoneNumber: "3013111111"
  })
  return customer.id
})

/** A payout target. */
export const aPayoutTarget = Effect.gen(function* () {
  const target = yield* (yield* PayoutTargets).create({
    customerId: yield* aCustomer,
    redirectUrl: "https://example.com/back",
    type: "bankAccount",
    bankAccount: { bank: "nequi", accountType: "savings", accountNumber: "3013111111" }
  })
  return target.id
})

/** A payin source, over a simulated Palomma. */
export const aPayinSource = Effect.gen(function* () {
  const source = yield* (yield* PayinSources).create({
    customerId: yield* aCustomer,
    redirectUrl: "https://example.com/back",
    type: "nequiToken",
    phoneNumber: "3013111111"
  })
  yield* Effect.orDie((yield* PalommaSimulator).setPayinSourceStatus(source.id, { status: "active" }))
  return source.id
})
