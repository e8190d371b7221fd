/**
 * Receives webhooks, and brings a payout to its end by one.
 *
 * It talks to nobody: a simulated Palomma signs and delivers, and the part of the app that receives is called as a server would call it.
 */
import { Customers, PayoutJournal, Payouts, PayoutTargets, WebhookInbox, Webhooks } from "@palomma-effect/client"
import { PayoutStatus, Pesos, WebhookEventType } from "@palomma-effect/schema"
import { PalommaSimulator } from "@palomma-effect/testing"
import { Effect, Layer, Redacted } from "effect"
import { runOffline } from "./support/run.ts"
import * as Screen from "./support/screen.ts"
import { deliveryTo } from "./support/web.ts"

// The part of the app that receives. A webhook is a hint: `applyWebhook` reads the payout back before it believes it.
const receiver = Webhooks.route("/webhooks/palomma", (event) => Payouts.use((payouts) => payouts.applyWebhook(event)))

const payAndHear = Effect.gen(function* () {
  const payouts = yield* Payouts
  const simulator = yield* PalommaSimulator
  const deliver = yield* deliveryTo(receiver)
  const reference = "refund-4711"
  const journal = Effect.map(payouts.list(), (rows) => rows.find((row) => row.reference === reference)?.state ?? "")

  yield* Screen.title("Paying, and hearing of it by a webhook")
  const payout = yield* payouts.send({ reference, payoutTargetId: yield* payoutTarget, amount: 50_000 })
  yield* Screen.done(
    "payout",
    `${Pesos.format(payout.amount)}, ${PayoutStatus.raw(payout.status)}`,
    `the journal says ${yield* journal}`
  )

  yield* simulator.settle(payout.id, { as: "approved" })
  for (const webhook of yield* simulator.webhooks.take) {
    const eventType = WebhookEventType.raw(webhook.event.eventType)
    const forged = { ...webhook, headers: { ...webhook.headers, "x-signature": "0".repeat(64) } }
    yield* Screen.done(
      "forged",
      eventType,
      `answered ${yield* deliver(forged)}, and the journal still says ${yield* journal}`
    )
    yield* Screen.done(
      "webhook",
      eventType,
      `answered ${yield* deliver(webhook)}, and now the journal says ${yield* journal}`
    )
    yield* Screen.done("again", eventType, `answered ${yield* deliver(webhook)}, and nothing is done twice`)
  }
}).pipe(Effect.scoped)

const payoutTarget = Effect.gen(function* () {
  const customers = yield* Customers
  const payoutTargets = yield* PayoutTargets
  const customer = yield* customers.create({
    name: "Ana María Rojas",
    documentType: "cc",
    documentNumber: "1020304050",
    email: "ana.rojas@example.com",
    phoneNumber: "3013111111"
  })
  const target = yield* payoutTargets.create({
    customerId: customer.id,
    type: "bankAccount",
    bankAccount: { bank: "nequi", accountType: "savings", accountNumber: "3013111111" },
    redirectUrl: "https://example.com/thanks"
  })
  return target.id
})

const services = Layer.mergeAll(
  Payouts.layer().pipe(Layer.provide(PayoutJournal.layerMemory)),
  Webhooks.layer({ integrityKeys: [Redacted.make("sim-integrity-key")] }),
  WebhookInbox.layerMemory
).pipe(Layer.provideMerge(PalommaSimulator.layer()))

runOffline(payAndHear.pipe(Effect.provide(services)))
