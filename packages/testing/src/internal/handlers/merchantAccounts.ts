/**
 * The operations of merchant accounts and of their payin settlements.
 */
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { PalommaApi } from "@palomma-effect/schema/PalommaApi"
import { narrow } from "../state/table.ts"
import type { World } from "../state/world.ts"
import { get, list } from "./common.ts"

/** Handlers of merchant accounts. */
export const merchantAccounts = (world: World) =>
  HttpApiBuilder.group(PalommaApi, "merchantAccounts", (handlers) =>
    handlers.handleAll({
      list: ({ query }) => list(world.merchantAccounts, query),
      get: ({ params }) => get(world.merchantAccounts, params.merchantAccountId)
    })
  )

/** Handlers of payin settlements. */
export const payinSettlements = (world: World) =>
  HttpApiBuilder.group(PalommaApi, "payinSettlements", (handlers) =>
    handlers.handleAll({
      list: ({ params, query }) =>
        list(narrow(world.payinSettlements, "merchantAccountId", params.merchantAccountId), query),
      get: ({ params }) =>
        get(narrow(world.payinSettlements, "merchantAccountId", params.merchantAccountId), params.payinSettlementId)
    })
  )
