import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import { MerchantAccountId, PayinSettlementId, pathSegment } from "../../Id.ts"
import { Page, pageQuery } from "../../Page.ts"
import { PayinSettlement } from "../../PayinSettlement.ts"
import { getErrors, listErrors, PalommaAuth } from "./common.ts"

export const payinSettlements = HttpApiGroup.make("payinSettlements")
  .add(
    HttpApiEndpoint.get("list", "/merchantAccounts/:merchantAccountId/settlements", {
      params: { merchantAccountId: pathSegment(MerchantAccountId) },
      query: { ...pageQuery },
      success: Page(PayinSettlement),
      error: listErrors
    }).annotateMerge(
      OpenApi.annotations({
        identifier: "listPayinSettlements",
        summary: "List the payin settlements of a merchant account"
      })
    ),
    HttpApiEndpoint.get("get", "/merchantAccounts/:merchantAccountId/settlements/:payinSettlementId", {
      params: { merchantAccountId: pathSegment(MerchantAccountId), payinSettlementId: pathSegment(PayinSettlementId) },
      success: PayinSettlement,
      error: getErrors
    }).annotateMerge(
      OpenApi.annotations({ identifier: "getPayinSettlementById", summary: "Fetch one payin settlement" })
    )
  )
  .middleware(PalommaAuth)
  .annotateMerge(
    OpenApi.annotations({
      title: "Payin Settlements",
      description: "The payins of one cycle of a merchant account, handed over together."
    })
  )
