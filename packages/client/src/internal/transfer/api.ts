/**
 * What a transfer needs of Palomma, the same for payouts and debits.
 */
import {
  type Page,
  PayinRequestId,
  type PayinRequest,
  PayinSourceId,
  PayinStatus,
  PayoutRequestId,
  type PayoutRequest,
  PayoutStatus,
  PayoutTargetId,
  MerchantAccountId,
  Timestamp,
  type UnreadableItem
} from "@palomma-effect/schema"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import type * as Stream from "effect/Stream"
import type { CreateError, GetError, ListError } from "../../PalommaError.ts"
import type { PayinRequestQuery, PayinRequests } from "../../PayinRequests.ts"
import type { PayoutRequestQuery, PayoutRequests } from "../../PayoutRequests.ts"
import type { Transfer, TransferKind } from "../../Transfer.ts"
import * as Pages from "../resource/pages.ts"
import { sha256 } from "../sha256.ts"
import type { TransferRecord } from "./record.ts"

/** By what a list is filtered. */
export type Filter =
  | { readonly by: "reference"; readonly reference: string }
  | { readonly by: "account"; readonly accountId: string }

/** What a transfer needs of Palomma. */
export interface TransferApi {
  readonly kind: TransferKind
  /** The service whose operations these are, such as `Payouts`. */
  readonly service: "Payouts" | "Payins"
  /** Sends the request of a transfer, once. */
  readonly create: (row: Transfer) => Effect.Effect<TransferRecord, CreateError>
  readonly get: (id: string) => Effect.Effect<TransferRecord, GetError>
  /** The pages of a list, each with all of its records, those that cannot be read included. */
  readonly pages: (filter: Filter) => Stream.Stream<ReadonlyArray<TransferRecord>, ListError>
}

interface Common {
  readonly id: string
  readonly reference?: string
  readonly createdAt?: Timestamp
}

const common = (record: Common): Pick<TransferRecord, "id" | "isReadable" | "reference" | "createdAt"> => ({
  id: record.id,
  isReadable: true,
  // One that is there and cannot be read may be any.
  reference: record.reference,
  createdAt:
    record.createdAt === undefined
      ? undefined
      : Option.getOrUndefined(Option.map(Timestamp.toDateTime(record.createdAt), DateTime.toEpochMillis))
})

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

// A person can rule it out only if it has a name, and what cannot be read may have none of its own.
const nameOf = (raw: unknown): Effect.Effect<string> =>
  Effect.map(sha256(JSON.stringify(raw) ?? ""), (hash) => `unreadable:${hash.slice(0, 32)}`)

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)

const fromUnreadable = (item: UnreadableItem, account: string): Effect.Effect<TransferRecord> => {
  const raw = Redacted.value(item.raw)
  const fields: { readonly [field: string]: unknown } = Predicate.isObject(raw) ? { ...raw } : {}
  const { amount } = fields
  return Effect.map(item.id === undefined ? nameOf(raw) : Effect.succeed(item.id), (id) => ({
    id,
    isReadable: false,
    status: "unrecognised",
    reference: item.reference,
    accountId: textOf(fields[account]),
    amount: typeof amount === "number" ? amount : undefined,
    merchantAccountId: undefined,
    amountCollected: undefined,
    createdAt: undefined
  }))
}

const allOf =
  <A extends Common>(read: (record: A) => TransferRecord, account: string) =>
  ({ items, unreadable = [] }: Page<A>): Effect.Effect<ReadonlyArray<ReadonlyArray<TransferRecord>>> =>
    Effect.map(
      Effect.forEach(unreadable, (item) => fromUnreadable(item, account)),
      (others) => [[...items.map(read), ...others]]
    )

const merchantAccountOf = ({ merchantAccountId }: Transfer): MerchantAccountId | undefined =>
  merchantAccountId === undefined ? undefined : MerchantAccountId.make(merchantAccountId)

/** Payouts. */
export const payouts = (requests: PayoutRequests["Service"]): TransferApi => ({
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
      allOf(fromPayout, "payoutTargetId")
    )
})

/** Debits. */
export const payins = (requests: PayinRequests["Service"]): TransferApi => ({
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
      allOf(fromPayin, "payinSourceId")
    )
})
