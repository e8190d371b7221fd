/**
 * The two things that the Worker does: it makes the link of an order, and records a link that was paid.
 */
import { PayinLinks } from "@palomma-effect/client"
import { CustomerId, PayinLinkStatus, PayinLinkUpdated, type WebhookEvent } from "@palomma-effect/schema"
import { Effect } from "effect"

/** Cloudflare KV. The shop writes `order:4711`; this Worker writes `paid:4711:LINK`. */
export interface Shop {
  readonly get: (key: string) => Promise<string | null>
  readonly put: (key: string, value: string) => Promise<void>
}

/**
 * Returns the page where the customer pays an order. Two links could both be paid, so it first looks for a link. Two
 * requests at the same time can still make two links: `record` then shows both payments.
 */
export const checkout = Effect.fn("checkout")(function* (order: string, shop: Shop) {
  const stored = yield* Effect.promise(() => shop.get(`order:${order}`))
  if (stored === null) return Response.json({ problem: "unknown order" }, { status: 404 })
  // The price comes from the shop, and never from the request.
  const { amount, customer }: { readonly amount: number; readonly customer: string } = JSON.parse(stored)
  const links = yield* PayinLinks
  const made = (yield* links.findByReference(order)).filter(({ status }) => !PayinLinkStatus.guards.cancelled(status))
  if (made.some(({ status }) => PayinLinkStatus.guards.approved(status))) {
    return Response.json({ problem: "this order is paid" }, { status: 409 })
  }
  const link =
    made[0] ??
    (yield* links.create({
      type: "pse",
      bank: "bancolombia",
      customerId: CustomerId.make(customer),
      amount,
      reference: order,
      redirectUrl: "https://shop.example/thanks"
    }))
  return Response.json({ url: link.paymentUrl })
})

/** Records a payment. The event is only a hint: Palomma says what was paid. A second link of an order has its own key. */
export const record = Effect.fn("record")(function* (event: WebhookEvent, shop: Shop) {
  if (!(event instanceof PayinLinkUpdated)) return
  const { amountCollected, id, reference, status } = yield* PayinLinks.use((links) => links.get(event.event.id))
  if (!PayinLinkStatus.guards.approved(status)) return
  yield* Effect.promise(() => shop.put(`paid:${reference ?? "no-order"}:${id}`, String(amountCollected ?? "unknown")))
})
