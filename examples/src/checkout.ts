/**
 * A checkout: each order gets one payin link, also if an answer is lost or two processes ask at the same time. It is
 * marked as paid once, and a second payment is noticed.
 *
 * It needs no network: `checkout/story.ts` plays the customers, on a simulated Palomma.
 */
import { PayinLinks } from "@palomma-effect/client"
import { type PayinLinkId, PayinLinkStatus } from "@palomma-effect/schema"
import { Effect, Option } from "effect"
import { type Order, Orders } from "./checkout/orders.ts"
import { story } from "./checkout/story.ts"
import { runOffline } from "./support/run.ts"

const { approved, cancelled } = PayinLinkStatus.guards

/** Returns the one link of an order: only the link in the order's row is ever shown to the customer. */
const linkOf = Effect.fnUntraced(function* (orderId: string) {
  const orders = yield* Orders
  const payinLinks = yield* PayinLinks
  for (;;) {
    const order = Option.getOrThrow(yield* orders.find(orderId))
    const { linkId, paidBy = linkId } = order
    const shown = paidBy === undefined ? undefined : yield* payinLinks.get(paidBy)
    if (shown !== undefined && (order.paidBy !== undefined || !cancelled(shown.status))) return shown
    // A link that was created before and is not in the row: its answer was lost, or the process ended.
    const links = yield* payinLinks.findByReference(orderId)
    const known = links.find(({ status }) => approved(status)) ?? links.find(({ status }) => !cancelled(status))
    const link = known ?? (yield* createLink(order))
    if (yield* orders.setLink(order, link.id)) return link
  }
})

const createLink = ({ customerId, id, pesos }: Order) =>
  PayinLinks.use((payinLinks) =>
    payinLinks.create({
      customerId,
      type: "general",
      availableTypes: ["pse", "nequiButton", "card"],
      amount: pesos,
      reference: id,
      redirectUrl: "https://shop.example/thanks"
    })
  )

/**
 * Reads a link from Palomma, and marks its order as paid if the link is. The webhook handler, the page of `redirectUrl`
 * and a cron job call it.
 */
const applyLink = Effect.fnUntraced(function* (linkId: PayinLinkId) {
  const orders = yield* Orders
  const link = yield* PayinLinks.use((payinLinks) => payinLinks.get(linkId))
  if (!approved(link.status)) return `not paid: ${PayinLinkStatus.raw(link.status)}`
  const order = yield* orders.find(link.reference ?? "")
  if (Option.isNone(order) || link.amountCollected !== order.value.pesos) return "ask a person: not what is owed"
  return yield* orders.markPaid(order.value, link.id)
})

runOffline(story({ applyLink, linkOf }))
