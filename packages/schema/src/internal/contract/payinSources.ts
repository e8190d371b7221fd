import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import { PayinSourceId, pathSegment } from "../../Id.ts"
import { Page, pageQuery } from "../../Page.ts"
import { CreatePayinSource, PayinSource } from "../../PayinSource.ts"
import { createErrors, customerId, getErrors, listErrors, PalommaAuth, reference } from "./common.ts"

export const payinSources = HttpApiGroup.make("payinSources")
  .add(
    HttpApiEndpoint.post("create", "/payinSources", {
      payload: CreatePayinSource.wire,
      success: PayinSource,
      error: createErrors
    }).annotateMerge(OpenApi.annotations({ identifier: "createPayinSource", summary: "Register an account to debit" })),
    HttpApiEndpoint.get("list", "/payinSources", {
      query: { reference, customerId, ...pageQuery },
      success: Page(PayinSource),
      error: listErrors
    }).annotateMerge(OpenApi.annotations({ identifier: "listPayinSources", summary: "List payin sources" })),
    HttpApiEndpoint.get("get", "/payinSources/:payinSourceId", {
      params: { payinSourceId: pathSegment(PayinSourceId) },
      success: PayinSource,
      error: getErrors
    }).annotateMerge(OpenApi.annotations({ identifier: "getPayinSourceById", summary: "Fetch one payin source" }))
  )
  .middleware(PalommaAuth)
  .annotateMerge(
    OpenApi.annotations({ title: "Payin Sources", description: "Accounts whose owners allowed them to be debited." })
  )
