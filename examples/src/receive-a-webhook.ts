/**
 * Receives webhooks, and brings a payout and a debit to their ends by them.
 *
 * It needs no network: a simulated Palomma signs and delivers, and the part of the app that receives is called as a server would call it.
 */
import { Payins, Payouts, type Transfer, TransferJournal, WebhookInbox, Webhooks } from "@palomma-effect/client"
import { Pesos, WebhookEventType } from "@palomma-effect/schema"
import { PalommaSimulator } from "@palomma-effect/testing"
import { Effect, Layer, Option, Redacted } from "effect"
import { runOffline } from "./support/run.ts"
import * as Screen from "./support/screen.ts"
import { deliveryTo } from "./support/web.ts"

// The part of the app that receives. A webhook is a hint: `applyWebhook` reads the record back before it believes it, and leaves alone
// what is not its own.
const receiver = Webhooks.route("/webhooks/palomma", (event) =>
  Effect.gen(function* () {
    yield* (yield* Payouts).applyWebhook(event)
    yield* (yield* Payins).applyWebhook(event)
  })
)

const show = (label: string, { amount, state }: Transfer) =>
  Screen.done(label, Pesos.format(amount), `the journal says ${state}`)

const moveAndHear = Effect.gen(function* () {
  const payouts = yield* Payouts
  const payins = yield* Payins
  const simulator = yield* PalommaSimulator
  const deliver = yield* deliveryTo(receiver)
  const target = yield* simulator.addPayoutTarget()
  const source = yield* simulator.addPayinSource()

  yield* Screen.title("A payout and a debit, and the webhooks that tell how they end")
  const payout = yield* payouts.send({ reference: "refund-4711", payoutTargetId: target.id, amount: 50_000 })
  const debit = yield* payins.charge({ reference: "fee-2026-11", payinSourceId: source.id, amount: 20_000 })
  yield* show("payout", payout)
  yield* show("debit", debit)

  yield* simulator.setPayoutStatus(payout.recordId ?? "", { status: "approved" })
  yield* simulator.setPayinStatus(debit.recordId ?? "", { status: "approved" })
  const states = Effect.gen(function* () {
    const found = [yield* payouts.find("refund-4711"), yield* payins.find("fee-2026-11")]
    return found.map((transfer) => Option.getOrThrow(transfer).state).join(", ")
  })
  for (const webhook of yield* simulator.webhooks.take) {
    const eventType = WebhookEventType.raw(webhook.event.eventType)
    const forged = { ...webhook, headers: { ...webhook.headers, "x-signature": "0".repeat(64) } }
    yield* Screen.done("forged", eventType, `answered ${yield* deliver(forged)}: ${yield* states}`)
    yield* Screen.done("webhook", eventType, `answered ${yield* deliver(webhook)}: ${yield* states}`)
    yield* Screen.done("again", eventType, `answered ${yield* deliver(webhook)}: nothing is done twice`)
  }
}).pipe(Effect.scoped)

const services = Layer.mergeAll(
  // One journal for both: a reference of a payout and the same reference of a debit are two transfers.
  Layer.merge(Payouts.layer(), Payins.layer()).pipe(Layer.provide(TransferJournal.layerMemory)),
  Webhooks.layer({ integrityKeys: [Redacted.make("sim-integrity-key")] }),
  WebhookInbox.layerMemory
).pipe(Layer.provideMerge(PalommaSimulator.layer()))

runOffline(moveAndHear.pipe(Effect.provide(services)))
