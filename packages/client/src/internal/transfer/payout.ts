/**
 * Transfers that are payouts.
 */
import { PayoutIntent, WebhookEvent } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { PalommaEndpoint } from "../../PalommaEndpoint.ts"
import type { PalommaInvalidInput } from "../../PalommaError.ts"
import { PayoutRequests } from "../../PayoutRequests.ts"
import type { PayoutsService } from "../../PayoutsService.ts"
import type { TransferJournal } from "../../TransferJournal.ts"
import type { TransferOptions } from "../../TransferOptions.ts"
import { payouts } from "./api.ts"
import * as Transfers from "./service.ts"

const other = () => undefined

/** Makes the service. */
export const make = Effect.fnUntraced(function* (
  options: TransferOptions
): Effect.fn.Return<
  PayoutsService,
  PalommaInvalidInput,
  PayoutRequests | TransferJournal | PalommaEndpoint | Scope.Scope
> {
  const { rules } = yield* PalommaEndpoint
  const { all, one, ...operations } = yield* Transfers.make(
    {
      api: payouts(yield* PayoutRequests),
      verb: "send",
      intent: PayoutIntent.forMerchant(rules),
      read: ({ amount, payoutTargetId, reference, sourceMerchantAccountId }) => ({
        reference,
        accountId: payoutTargetId,
        amount,
        merchantAccountId: sourceMerchantAccountId
      }),
      notice: (event) =>
        WebhookEvent.match(event, {
          "payout-request.update": ({ event }) => event,
          "payin-link.update": other,
          "payin-source.update": other,
          "payin-request.update": other,
          "payout-target.update": other,
          "payin-settlement.update": other,
          Unrecognized: other
        })
    },
    options
  )
  return { ...operations, send: one, sendAll: all }
})
