/**
 * The merchant's balances at Palomma.
 */
import {
  type MerchantAccount,
  type MerchantAccountId,
  type Page,
  type PageQuery,
  PalommaApi
} from "@palomma-effect/schema"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { Connection } from "./internal/connection.ts"
import { readable } from "./internal/resource.ts"
import type { GetError, ListError } from "./PalommaError.ts"

/** The merchant's balances at Palomma. Only Palomma makes them; every merchant has one. */
export class MerchantAccounts extends Context.Service<
  MerchantAccounts,
  {
    /** Fetches one merchant account. */
    readonly get: (id: MerchantAccountId) => Effect.Effect<MerchantAccount, GetError>
    /** Fetches one page of merchant accounts. */
    readonly list: (query?: PageQuery) => Effect.Effect<Page<MerchantAccount>, ListError>
    /** All merchant accounts, fetched as they are pulled. */
    readonly stream: (query?: PageQuery) => Stream.Stream<MerchantAccount, ListError>
  }
>()("@palomma-effect/client/MerchantAccounts") {}

/** @internal */
export const make = (connection: Connection): MerchantAccounts["Service"] => {
  const { endpoints } = PalommaApi.groups.merchantAccounts
  const client = connection.client.merchantAccounts
  const { get, list, stream } = readable(
    connection,
    "MerchantAccounts",
    endpoints,
    client,
    (merchantAccountId: MerchantAccountId) => ({ merchantAccountId })
  )
  return { get, list: (query = {}) => list(query), stream: (query = {}) => stream(query) }
}
