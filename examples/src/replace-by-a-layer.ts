/**
 * One program and three Palommas: a simulated one in memory, the same over HTTP, and hand-written doubles.
 *
 * A program depends on services and not on their implementations, so a test replaces Palomma by providing another
 * layer.
 */
import { Customers, Palomma, Payouts, PayoutTargets } from "@palomma-effect/client"
import {
  type CreateCustomer,
  Customer,
  CustomerId,
  type PayoutBankAccount,
  PayoutTarget,
  PayoutTargetId,
  Pesos
} from "@palomma-effect/schema"
import { PalommaSimulator, TransferDouble } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import { Effect, Layer, Redacted } from "effect"
import { runOffline } from "./support/run.ts"
import * as Screen from "./support/screen.ts"

export interface Order {
  readonly number: string
  readonly total: number
  readonly buyer: CreateCustomer
  readonly account: PayoutBankAccount
}

/** The program: pays an order back and returns the final state of the payout. */
export const refund = Effect.fn("refund")(function* (order: Order) {
  const customers = yield* Customers
  const payoutTargets = yield* PayoutTargets
  const payouts = yield* Payouts

  const customer = yield* customers.create(order.buyer)
  const redirectUrl = "https://example.com/thanks"
  const account = { type: "bankAccount", customerId: customer.id, bankAccount: order.account, redirectUrl } as const
  const { id } = yield* payoutTargets.create(account)

  const reference = `refund-${order.number}`
  yield* payouts.send({ reference, payoutTargetId: id, amount: order.total })
  const { amount, state } = yield* payouts.awaitFinal(reference, { initialBackoff: "50 millis" })
  return `${Pesos.format(amount)}: ${state}`
})

/** A simulated Palomma in memory. */
export const inMemory = Payouts.layerMemory().pipe(
  Layer.provideMerge(PalommaSimulator.layer({ processingTime: "10 millis" }))
)

/** A simulated Palomma on a port of this machine. */
export const overHttp = Payouts.layerMemory().pipe(
  Layer.provideMerge(
    Layer.unwrap(
      PalommaSimulator.useSync(({ apiKey, url }) => Palomma.layerFetch({ apiKey: Redacted.make(apiKey), baseUrl: url }))
    )
  ),
  Layer.provide(layerServer({ processingTime: "10 millis" }))
)

const payoutTargetId = PayoutTargetId.make("account-1")

/** Doubles with only the methods that the program uses. */
export const byHand = Layer.mergeAll(
  Layer.mock(Customers, {
    create: ({ name }) => Effect.succeed(new Customer({ id: CustomerId.make("customer-1"), name }))
  }),
  Layer.mock(PayoutTargets, {
    create: () => Effect.succeed(new PayoutTarget({ id: payoutTargetId, status: "active" }))
  }),
  Layer.mock(Payouts, {
    send: ({ amount, reference }) => Effect.succeed(TransferDouble.make({ reference, amount })),
    awaitFinal: (reference) => Effect.succeed(TransferDouble.make({ reference, state: "approved" }))
  })
)

export const order: Order = {
  number: "4711",
  total: 50_000,
  buyer: {
    name: "Ana María Rojas",
    documentType: "cc",
    documentNumber: "1020304050",
    email: "ana.rojas@example.com",
    phoneNumber: "3013111111"
  },
  account: { bank: "nequi", accountType: "savings", accountNumber: "3013111111" }
}

const program = Effect.gen(function* () {
  yield* Screen.title("One program, three Palommas")
  yield* Screen.done("memory", yield* Effect.provide(refund(order), inMemory))
  yield* Screen.done("http", yield* Effect.provide(refund(order), overHttp))
  yield* Screen.done("doubles", yield* Effect.provide(refund(order), byHand))
})

if (process.argv[1] === import.meta.filename) runOffline(program)
