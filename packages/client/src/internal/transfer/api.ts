/**
 * What a transfer needs of Palomma, the same for payouts and debits.
 */
import { MerchantAccountId } from "@palomma-effect/schema"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { CreateError, GetError, ListError } from "../../PalommaError.ts"
import type { Transfer, TransferKind } from "../../Transfer.ts"
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

/** The merchant account of a transfer, if it names one. */
export const merchantAccountOf = ({ merchantAccountId }: Transfer): MerchantAccountId | undefined =>
  merchantAccountId === undefined ? undefined : MerchantAccountId.make(merchantAccountId)
