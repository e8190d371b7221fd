/**
 * A part of a shop: pays the total of an order back to its buyer, and returns the text that the buyer sees.
 *
 * `refund.test.ts` beside it is its test.
 */
import { Payouts } from "@palomma-effect/client"
import { type PayoutTargetId, Pesos } from "@palomma-effect/schema"
import { Effect } from "effect"

export interface Order {
  readonly number: string
  /** Whole pesos. */
  readonly total: number
  /** The account of the buyer. */
  readonly refundTo: PayoutTargetId
}

const checking = "We are checking your refund with the bank. We will write to you today."

const pay = Effect.fn("refund")(function* ({ number, refundTo, total }: Order) {
  const payouts = yield* Payouts
  const reference = `refund-${number}`
  yield* payouts.send({ reference, payoutTargetId: refundTo, amount: total })
  const { alarm, state } = yield* payouts.awaitFinal(reference, { timeout: "10 minutes" })
  if (alarm !== undefined) return checking // for example, the bank returned the money: a person looks at it
  return state === "approved"
    ? `We paid ${Pesos.format(total)} back to you.`
    : "Your refund was cancelled. We will call you."
})

/** Refunds an order. The text claims only what is known of the money, and the log has the rest. */
export const refund = (order: Order): Effect.Effect<string, never, Payouts> =>
  pay(order).pipe(
    Effect.tapError((error) => Effect.logError(error.message)),
    Effect.catchTags({
      PalommaStillPending: () => Effect.succeed("Your refund is on its way."),
      // This call moved no money. A person corrects the order, and refunds it again under the same reference.
      PalommaInvalidInput: () => Effect.succeed("We cannot refund this order yet. We will call you."),
      TransferRejected: () => Effect.succeed("We cannot refund this order yet. We will call you.")
    }),
    // The money may have moved: a person finds out, and no second refund is started.
    Effect.catch(() => Effect.succeed(checking))
  )
