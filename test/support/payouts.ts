import { Customers, Palomma, PayoutJournal, Payouts, type PayoutsOptions, PayoutTargets } from "@palomma-effect/client"
import { PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

/** Where the client is pointed at. */
export const baseUrl = "http://127.0.0.1/v0"

/** The client, pointed at a simulator in this process. */
export const palomma = (options: Omit<Palomma.PalommaOptions, "apiKey" | "baseUrl"> = {}) =>
  Palomma.layer({ ...options, apiKey: Redacted.make("sim-key"), baseUrl })

/** Everything it takes to pay, over a journal in memory and a simulated Palomma. */
export const withPayouts = (
  options: PayoutsOptions = {},
  client: Parameters<typeof palomma>[0] = {},
  simulator: Parameters<typeof PalommaSimulator.layer>[0] = {}
) =>
  Payouts.layer(options).pipe(
    Layer.provideMerge(PayoutJournal.layerMemory),
    Layer.provideMerge(palomma(client)),
    Layer.provideMerge(PalommaSimulator.layer({ seed: 1, ...simulator }))
  )

/** An account that can be paid. */
export const aPayoutTarget = Effect.gen(function* () {
  const customer = yield* (yield* Customers).create({
    name: "Ana Ruiz",
    documentType: "cc",
    documentNumber: "1037551022",
    email: "ana@example.com",
    phoneNumber: "3013111111"
  })
  const target = yield* (yield* PayoutTargets).create({
    customerId: customer.id,
    redirectUrl: "https://example.com/back",
    type: "bankAccount",
    bankAccount: { bank: "nequi", accountType: "savings", accountNumber: "3013111111" }
  })
  return target.id
})
