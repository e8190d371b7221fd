/**
 * The parts of transfers that only debits have.
 */
import {
  PayinIntent,
  PayinSourceId,
  PayinRequestId,
  type PayinRequest,
  PayinStatus,
  WebhookEvent
} from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { PalommaEndpoint } from "../../PalommaEndpoint.ts"
import type { PalommaInvalidInput } from "../../PalommaError.ts"
import { type PayinRequestQuery, PayinRequests } from "../../PayinRequests.ts"
import type { PayinsService } from "../../PayinsService.ts"
import type { TransferJournal } from "../../TransferJournal.ts"
import type { TransferOptions } from "../../TransferOptions.ts"
import * as Pages from "../resource/pages.ts"
import { merchantAccountOf, type TransferApi } from "./api.ts"
import { common, recordsOf, type TransferRecord } from "./record.ts"
import * as Transfers from "./service.ts"

const fromPayin = (payin: PayinRequest): TransferRecord => {
  const status = PayinStatus.match(payin.status, {
    processing: () => "processing" as const,
    approved: () => "approved" as const,
    partial: () => "partial" as const,
    cancelled: () => "cancelled" as const,
    Unrecognized: () => "unrecognised" as const
  })
  return {
    ...common(payin),
    status,
    statusText: PayinStatus.raw(payin.status),
    accountId: payin.payinSourceId,
    amount: payin.amount,
    merchantAccountId: payin.targetMerchantAccountId,
    amountCollected: status === "approved" || status === "partial" ? payin.amountCollected : undefined
  }
}

const api = (requests: PayinRequests["Service"]): TransferApi => ({
  kind: "payin",
  service: "Payins",
  create: (row) =>
    Effect.map(
      requests.create({
        reference: row.reference,
        payinSourceId: PayinSourceId.make(row.accountId),
        amount: row.amount,
        targetMerchantAccountId: merchantAccountOf(row)
      }),
      fromPayin
    ),
  get: (id) => Effect.map(requests.get(PayinRequestId.make(id)), fromPayin),
  pages: (filter) =>
    Pages.paginate<PayinRequest, PayinRequestQuery, ReadonlyArray<TransferRecord>>(
      "PayinRequests.list",
      requests.list,
      filter.by === "reference"
        ? { reference: filter.reference }
        : { payinSourceId: PayinSourceId.make(filter.accountId) },
      recordsOf("PayinRequests.list", fromPayin, "payinSourceId")
    )
})

const notOfThisKind = () => undefined

/** Makes the service `Payins`. */
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
      api: api(yield* PayinRequests),
      verb: "charge",
      schema: PayinIntent.forMerchant(rules),
      toIntent: ({ amount, payinSourceId, reference, targetMerchantAccountId }) => ({
        reference,
        accountId: payinSourceId,
        amount,
        merchantAccountId: targetMerchantAccountId
      }),
      noticeOf: (event) =>
        WebhookEvent.match(event, {
          "payout-request.update": notOfThisKind,
          "payin-link.update": notOfThisKind,
          "payin-source.update": notOfThisKind,
          "payin-request.update": ({ event }) => event,
          "payout-target.update": notOfThisKind,
          "payin-settlement.update": notOfThisKind,
          Unrecognized: notOfThisKind
        })
    },
    options
  )
  return { ...operations, charge: one, chargeAll: all }
})
