/**
 * The parts of transfers that only payouts have.
 */
import {
  PayoutIntent,
  PayoutTargetId,
  PayoutRequestId,
  type PayoutRequest,
  PayoutStatus,
  WebhookEvent
} from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { PalommaEndpoint } from "../../PalommaEndpoint.ts"
import type { PalommaInvalidInput } from "../../PalommaError.ts"
import { type PayoutRequestQuery, PayoutRequests } from "../../PayoutRequests.ts"
import type { PayoutsService } from "../../PayoutsService.ts"
import type { TransferJournal } from "../../TransferJournal.ts"
import type { TransferOptions } from "../../TransferOptions.ts"
import * as Pages from "../resource/pages.ts"
import { merchantAccountOf, type TransferApi } from "./api.ts"
import { common, recordsOf, type TransferRecord } from "./record.ts"
import * as Transfers from "./service.ts"

const fromPayout = (payout: PayoutRequest): TransferRecord => ({
  ...common(payout),
  status: PayoutStatus.match(payout.status, {
    processing: () => "processing" as const,
    approved: () => "approved" as const,
    cancelled: () => "cancelled" as const,
    Unrecognized: () => "unrecognised" as const
  }),
  statusText: PayoutStatus.raw(payout.status),
  accountId: payout.payoutTargetId,
  amount: payout.amount,
  merchantAccountId: payout.sourceMerchantAccountId,
  amountCollected: undefined
})

const api = (requests: PayoutRequests["Service"]): TransferApi => ({
  kind: "payout",
  service: "Payouts",
  create: (row) =>
    Effect.map(
      requests.create({
        reference: row.reference,
        payoutTargetId: PayoutTargetId.make(row.accountId),
        amount: row.amount,
        sourceMerchantAccountId: merchantAccountOf(row)
      }),
      fromPayout
    ),
  get: (id) => Effect.map(requests.get(PayoutRequestId.make(id)), fromPayout),
  pages: (filter) =>
    Pages.paginate<PayoutRequest, PayoutRequestQuery, ReadonlyArray<TransferRecord>>(
      "PayoutRequests.list",
      requests.list,
      filter.by === "reference"
        ? { reference: filter.reference }
        : { payoutTargetId: PayoutTargetId.make(filter.accountId) },
      recordsOf("PayoutRequests.list", fromPayout, "payoutTargetId")
    )
})

const notOfThisKind = () => undefined

/** Makes the service `Payouts`. */
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
      api: api(yield* PayoutRequests),
      verb: "send",
      schema: PayoutIntent.forMerchant(rules),
      toIntent: ({ amount, payoutTargetId, reference, sourceMerchantAccountId }) => ({
        reference,
        accountId: payoutTargetId,
        amount,
        merchantAccountId: sourceMerchantAccountId
      }),
      noticeOf: (event) =>
        WebhookEvent.match(event, {
          "payout-request.update": ({ event }) => event,
          "payin-link.update": notOfThisKind,
          "payin-source.update": notOfThisKind,
          "payin-request.update": notOfThisKind,
          "payout-target.update": notOfThisKind,
          "payin-settlement.update": notOfThisKind,
          Unrecognized: notOfThisKind
        })
    },
    options
  )
  return { ...operations, send: one, sendAll: all }
})
