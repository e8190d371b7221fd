/**
 * A payout and a debit at a simulated Palomma, and the webhooks about both: each one forged, as it is, and once more.
 */
import { Payins, Payouts, type Transfer, type WebhookInbox, type Webhooks } from "@palomma-effect/client"
import { Pesos, WebhookEventType } from "@palomma-effect/schema"
import { PalommaSimulator, type WebhookSigner } from "@palomma-effect/testing"
import { Effect, Layer, Option } from "effect"
import { HttpRouter } from "effect/http"
import * as Screen from "../support/screen.ts"

type Services = Payins | Payouts | WebhookInbox | Webhooks

export const palomma = PalommaSimulator.layer()

/** Makes a function that delivers a webhook to a part of an app, without a server, and returns the status. */
const deliveryTo = <E>(part: Layer.Layer<never, E, HttpRouter.HttpRouter | Services>) =>
  Effect.gen(function* () {
    const context = yield* Effect.context<Services>()
    const app = part.pipe(Layer.provide(Layer.succeedContext(context)))
    const { handler } = yield* Effect.acquireRelease(
      Effect.sync(() => HttpRouter.toWebHandler(app, { disableLogger: true })),
      ({ dispose }) => Effect.promise(dispose)
    )
    return ({ body, headers }: WebhookSigner.SignedWebhook) => {
      const request = new Request("http://localhost/webhooks/palomma", { method: "POST", headers, body })
      return Effect.map(
        Effect.promise(() => handler(request)),
        ({ status }) => status
      )
    }
  })

const show = (label: string, { amount, state }: Transfer) =>
  Screen.done(label, Pesos.format(amount), `in the journal: ${state}`)

export const story = Effect.fnUntraced(function* <E>(
  receiver: Layer.Layer<never, E, HttpRouter.HttpRouter | Services>
) {
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
}, Effect.scoped)
