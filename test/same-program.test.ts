// A program that uses the services runs unchanged on the simulator in memory and over HTTP.
import { assert, describe, it } from "@effect/vitest"
import { Customers, Palomma, Payouts, PayoutTargets } from "@palomma-effect/client"
import { PalommaSimulator } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"

const buyer = {
  name: "Ana María Rojas",
  documentType: "cc",
  documentNumber: "1020304050",
  email: "ana.rojas@example.com",
  phoneNumber: "3013111111"
} as const

const refund = Effect.fn("refund")(function* (pesos: number) {
  const customer = yield* Customers.use((customers) => customers.create(buyer))
  const target = yield* PayoutTargets.use((targets) =>
    targets.create({
      type: "bankAccount",
      customerId: customer.id,
      bankAccount: { bank: "nequi", accountType: "savings", accountNumber: "3013111111" },
      redirectUrl: "https://example.com/thanks"
    })
  )
  const payouts = yield* Payouts
  yield* payouts.send({ reference: "refund-4711", payoutTargetId: target.id, amount: pesos })
  const { amount, state } = yield* payouts.awaitFinal("refund-4711", { initialBackoff: "50 millis" })
  return { amount, state }
})

const inMemory = Payouts.layerMemory().pipe(Layer.provideMerge(PalommaSimulator.layer({ processingTime: "10 millis" })))

const overHttp = Payouts.layerMemory().pipe(
  Layer.provideMerge(
    Layer.unwrap(
      PalommaSimulator.useSync(({ apiKey, url }) => Palomma.layerFetch({ apiKey: Redacted.make(apiKey), baseUrl: url }))
    )
  ),
  Layer.provide(layerServer({ processingTime: "10 millis" }))
)

describe("a program", () => {
  it.live("has the same result in memory and over HTTP", () =>
    Effect.gen(function* () {
      const expected = { amount: 50_000, state: "approved" } as const
      assert.deepStrictEqual(yield* Effect.provide(refund(50_000), inMemory), expected)
      assert.deepStrictEqual(yield* Effect.provide(refund(50_000), overHttp), expected)
    })
  )

  it.live("has the same error in memory and over HTTP", () =>
    Effect.gen(function* () {
      const here = yield* Effect.result(Effect.provide(refund(5_000_001), inMemory))
      const there = yield* Effect.result(Effect.provide(refund(5_000_001), overHttp))
      assert.isTrue(Result.isFailure(here))
      assert.deepStrictEqual(there, here)
    })
  )
})
