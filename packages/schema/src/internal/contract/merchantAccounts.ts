import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import { MerchantAccountId, pathSegment } from "../../Id.ts"
import { Page, pageQuery } from "../../Page.ts"
import { MerchantAccount } from "../../MerchantAccount.ts"
import { getErrors, listErrors, PalommaAuth } from "./common.ts"

export const merchantAccounts = HttpApiGroup.make("merchantAccounts")
  .add(
    HttpApiEndpoint.get("list", "/merchantAccounts", {
      query: { ...pageQuery },
      success: Page(MerchantAccount),
      error: listErrors
    }).annotateMerge(OpenApi.annotations({ identifier: "listMerchantAccounts", summary: "List merchant accounts" })),
    HttpApiEndpoint.get("get", "/merchantAccounts/:merchantAccountId", {
      params: { merchantAccountId: pathSegment(MerchantAccountId) },
      success: MerchantAccount,
      error: getErrors
    }).annotateMerge(
      OpenApi.annotations({ identifier: "getMerchantAccountById", summary: "Fetch one merchant account" })
    )
  )
  .middleware(PalommaAuth)
  .annotateMerge(OpenApi.annotations({ title: "Merchant Accounts", description: "The merchant's balances." }))
