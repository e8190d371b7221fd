/**
 * Pays a Nequi account, follows the payout to its final status, and shows that the same reference is never paid twice.
 *
 * Without PALOMMA_API_KEY it uses a simulated Palomma on this machine, with it Palomma's sandbox. Neither moves real
 * money.
 */
import { Customers, Palomma, Payouts, PayoutTargets } from "@palomma-effect/client"
import { Pesos, PayoutTargetStatus } from "@palomma-effect/schema"
import { Effect, Layer } from "effect"
import { run } from "./support/run.ts"
import * as Screen from "./support/screen.ts"

const firstPayout = Effect.gen(function* () {
  const customers = yield* Customers
  const payoutTargets = yield* PayoutTargets
  const payouts = yield* Payouts

  yield* Screen.title("Paying a Nequi account")
  const customer = yield* customers.create({
    name: "Ana María Rojas",
    documentType: "cc",
    documentNumber: "1020304050",
    email: "ana.rojas@example.com",
    phoneNumber: "3013111111"
  })
  yield* Screen.done("customer", customer.name ?? "", customer.id)

  const { authUrl, id, status } = yield* payoutTargets.create({
    customerId: customer.id,
    type: "bankAccount",
    bankAccount: { bank: "nequi", accountType: "savings", accountNumber: "3013111111" },
    redirectUrl: "https://example.com/thanks"
  })
  if (!PayoutTargetStatus.guards.active(status)) yield* Screen.todo("verify", "Ana María must open", authUrl)
  const target = yield* payoutTargets.awaitActive(id)
  yield* Screen.done("account", `Nequi, ${PayoutTargetStatus.raw(target.status)}`, target.id)

  // The reference is the name of the debt: here the refund of this customer.
  const refund = { reference: `refund-${customer.id}`, payoutTargetId: target.id, amount: 50_000 }
  const sent = yield* payouts.send(refund)
  yield* Screen.done("payout", `${Pesos.format(sent.amount)}, ${sent.state}`, sent.recordId)
  const final = yield* payouts.awaitFinal(refund.reference).pipe(Screen.waiting("The bank is processing it"))
  const show = final.state === "approved" ? Screen.done : Screen.todo
  yield* show("payout", `${Pesos.format(final.amount)}, ${final.state}`)

  yield* Screen.title("Calling it again")
  const again = yield* payouts.send(refund)
  yield* Screen.done("same", "nothing was sent", again.recordId)
  yield* Screen.failure("another amount", payouts.send({ ...refund, amount: 60_000 }))
  yield* Screen.failure("an amount of 900", payouts.send({ ...refund, reference: "tip", amount: 900 }))
})

// In production use Payouts.layer() with a durable journal from @palomma-effect/durable.
run(firstPayout, Payouts.layerMemory().pipe(Layer.provideMerge(Palomma.layerConfig())))
