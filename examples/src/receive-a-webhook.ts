/**
 * Receives webhooks, and updates a payout and a debit to their final status.
 *
 * It needs no network: a simulated Palomma signs and delivers the webhooks, and the example calls the receiver as a
 * server would do.
 */
import { Payins, Payouts, type Transfer, TransferJournal, WebhookInbox, Webhooks } from "@palomma-effect/client"
import { Pesos, WebhookEventType } from "@palomma-effect/schema"
import { PalommaSimulator } from "@palomma-effect/testing"
import { Effect, Layer, Option, Redacted } from "effect"
import { runOffline } from "./support/run.ts"
import * as Screen from "./support/screen.ts"
import { deliveryTo } from "./support/web.ts"

// The receiver. A webhook is only a hint: `applyWebhook` fetches the record before it trusts the event, and ignores the
// records of other transfers.
const receiver = Webhooks.route("/webhooks/palomma", (event) =>
  Effect.gen(function* () {
    yield* (yield* Payouts).applyWebhook(event)
    yield* (yield* Payins).applyWebhook(event)
  })
)

const show = (label: string, { amount, state }: Transfer) =>
  Screen.done(label, Pesos.format(amount), `in the journal: ${state}`)

const moveAndHear = Effect.gen(function* () {
  const payouts = yield* Payouts
  const payins = yield* Payins
  const simulator = yield* PalommaSimulator
  const deliver = yield* deliveryTo(receiver)
  const target = yield* simulator.addPayoutTarget()
  const source = yield* simulator.addPayinSource()

  yield* Screen.title("A payout and a debit, and the webhooks about their final status")
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
    yield* Screen.done("again", eventType, `answered ${yield* deliver(webhook)}: handled before`)
  }
}).pipe(Effect.scoped)

const services = Layer.mergeAll(
  // Both use one journal: a payout and a debit with the same reference are two transfers.
  Layer.merge(Payouts.layer(), Payins.layer()).pipe(Layer.provide(TransferJournal.layerMemory)),
  Webhooks.layer({ integrityKeys: [Redacted.make("sim-integrity-key")] }),
  WebhookInbox.layerMemory
).pipe(Layer.provideMerge(PalommaSimulator.layer()))

runOffline(moveAndHear.pipe(Effect.provide(services)))
