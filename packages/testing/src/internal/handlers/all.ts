import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { UnauthorizedBody } from "@palomma-effect/schema/ErrorBody"
import { PalommaApi, PalommaAuth } from "@palomma-effect/schema/PalommaApi"
import type { World } from "../state/world.ts"
import * as MerchantAccounts from "./merchantAccounts.ts"
import * as Payins from "./payins.ts"
import * as Payouts from "./payouts.ts"

const authorization = (world: World) =>
  Layer.succeed(PalommaAuth, {
    bearerAuth: (handler, { credential }) =>
      Redacted.value(credential) === world.settings.apiKey
        ? handler
        : Effect.fail(new UnauthorizedBody({ message: "The API key is missing or not valid" }))
  })

/** The handlers of all operations of the contract. */
export const layer = (world: World) =>
  HttpApiBuilder.layer(PalommaApi).pipe(
    Layer.provide([
      Payouts.customers(world),
      Payouts.payoutTargets(world),
      Payouts.payoutRequests(world),
      Payins.payinLinks(world),
      Payins.payinSources(world),
      Payins.payinRequests(world),
      MerchantAccounts.merchantAccounts(world),
      MerchantAccounts.payinSettlements(world)
    ]),
    Layer.provide(authorization(world))
  )
