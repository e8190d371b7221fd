/**
 * Transfers that are debits.
 */
import { PayinIntent, WebhookEvent } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { PalommaEndpoint } from "../../PalommaEndpoint.ts"
import type { PalommaInvalidInput } from "../../PalommaError.ts"
import { PayinRequests } from "../../PayinRequests.ts"
import type { PayinsService } from "../../PayinsService.ts"
import type { TransferJournal } from "../../TransferJournal.ts"
import type { TransferOptions } from "../../TransferOptions.ts"
import { payins } from "./api.ts"
import * as Transfers from "./service.ts"

const other = () => undefined

/** Makes the service. */
export const make = Effect.fnUntraced(function* (
  options: TransferOptions
): Effect.fn.Return<
  PayinsService,
  PalommaInvalidInput,
  PayinRequests | TransferJournal | PalommaEndpoint | Scope.Scope
> {
  const { rules } = yield* PalommaEndpoint
  const { all, one, ...operations } = yield* Transfers.make(
    {
      api: payins(yield* PayinRequests),
      verb: "charge",
      intent: PayinIntent.forMerchant(rules),
      read: ({ amount, payinSourceId, reference, targetMerchantAccountId }) => ({
        reference,
        accountId: payinSourceId,
        amount,
        merchantAccountId: targetMerchantAccountId
      }),
      notice: (event) =>
        WebhookEvent.match(event, {
          "payout-request.update": other,
          "payin-link.update": other,
          "payin-source.update": other,
          "payin-request.update": ({ event }) => event,
          "payout-target.update": other,
          "payin-settlement.update": other,
          Unrecognized: other
        })
    },
    options
  )
  return { ...operations, charge: one, chargeAll: all }
})
