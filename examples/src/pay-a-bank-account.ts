/**
 * Pays a Nequi account and follows the payout to its final status. Then it shows the errors that a caller gets for
 * three mistakes.
 *
 * Without PALOMMA_API_KEY it uses a simulated Palomma on this machine, with it Palomma's sandbox. Neither moves real
 * money.
 */
import { Customers, Palomma, PalommaEndpoint, PayoutRequests, Payouts, PayoutTargets } from "@palomma-effect/client"
import { Pesos, PayoutTargetStatus, unrecognized } from "@palomma-effect/schema"
import { Effect, Layer, Redacted } from "effect"
import { run } from "./support/run.ts"
import * as Screen from "./support/screen.ts"

const payABankAccount = Effect.gen(function* () {
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
  yield* Screen.done("customer", "Ana María Rojas", customer.id)

  const nequi = { bank: "nequi", accountType: "savings", accountNumber: "3013111111" } as const
  const account = { customerId: customer.id, type: "bankAccount", redirectUrl: "https://example.com/thanks" } as const
  const { authUrl, id, status } = yield* payoutTargets.create({ ...account, bankAccount: nequi })
  if (status !== "active") yield* Screen.todo("verify", "Ana María must open", authUrl)
  const target = yield* payoutTargets.awaitActive(id)
  yield* Screen.done("account", `Nequi, ${PayoutTargetStatus.raw(target.status)}`, target.id)

  // The reference is your own name for what is owed. At most one payout is made per reference, even if you send it
  // again.
  const reference = `refund-${customer.id}`
  const payout = yield* payouts.send({ reference, payoutTargetId: target.id, amount: 50_000 })
  yield* Screen.done("payout", `${Pesos.format(payout.amount)}, ${payout.state}`, payout.recordId)

  const final = yield* payouts.awaitFinal(reference).pipe(Screen.waiting("The bank is processing it"))
  const show = final.state === "approved" ? Screen.done : Screen.todo
  yield* show("payout", `${Pesos.format(final.amount)}, ${final.state}`)

  yield* Screen.title("What can go wrong, and which error your program gets")
  yield* Screen.failure("an amount of 900", payouts.send({ reference: "tip", payoutTargetId: target.id, amount: 900 }))

  const misspelt = { ...nequi, bank: unrecognized("bancolombi") }
  yield* Screen.failure("an unknown bank", payoutTargets.create({ ...account, bankAccount: misspelt }))

  // `PayoutRequests.create` is the plain API call: two calls pay twice.
  const { baseUrl } = yield* PalommaEndpoint
  const wrongKey = Palomma.layerFetch({ apiKey: Redacted.make("not-your-key"), baseUrl })
  const plainCall = PayoutRequests.use(({ create }) => create({ payoutTargetId: target.id, amount: 50_000 }))
  yield* Screen.failure("a wrong key", Effect.provide(plainCall, wrongKey))
  yield* Screen.note("\nnot-sent, rejected: no money moved. unknown: it may have moved; Payouts looks it up.")
})

// In production use Payouts.layer() with a durable journal from @palomma-effect/durable.
run(payABankAccount, Payouts.layerMemory().pipe(Layer.provideMerge(Palomma.layerConfig())))
