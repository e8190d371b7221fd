/**
 * The part of Palomma's API that a transfer uses, with one interface for payouts and debits.
 */
import { MerchantAccountId } from "@palomma-effect/schema"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { CreateError, GetError, ListError } from "../../PalommaError.ts"
import type { Transfer, TransferKind } from "../../Transfer.ts"
import type { TransferRecord } from "./record.ts"

/** The filter of a list. */
export type Filter =
  | { readonly by: "reference"; readonly reference: string }
  | { readonly by: "account"; readonly accountId: string }

/** The operations of Palomma that a transfer uses. */
export interface TransferApi {
  readonly kind: TransferKind
  /** The name of the public service. */
  readonly service: "Payouts" | "Payins"
  /** Sends the request of a transfer in one attempt. */
  readonly create: (row: Transfer) => Effect.Effect<TransferRecord, CreateError>
  readonly get: (id: string) => Effect.Effect<TransferRecord, GetError>
  /** Reads the pages of a list. A page holds all of its records, unreadable ones included. */
  readonly pages: (filter: Filter) => Stream.Stream<ReadonlyArray<TransferRecord>, ListError>
}

/** Returns the merchant account of a transfer, if the transfer names one. */
export const merchantAccountOf = ({ merchantAccountId }: Transfer): MerchantAccountId | undefined =>
  merchantAccountId === undefined ? undefined : MerchantAccountId.make(merchantAccountId)
