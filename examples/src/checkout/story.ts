/**
 * What happens in a shop, on a simulated Palomma: a lost answer, two processes, webhooks, and a second payment.
 */
import { type PalommaError, PayinLinks, WebhookInbox, Webhooks } from "@palomma-effect/client"
import { type PayinLink, type PayinLinkId, PayinLinkUpdated, Pesos } from "@palomma-effect/schema"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import { Effect, Layer, Redacted } from "effect"
import * as Screen from "../support/screen.ts"
import { Orders } from "./orders.ts"

interface Checkout {
  readonly linkOf: (orderId: string) => Effect.Effect<PayinLink, PalommaError, Orders | PayinLinks>
  readonly applyLink: (linkId: PayinLinkId) => Effect.Effect<string, PalommaError, Orders | PayinLinks>
}

/** Handles the webhooks that are due. A server does this with `Webhooks.route`. */
const hear = Effect.fnUntraced(function* (applyLink: Checkout["applyLink"]) {
  const { webhooks } = yield* PalommaSimulator
  for (const { headers } of yield* webhooks.take) {
    yield* Webhooks.handle({ headers }, (event) =>
      event instanceof PayinLinkUpdated
        ? Effect.flatMap(applyLink(event.event.id), (result) => Screen.done("webhook", event.eventType, result))
        : Effect.void
    )
  }
})

const services = Layer.mergeAll(
  Orders.layerMemory,
  Webhooks.layer({ integrityKeys: [Redacted.make("sim-integrity-key")] }),
  WebhookInbox.layerMemory,
  PalommaSimulator.layer({ seed: 1 })
)

export const story = Effect.fnUntraced(function* ({ applyLink, linkOf }: Checkout) {
  const orders = yield* Orders
  const payinLinks = yield* PayinLinks
  const simulator = yield* PalommaSimulator
  const { id: customerId } = yield* simulator.addCustomer()
  yield* orders.insert({ id: "order-4711", customerId, pesos: 80_000 })
  yield* orders.insert({ id: "order-4712", customerId, pesos: 35_000 })
  const show = (orderId: string, link: PayinLink, text: string) =>
    Effect.flatMap(payinLinks.findByReference(orderId), ({ length }) =>
      Screen.done("link", `${orderId}, ${Pesos.format(link.amount ?? 0)}`, `${text}; at Palomma: ${length}`)
    )

  yield* Screen.title("One link per order")
  yield* simulator.fault({ operation: "payinLinks.create", kind: Fault.commitThenDrop })
  const { outcome } = yield* Effect.flip(linkOf("order-4711"))
  const link = yield* linkOf("order-4711")
  yield* show("order-4711", link, `found, after a create with the outcome ${outcome}`)
  // Two processes serve the customer. Both read a list without a link, so both create one.
  yield* simulator.fault({ operation: "payinLinks.list", kind: Fault.slow("50 millis"), times: 2 })
  const [one, two] = yield* Effect.all([linkOf("order-4712"), linkOf("order-4712")], { concurrency: 2 })
  yield* show("order-4712", one, one.id === two.id ? "two processes show the same" : "two links are shown")

  yield* Screen.title("One payment per order")
  const page = yield* simulator.visit(link.paymentUrl ?? "")
  yield* Screen.done("redirect", page, yield* applyLink(link.id))
  yield* hear(applyLink)
  yield* simulator.setPayinLinkStatus(link.id, { status: "approved" })
  yield* hear(applyLink)
  // A link that the shop does not know, such as one of the dashboard.
  const unknown = yield* payinLinks.create({
    customerId,
    type: "bancolombiaButton",
    amount: 80_000,
    reference: "order-4711",
    redirectUrl: "https://shop.example/thanks"
  })
  yield* simulator.setPayinLinkStatus(unknown.id, { status: "approved" })
  yield* hear(applyLink)
}, Effect.provide(services))
